//! The chat templates of a model.

use std::error::Error as _;
use std::fs;

use antiphon_backend::chat;
use antiphon_chat_template::{Format, Prompt, Template, TemplateError};

use crate::model::Model;
use crate::question::offers_tools;
use crate::{Config, Error};

/// How a model without a template is asked: in the form that most models have read.
const CHATML: &str = "\
{% for message in messages %}{{ '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>\n' }}{% endfor %}\
{{ '<|im_start|>assistant\n' }}";

/// The templates of a model.
#[derive(Debug)]
pub(crate) struct Chats {
    template: Template,
    /// For requests that offer tools, where the model has one of its own for them.
    with_tools: Option<Template>,
}

impl Chats {
    /// Takes the template of the settings, else those of the model, else `ChatML`.
    ///
    /// # Errors
    /// When a file cannot be read, or a template is no Jinja that is understood.
    pub(crate) fn of(model: &Model, config: &Config) -> Result<Self, Error> {
        let made = |source: &str| made(model, source).map_err(|error| refused(config, &error));
        let file = &config.chat_template_file;
        if !file.as_os_str().is_empty() {
            let read = fs::read_to_string(file);
            let source = read.map_err(|source| Error::Unreadable { path: file.clone(), source })?;
            return Ok(Self { template: made(&source)?, with_tools: None });
        }
        let own = model.chat_template(None);
        let with_tools = model.chat_template(Some("tool_use")).filter(|other| Some(other) != own.as_ref());
        let with_tools = with_tools.map(|source| made(&source)).transpose()?;
        Ok(Self { template: made(own.as_deref().unwrap_or(CHATML))?, with_tools })
    }

    /// Renders a conversation up to where the answer begins.
    pub(crate) fn render(&self, request: &chat::Request) -> Result<Prompt, TemplateError> {
        self.template(request).render(request)
    }

    /// How the model writes its calls, if the request offers tools.
    pub(crate) fn format(&self, request: &chat::Request) -> Option<Format> {
        offers_tools(request).then(|| self.template(request).format())
    }

    fn template(&self, request: &chat::Request) -> &Template {
        self.with_tools.as_ref().filter(|_| offers_tools(request)).unwrap_or(&self.template)
    }
}

fn made(model: &Model, source: &str) -> Result<Template, TemplateError> {
    let [begin, end] = model.edges();
    Ok(Template::new(source, &begin, &end)?.special_tokens(model.marks().texts()))
}

/// A template that cannot be used, with the cause in the same line.
fn refused(config: &Config, error: &TemplateError) -> Error {
    let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
    let line = cause.lines().next().unwrap_or_default();
    let file = &config.chat_template_file;
    let path = if file.as_os_str().is_empty() { &config.path } else { file };
    Error::Template { path: path.clone(), reason: format!("{error}{line}") }
}
