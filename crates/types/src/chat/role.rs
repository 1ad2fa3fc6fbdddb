//! Who speaks in a message.

use crate::open_enum::open_enum;

open_enum! {
    /// Who speaks in a message.
    Role {
        /// Instructions of the program's author; newer models take them for `system`.
        Developer = "developer",
        /// Instructions of the program's author.
        System = "system",
        /// The person, or the program in their place.
        User = "user",
        /// The model.
        Assistant = "assistant",
        /// The result of a tool call.
        Tool = "tool",
        /// The result of a function call (deprecated).
        Function = "function",
    }
}
