//! A call of a tool, or a piece of one.

use serde::Deserialize;

use super::Text;

/// A call, or what a chunk adds to it.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Call {
    /// Which of the calls; none in whole answers, and in the chunks of some servers.
    pub(crate) index: Option<u32>,
    pub(crate) id: Option<Text>,
    pub(crate) function: Option<Function>,
    pub(crate) custom: Option<Custom>,
}

/// The call of a function.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Function {
    pub(crate) name: Option<Text>,
    pub(crate) arguments: Option<Text>,
}

/// The call of a custom tool.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Custom {
    pub(crate) name: Option<Text>,
    pub(crate) input: Option<Text>,
}
