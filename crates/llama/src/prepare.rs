//! Makes work for the engine of what is asked, in a thread of its own.

use std::sync::Arc;
use std::sync::mpsc::Receiver;

use antiphon_backend::adapt::Thinking;
use antiphon_backend::chat::{self, FinishReason, ResponseFormat};
use antiphon_backend::{BackendError, Context, ErrorKind, TextInputItem, mpsc};
use antiphon_chat_template::CallGrammar;
use llama_cpp_2::token::LlamaToken;
use serde_json::{Value, json};

use crate::answer::Prepared;
use crate::chats::Chats;
use crate::engine::{Outlet, Piece, Place, Reused, Sequence};
use crate::grammar::{Allowed, Constraint, Grammars};
use crate::model::Model;
use crate::question::{Question, Unusable};
use crate::sampling::{Sampler, Settings};

/// A request, and where its answers go.
pub(crate) struct Asked {
    pub(crate) question: Question,
    pub(crate) context: Context,
    /// Is told what is known of the prompt.
    pub(crate) prepared: Arc<Prepared>,
    /// One for each choice.
    pub(crate) choices: Vec<(Outlet, Arc<Reused>, Place)>,
}

/// What makes work of requests.
pub(crate) struct Preparer {
    pub(crate) model: Arc<Model>,
    pub(crate) chats: Arc<Chats>,
    pub(crate) grammars: Grammars,
    pub(crate) defaults: Settings,
    pub(crate) context_length: u32,
    pub(crate) jobs: mpsc::UnboundedSender<Vec<Sequence>>,
}

/// What the answers of a request have in common.
struct Plan {
    prompt: Arc<[LlamaToken]>,
    thinking: Option<Thinking>,
    settings: Settings,
    constraint: Option<Constraint>,
    limit: u64,
}

impl Preparer {
    /// Works until nobody can ask any more.
    pub(crate) fn run(self, asked: &Receiver<Asked>) {
        while let Ok(asked) = asked.recv() {
            let is_left = asked.choices.iter().all(|(outlet, ..)| outlet.is_closed());
            if !is_left && !asked.context.is_cancelled() {
                self.prepare(asked);
            }
        }
    }

    fn prepare(&self, asked: Asked) {
        match self.plan(&asked.question) {
            Ok(plan) => self.send(&plan, asked),
            Err(error) => {
                // The first choice fails for all, before the others end without a word.
                if let Some((mut outlet, ..)) = asked.choices.into_iter().next() {
                    outlet.send(Piece::Failed(error));
                }
            }
        }
    }

    fn plan(&self, question: &Question) -> Result<Plan, BackendError> {
        let settings = question.settings(&self.defaults, self.model.vocabulary()).map_err(unusable)?;
        let (prompt, thinking) = self.prompt(question)?;
        let left = u64::from(self.context_length) - prompt.len() as u64;
        let limit = question.limit().map_or(left, |limit| limit.min(left));
        let constraint = match question {
            Question::Chat(request) => self.constraint(request, thinking)?,
            Question::Completion(_) => None,
        };
        Ok(Plan { prompt: prompt.into(), thinking, settings, constraint, limit })
    }

    /// The tokens of the prompt, which fit the context, and where the reasoning of its answer begins.
    fn prompt(&self, question: &Question) -> Result<(Vec<LlamaToken>, Option<Thinking>), BackendError> {
        let (tokens, thinking) = match (question, question.prompt()) {
            (Question::Chat(request), _) => {
                let prompt = self.chats.render(request)?;
                self.fits(prompt.segments().iter().map(String::len).sum(), question)?;
                let tokens = prompt.segments().iter().flat_map(|segment| self.model.segment(segment));
                (tokens.collect(), prompt.thinking())
            }
            (_, Some(TextInputItem::Tokens(tokens))) => {
                let known = self.model.known(tokens);
                (known.map_err(|reason| unusable(Unusable { param: "prompt", reason }))?, None)
            }
            (_, Some(TextInputItem::Text(text))) => {
                self.fits(text.len(), question)?;
                (self.model.text(text), None)
            }
            (Question::Completion(_), None) => (Vec::new(), None),
        };
        if tokens.len() > self.context_length as usize {
            return Err(self.too_long(&format!("{} tokens", tokens.len()), question));
        }
        if tokens.is_empty() {
            let error = BackendError::new(ErrorKind::InvalidRequest, "The prompt has no token.");
            return Err(error.with_param(question.prompt_param()));
        }
        Ok((tokens, thinking))
    }

