//! What a model cannot honour is refused where silence would lie, and accepted where it is harmless.

use antiphon_backend::{Capabilities, Capability, ModelInfo};
use antiphon_types::TextInput;
use antiphon_types::completions::Request;

use crate::config::Limits;
use crate::tokens;
use crate::validate::{Cause, Fault, Length};

/// Holds a request against the model that it is for.
///
/// # Errors
/// A fault that names the parameter which this model, or this server's limits, cannot honour.
pub(super) fn check(request: &Request, model: &ModelInfo, limits: &Limits) -> Result<(), Fault> {
    count(request, limits)?;
    let able = abilities(model);
    if let Some(prompt) = &request.prompt {
        tokens::check("prompt", prompt, able, model.context_length)?;
    }
    answer(request, able)
}

/// Holds the number of prompts, and that of choices, against the limits.
fn count(request: &Request, limits: &Limits) -> Result<(), Fault> {
    let prompts = request.prompt.as_ref().map_or(1, TextInput::len);
    let most = limits.max_prompts as usize;
    if prompts > most {
        let cause = Cause::Length { fault: Length::ArrayTooLong, limit: most, found: prompts };
        return Err(Fault::new("prompt", cause));
    }
    let n = request.choices();
    let choices = request.best_of.unwrap_or(n);
    let param = if choices > n { "best_of" } else { "n" };
    let most = limits.max_choices;
    if choices > most {
        return Err(Fault::new(param, Cause::IntegerAbove { max: most.into(), found: choices.to_string() }));
    }
    let (all, most) = (prompts * choices as usize, limits.max_prompts.max(most) as usize);
    if all > most {
        let message = format!(
            "Invalid '{param}': {choices} choices for each of {prompts} prompts are {all} choices, and a request may ask \
             for {most} in all."
        );
        return Err(Fault::coded(param, "integer_above_max_value", message));
    }
    Ok(())
}

/// What a model can do with prompts: where it chats in their place, they are messages.
fn abilities(model: &ModelInfo) -> Capabilities {
    let able = model.capabilities;
    if able.has(Capability::CompletionsByChat) {
        return able
            .without(Capability::TokenInput)
            .without(Capability::Suffix)
            .without(Capability::NativeEcho);
    }
    able
}

/// Options that decide what the answer is: each with the capability that honours it.
fn answer(request: &Request, able: Capabilities) -> Result<(), Fault> {
    let with_tokens = matches!(request.prompt, Some(TextInput::Tokens(_) | TextInput::TokenLists(_)));
    let told = request.logprobs.is_some();
    let asked = [
        // Above the model, only a text can be put before the answer, and nothing is known of its tokens.
        (request.echoes() && (told || with_tokens), "echo", Capability::NativeEcho),
        (request.suffix.as_ref().is_some_and(|suffix| !suffix.is_empty()), "suffix", Capability::Suffix),
        (told, "logprobs", Capability::Logprobs),
        (request.best_of.is_some_and(|best_of| best_of > request.choices()), "best_of", Capability::Logprobs),
    ];
    match asked.into_iter().find(|(asked, _, capability)| *asked && !able.has(*capability)) {
        Some((_, param, _)) => Err(Fault::unsupported(param)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
