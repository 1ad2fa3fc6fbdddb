//! What stands beside an answer's text, such as its sources.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Extra, tagged::tagged};

/// A note on a piece of the answer's text.
///
/// Its `type` says which kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Annotation {
    /// A source on the web.
    UrlCitation(UrlCitationAnnotation),
    /// A kind that this version does not know: the whole object.
    #[serde(untagged)]
    Other(Value),
}

tagged!(Annotation: "type" { "url_citation" => UrlCitation(UrlCitationAnnotation) } else Other);

impl Annotation {
    /// Makes a note of a source on the web.
    pub fn url_citation(url_citation: UrlCitation) -> Self {
        Self::UrlCitation(UrlCitationAnnotation::new(url_citation))
    }
}

/// A note of a source on the web.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct UrlCitationAnnotation {
    /// The source, and what it is the source of.
    pub url_citation: UrlCitation,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl UrlCitationAnnotation {
    /// Makes a note of a source.
    pub fn new(url_citation: UrlCitation) -> Self {
        Self { url_citation, extra: Extra::new() }
    }
}

/// A source on the web, of a piece of the text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct UrlCitation {
    /// The place of the piece's first character.
    pub start_index: u64,
    /// The place of the piece's last character.
    pub end_index: u64,
    /// The address of the source.
    pub url: String,
    /// The title of the source.
    pub title: String,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl UrlCitation {
    /// Makes a source for the piece between two places.
    pub fn new(start_index: u64, end_index: u64, url: impl Into<String>, title: impl Into<String>) -> Self {
        Self { start_index, end_index, url: url.into(), title: title.into(), extra: Extra::new() }
    }
}