    /// Refuses a text that is too long whatever its tokens are, without looking for them.
    fn fits(&self, bytes: usize, question: &Question) -> Result<(), BackendError> {
        let most = (self.context_length as usize).saturating_mul(self.model.longest_token());
        if bytes <= most {
            Ok(())
        } else {
            Err(self.too_long(&format!("more than {} tokens", self.context_length), question))
        }
    }

    fn too_long(&self, length: &str, question: &Question) -> BackendError {
        let (most, param) = (self.context_length, question.prompt_param());
        let message = format!(
            "This model's maximum context length is {most} tokens. However, your {param} resulted in {length}. \
             Please reduce the length of the {param}."
        );
        let error = BackendError::new(ErrorKind::ContextLength, message);
        error.with_param(param).with_code("context_length_exceeded")
    }

    /// What the answer to a chat has to keep to.
    ///
    /// A call that is forced is one by its schema; where calls are free and the text has a schema, it is either.
    fn constraint(
        &self,
        request: &chat::Request,
        thinking: Option<Thinking>,
    ) -> Result<Option<Constraint>, BackendError> {
        let grammar = self.chats.format(request).map(|format| format.grammar(request)).transpose()?.flatten();
        let is_required = grammar.as_ref().is_some_and(|grammar| grammar.is_required);
        let schema = schema(request).filter(|_| !is_required);
        let calls = grammar.as_ref().filter(|_| is_required || schema.is_some());
        let is_thinking = thinking == Some(Thinking::Begun);
        // One after the other, so that an error names what it is about.
        if let Some(calls) = calls {
            self.check_calls(calls)?;
        }
        let made = self.grammars.constraint(&Allowed { is_thinking, json: schema.as_ref(), calls });
        made.map_err(|reason| match calls {
            Some(_) if schema.is_none() => invalid("tools", "invalid_function_parameters", &reason),
            _ => invalid("response_format", "invalid_json_schema", &reason),
        })
    }

    /// Holds each call against what a decoder can keep to.
    fn check_calls(&self, grammar: &CallGrammar) -> Result<(), BackendError> {
        for call in &grammar.calls {
            let schema = Allowed { is_thinking: false, json: Some(&call.schema), calls: None };
            self.grammars.constraint(&schema).map_err(|reason| {
                invalid(
                    "tools",
                    "invalid_function_parameters",
                    &format!("function '{}': {reason}", call.name),
                )
            })?;
        }
        Ok(())
    }

    fn send(&self, plan: &Plan, asked: Asked) {
        asked.prepared.tell(plan.prompt.len(), plan.thinking);
        let reads_marks = plan.thinking.is_some() || asked.question.offers_tools();
        let Asked { question, context, choices, .. } = asked;
        let seed = question.seed().unwrap_or_else(|| fastrand::u64(..));
        let sequences = choices.into_iter().zip(0..).filter_map(|((mut outlet, reused, place), number)| {
            if plan.limit == 0 {
                outlet.send(Piece::End(FinishReason::Length));
                return None;
            }
            Some(Sequence {
                prompt: Arc::clone(&plan.prompt),
                sampler: Sampler::new(plan.settings.clone(), seed.wrapping_add(number)),
                constraint: plan.constraint.as_ref().map(Constraint::another),
                limit: plan.limit,
                top_logprobs: question.top_logprobs(),
                reads_marks,
                outlet,
                reused,
                context: context.clone(),
                _place: place,
            })
        });
        // Where the engine has gone, the answers end without an end, which is an error.
        let _ = self.jobs.send(sequences.collect());
    }
}

/// The schema of the text that a request asks for.
fn schema(request: &chat::Request) -> Option<Value> {
    let object = || json!({"type": "object"});
    match &request.response_format {
        Some(ResponseFormat::JsonObject(_)) => Some(object()),
        Some(ResponseFormat::JsonSchema(format)) => {
            Some(format.json_schema.schema.clone().unwrap_or_else(object))
        }
        _ => None,
    }
}

fn invalid(param: &str, code: &str, reason: &str) -> BackendError {
    let error = BackendError::new(ErrorKind::InvalidRequest, format!("Invalid schema for {param}: {reason}"));
    error.with_param(param).with_code(code)
}

fn unusable(Unusable { param, reason }: Unusable) -> BackendError {
    BackendError::new(ErrorKind::InvalidRequest, format!("Invalid '{param}': {reason}.")).with_param(param)
}
