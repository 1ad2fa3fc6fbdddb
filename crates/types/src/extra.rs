//! Fields that the types do not know, and how pieces of them are joined.

use serde_json::Value;

/// Fields of an object that this version does not know, by name.
///
/// Every object type keeps them in its `extra` and writes them back, so that a proxy loses nothing.
/// A name that the type has a field for does not belong here: it would stand twice in the JSON.
pub type Extra = serde_json::Map<String, Value>;

/// Joins the unknown fields of a delta to those that came before.
///
/// Texts and lists are fragments, and are joined end to end, but for the texts `id` and `type`, which name a thing;
/// objects are joined field by field; of all else the later counts, unless it is null.
///
/// ```
/// use antiphon_types::{Extra, join_extra, json};
///
/// let fields = |value: antiphon_types::Value| value.as_object().cloned().unwrap_or_default();
/// let mut whole: Extra = fields(json!({"audio": {"id": "audio_1", "data": "AAEC"}}));
/// join_extra(&mut whole, fields(json!({"audio": {"id": "audio_1", "data": "AwQF"}})));
/// assert_eq!(whole, fields(json!({"audio": {"id": "audio_1", "data": "AAECAwQF"}})));
/// ```
pub fn join_extra(whole: &mut Extra, piece: Extra) {
    for (key, value) in piece {
        match whole.get_mut(&key) {
            Some(known) if !matches!(&*key, "id" | "type") => join(known, value),
            _ => {
                whole.insert(key, value);
            }
        }
    }
}

fn join(whole: &mut Value, piece: Value) {
    match (whole, piece) {
        (Value::String(whole), Value::String(piece)) => whole.push_str(&piece),
        (Value::Array(whole), Value::Array(piece)) => whole.extend(piece),
        (Value::Object(whole), Value::Object(piece)) => join_extra(whole, piece),
        (_, Value::Null) => {}
        (whole, piece) => *whole = piece,
    }
}
