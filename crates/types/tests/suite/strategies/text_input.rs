//! Prompts and inputs.

use antiphon_types::TextInput;
use proptest::{collection, prelude::*};

use super::{Api, text};

/// Tokens that would be written as an empty array are read as no texts.
pub(crate) fn text_input(api: Api) -> BoxedStrategy<TextInput> {
    let least = api.at_least_one();
    prop_oneof![
        text().prop_map(TextInput::Text),
        collection::vec(text(), least..4).prop_map(TextInput::Texts),
        collection::vec(any::<u32>(), 1..4).prop_map(TextInput::Tokens),
        collection::vec(collection::vec(any::<u32>(), least..4), 1..4).prop_map(TextInput::TokenLists),
    ]
    .boxed()
}
