//! What an upstream cannot do, by name.

use antiphon_backend::{Capabilities, Capability};
use serde::{Deserialize, Serialize};

macro_rules! lacks {
    ($($name:ident),* $(,)?) => {
        /// A capability that an upstream's models have not, named in `snake_case`.
        ///
        /// What it means that a model has one stands on [`Capability`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Lack {
            $(#[doc = concat!("[`", stringify!($name), "`](Capability::", stringify!($name), ").")] $name,)*
        }

        impl Lack {
            /// Every capability that is taken for granted until it is said to lack.
            const ALL: &[Self] = &[$(Self::$name),*];

            fn capability(self) -> Capability {
                match self {
                    $(Self::$name => Capability::$name,)*
                }
            }
        }
    };
}

lacks! {
    Chat, Completions, Embeddings, Tools, JsonObject, JsonSchema, Logprobs, Vision, AudioInput, AudioOutput, Files,
    WebSearch, Moderation, NativeChoices, NativeStop, NativeLimit, NativeEcho, EmptyMessages, Suffix, TokenInput,
    Dimensions,
}

/// What a model can do that lacks these: everything that is the upstream's to do or to refuse.
pub(crate) fn capabilities<'a>(lacks: impl IntoIterator<Item = &'a Lack>) -> Capabilities {
    let all = Capabilities::of(Lack::ALL.iter().map(|lack| lack.capability()));
    lacks.into_iter().fold(all, |able, lack| able.without(lack.capability()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_but_what_stands_above_a_backend_is_the_upstreams() {
        let able = capabilities([]);
        let above: Vec<_> = Capability::ALL.into_iter().filter(|one| !able.has(*one)).collect();
        assert_eq!(above, [Capability::ThinkTags, Capability::ThinkBegun, Capability::CompletionsByChat]);
    }

    #[test]
    fn lacks_are_named_in_snake_case() {
        let lacks: Vec<Lack> = serde_json::from_str(r#"["json_schema", "native_stop"]"#).unwrap();
        let able = capabilities(&lacks);
        assert!(!able.has(Capability::JsonSchema) && !able.has(Capability::NativeStop));
        assert!(able.has(Capability::JsonObject));
    }
}
