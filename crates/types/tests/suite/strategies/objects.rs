//! Models, usage, errors.

use antiphon_types::{
    CompletionTokensDetails, ErrorBody, ErrorResponse, ErrorType, Model, ModelDeleted, ModelList, Object,
    PromptTokensDetails, Usage,
};
use proptest::prelude::*;

use super::{Api, extra, list, maybe, open, text};

/// The `object` field: the right one, or, from a newer API, any.
pub(crate) fn object(api: Api, right: Object) -> BoxedStrategy<Object> {
    api.pick(Just(right).boxed(), open(Api::Newer, Object::KNOWN))
}

pub(crate) fn model(api: Api) -> BoxedStrategy<Model> {
    fields!(
        Just(Model::new("", 0, "")),
        id: text(),
        object: object(api, Object::Model),
        created: any::<u64>(),
        owned_by: text(),
        shutdown_date: maybe(Just("2026-12-31".to_owned())),
        extra: extra(),
    )
}

pub(crate) fn model_list(api: Api) -> BoxedStrategy<ModelList> {
    fields!(
        Just(ModelList::new([])),
        object: object(api, Object::List),
        data: list(0, model(api)),
        extra: extra(),
    )
}

pub(crate) fn model_deleted(api: Api) -> BoxedStrategy<ModelDeleted> {
    fields!(
        Just(ModelDeleted::new("")),
        id: text(),
        object: object(api, Object::Model),
        deleted: any::<bool>(),
        extra: extra(),
    )
}

pub(crate) fn error_response(api: Api) -> BoxedStrategy<ErrorResponse> {
    fields!(error_body(api).prop_map(ErrorResponse::new), extra: extra())
}

pub(crate) fn error_body(api: Api) -> BoxedStrategy<ErrorBody> {
    fields!(
        Just(ErrorBody::new(ErrorType::ServerError, "")),
        message: text(),
        kind: open(api, ErrorType::KNOWN),
        param: maybe(text()),
        code: maybe(text()),
        extra: extra(),
    )
}

pub(crate) fn usage() -> BoxedStrategy<Usage> {
    fields!(
        Just(Usage::default()),
        prompt_tokens: any::<u64>(),
        completion_tokens: any::<u64>(),
        total_tokens: any::<u64>(),
        prompt_tokens_details: maybe(prompt_details()),
        completion_tokens_details: maybe(completion_details()),
        extra: extra(),
    )
}

fn prompt_details() -> BoxedStrategy<PromptTokensDetails> {
    fields!(
        Just(PromptTokensDetails::default()),
        cached_tokens: maybe(any::<u64>()),
        audio_tokens: maybe(any::<u64>()),
        text_tokens: maybe(any::<u64>()),
        image_tokens: maybe(any::<u64>()),
        cache_write_tokens: maybe(any::<u64>()),
        extra: extra(),
    )
}

fn completion_details() -> BoxedStrategy<CompletionTokensDetails> {
    fields!(
        Just(CompletionTokensDetails::default()),
        reasoning_tokens: maybe(any::<u64>()),
        audio_tokens: maybe(any::<u64>()),
        text_tokens: maybe(any::<u64>()),
        accepted_prediction_tokens: maybe(any::<u64>()),
        rejected_prediction_tokens: maybe(any::<u64>()),
        extra: extra(),
    )
}
