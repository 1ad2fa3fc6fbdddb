//! What goes on to a server, and what comes back from it, as it is.

use antiphon_backend::{
    Backend, Context, Event, Place, StreamExt, chat::FinishReason, completions, embed, embeddings,
};
use antiphon_types::{Extra, Usage, Value, json};

use crate::ask::{configured, events, hello, streamed, upstream, whole};
use crate::fake::{Act, Fake};
use crate::http::{self, event, hello_streamed, hello_whole, piece, stream_end, stream_head};

fn fields(fields: &Value) -> Extra {
    serde_json::from_value(fields.clone()).expect("an object")
}

#[tokio::test]
async fn request_goes_on_with_every_field_and_the_key() {
    let fake = Fake::start([hello_streamed()]).await;
    let upstream = configured(&[&fake], |config| config.api_key_env = Some("KEY".to_owned()));
    let asked = json!({
        "model": "fast", "messages": [{"role": "user", "content": "Hi", "name": "a", "tomorrow": [1]}],
        "stream": true, "n": 1, "seed": 7, "stop": ["x"], "max_tokens": 9, "logit_bias": {"5": -1},
        "response_format": {"type": "json_schema", "json_schema": {"name": "s", "schema": {"b": 1, "a": 2}}},
        "top_k": 40, "chat_template_kwargs": {"enable_thinking": false},
    });
    events(&upstream, serde_json::from_value(asked.clone()).unwrap()).await;
    let received = fake.requests().pop().expect("a request");
    let mut expected = asked;
    expected["model"] = json!("m-8b");
    expected["stream_options"] = json!({"include_usage": true});
    assert_eq!(received.json(), expected);
    assert!(received.head.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"), "{}", received.head);
    assert_eq!(received.header("authorization"), Some("Bearer sk-secret"));
    assert_eq!(received.header("content-type"), Some("application/json"));
    assert_eq!(received.header("accept-encoding"), None);
}

#[tokio::test]
async fn without_a_key_none_is_sent_and_a_whole_answer_is_asked_for_whole() {
    let fake = Fake::start([hello_whole()]).await;
    let expected = [Event::text("Hello there")].into_iter().chain(hello().into_iter().skip(2));
    assert_eq!(events(&upstream(&[&fake]), whole()).await, expected.collect::<Vec<_>>());
    let received = fake.requests().pop().expect("a request");
    assert_eq!((received.header("authorization"), received.json().get("stream")), (None, None));
}

#[tokio::test]
async fn vendor_fields_come_back_each_in_its_place() {
    let chunk = |choice: Value, extra: Value| {
        let mut chunk = json!({"id": "x", "created": 1, "model": "m-8b", "choices": [choice]});
        chunk.as_object_mut().expect("an object").extend(fields(&extra));
        event(&chunk)
    };
    let body = [
        chunk(
            json!({"index": 0, "delta": {"role": "assistant", "reasoning_content": "hm"}, "stop_reason": null}),
            json!({"system_fingerprint": "fp_1"}),
        ),
        chunk(json!({"index": 0, "delta": {"content": "Hi", "citations": [{"url": "u"}]}}), json!({})),
        chunk(json!({"index": 0, "delta": {}, "finish_reason": "stop", "stop_reason": 128_009}), json!({})),
        event(
            &json!({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5,
            "cost": 0.25, "completion_tokens_details": {"reasoning_tokens": 1}}, "timings": {"predicted_ms": 1.5}}),
        ),
        "data: [DONE]\n\n".to_owned(),
    ];
    let fake = Fake::start([vec![stream_head(), piece(&body.concat()), stream_end()]]).await;
    let mut usage = Usage::new(3, 2);
    usage.completion_tokens_details.get_or_insert_default().reasoning_tokens = Some(1);
    usage.extra = fields(&json!({"cost": 0.25}));
    assert_eq!(
        events(&upstream(&[&fake]), streamed()).await,
        [
            Event::extra(Place::Answer, fields(&json!({"system_fingerprint": "fp_1"}))),
            Event::reasoning("hm"),
            Event::extra(Place::Message(0), fields(&json!({"citations": [{"url": "u"}]}))),
            Event::text("Hi"),
            Event::extra(Place::Choice(0), fields(&json!({"stop_reason": 128_009}))),
            Event::finish(FinishReason::Stop),
            Event::extra(Place::Answer, fields(&json!({"timings": {"predicted_ms": 1.5}}))),
            Event::usage(usage),
        ]
    );
}

