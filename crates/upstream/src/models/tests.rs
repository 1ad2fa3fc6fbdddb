use antiphon_backend::Capability;

use super::*;
use crate::lacks::Lack;

fn listed() -> Models {
    Models::new(&Config { lacks: vec![Lack::Vision], ..Config::default() })
}

fn take(models: &Models, json: &str) -> bool {
    match models {
        Models::Listed(listed) => listed.take(json.as_bytes()),
        Models::Named(_) => false,
    }
}

#[test]
fn named_models_are_renamed_and_keep_their_lacks() {
    let mut fast = ModelConfig::new("fast").upstream("gpt-4o-mini");
    fast.lacks = vec![Lack::Tools];
    fast.context_length = Some(128_000);
    let models = vec![fast, ModelConfig::new("*")];
    let models = Models::new(&Config { models, lacks: vec![Lack::Vision], ..Config::default() });
    let able = |name| {
        let (upstream, able) = models.resolve(name);
        (upstream.to_owned(), [Capability::Tools, Capability::Vision].map(|one| able.has(one)))
    };
    assert_eq!(able("fast"), ("gpt-4o-mini".to_owned(), [false, false]));
    assert_eq!(able("gpt-4o"), ("gpt-4o".to_owned(), [true, false]));
    let all = models.all();
    assert_eq!((&*all[0].id, all[0].context_length, &*all[1].id), ("fast", Some(128_000), "*"));
    assert_eq!(models.revision(), 0);
}

#[test]
fn list_of_the_upstream_is_taken_and_told_when_it_changes() {
    let models = listed();
    assert_eq!((models.all(), models.revision()), (Vec::new(), 1));
    let list = r#"{"object": "list", "data": [
        {"id": "a", "object": "model", "created": 7, "owned_by": "me", "max_model_len": 4096},
        {"id": "b", "meta": {"n_ctx": 512}}, {"id": "a"}, {"id": " "}]}"#;
    assert!(take(&models, list));
    let all = models.all();
    let told = |place: usize| {
        (&*all[place].id, all[place].created, &*all[place].owned_by, all[place].context_length)
    };
    assert_eq!(
        (all.len(), told(0), told(1)),
        (2, ("a", 7, "me", Some(4096)), ("b", 0, "antiphon", Some(512)))
    );
    assert!(all[0].has(Capability::Tools) && !all[0].has(Capability::Vision));
    assert_eq!(models.revision(), 2);
    assert!(take(&models, list));
    assert_eq!(models.revision(), 2);
    assert!(take(&models, r#"{"data": []}"#));
    assert_eq!((models.all().len(), models.revision()), (0, 3));
}

#[test]
fn what_is_no_list_changes_nothing() {
    let models = listed();
    assert!(take(&models, r#"{"data": [{"id": "a"}]}"#));
    for text in ["", "<html>", "{}", r#"{"data": {}}"#] {
        assert!(!take(&models, text), "{text}");
    }
    assert_eq!((models.all().len(), models.revision()), (1, 2));
}
