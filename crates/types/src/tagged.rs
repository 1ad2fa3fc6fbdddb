//! Reads objects whose kind stands in a tag, without buffering those that begin with it.

use std::{borrow::Cow, vec};

use serde::{
    Deserialize,
    de::{DeserializeSeed, Error, IntoDeserializer, MapAccess},
};
use serde_json::Value;

use crate::Extra;

/// A string of the input, borrowed where it holds no escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// The entries of an object without its tag: those that stood before it, then the others.
pub(crate) struct Rest<A> {
    earlier: vec::IntoIter<(String, Value)>,
    value: Option<Value>,
    later: A,
}

/// Reads on to the tag and returns its value and the object's other entries.
///
/// Where there is no tag, that of the `untagged` kinds which is a key is its value.
pub(crate) fn split<'de, A: MapAccess<'de>>(
    tag: &'static str,
    untagged: &[&'static str],
    mut map: A,
) -> Result<(Cow<'de, str>, Rest<A>), A::Error> {
    let mut earlier: Vec<(String, Value)> = Vec::new();
    let mut kind = None;
    while let Some(Text(key)) = map.next_key()? {
        if key != tag {
            earlier.push((key.into_owned(), map.next_value()?));
        } else if let Some(Text(value)) = map.next_value()? {
            kind = Some(value);
            break;
        }
    }
    let implied = || untagged.iter().find(|kind| earlier.iter().any(|(key, _)| key == *kind));
    let kind = kind.or_else(|| implied().map(|kind| Cow::Borrowed(*kind)));
    let rest = Rest { earlier: earlier.into_iter(), value: None, later: map };
    kind.map(|kind| (kind, rest)).ok_or_else(|| A::Error::missing_field(tag))
}

impl<'de, A: MapAccess<'de>> Rest<A> {
    /// Collects the entries of a kind that is not known, the tag first.
    pub(crate) fn into_value(mut self, tag: &'static str, kind: Cow<'de, str>) -> Result<Value, A::Error> {
        let mut object = Extra::from_iter([(tag.to_owned(), Value::String(kind.into_owned()))]);
        while let Some(key) = self.next_key::<String>()? {
            if key == tag {
                return Err(A::Error::duplicate_field(tag));
            }
            object.insert(key, self.next_value()?);
        }
        Ok(Value::Object(object))
    }
}

/// Refuses an object in which the tag stands a second time.
pub(crate) fn refuse_twice<E: Error>(tag: &'static str, extra: &Extra) -> Result<(), E> {
    if extra.contains_key(tag) { Err(E::duplicate_field(tag)) } else { Ok(()) }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Rest<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let Some((key, value)) = self.earlier.next() else {
            return self.later.next_key_seed(seed);
        };
        self.value = Some(value);
        seed.deserialize(key.into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        match self.value.take() {
            Some(value) => seed.deserialize(value).map_err(A::Error::custom),
            None => self.later.next_value_seed(seed),
        }
    }
}

/// Implements reading, and the JSON Schema, for an enum whose variant is named by a tag.
///
/// `tagged!(Tool: "type" { "function" => Function(FunctionTool), … } else Other)`; without `else`, a kind that is
/// not known is an error. An object that begins with its tag is read straight into the variant, where serde's own
/// `tag` would buffer it. Each variant's struct keeps its unknown fields in `extra`. After the tag, `or key` lets a
/// kind be told by the key of its name where there is no tag.
macro_rules! tagged {
    ($name:ident: $tag:literal $(or $key:ident)? { $($kind:literal => $variant:ident($payload:ty)),+ $(,)? } $(else $other:ident)?) => {
        impl $crate::shape::Shape for $name {
            const EXPECTING: &'static str = concat!("an object with a `", $tag, "`");

            fn from_map<'de, A: serde::de::MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
                $crate::tagged::variant!(map, $tag $(or $key)? { $($kind => $variant($payload)),+ } $(else $other)?)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::shape::read(deserializer)
            }
        }

        #[cfg(feature = "schemars")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $crate::json_schema::tagged_schema!(
                    generator, $tag { $($kind => $variant($payload)),+ } $(else $other)?
                )
            }
        }
    };
}

/// Reads one variant of `Self` from a map: the body of a [`Shape::from_map`](crate::shape::Shape::from_map).
macro_rules! variant {
    (
        $map:ident, $tag:literal $(or $key:ident)? { $($kind:literal => $variant:ident($payload:ty)),+ }
        $(else $other:ident)?
    ) => {{
        let untagged = $crate::tagged::untagged!([$($kind),+] $(, $key)?);
        let (kind, rest) = $crate::tagged::split($tag, untagged, $map)?;
        match &*kind {
            $($kind => {
                let payload = <$payload>::deserialize(serde::de::value::MapAccessDeserializer::new(rest))?;
                $crate::tagged::refuse_twice($tag, &payload.extra)?;
                Ok(Self::$variant(payload))
            })+
            _ => $crate::tagged::unknown!($tag, kind, rest, [$($kind),+] $(, $other)?),
        }
    }};
}

/// The kinds that need no tag: all or none.
macro_rules! untagged {
    ([$($kind:literal),+], key) => {
        &[$($kind),+]
    };
    ([$($kind:literal),+]) => {
        &[]
    };
}

/// Reads an object of a kind that is not known, or refuses it.
macro_rules! unknown {
    ($tag:literal, $kind:ident, $rest:ident, [$($known:literal),+], $other:ident) => {
        $rest.into_value($tag, $kind).map(Self::$other)
    };
    ($tag:literal, $kind:ident, $rest:ident, [$($known:literal),+]) => {
        Err(serde::de::Error::unknown_variant(&$kind, &[$($known),+]))
    };
}

pub(crate) use tagged;
pub(crate) use unknown;
pub(crate) use untagged;
pub(crate) use variant;
