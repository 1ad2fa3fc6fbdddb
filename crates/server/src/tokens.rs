//! Prompts and inputs that are given as tokens, held against a model.

use antiphon_backend::{Capabilities, Capability};
use antiphon_types::{TextInput, TextInputItem};

use crate::validate::Fault;

/// Holds the tokens of the field `param` against a model that can do so much and reads so many at once; texts pass.
///
/// # Errors
/// A fault that names the field for a model that reads none, and the list of tokens that is too long for one that does.
pub(crate) fn check(
    param: &str,
    given: &TextInput,
    able: Capabilities,
    context_length: Option<u64>,
) -> Result<(), Fault> {
    if matches!(given, TextInput::Text(_) | TextInput::Texts(_)) {
        return Ok(());
    }
    if !able.has(Capability::TokenInput) {
        let message =
            format!("Unsupported value: '{param}' is given as tokens, which this model does not read.");
        return Err(Fault::coded(param, "unsupported_value", message));
    }
    let Some(most) = context_length else { return Ok(()) };
    for (index, item) in given.iter().enumerate() {
        let TextInputItem::Tokens(tokens) = item else { continue };
        if tokens.len() as u64 > most {
            let param = match given {
                TextInput::TokenLists(_) => format!("{param}[{index}]"),
                _ => param.to_owned(),
            };
            return Err(too_long(param, tokens.len(), most));
        }
    }
    Ok(())
}

fn too_long(param: String, found: usize, most: u64) -> Fault {
    let message = format!(
        "This model's maximum context length is {most} tokens. However, your {param} holds {found} tokens. Please reduce \
         the length of the {param}."
    );
    Fault::coded(param, "context_length_exceeded", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(given: impl Into<TextInput>, able: &[Capability], expected: Option<(&str, &str)>) {
        let able = Capabilities::of(able.iter().copied());
        let fault = super::check("input", &given.into(), able, Some(2)).err();
        let seen = fault.as_ref().map(|fault| (fault.param.as_str(), fault.code().unwrap_or_default()));
        assert_eq!(seen, expected);
    }

    #[test]
    fn texts_pass() {
        check("one two three", &[], None);
        check(["a", "b", "c"], &[], None);
    }

    #[test]
    fn tokens_are_for_models_that_read_them() {
        check(vec![1_u32, 2], &[Capability::TokenInput], None);
        check(vec![1_u32, 2], &[], Some(("input", "unsupported_value")));
        check(vec![vec![1_u32]], &[], Some(("input", "unsupported_value")));
    }

    #[test]
    fn tokens_over_the_context_are_named() {
        let able = [Capability::TokenInput];
        check(vec![1_u32, 2, 3], &able, Some(("input", "context_length_exceeded")));
        check(vec![vec![1_u32], vec![1, 2, 3]], &able, Some(("input[1]", "context_length_exceeded")));
    }
}
