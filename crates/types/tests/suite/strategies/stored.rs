//! Stored completions and their messages.

use antiphon_types::{
    Object,
    chat::{CompletionDeleted, CompletionList, MessageList, StoredMessage, StoredPart},
};
use proptest::prelude::*;

use super::{
    Api, completion, extra, image_part, list, maybe, object, response_message, tagged, text, text_part,
};

pub(crate) fn completion_list(api: Api) -> BoxedStrategy<CompletionList> {
    fields!(
        list(0, completion(api)).prop_map(CompletionList::new),
        object: object(api, Object::List),
        first_id: id(api),
        last_id: id(api),
        has_more: any::<bool>(),
        extra: extra(),
    )
}

pub(crate) fn completion_deleted(api: Api) -> BoxedStrategy<CompletionDeleted> {
    fields!(
        text().prop_map(CompletionDeleted::new),
        object: object(api, Object::ChatCompletionDeleted),
        deleted: any::<bool>(),
        extra: extra(),
    )
}

pub(crate) fn message_list(api: Api) -> BoxedStrategy<MessageList> {
    fields!(
        list(0, stored_message(api)).prop_map(MessageList::new),
        object: object(api, Object::List),
        first_id: id(api),
        last_id: id(api),
        has_more: any::<bool>(),
        extra: extra(),
    )
}

fn stored_message(api: Api) -> BoxedStrategy<StoredMessage> {
    let known = prop_oneof![
        text_part(api).prop_map(StoredPart::Text),
        image_part(api).prop_map(StoredPart::ImageUrl),
    ];
    let part = tagged(api, known.boxed(), StoredPart::Other);
    fields!(
        (text(), response_message(api)).prop_map(|(id, message)| StoredMessage::new(id, message)),
        content_parts: maybe(list(0, part)),
    )
}

/// The published schema has no null here, which OpenAI sends for an empty page.
fn id(api: Api) -> BoxedStrategy<Option<String>> {
    api.pick(text().prop_map(Some).boxed(), maybe(text()).boxed())
}
