//! What a model cannot honour is refused where silence would lie, and accepted where it is harmless.

use antiphon_backend::{Capability, ModelInfo};
use antiphon_types::embeddings::Request;

use crate::tokens;
use crate::validate::Fault;

/// Holds a request against the model that it is for.
///
/// # Errors
/// A fault that names the parameter which this model cannot honour.
pub(super) fn check(request: &Request, model: &ModelInfo) -> Result<(), Fault> {
    tokens::check("input", &request.input, model.capabilities, model.context_length)?;
    if request.dimensions.is_some() && !model.has(Capability::Dimensions) {
        return Err(Fault::unsupported("dimensions"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use antiphon_types::TextInput;

    use super::*;

    /// Each request is refused without the capability, and accepted with it.
    fn check_row(request: &Request, capability: Capability, expected: (&str, &str)) {
        let model = ModelInfo::new("m");
        let fault = check(request, &model).expect_err("refused");
        assert_eq!((fault.param.as_str(), fault.code()), (expected.0, Some(expected.1)));
        assert_eq!(check(request, &model.with(capability)), Ok(()));
    }

    #[test]
    fn what_a_model_lacks_is_refused() {
        let tokens = Request::new("m", TextInput::TokenLists(vec![vec![1], vec![2]]));
        check_row(&tokens, Capability::TokenInput, ("input", "unsupported_value"));
        let dimensions = Request::new("m", "text").dimensions(3);
        check_row(&dimensions, Capability::Dimensions, ("dimensions", "unsupported_parameter"));
    }
}
