//! Makes work for the engine of what is asked, in a thread of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Receiver;

use antiphon_backend::chat::{FinishReason, ResponseFormat};
use antiphon_backend::{BackendError, Context, ErrorKind, TextInputItem, mpsc};
use llama_cpp_2::token::LlamaToken;

use crate::engine::{Outlet, Piece, Place, Reused, Sequence};
use crate::grammar::{Constraint, Grammars};
use crate::model::Model;
use crate::prompt;
use crate::question::{Question, Unusable};
use crate::sampling::{Sampler, Settings};

/// A request, and where its answers go.
pub(crate) struct Asked {
    pub(crate) question: Question,
    pub(crate) context: Context,
    /// Is told how long the prompt is.
    pub(crate) prompt: Arc<AtomicU64>,
    /// One for each choice.
    pub(crate) choices: Vec<(Outlet, Arc<Reused>, Place)>,
}

/// What makes work of requests.
pub(crate) struct Preparer {
    pub(crate) model: Arc<Model>,
    pub(crate) grammars: Grammars,
    pub(crate) defaults: Settings,
    pub(crate) context_length: u32,
    pub(crate) jobs: mpsc::UnboundedSender<Vec<Sequence>>,
}

/// What the answers of a request have in common.
struct Plan {
    prompt: Arc<[LlamaToken]>,
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
        let prompt = self.prompt(question)?;
        let left = u64::from(self.context_length) - prompt.len() as u64;
        let limit = question.limit().map_or(left, |limit| limit.min(left));
        let constraint = self.constraint(question)?;
        Ok(Plan { prompt: prompt.into(), settings, constraint, limit })
    }

    /// The tokens of the prompt, which fit the context.
    fn prompt(&self, question: &Question) -> Result<Vec<LlamaToken>, BackendError> {
        let tokens = match (question, question.prompt()) {
            (_, Some(TextInputItem::Tokens(tokens))) => {
                self.model.known(tokens).map_err(|reason| unusable(Unusable { param: "prompt", reason }))?
            }
            (_, Some(TextInputItem::Text(text))) => {
                self.fits(text.len(), question)?;
                self.model.tokens(text, true, false)
            }
            (Question::Chat(request), None) => {
                let segments = prompt::render(&self.model, request)?;
                self.fits(segments.iter().map(|segment| segment.text().len()).sum(), question)?;
                let tokens = segments.iter().zip(0..).flat_map(|(segment, number)| {
                    self.model.tokens(segment.text(), number == 0, segment.has_marks())
                });
                tokens.collect()
            }
            (Question::Completion(_), None) => Vec::new(),
        };
        if tokens.len() > self.context_length as usize {
            return Err(self.too_long(&format!("{} tokens", tokens.len()), question));
        }
        if tokens.is_empty() {
            let error = BackendError::new(ErrorKind::InvalidRequest, "The prompt has no token.");
            return Err(error.with_param(question.prompt_param()));
        }
        Ok(tokens)
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

    fn constraint(&self, question: &Question) -> Result<Option<Constraint>, BackendError> {
        let Question::Chat(request) = question else { return Ok(None) };
        let made = match &request.response_format {
            Some(ResponseFormat::JsonObject(_)) => self.grammars.json_object(),
            Some(ResponseFormat::JsonSchema(format)) => {
                let schema = format.json_schema.schema.clone();
                self.grammars.json_schema(schema.unwrap_or_else(|| serde_json::json!({"type": "object"})))
            }
            _ => return Ok(None),
        };
        let refused = |reason| {
            let message = format!("Invalid schema for response_format: {reason}");
            let error = BackendError::new(ErrorKind::InvalidRequest, message);
            error.with_param("response_format").with_code("invalid_json_schema")
        };
        made.map(Some).map_err(refused)
    }

    fn send(&self, plan: &Plan, asked: Asked) {
        asked.prompt.store(plan.prompt.len() as u64, Ordering::Relaxed);
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
                shows_marks: false,
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

fn unusable(Unusable { param, reason }: Unusable) -> BackendError {
    BackendError::new(ErrorKind::InvalidRequest, format!("Invalid '{param}': {reason}.")).with_param(param)
}
