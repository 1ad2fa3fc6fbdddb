//! Requests and answers of embeddings.

use antiphon_types::{
    Object, TextInput,
    embeddings::{Embedding, EmbeddingList, EmbeddingUsage, EncodingFormat, Request, Vector},
};
use proptest::{collection, num, prelude::*};

use super::{Api, closed_extra, extra, maybe, object, open, text, text_input};

pub(crate) fn request(api: Api) -> BoxedStrategy<Request> {
    fields!(
        Just(Request::new("", TextInput::from(""))),
        model: text(),
        input: text_input(api),
        encoding_format: maybe(open(api, EncodingFormat::KNOWN)),
        dimensions: maybe(api.pick((1..=u32::MAX).boxed(), any::<u32>().boxed())),
        user: maybe(text()),
        extra: closed_extra(api),
    )
}

pub(crate) fn list(api: Api, vector: BoxedStrategy<Vector>) -> BoxedStrategy<EmbeddingList> {
    let embedding = fields!(
        vector.prop_map(|vector| Embedding::new(0, vector)),
        object: object(api, Object::Embedding),
        index: any::<u32>(),
        extra: extra(),
    );
    fields!(
        Just(EmbeddingList::new("", [], EmbeddingUsage::default())),
        object: object(api, Object::List),
        data: super::list(0, embedding),
        model: text(),
        usage: usage(),
        extra: extra(),
    )
}

/// A vector in any form; from a lenient server, in what is no base64.
pub(crate) fn vector(api: Api) -> BoxedStrategy<Vector> {
    let base64 = api.pick(base64(), prop_oneof![base64(), text().prop_map(Vector::Base64)].boxed());
    prop_oneof![floats(), base64].boxed()
}

/// Numbers that are the same written as `f32` and as `f64`, as which a tree of JSON has them.
pub(crate) fn floats() -> BoxedStrategy<Vector> {
    let float = any::<i8>().prop_map(|number| f32::from(number) / 16.0);
    collection::vec(float, 0..4).prop_map(Vector::Floats).boxed()
}

pub(crate) fn base64() -> BoxedStrategy<Vector> {
    collection::vec(num::f32::ANY, 0..4).prop_map(|floats| Vector::base64(&floats)).boxed()
}

pub(crate) fn usage() -> BoxedStrategy<EmbeddingUsage> {
    fields!(
        Just(EmbeddingUsage::default()),
        prompt_tokens: any::<u64>(),
        total_tokens: any::<u64>(),
        extra: extra(),
    )
}
