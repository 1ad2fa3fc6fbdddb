//! The parts of a user's message that are not text: images, recordings, files.

use serde::{Deserialize, Serialize};

use super::PromptCacheBreakpoint;
use crate::{Extra, open_enum::open_enum};

/// An image, by its address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ImagePart {
    /// Where the image is, and how closely to look.
    pub image_url: ImageUrl,
    /// Ends a prefix of the prompt that shall be cached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_cache_breakpoint: Option<PromptCacheBreakpoint>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ImagePart {
    /// Makes an image part.
    pub fn new(image_url: ImageUrl) -> Self {
        Self { image_url, prompt_cache_breakpoint: None, extra: Extra::new() }
    }
}

/// Where an image is, and how closely to look at it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ImageUrl {
    /// `https://…` or `data:image/…;base64,…`.
    pub url: String,
    /// How closely to look; default `auto`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<ImageDetail>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ImageUrl {
    /// Makes an image from its address.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), detail: None, extra: Extra::new() }
    }

    /// Says how closely to look.
    #[must_use]
    pub fn detail(mut self, detail: ImageDetail) -> Self {
        self.detail = Some(detail);
        self
    }
}

impl From<&str> for ImageUrl {
    fn from(url: &str) -> Self {
        Self::new(url)
    }
}

impl From<String> for ImageUrl {
    fn from(url: String) -> Self {
        Self::new(url)
    }
}

open_enum! {
    /// How closely to look at an image; default `auto`.
    ImageDetail {
        /// The model decides.
        Auto = "auto",
        /// Small and cheap.
        Low = "low",
        /// In tiles.
        High = "high",
        /// At its own size.
        Original = "original",
    }
}

/// A recording.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct InputAudioPart {
    /// The recording.
    pub input_audio: InputAudio,
    /// Ends a prefix of the prompt that shall be cached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_cache_breakpoint: Option<PromptCacheBreakpoint>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl InputAudioPart {
    /// Makes an audio part.
    pub fn new(input_audio: InputAudio) -> Self {
        Self { input_audio, prompt_cache_breakpoint: None, extra: Extra::new() }
    }
}

/// The bytes of a recording.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct InputAudio {
    /// The bytes, in base64.
    pub data: String,
    /// What the bytes are.
    pub format: InputAudioFormat,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl InputAudio {
    /// Makes a recording from base64 data.
    pub fn new(data: impl Into<String>, format: InputAudioFormat) -> Self {
        Self { data: data.into(), format, extra: Extra::new() }
    }
}

open_enum! {
    /// What the bytes of a recording are.
    InputAudioFormat {
        Wav = "wav",
        Mp3 = "mp3",
    }
}

/// A file, uploaded before or carried along.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FilePart {
    /// The file.
    pub file: File,
    /// Ends a prefix of the prompt that shall be cached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_cache_breakpoint: Option<PromptCacheBreakpoint>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl FilePart {
    /// Makes a file part.
    pub fn new(file: File) -> Self {
        Self { file, prompt_cache_breakpoint: None, extra: Extra::new() }
    }
}

/// A file by its id, or by its name and data.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct File {
    /// The id of a file that was uploaded before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_id: Option<String>,
    /// The name of a file that is carried along.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
    /// The bytes of a file that is carried along.
    ///
    /// In base64, also as a `data:` URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_data: Option<String>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}
