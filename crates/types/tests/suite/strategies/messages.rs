//! Messages and their parts.

use antiphon_types::chat::{
    AssistantMessage, AssistantPart, AudioReference, Content, DeveloperMessage, File, FilePart,
    FunctionMessage, ImageDetail, ImagePart, ImageUrl, InputAudio, InputAudioFormat, InputAudioPart, Message,
    PromptCacheBreakpoint, PromptCacheMode, RefusalPart, SystemMessage, TextPart, ToolMessage, UserMessage,
    UserPart,
};
use proptest::prelude::*;

use super::{Api, extra, function_call, list, maybe, maybe_boxed, open, text, tool_call};

pub(crate) fn message(api: Api) -> BoxedStrategy<Message> {
    prop_oneof![
        developer(api).prop_map(Message::Developer),
        system(api).prop_map(Message::System),
        user(api).prop_map(Message::User),
        assistant(api).prop_map(Message::Assistant),
        tool(api).prop_map(Message::Tool),
        function(api).prop_map(Message::Function),
    ]
    .boxed()
}

fn developer(api: Api) -> BoxedStrategy<DeveloperMessage> {
    let base = content(api, text_part(api)).prop_map(DeveloperMessage::new);
    fields!(base, name: maybe(text()), extra: extra())
}

fn system(api: Api) -> BoxedStrategy<SystemMessage> {
    fields!(content(api, text_part(api)).prop_map(SystemMessage::new), name: maybe(text()), extra: extra())
}

fn user(api: Api) -> BoxedStrategy<UserMessage> {
    fields!(content(api, user_part(api)).prop_map(UserMessage::new), name: maybe(text()), extra: extra())
}

fn assistant(api: Api) -> BoxedStrategy<AssistantMessage> {
    fields!(
        Just(AssistantMessage::default()),
        content: maybe(content(api, assistant_part(api))),
        refusal: maybe(text()),
        reasoning_content: maybe(text()),
        reasoning: maybe(text()),
        name: maybe(text()),
        audio: maybe_boxed(fields!(text().prop_map(AudioReference::new), extra: extra())),
        tool_calls: maybe(list(0, tool_call(api))),
        function_call: maybe_boxed(function_call()),
        extra: extra(),
    )
}

fn tool(api: Api) -> BoxedStrategy<ToolMessage> {
    let base = (text(), content(api, text_part(api))).prop_map(|(id, content)| ToolMessage::new(id, content));
    fields!(base, extra: extra())
}

fn function(api: Api) -> BoxedStrategy<FunctionMessage> {
    let content = api.pick(text().prop_map(Content::Text).boxed(), content(api, text_part(api)));
    fields!(
        text().prop_map(|name| FunctionMessage::new(name, "")),
        content: maybe(content),
        extra: extra(),
    )
}

/// A text, or parts.
pub(crate) fn content<P: std::fmt::Debug + Clone + 'static>(
    api: Api,
    part: BoxedStrategy<P>,
) -> BoxedStrategy<Content<P>> {
    prop_oneof![text().prop_map(Content::Text), list(api.at_least_one(), part).prop_map(Content::Parts),]
        .boxed()
}

pub(crate) fn user_part(api: Api) -> BoxedStrategy<UserPart> {
    prop_oneof![
        text_part(api).prop_map(UserPart::Text),
        image_part(api).prop_map(UserPart::ImageUrl),
        audio_part(api).prop_map(UserPart::InputAudio),
        file_part(api).prop_map(UserPart::File),
    ]
    .boxed()
}

pub(crate) fn assistant_part(api: Api) -> BoxedStrategy<AssistantPart> {
    let refusal = fields!(text().prop_map(RefusalPart::new), extra: extra());
    prop_oneof![text_part(api).prop_map(AssistantPart::Text), refusal.prop_map(AssistantPart::Refusal)]
        .boxed()
}

pub(crate) fn text_part(api: Api) -> BoxedStrategy<TextPart> {
    fields!(
        text().prop_map(TextPart::new),
        prompt_cache_breakpoint: maybe(breakpoint(api)),
        extra: extra(),
    )
}

pub(crate) fn image_part(api: Api) -> BoxedStrategy<ImagePart> {
    // `original` is in the SDKs, and not yet in the published schema.
    let details = if api == Api::Published { &["auto", "low", "high"] } else { ImageDetail::KNOWN };
    let image = fields!(
        text().prop_map(|path| ImageUrl::new(format!("https://example.com/{path}"))),
        detail: maybe(open(api, details)),
        extra: extra(),
    );
    fields!(
        image.prop_map(ImagePart::new),
        prompt_cache_breakpoint: maybe(breakpoint(api)),
        extra: extra(),
    )
}

fn audio_part(api: Api) -> BoxedStrategy<InputAudioPart> {
    let audio = fields!(
        text().prop_map(|data| InputAudio::new(data, InputAudioFormat::Wav)),
        format: open(api, InputAudioFormat::KNOWN),
        extra: extra(),
    );
    fields!(
        audio.prop_map(InputAudioPart::new),
        prompt_cache_breakpoint: maybe(breakpoint(api)),
        extra: extra(),
    )
}

fn file_part(api: Api) -> BoxedStrategy<FilePart> {
    let file = fields!(
        Just(File::default()),
        file_id: maybe(text()),
        filename: maybe(text()),
        file_data: maybe(text()),
        extra: extra(),
    );
    fields!(
        file.prop_map(FilePart::new),
        prompt_cache_breakpoint: maybe(breakpoint(api)),
        extra: extra(),
    )
}

fn breakpoint(api: Api) -> BoxedStrategy<PromptCacheBreakpoint> {
    let modes = if api == Api::Published { &["explicit"] } else { PromptCacheMode::KNOWN };
    fields!(
        Just(PromptCacheBreakpoint::explicit()),
        mode: open(api, modes),
        ttl: maybe(text()),
        extra: extra(),
    )
}
