use antiphon_types::completions::Request;

use super::*;

/// The `param` and `code` of what a model says to a request.
fn asked(request: &Request, model: &ModelInfo) -> Option<(String, &'static str)> {
    let fault = check(request, model, &Limits::default()).err()?;
    Some((fault.param.clone(), fault.code().expect("a code")))
}

/// The request is refused without the capability, and accepted with it, unless the model chats in the place of prompts.
fn check_row(request: &Request, capability: Capability, param: &str, code: &'static str) {
    let refusal = Some((param.to_owned(), code));
    let with = |able: &[Capability]| {
        able.iter().fold(ModelInfo::new("m").with(Capability::Logprobs), |model, one| model.with(*one))
    };
    assert_eq!(asked(request, &with(&[])), refusal, "{request:?}");
    assert_eq!(asked(request, &with(&[capability])), None, "{request:?} with {capability:?}");
    let by_chat = with(&[capability, Capability::CompletionsByChat]);
    assert_eq!(asked(request, &by_chat), refusal, "{request:?} by chat");
}

#[test]
fn options_that_a_model_lacks_are_refused_where_silence_would_lie() {
    let unsupported = "unsupported_parameter";
    check_row(&Request::new("m", vec![1, 2]), Capability::TokenInput, "prompt", "unsupported_value");
    check_row(&Request::new("m", vec![vec![1]]), Capability::TokenInput, "prompt", "unsupported_value");
    check_row(&Request::new("m", "p").suffix("s"), Capability::Suffix, "suffix", unsupported);
    check_row(&Request::new("m", "p").echo().logprobs(1), Capability::NativeEcho, "echo", unsupported);
}

#[test]
fn echo_of_tokens_is_the_models_own() {
    let model = ModelInfo::new("m").with(Capability::TokenInput);
    let request = Request::new("m", vec![1, 2]).echo();
    assert_eq!(asked(&request, &model), Some(("echo".to_owned(), "unsupported_parameter")));
    assert_eq!(asked(&request, &model.with(Capability::NativeEcho)), None);
}

#[test]
fn what_needs_log_probabilities_is_refused_without_them() {
    for (request, param) in [
        (Request::new("m", "p").logprobs(0), "logprobs"),
        (Request::new("m", "p").best_of(2), "best_of"),
        (Request::new("m", "p").best_of(3).n(2), "best_of"),
    ] {
        let refusal = Some((param.to_owned(), "unsupported_parameter"));
        assert_eq!(asked(&request, &ModelInfo::new("m")), refusal, "{request:?}");
        assert_eq!(asked(&request, &ModelInfo::new("m").with(Capability::Logprobs)), None, "{request:?}");
    }
}

#[test]
fn what_is_harmless_is_accepted() {
    let mut absent = Request::new("m", "");
    absent.prompt = None;
    for request in [
        absent,
        Request::new("m", "p").echo().suffix("").seed(1),
        Request::new("m", "p").best_of(2).n(2),
        Request::new("m", ["a", "b"]).n(8).stop(["x"]),
    ] {
        assert_eq!(asked(&request, &ModelInfo::new("m")), None, "{request:?}");
    }
}

#[test]
fn prompts_and_choices_are_limited_by_the_configuration() {
    let prompts = |count: usize| Request::new("m", vec!["x".to_owned(); count]);
    let model = ModelInfo::new("m").with(Capability::Logprobs);
    let above = |param: &str| Some((param.to_owned(), "integer_above_max_value"));
    assert_eq!(asked(&prompts(128), &model), None);
    assert_eq!(asked(&prompts(129), &model), Some(("prompt".to_owned(), "array_above_max_length")));
    assert_eq!(asked(&prompts(1).n(9), &model), above("n"));
    assert_eq!(asked(&prompts(1).n(9).best_of(9), &model), above("n"));
    assert_eq!(asked(&prompts(1).n(1).best_of(9), &model), above("best_of"));
    assert_eq!(asked(&prompts(16).n(8), &model), None);
    assert_eq!(asked(&prompts(17).n(8), &model), above("n"));
    assert_eq!(asked(&prompts(17).best_of(8), &model), above("best_of"));
    let limits = Limits { max_prompts: 1, ..Limits::default() };
    assert_eq!(check(&prompts(1).n(8), &model, &limits), Ok(()));
    let fault = check(&prompts(17).n(8), &model, &Limits::default()).expect_err("refused");
    assert_eq!(
        fault.message(),
        "Invalid 'n': 8 choices for each of 17 prompts are 136 choices, and a request may ask for 128 in all."
    );
}
