//! The ids that the server gives: unique, and secret to nobody.

use std::iter;

/// A request's id, as in the `x-request-id` header: `req_` and 32 hexadecimal digits.
pub(crate) fn request() -> String {
    format!("req_{:032x}", fastrand::u128(..))
}

/// A chat completion's id: `chatcmpl-` and 29 letters and digits.
pub(crate) fn chat_completion() -> String {
    with_letters("chatcmpl-", 29)
}

/// A completion's id: `cmpl-` and 29 letters and digits.
pub(crate) fn completion() -> String {
    with_letters("cmpl-", 29)
}

/// A tool call's id: `call_` and 24 letters and digits.
pub(crate) fn tool_call() -> String {
    with_letters("call_", 24)
}

/// `count` random letters and digits behind a prefix.
pub(crate) fn with_letters(prefix: &str, count: usize) -> String {
    let mut id = String::with_capacity(prefix.len() + count);
    id.push_str(prefix);
    id.extend(iter::repeat_with(fastrand::alphanumeric).take(count));
    id
}
