//! What moderation found.

use antiphon_types::chat::{
    Moderation, ModerationError, ModerationInput, ModerationOutcome, ModerationResult, ModerationResultKind,
    ModerationResults,
};
use proptest::{collection, prelude::*};

use super::{Api, extra, list, number, open, tagged, text};

pub(crate) fn moderation(api: Api) -> BoxedStrategy<Moderation> {
    let base = (outcome(api), outcome(api)).prop_map(|(input, output)| Moderation::new(input, output));
    fields!(base, extra: extra())
}

fn outcome(api: Api) -> BoxedStrategy<ModerationOutcome> {
    let results =
        (text(), list(0, result(api))).prop_map(|(model, results)| ModerationResults::new(model, results));
    let error = (text(), text()).prop_map(|(code, message)| ModerationError::new(code, message));
    let known = prop_oneof![
        fields!(results, extra: extra()).prop_map(ModerationOutcome::Results),
        fields!(error, extra: extra()).prop_map(ModerationOutcome::Error),
    ];
    tagged(api, known.boxed(), ModerationOutcome::Other)
}

fn result(api: Api) -> BoxedStrategy<ModerationResult> {
    let inputs = list(0, open::<ModerationInput>(api, ModerationInput::KNOWN));
    fields!(
        Just(ModerationResult::new("", false)),
        kind: open(api, ModerationResultKind::KNOWN),
        model: text(),
        flagged: any::<bool>(),
        categories: collection::btree_map(text(), any::<bool>(), 0..3),
        category_scores: collection::btree_map(text(), number(), 0..3),
        category_applied_input_types: collection::btree_map(text(), inputs, 0..3),
        extra: extra(),
    )
}
