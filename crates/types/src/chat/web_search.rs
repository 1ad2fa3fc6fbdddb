//! Search on the web beside the answer.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Extra, open_enum::open_enum, tagged::tagged};

/// How the web is searched for the answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct WebSearchOptions {
    /// How much of the context the results may take; default `medium`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search_context_size: Option<SearchContextSize>,
    /// Where the user is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_location: Option<UserLocation>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

open_enum! {
    /// How much of the context search results may take; default `medium`.
    SearchContextSize {
        Low = "low",
        Medium = "medium",
        High = "high",
    }
}

/// Where the user is; its `type` says how exactly.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum UserLocation {
    /// Roughly.
    Approximate(ApproximateLocation),
    /// A kind that this version does not know: the whole object.
    #[serde(untagged)]
    Other(Value),
}

tagged!(UserLocation: "type" { "approximate" => Approximate(ApproximateLocation) } else Other);

impl UserLocation {
    /// Says roughly where the user is.
    pub fn approximate(approximate: WebSearchLocation) -> Self {
        Self::Approximate(ApproximateLocation { approximate, extra: Extra::new() })
    }
}

/// Roughly where the user is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ApproximateLocation {
    /// The place.
    pub approximate: WebSearchLocation,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A place, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct WebSearchLocation {
    /// The country, as two letters of ISO 3166-1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The region, in free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The city, in free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// The time zone, as an IANA name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}
