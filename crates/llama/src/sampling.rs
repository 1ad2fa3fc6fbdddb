//! Chooses the next token from logits.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

/// How tokens are chosen.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Settings {
    /// 0 is greedy.
    pub(crate) temperature: f32,
    /// Draws from the likeliest tokens that have this probability together; 1: from all.
    pub(crate) top_p: f32,
    /// Draws from so many of the likeliest tokens; 0: from all.
    pub(crate) top_k: usize,
    /// Draws from tokens that have this part of the likeliest token's probability; 0: from all.
    pub(crate) min_p: f32,
    /// Taken from a token's logit for each time that it was generated.
    pub(crate) frequency_penalty: f32,
    /// Taken from a token's logit once it was generated.
    pub(crate) presence_penalty: f32,
    /// Added to the logits of these tokens.
    pub(crate) bias: Vec<(u32, f32)>,
}

impl Settings {
    /// Whether logits are changed before one is chosen.
    fn shapes_logits(&self) -> bool {
        self.has_penalties() || !self.bias.is_empty()
    }

    fn has_penalties(&self) -> bool {
        self.frequency_penalty != 0.0 || self.presence_penalty != 0.0
    }
}

/// Chooses the tokens of one answer.
#[derive(Clone, Debug)]
pub(crate) struct Sampler {
    settings: Settings,
    random: Random,
    /// How often each token was generated; kept where penalties ask for it.
    counts: HashMap<u32, u32>,
    /// What is drawn from, kept for its memory.
    candidates: Vec<Candidate>,
}

#[derive(Clone, Copy, Debug)]
struct Candidate {
    token: u32,
    /// The logit, then the weight.
    weight: f32,
}

impl Sampler {
    pub(crate) fn new(settings: Settings, seed: u64) -> Self {
        Self { settings, random: Random(seed), counts: HashMap::new(), candidates: Vec::new() }
    }

    /// Whether [`shape`](Self::shape) would change anything.
    pub(crate) fn shapes_logits(&self) -> bool {
        self.settings.shapes_logits()
    }

    /// Applies biases and penalties.
    pub(crate) fn shape(&self, logits: &mut [f32]) {
        let mut add = |token: u32, value: f32| {
            if let Some(logit) = logits.get_mut(token as usize) {
                *logit += value;
            }
        };
        for (token, bias) in &self.settings.bias {
            add(*token, *bias);
        }
        for (token, count) in &self.counts {
            let times = f32::from(u16::try_from(*count).unwrap_or(u16::MAX));
            let penalty = self.settings.frequency_penalty.mul_add(times, self.settings.presence_penalty);
            add(*token, -penalty);
        }
    }

    /// Chooses a token; none where no logit is a number above negative infinity.
    pub(crate) fn choose(&mut self, logits: &[f32]) -> Option<u32> {
        let best = likeliest(logits)?;
        let token = if self.settings.temperature > 0.0 { self.draw(logits, best.weight) } else { best.token };
        if self.settings.has_penalties() {
            *self.counts.entry(token).or_default() += 1;
        }
        Some(token)
    }

    /// Draws a token by its probability.
    fn draw(&mut self, logits: &[f32], best: f32) -> u32 {
        let temperature = self.settings.temperature;
        // exp((logit - best) / temperature) >= min_p, without an exp for each.
        let least = if self.settings.min_p > 0.0 {
            self.settings.min_p.ln().mul_add(temperature, best)
        } else {
            f32::NEG_INFINITY
        };
        let tokens = logits.iter().zip(0..).filter(|(logit, _)| **logit >= least && !logit.is_infinite());
        self.candidates.clear();
        self.candidates.extend(tokens.map(|(logit, token)| Candidate { token, weight: *logit }));
        self.keep_top_k();
        for candidate in &mut self.candidates {
            candidate.weight = ((candidate.weight - best) / temperature).exp();
        }
        self.keep_top_p();
        let sum: f64 = self.candidates.iter().map(|candidate| f64::from(candidate.weight)).sum();
        let mut left = self.random.unit() * sum;
        let drawn = self.candidates.iter().find(|candidate| {
            left -= f64::from(candidate.weight);
            left < 0.0
        });
        // Rounding may leave a rest.
        drawn.or(self.candidates.last()).expect("the likeliest token is never left out").token
    }

    fn keep_top_k(&mut self) {
        let keep = self.settings.top_k;
        if keep > 0 && keep < self.candidates.len() {
            self.candidates.select_nth_unstable_by(keep - 1, |one, other| descending(*one, *other));
            self.candidates.truncate(keep);
        }
        if keep > 0 {
            // The selection leaves no order that could be relied on.
            self.candidates.sort_unstable_by(|one, other| descending(*one, *other));
        }
    }

    fn keep_top_p(&mut self) {
        if self.settings.top_p >= 1.0 {
            return;
        }
        let sum: f64 = self.candidates.iter().map(|candidate| f64::from(candidate.weight)).sum();
        let wanted = f64::from(self.settings.top_p) * sum;
        // Few tokens have nearly all of the probability: those few are sorted, and more only where they do not do.
        let mut sorted = 0;
        let mut reached = 0.0;
        while sorted < self.candidates.len() {
            let rest = &mut self.candidates[sorted..];
            let some = rest.len().min(sorted.max(64));
            if some < rest.len() {
                rest.select_nth_unstable_by(some, |one, other| descending(*one, *other));
            }
            rest[..some].sort_unstable_by(|one, other| descending(*one, *other));
            for place in sorted..sorted + some {
                reached += f64::from(self.candidates[place].weight);
                if reached >= wanted {
                    self.candidates.truncate(place + 1);
                    return;
                }
            }
            sorted += some;
        }
    }
}

/// Descending; equals by token, so that the order is one.
fn descending(one: Candidate, other: Candidate) -> std::cmp::Ordering {
    other.weight.total_cmp(&one.weight).then(one.token.cmp(&other.token))
}

/// The token with the highest logit; of several the first.
fn likeliest(logits: &[f32]) -> Option<Candidate> {
    let mut best = Candidate { token: 0, weight: f32::NEG_INFINITY };
    for (logit, token) in logits.iter().zip(0..) {
        if *logit > best.weight {
            best = Candidate { token, weight: *logit };
        }
    }
    (best.weight > f32::NEG_INFINITY).then_some(best)
}

/// Random numbers that are the same for the same seed, on every machine and in every version: `SplitMix64`.
#[derive(Clone, Debug)]
struct Random(u64);

impl Random {
    /// From 0 to below 1.
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        // The upper 32 bits are as many as a weight can tell apart.
        f64::from(u32::try_from(bits >> 32).expect("32 bits are left")) / 4_294_967_296.0
    }
}
