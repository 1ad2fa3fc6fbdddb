//! The whole suite: what its report says.

use super::*;

/// Compares all lines of the report.
async fn check_report(chat: fn() -> EventStream, expected: [&str; 14]) {
    let report = Suite::default().run(|| broken(&[], move |_, _| chat())).await.to_string();
    assert_eq!(report.lines().collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn panics_are_reported() {
    let expected = [
        "ok models",
        "FAILED event_order: the backend panicked",
        "FAILED one_finish: the backend panicked",
        "FAILED nothing_after_finish: the backend panicked",
        "FAILED polls: the backend panicked",
        "FAILED cancellation: the backend panicked",
        "FAILED concurrency: the backend panicked",
        "FAILED usage: the backend panicked",
        "FAILED whole_equals_stream: the backend panicked",
        "FAILED native_claims: the backend panicked",
        "ok forced_calls",
        "ok logprobs",
        "skipped completions: not what the model does",
        "skipped embeddings: not what the model does",
    ];
    check_report(|| panic!("scripted"), expected).await;
    check_report(|| Box::pin(stream::poll_fn(|_| panic!("scripted"))), expected).await;
}

#[tokio::test]
async fn nothing_is_asked_where_there_is_no_model() {
    let report = Suite::default().run(|| EchoBackend::default().with_models([""; 0])).await;
    let failed: Vec<_> = report.failures().map(|(check, failure)| (check, failure.to_string())).collect();
    assert_eq!(failed, [("models", "there is no model".to_owned())]);
    let skipped = "skipped event_order: no model to ask\nskipped one_finish: no model to ask\n";
    assert!(report.to_string().contains(skipped), "{report}");
}

#[tokio::test]
#[should_panic(
    expected = "FAILED one_finish: the stream ended before choice 0 had finished\nok nothing_after_finish"
)]
async fn report_is_the_message_of_the_panic() {
    let events = || vec![Ok(text())];
    run(|| broken(&[], move |_, _| play(events()))).await;
}
