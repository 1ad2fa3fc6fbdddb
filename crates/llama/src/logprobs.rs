//! The log probabilities of tokens, from logits.

use antiphon_backend::chat::{TokenLogprob, TopLogprob};

/// The log probability of a token, and those of the likeliest at its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Likelihood {
    pub(crate) token: u32,
    pub(crate) logprob: f64,
    /// The likeliest, in descending order.
    pub(crate) top: Vec<(u32, f64)>,
}

impl Likelihood {
    /// Of a token among the logits it was chosen from, with so many of the likeliest.
    pub(crate) fn of(token: u32, logits: &[f32], top: usize) -> Self {
        let best = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let sum: f64 = logits.iter().map(|logit| f64::from(logit - best).exp()).sum();
        let base = f64::from(best) + sum.ln();
        let logprob = |logit: f32| f64::from(logit) - base;
        let own = logits.get(token as usize).copied().unwrap_or(f32::NEG_INFINITY);
        let top = likeliest(logits, top).into_iter().map(|(logit, token)| (token, logprob(logit))).collect();
        Self { token, logprob: logprob(own), top }
    }

    /// As a response has it; `bytes` tells the bytes of a token.
    pub(crate) fn told(&self, bytes: impl Fn(u32) -> Vec<u8>) -> TokenLogprob {
        let own = bytes(self.token);
        let mut told = TokenLogprob::new(name(&own), finite(self.logprob));
        told.bytes = Some(own);
        told.top_logprobs = self
            .top
            .iter()
            .map(|(token, logprob)| {
                let own = bytes(*token);
                let mut told = TopLogprob::new(name(&own), finite(*logprob));
                told.bytes = Some(own);
                told
            })
            .collect();
        told
    }
}

/// A probability of zero, as OpenAI writes its logarithm: JSON has no infinity.
const IMPOSSIBLE: f64 = -9999.0;

fn finite(logprob: f64) -> f64 {
    if logprob.is_finite() { logprob } else { IMPOSSIBLE }
}

/// A token as text; one that is no text by itself as its bytes.
fn name(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().fold("bytes:".to_owned(), |name, byte| format!("{name}\\x{byte:02x}")),
    }
}

/// The highest logits with their tokens, descending; equals by token.
fn likeliest(logits: &[f32], count: usize) -> Vec<(f32, u32)> {
    let mut top: Vec<(f32, u32)> = Vec::with_capacity(count + 1);
    if count == 0 {
        return top;
    }
    for (logit, token) in logits.iter().copied().zip(0..) {
        if top.len() == count && top.last().is_some_and(|last| logit <= last.0) {
            continue;
        }
        let place = top.partition_point(|one| one.0 >= logit);
        top.insert(place, (logit, token));
        top.truncate(count);
    }
    top
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_are_those_of_a_softmax() {
        let likelihood = Likelihood::of(2, &[1.0, 3.0, 2.0], 2);
        let sum: f64 = [1.0_f64, 3.0, 2.0].map(f64::exp).iter().sum();
        assert!((likelihood.logprob - (2.0_f64.exp() / sum).ln()).abs() < 1e-12);
        assert_eq!(likelihood.top.iter().map(|(token, _)| *token).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn likeliest_are_in_descending_order_and_equals_in_that_of_tokens() {
        assert_eq!(likeliest(&[0.0, 2.0, 1.0, 2.0], 3), [(2.0, 1), (2.0, 3), (1.0, 2)]);
        assert_eq!(likeliest(&[0.0, 1.0], 5), [(1.0, 1), (0.0, 0)]);
        assert_eq!(likeliest(&[0.0], 0), []);
    }

    #[test]
    fn token_that_is_no_text_is_named_by_its_bytes() {
        let told =
            Likelihood { token: 0, logprob: f64::NEG_INFINITY, top: vec![] }.told(|_| vec![0xf0, 0x9f]);
        assert_eq!(
            (told.token.as_str(), told.bytes, told.logprob),
            (r"bytes:\xf0\x9f", Some(vec![0xf0, 0x9f]), -9999.0)
        );
    }
}
