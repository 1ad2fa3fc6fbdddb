//! The options of a request.

use antiphon_types::chat::{
    AudioFormat, AudioOptions, CustomVoice, JsonSchema, ModerationConfig, ModerationMode, ModerationOptions,
    ModerationPolicy, Prediction, PromptCacheMode, PromptCacheOptions, ResponseFormat, SearchContextSize,
    Stop, StreamOptions, UserLocation, Voice, WebSearchLocation, WebSearchOptions,
};
use proptest::{collection, prelude::*};
use serde_json::Value;

use super::{Api, closed_extra, content, extra, maybe, open, schema_object, tagged, text, text_part};

pub(crate) fn stop(api: Api) -> BoxedStrategy<Stop> {
    let many = collection::vec(text(), api.at_least_one()..5);
    prop_oneof![text().prop_map(Stop::One), many.prop_map(Stop::Many)].boxed()
}

pub(crate) fn stream_options() -> BoxedStrategy<StreamOptions> {
    fields!(
        Just(StreamOptions::default()),
        include_usage: maybe(any::<bool>()),
        include_obfuscation: maybe(any::<bool>()),
        extra: extra(),
    )
}

pub(crate) fn response_format(api: Api) -> BoxedStrategy<ResponseFormat> {
    let schema = fields!(
        Just(JsonSchema::new("", Value::Null)),
        name: text(),
        description: maybe(text()),
        schema: maybe(schema_object()),
        strict: maybe(any::<bool>()),
        extra: extra(),
    );
    let known = prop_oneof![
        Just(ResponseFormat::text()),
        Just(ResponseFormat::json_object()),
        schema.prop_map(ResponseFormat::json_schema),
    ];
    let known = (known, extra()).prop_map(|(mut format, extra)| {
        match &mut format {
            ResponseFormat::Text(format) => format.extra = extra,
            ResponseFormat::JsonObject(format) => format.extra = extra,
            ResponseFormat::JsonSchema(format) => format.extra = extra,
            _ => {}
        }
        format
    });
    tagged(api, known.boxed(), ResponseFormat::Other)
}

pub(crate) fn prediction(api: Api) -> BoxedStrategy<Prediction> {
    let known = (content(api, text_part(api)), extra()).prop_map(|(content, extra)| {
        let mut prediction = Prediction::content(content);
        if let Prediction::Content(prediction) = &mut prediction {
            prediction.extra = extra;
        }
        prediction
    });
    tagged(api, known.boxed(), Prediction::Other)
}

pub(crate) fn audio(api: Api) -> BoxedStrategy<AudioOptions> {
    fields!(
        voice(api).prop_map(|voice| AudioOptions::new(voice, AudioFormat::Wav)),
        format: open(api, AudioFormat::KNOWN),
        extra: extra(),
    )
}

pub(crate) fn voice(api: Api) -> BoxedStrategy<Voice> {
    let custom = fields!(text().prop_map(CustomVoice::new), extra: closed_extra(api));
    prop_oneof![text().prop_map(Voice::Name), custom.prop_map(Voice::Custom)].boxed()
}

pub(crate) fn web_search(api: Api) -> BoxedStrategy<WebSearchOptions> {
    fields!(
        Just(WebSearchOptions::default()),
        search_context_size: maybe(open(api, SearchContextSize::KNOWN)),
        user_location: maybe(user_location(api)),
        extra: extra(),
    )
}

fn user_location(api: Api) -> BoxedStrategy<UserLocation> {
    let location = fields!(
        Just(WebSearchLocation::default()),
        country: maybe(text()),
        region: maybe(text()),
        city: maybe(text()),
        timezone: maybe(text()),
        extra: extra(),
    );
    let known = (location, extra()).prop_map(|(location, extra)| {
        let mut location = UserLocation::approximate(location);
        if let UserLocation::Approximate(location) = &mut location {
            location.extra = extra;
        }
        location
    });
    tagged(api, known.boxed(), UserLocation::Other)
}

pub(crate) fn prompt_cache_options(api: Api) -> BoxedStrategy<PromptCacheOptions> {
    fields!(
        Just(PromptCacheOptions::default()),
        mode: maybe(open(api, PromptCacheMode::KNOWN)),
        ttl: maybe(api.pick(Just("30m".to_owned()).boxed(), text())),
        extra: extra(),
    )
}

pub(crate) fn moderation_options(api: Api) -> BoxedStrategy<ModerationOptions> {
    let config = fields!(
        open::<ModerationMode>(api, ModerationMode::KNOWN).prop_map(ModerationConfig::new),
        extra: extra(),
    );
    let policy = fields!(
        Just(ModerationPolicy::default()),
        input: maybe(config.clone()),
        output: maybe(config),
        extra: extra(),
    );
    fields!(text().prop_map(ModerationOptions::new), policy: maybe(policy), extra: extra())
}
