//! A model that a backend serves, as it describes it.

use crate::capability::{Capabilities, Capability};

/// A model: its names, its limits and what it can do.
///
/// ```
/// use antiphon_backend::{Capability, ModelInfo};
///
/// let model = ModelInfo::new("poet-7b").alias("poet").context_length(8192).with(Capability::Tools);
/// assert!(model.answers("poet") && !model.answers("poet-70b"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ModelInfo {
    /// The name that requests give and that the list shows.
    ///
    /// [`WILDCARD`](ModelInfo::WILDCARD) answers any name.
    pub id: String,
    /// Further names that requests may give.
    pub aliases: Vec<String>,
    /// When the model was made, in Unix seconds; 0 by default: unknown.
    pub created: u64,
    /// Who owns the model; `"antiphon"` by default.
    pub owned_by: String,
    /// Tokens of prompt and answer together, at most.
    ///
    /// `None`, the default: unknown, and not checked.
    pub context_length: Option<u64>,
    /// What the model runs on, as answers tell it in `system_fingerprint`.
    ///
    /// It changes with whatever makes answers to the same seed differ. `None`, the default: not told.
    pub system_fingerprint: Option<String>,
    /// What the model can do; chats and nothing else by default.
    pub capabilities: Capabilities,
}

impl ModelInfo {
    /// The id of a model that answers any name and is not listed.
    pub const WILDCARD: &'static str = "*";

    /// A model of this name that answers chats, with the defaults for all else.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            aliases: Vec::new(),
            created: 0,
            owned_by: "antiphon".to_owned(),
            context_length: None,
            system_fingerprint: None,
            capabilities: Capabilities::of([Capability::Chat]),
        }
    }

    /// Adds a further name.
    #[must_use]
    pub fn alias(mut self, name: impl Into<String>) -> Self {
        self.aliases.push(name.into());
        self
    }

    /// Sets when the model was made, in Unix seconds.
    #[must_use]
    pub fn created(mut self, seconds: u64) -> Self {
        self.created = seconds;
        self
    }

    /// Sets who owns the model.
    #[must_use]
    pub fn owned_by(mut self, owner: impl Into<String>) -> Self {
        self.owned_by = owner.into();
        self
    }

    /// Sets how many tokens prompt and answer may have together.
    #[must_use]
    pub fn context_length(mut self, tokens: u64) -> Self {
        self.context_length = Some(tokens);
        self
    }

    /// Sets what answers tell as their `system_fingerprint`.
    #[must_use]
    pub fn system_fingerprint(mut self, fingerprint: impl Into<String>) -> Self {
        self.system_fingerprint = Some(fingerprint.into());
        self
    }

    /// Adds a capability.
    #[must_use]
    pub fn with(mut self, capability: Capability) -> Self {
        self.capabilities = self.capabilities.with(capability);
        self
    }

    /// Takes a capability away: [`Capability::Chat`], from a model that only embeds.
    #[must_use]
    pub fn without(mut self, capability: Capability) -> Self {
        self.capabilities = self.capabilities.without(capability);
        self
    }

    /// Whether the model has a capability.
    pub fn has(&self, capability: Capability) -> bool {
        self.capabilities.has(capability)
    }

    /// Whether the model answers requests for any name.
    pub fn is_wildcard(&self) -> bool {
        self.id == Self::WILDCARD
    }

    /// Whether a request for this name is one for this model.
    pub fn answers(&self, name: &str) -> bool {
        self.is_wildcard() || self.id == name || self.aliases.iter().any(|alias| alias == name)
    }
}
