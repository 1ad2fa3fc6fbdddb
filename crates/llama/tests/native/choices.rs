//! Several choices share a prompt, and nothing else.

use std::collections::BTreeSet;

use crate::model::{self, answer, request};

#[tokio::test]
async fn choices_share_the_prompt_and_differ() {
    let Some(backend) = model::loaded(|config| config.slots = 2) else { return };
    let mut request =
        request("Write a poem about the sea and the wind and the sun and the moon and the stars.");
    request.n = Some(4);
    request.temperature = Some(1.0);
    request.seed = Some(1);
    let whole = answer(&backend, request).await.unwrap();
    let texts: BTreeSet<_> = whole.choices.iter().map(|choice| choice.text.as_str()).collect();
    assert_eq!(texts.len(), 4);
    let usage = whole.usage.unwrap();
    let prompt = usage.prompt_tokens;
    // One computes the prompt, each of the others its last token.
    let figures = backend.figures();
    assert_eq!((figures.prefilled_tokens, figures.reused_tokens), (prompt + 3, 3 * (prompt - 1)));
    assert_eq!(usage.completion_tokens, 4 * 32);
}

#[tokio::test]
async fn choice_is_what_its_seed_makes_alone() {
    let Some(backend) = model::backend() else { return };
    let seeded = |seed, n| {
        let mut request = request("Write a poem.");
        request.temperature = Some(1.0);
        request.seed = Some(seed);
        request.n = Some(n);
        answer(&backend, request)
    };
    let both = seeded(5, 2).await.unwrap().choices;
    let second = seeded(6, 1).await.unwrap().choices.remove(0);
    assert_eq!(both[1].text, second.text);
}
