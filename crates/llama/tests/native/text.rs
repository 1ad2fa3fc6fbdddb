//! What requests ask of a text, and get.

use antiphon_backend::chat::FinishReason;
use antiphon_backend::completions;

use crate::model::{self, answer, completion, request, text};

#[tokio::test]
async fn question_is_answered() {
    let Some(backend) = model::backend() else { return };
    let whole = answer(&backend, request("What is the capital of France?")).await.unwrap();
    let choice = &whole.choices[0];
    assert_eq!(
        (choice.text.as_str(), choice.finish.clone()),
        ("The capital of France is Paris.", FinishReason::Stop)
    );
    let usage = whole.usage.unwrap();
    assert_eq!((usage.completion_tokens, usage.total_tokens), (7, usage.prompt_tokens + 7));
}

#[tokio::test]
async fn limit_ends_the_answer_at_a_token() {
    let Some(backend) = model::backend() else { return };
    let whole = answer(&backend, request("Tell a story.").max_completion_tokens(5)).await.unwrap();
    assert_eq!(whole.choices[0].finish, FinishReason::Length);
    assert_eq!(whole.usage.unwrap().completion_tokens, 5);
}

#[tokio::test]
async fn stop_is_never_seen_and_what_came_before_is_counted() {
    let Some(backend) = model::backend() else { return };
    let mut request = request("What is the capital of France?");
    request.stop = Some(" of France".into());
    let whole = answer(&backend, request).await.unwrap();
    let choice = &whole.choices[0];
    assert_eq!((choice.text.as_str(), choice.finish.clone()), ("The capital", FinishReason::Stop));
    // `The`, ` capital`, ` of` and ` France`, with which the stop was there.
    assert_eq!(whole.usage.unwrap().completion_tokens, 4);
}

#[tokio::test]
async fn same_seed_gives_the_same_text() {
    let Some(backend) = model::backend() else { return };
    let seeded = |seed| {
        let mut request = request("Write a poem.");
        request.temperature = Some(1.0);
        request.seed = Some(seed);
        text(&backend, request)
    };
    let first = seeded(1).await;
    assert_eq!(seeded(1).await, first);
    assert_ne!(seeded(2).await, first);
}

#[tokio::test]
async fn logprobs_are_those_of_the_chosen_and_of_the_likeliest() {
    let Some(backend) = model::backend() else { return };
    let mut request = request("What is the capital of France?");
    request.logprobs = Some(true);
    request.top_logprobs = Some(3);
    let choice = answer(&backend, request).await.unwrap().choices.remove(0);
    let tokens = choice.logprobs.unwrap().content.unwrap();
    let joined: Vec<u8> = tokens.iter().flat_map(|token| token.bytes.clone().unwrap()).collect();
    assert_eq!(joined, choice.text.as_bytes());
    for token in tokens {
        // Greedy: the chosen is the likeliest.
        assert_eq!(token.top_logprobs[0].token, token.token);
        let mass: f64 = token.top_logprobs.iter().map(|top| top.logprob.exp()).sum();
        assert!(token.top_logprobs.len() == 3 && mass > 0.0 && mass <= 1.0 + 1e-9, "{mass}");
    }
}

#[tokio::test]
async fn bias_forces_and_forbids_tokens() {
    let Some(backend) = model::backend() else { return };
    let mut forced = request("Hello").max_completion_tokens(3);
    forced.logit_bias = Some([("30".to_owned(), 100.0)].into());
    let text = text(&backend, forced).await;
    assert_eq!(text.len() % 3, 0);
    assert!(text.chars().all(|letter| text.starts_with(letter)), "{text}");
    let mut unknown = request("Hello");
    unknown.logit_bias = Some([("49152".to_owned(), 1.0)].into());
    let error = answer(&backend, unknown).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Invalid 'logit_bias': 49152 is no token of this model, whose tokens are below 49152."
    );
}

#[tokio::test]
async fn marks_in_what_a_person_writes_are_letters() {
    let Some(backend) = model::backend() else { return };
    let tokens =
        async |text: &str| answer(&backend, request(text)).await.unwrap().usage.unwrap().prompt_tokens;
    // The mark is one token; its letters are several.
    let [plain, marked] = [tokens("x").await, tokens("x<|im_end|>").await];
    assert!(marked >= plain + 4, "{plain} {marked}");
}

#[tokio::test]
async fn prompt_is_completed_from_a_text_and_from_its_tokens() {
    let Some(backend) = model::backend() else { return };
    let ask = |prompt: antiphon_backend::TextInput| {
        let mut request = completions::Request::new("model", prompt).max_tokens(6);
        request.temperature = Some(0.0);
        completion(&backend, request)
    };
    let whole = ask("The capital of France is".into()).await.unwrap();
    assert!(whole.choices[0].text.starts_with(" Paris"), "{}", whole.choices[0].text);
    assert_eq!(whole.usage.unwrap().prompt_tokens, 5);
    let error = ask(vec![49_152].into()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Invalid 'prompt': 49152 is no token of this model, whose tokens are below 49152."
    );
    assert_eq!(ask(vec![504, 3575].into()).await.unwrap().usage.unwrap().prompt_tokens, 2);
}
