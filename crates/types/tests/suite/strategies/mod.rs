//! Strategies for every type.

use antiphon_types::Extra;
use proptest::{collection, num, option, prelude::*, sample};
use serde_json::{Value, json};

/// Makes a struct of a base and the strategies of its fields.
macro_rules! fields {
    ($base:expr, $($field:ident: $strategy:expr),+ $(,)?) => {{
        let built = $base.boxed();
        $(
            let built = (built, $strategy)
                .prop_map(|(mut value, field)| {
                    value.$field = field;
                    value
                })
                .boxed();
        )+
        built
    }};
}

mod answers;
pub(crate) mod completions;
pub(crate) mod embeddings;
mod messages;
mod moderation;
mod objects;
mod options;
mod pieces;
mod requests;
mod stored;
mod streams;
mod text_input;
mod tools;

pub(crate) use self::{
    answers::*, messages::*, moderation::*, objects::*, options::*, pieces::*, requests::*, stored::*,
    streams::*, text_input::*, tools::*,
};

/// Which values a strategy makes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Api {
    /// What the published schema allows.
    Published,
    /// Also what a newer API may send, or a lenient one: unknown values and kinds, empty lists.
    Newer,
}

impl Api {
    /// Chooses between two strategies.
    fn pick<T: std::fmt::Debug>(
        self,
        published: BoxedStrategy<T>,
        newer: BoxedStrategy<T>,
    ) -> BoxedStrategy<T> {
        match self {
            Self::Published => published,
            Self::Newer => newer,
        }
    }

    /// The least length of a list that OpenAI does not take empty.
    fn at_least_one(self) -> usize {
        usize::from(self == Self::Published)
    }
}

/// Mostly a value: options nest deeply, and the deepest fields shall be seen too.
fn maybe<S: Strategy>(strategy: S) -> impl Strategy<Value = Option<S::Value>> {
    option::weighted(0.7, strategy)
}

fn maybe_boxed<S: Strategy>(strategy: S) -> impl Strategy<Value = Option<Box<S::Value>>> {
    maybe(strategy.prop_map(Box::new))
}

/// A short list, never shorter than `least`.
fn list<S: Strategy>(least: usize, strategy: S) -> impl Strategy<Value = Vec<S::Value>> {
    collection::vec(strategy, least..3)
}

/// Any text, escapes and far planes included.
pub(crate) fn text() -> BoxedStrategy<String> {
    collection::vec(any::<char>(), 0..6).prop_map(String::from_iter).boxed()
}

/// Any finite number.
fn number() -> BoxedStrategy<f64> {
    (num::f64::NORMAL | num::f64::SUBNORMAL | num::f64::ZERO).boxed()
}

/// A value of a string enum: one of these texts, or, from a newer API, any.
fn open<T: From<String> + std::fmt::Debug + 'static>(
    api: Api,
    known: &'static [&'static str],
) -> BoxedStrategy<T> {
    let known = sample::select(known).prop_map(str::to_owned).boxed();
    let newer = prop_oneof![known.clone(), "[a-z0-9_]{0,8}", text()].boxed();
    api.pick(known, newer).prop_map(T::from).boxed()
}

/// Any JSON, not deep.
pub(crate) fn any_json() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        number().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    let nested = leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            collection::btree_map(text(), inner, 0..3).prop_map(|map| Value::Object(Extra::from_iter(map))),
        ]
    });
    nested.boxed()
}

/// An object such as a JSON Schema.
fn schema_object() -> BoxedStrategy<Value> {
    (sample::select(&["object", "string"][..]), unknown_fields())
        .prop_map(|(kind, mut object)| {
            object.insert("type".to_owned(), kind.into());
            Value::Object(object)
        })
        .boxed()
}

/// Fields that no schema names; mostly none.
pub(crate) fn extra() -> BoxedStrategy<Extra> {
    prop_oneof![3 => Just(Extra::new()), 1 => unknown_fields()].boxed()
}

/// Unknown fields of an object to which the published schema adds none.
fn closed_extra(api: Api) -> BoxedStrategy<Extra> {
    api.pick(Just(Extra::new()).boxed(), extra())
}

fn unknown_fields() -> BoxedStrategy<Extra> {
    collection::btree_map("x_[a-z]{1,4}", any_json(), 1..3).prop_map(Extra::from_iter).boxed()
}

/// A tagged object of a kind that is not known.
fn unknown_kind() -> BoxedStrategy<Value> {
    ("x_[a-z]{1,4}", extra())
        .prop_map(|(kind, mut object)| {
            object.insert("type".to_owned(), json!(kind));
            Value::Object(object)
        })
        .boxed()
}

/// A tagged object of a known kind, or, from a newer API, of one that is not.
fn tagged<T: std::fmt::Debug + 'static>(
    api: Api,
    known: BoxedStrategy<T>,
    other: impl Fn(Value) -> T + 'static,
) -> BoxedStrategy<T> {
    let newer = prop_oneof![3 => known.clone(), 1 => unknown_kind().prop_map(other)].boxed();
    api.pick(known, newer)
}
