//! Spoken answers.

use std::borrow::Cow;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, MapAccess, value::MapAccessDeserializer},
};

use crate::{
    Extra, lenient,
    open_enum::open_enum,
    shape::{self, Shape},
};

/// How an answer is spoken; needed where the modalities name audio.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AudioOptions {
    /// Who speaks.
    pub voice: Voice,
    /// What the bytes are.
    pub format: AudioFormat,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl AudioOptions {
    /// Makes options for a voice, such as `"alloy"`, and a format.
    pub fn new(voice: impl Into<Voice>, format: AudioFormat) -> Self {
        Self { voice: voice.into(), format, extra: Extra::new() }
    }
}

open_enum! {
    /// What the bytes of a spoken answer are.
    AudioFormat {
        Wav = "wav",
        Aac = "aac",
        Mp3 = "mp3",
        Flac = "flac",
        Opus = "opus",
        Pcm16 = "pcm16",
    }
}

/// Who speaks: a known voice, or one of the user's own.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(untagged)]
#[non_exhaustive]
pub enum Voice {
    /// A voice by its name, such as `alloy`.
    Name(String),
    /// A voice of the user's own.
    Custom(CustomVoice),
}

impl From<&str> for Voice {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

impl From<String> for Voice {
    fn from(name: String) -> Self {
        Self::Name(name)
    }
}

impl From<CustomVoice> for Voice {
    fn from(voice: CustomVoice) -> Self {
        Self::Custom(voice)
    }
}

impl Shape for Voice {
    const EXPECTING: &'static str = "a string or an object with an `id`";

    fn from_text<E: Error>(text: Cow<'_, str>) -> Result<Self, E> {
        Ok(Self::Name(text.into_owned()))
    }

    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        CustomVoice::deserialize(MapAccessDeserializer::new(map)).map(Self::Custom)
    }
}

impl<'de> Deserialize<'de> for Voice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        shape::read(deserializer)
    }
}

/// A voice of the user's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CustomVoice {
    /// The id, such as `voice_1234`.
    pub id: String,
    /// Fields that this version does not know; OpenAI takes none here.
    #[serde(flatten)]
    pub extra: Extra,
}

impl CustomVoice {
    /// Makes a voice from its id.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), extra: Extra::new() }
    }
}

/// An earlier spoken answer, named in the history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AudioReference {
    /// The id of the [`ResponseAudio`].
    pub id: String,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl AudioReference {
    /// Names an earlier spoken answer by its id.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), extra: Extra::new() }
    }
}

/// A spoken answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ResponseAudio {
    /// The id by which later messages name it.
    pub id: String,
    /// Until when it can be named, in Unix seconds.
    #[serde(deserialize_with = "lenient::seconds")]
    pub expires_at: u64,
    /// The bytes, in base64, of the format that was asked for.
    pub data: String,
    /// What is said.
    pub transcript: String,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ResponseAudio {
    /// Makes a spoken answer of base64 data and its text.
    pub fn new(
        id: impl Into<String>,
        expires_at: u64,
        data: impl Into<String>,
        transcript: impl Into<String>,
    ) -> Self {
        Self {
            id: id.into(),
            expires_at,
            data: data.into(),
            transcript: transcript.into(),
            extra: Extra::new(),
        }
    }
}
