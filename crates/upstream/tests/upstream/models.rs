//! The list of models of a server that names its own.

use antiphon_backend::{Backend, Context, Health, StreamExt, chat};
use antiphon_types::json;
use antiphon_upstream::Upstream;

use crate::ask::{configured, until};
use crate::fake::Fake;
use crate::http::{self, hello_whole};

/// An upstream that serves what the server lists, and reads the list again and again.
fn listing(fake: &Fake) -> Upstream {
    configured(&[fake], |config| {
        config.models.clear();
        config.models_refresh_s = 0.01;
    })
}

/// Waits until the revision of the models is another.
async fn until_changed(upstream: &Upstream, known: u64) {
    until(|| upstream.models_revision() != known).await;
}

fn ids(upstream: &Upstream) -> Vec<String> {
    upstream.models().into_iter().map(|model| model.id).collect()
}

#[tokio::test]
async fn models_are_those_that_the_upstream_lists_and_change_with_it() {
    let fake = Fake::start([hello_whole()]).await;
    let list = |ids: &[&str]| {
        let data: Vec<_> = ids.iter().map(|id| json!({"id": id, "object": "model"})).collect();
        http::json(200, "", &json!({"object": "list", "data": data}).to_string())
    };
    let upstream = listing(&fake);
    assert_eq!((upstream.models(), upstream.models_revision()), (vec![], 1));
    assert_eq!(upstream.health(), Health::Unready("the upstream has listed no models".to_owned()));
    fake.set_list(list(&["a", "b"]));
    until_changed(&upstream, 1).await;
    assert_eq!((ids(&upstream), upstream.health()), (vec!["a".to_owned(), "b".to_owned()], Health::Ready));
    let known = upstream.models_revision();
    fake.set_list(list(&["b"]));
    until_changed(&upstream, known).await;
    assert_eq!(ids(&upstream), ["b"]);

    let request = chat::Request::new("b", [chat::Message::user("Hi")]);
    assert_eq!(upstream.chat(request, Context::new("test")).count().await, 3);
    assert_eq!(fake.requests()[0].json()["model"], "b");
}

#[tokio::test]
async fn list_that_cannot_be_read_leaves_the_models_as_they_were() {
    let fake = Fake::start([]).await;
    fake.set_list(http::json(200, "", r#"{"data": [{"id": "a"}]}"#));
    let upstream = listing(&fake);
    until_changed(&upstream, 1).await;
    fake.set_list(http::reply(200, "text/html", "", "<html>"));
    let lists = fake.lists();
    until(|| fake.lists() >= lists + 3).await;
    assert_eq!((ids(&upstream), upstream.models_revision()), (vec!["a".to_owned()], 2));
}

#[tokio::test]
async fn upstream_that_is_dropped_asks_no_more() {
    let fake = Fake::start([]).await;
    let upstream = listing(&fake);
    until(|| fake.lists() > 0).await;
    // Waits for the thread to end.
    drop(upstream);
    let mut last = fake.lists();
    // What it had sent before may still arrive.
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
        last = last.max(fake.lists());
    }
    assert_eq!(fake.lists(), last);
}
