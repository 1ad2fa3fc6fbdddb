//! The parts that a message's content is made of.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{
    File, FilePart, ImagePart, ImageUrl, InputAudio, InputAudioFormat, InputAudioPart, Part,
    PromptCacheBreakpoint,
};
use crate::{Extra, tagged::tagged};

/// A part of a user's message.
///
/// ```
/// use antiphon_types::chat::{ImageDetail, ImageUrl, Message, UserPart};
///
/// let message = Message::user([
///     UserPart::text("What differs?"),
///     UserPart::image_url("https://example.com/before.png"),
///     UserPart::image_url(ImageUrl::new("data:image/png;base64,iVBORw0KGgo=").detail(ImageDetail::High)),
/// ]);
/// assert_eq!(
///     serde_json::to_string(&message)?,
///     concat!(
///         r#"{"role":"user","content":[{"type":"text","text":"What differs?"},"#,
///         r#"{"type":"image_url","image_url":{"url":"https://example.com/before.png"}},"#,
///         r#"{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo=","detail":"high"}}]}"#,
///     ),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum UserPart {
    /// A text.
    Text(#[serde(with = "TextPart")] TextPart),
    /// An image, by its address.
    ImageUrl(ImagePart),
    /// A recording.
    InputAudio(InputAudioPart),
    /// A file, uploaded before or carried along.
    File(FilePart),
}

tagged!(UserPart: "type" {
    "text" => Text(TextPart),
    "image_url" => ImageUrl(ImagePart),
    "input_audio" => InputAudio(InputAudioPart),
    "file" => File(FilePart),
});

impl UserPart {
    /// Makes a text part.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(TextPart::new(text))
    }

    /// Makes an image part from an address or an [`ImageUrl`].
    ///
    /// The address is `https://…` or `data:image/…;base64,…`.
    pub fn image_url(url: impl Into<ImageUrl>) -> Self {
        Self::ImageUrl(ImagePart::new(url.into()))
    }

    /// Makes a part of base64 audio.
    pub fn input_audio(data: impl Into<String>, format: InputAudioFormat) -> Self {
        Self::InputAudio(InputAudioPart::new(InputAudio::new(data, format)))
    }

    /// Makes a part of a file that was uploaded before.
    pub fn file_id(id: impl Into<String>) -> Self {
        Self::File(FilePart::new(File { file_id: Some(id.into()), ..File::default() }))
    }

    /// Makes a part that carries a file's name and base64 data.
    pub fn file_data(filename: impl Into<String>, data: impl Into<String>) -> Self {
        let (filename, file_data) = (Some(filename.into()), Some(data.into()));
        Self::File(FilePart::new(File { filename, file_data, ..File::default() }))
    }
}

impl Part for UserPart {
    fn as_text(&self) -> Option<&str> {
        if let Self::Text(part) = self { Some(&part.text) } else { None }
    }
}

/// A part of an assistant's message.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum AssistantPart {
    /// A text.
    Text(#[serde(with = "TextPart")] TextPart),
    /// What the model said instead of an answer.
    Refusal(RefusalPart),
}

tagged!(AssistantPart: "type" { "text" => Text(TextPart), "refusal" => Refusal(RefusalPart) });

impl AssistantPart {
    /// Makes a text part.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(TextPart::new(text))
    }

    /// Makes a refusal part.
    pub fn refusal(refusal: impl Into<String>) -> Self {
        Self::Refusal(RefusalPart::new(refusal))
    }
}

impl Part for AssistantPart {
    fn as_text(&self) -> Option<&str> {
        if let Self::Text(part) = self { Some(&part.text) } else { None }
    }
}

/// A text; the only kind of part that every role allows.
///
/// On its own it is written and read with its tag, `"type": "text"`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schemars",
    derive(schemars::JsonSchema),
    schemars(rename = "TextPart", transform = crate::json_schema::text_alone)
)]
// `Self` makes the derives plain functions without the tag, which the enums above call; the traits are below.
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct TextPart {
    /// The text.
    pub text: String,
    /// Ends a prefix of the prompt that shall be cached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_cache_breakpoint: Option<PromptCacheBreakpoint>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl TextPart {
    /// Makes a text part.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), prompt_cache_breakpoint: None, extra: Extra::new() }
    }
}

impl Part for TextPart {
    fn as_text(&self) -> Option<&str> {
        Some(&self.text)
    }
}

impl Serialize for TextPart {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(tag = "type", rename_all = "snake_case")]
        enum Alone<'a> {
            Text(#[serde(with = "TextPart")] &'a TextPart),
        }
        Serialize::serialize(&Alone::Text(self), serializer)
    }
}

impl<'de> Deserialize<'de> for TextPart {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        enum Alone {
            Text(TextPart),
        }
        tagged!(Alone: "type" { "text" => Text(TextPart) });
        let Alone::Text(part) = Alone::deserialize(deserializer)?;
        Ok(part)
    }
}

/// What the model said instead of an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RefusalPart {
    /// The refusal, for people.
    pub refusal: String,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl RefusalPart {
    /// Makes a refusal part.
    pub fn new(refusal: impl Into<String>) -> Self {
        Self { refusal: refusal.into(), extra: Extra::new() }
    }
}