#[tokio::test]
async fn server_that_does_not_stream_is_understood() {
    let fake = Fake::start([hello_whole()]).await;
    let texts: Vec<_> = events(&upstream(&[&fake]), streamed()).await;
    assert_eq!(texts[0], Event::text("Hello there"));
}

#[tokio::test]
async fn connections_are_kept_and_used_again() {
    let together = vec![stream_head(), piece(&http::hello()), stream_end()];
    let apart = vec![stream_head(), piece(&http::hello()), Act::Drip(b"0\r\n\r\n".to_vec())];
    for acts in [together, apart] {
        let fake = Fake::start([acts]).await;
        let upstream = upstream(&[&fake]);
        for _ in 0..5 {
            assert_eq!(events(&upstream, streamed()).await, hello());
        }
        assert!(fake.requests().iter().all(|request| request.connection == fake.requests()[0].connection));
    }
}

#[tokio::test]
async fn completions_go_on_and_come_back() {
    let piece_of = |text: &str, finish: Value| {
        event(&json!({"id": "x", "object": "text_completion", "created": 1, "model": "m-8b",
            "choices": [{"text": text, "index": 0, "logprobs": null, "finish_reason": finish}]}))
    };
    let body = [
        piece_of("upon ", json!(null)),
        piece_of("a time", json!("length")),
        event(&http::usage()),
        "data: [DONE]\n\n".to_owned(),
    ];
    let fake = Fake::start([vec![stream_head(), piece(&body.concat()), stream_end()]]).await;
    let request = completions::Request::new("fast", "Once").max_tokens(2).streaming();
    let upstream = upstream(&[&fake]);
    let events: Vec<_> =
        upstream.complete(request, Context::new("test")).map(|item| item.expect("an event")).collect().await;
    let expected = [
        Event::text("upon "),
        Event::text("a time"),
        Event::finish(FinishReason::Length),
        Event::usage(Usage::new(3, 2)),
    ];
    assert_eq!(events, expected);
    let received = fake.requests().pop().expect("a request");
    assert!(received.head.starts_with("POST /v1/completions "), "{}", received.head);
    let expected = json!({"model": "m-8b", "prompt": "Once", "max_tokens": 2, "stream": true,
        "stream_options": {"include_usage": true}});
    assert_eq!(received.json(), expected);
}

#[tokio::test]
async fn embeddings_come_back_in_their_order_and_in_both_encodings() {
    let one = |index: u32, vector: Value| json!({"object": "embedding", "index": index, "embedding": vector});
    // Base64 of 1.0 and -2.0, little-endian.
    for (second, first) in
        [(json!([1.0, -2.0]), json!([0.5, 0.25])), (json!("AACAPwAAAMA="), json!([0.5, 0.25]))]
    {
        let body = json!({"object": "list", "model": "m-8b", "data": [one(1, second), one(0, first)],
            "usage": {"prompt_tokens": 4, "total_tokens": 4, "cost": 0.25}, "id": "theirs", "provider": "p"});
        let fake = Fake::start([http::json(200, "", &body.to_string())]).await;
        let upstream = upstream(&[&fake]);
        let mut request = embeddings::Request::new("fast", vec!["a".to_owned(), "b".to_owned()]);
        request.extra = fields(&json!({"input_type": "query"}));
        let answer = embed(&upstream, request, Context::new("test")).await.expect("vectors");
        assert_eq!(answer.vectors, [[0.5, 0.25], [1.0, -2.0]]);
        assert_eq!(answer.prompt_tokens, 4);
        assert_eq!(
            (json!(answer.extra), json!(answer.usage_extra)),
            (json!({"provider": "p"}), json!({"cost": 0.25}))
        );
        let received = fake.requests().pop().expect("a request");
        let expected = json!({"model": "m-8b", "input": ["a", "b"], "input_type": "query"});
        assert_eq!((received.json(), received.head.split(' ').nth(1)), (expected, Some("/v1/embeddings")));
    }
}
