//! What the tests of each endpoint's rules share: bad values, one a row, and what is owed to them.

use antiphon_types::Extra;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Rule, Unknown, schema};
use crate::error::ApiError;

/// Reads a body as an endpoint does, for what it says against it.
pub(crate) type Parse = fn(&[u8], Unknown) -> Option<ApiError>;

/// A fault's `param`, `code` and message, as the client reads them.
pub(crate) type Told = (Option<String>, Option<String>, String);

/// The rules of an endpoint under test.
#[derive(Clone, Copy)]
pub(crate) struct Table {
    pub(crate) parse: Parse,
    /// A request that keeps them all.
    pub(crate) good: fn() -> Value,
    pub(crate) rules: &'static Rule,
}

impl Table {
    /// What the client is told of a body; nothing where it is accepted.
    pub(crate) fn told(self, body: &[u8], unknown: Unknown) -> Option<Told> {
        let refusal = (self.parse)(body, unknown)?;
        let error = refusal.envelope().error;
        assert_eq!((refusal.status.as_u16(), error.kind.as_str()), (400, "invalid_request_error"));
        Some((error.param, error.code, error.message))
    }

    /// The good request, with `fields` in place of or beside its own.
    pub(crate) fn with(self, fields: &Value) -> Value {
        let mut request = (self.good)();
        for (key, value) in fields.as_object().expect("an object of fields") {
            request[key] = value.clone();
        }
        request
    }

    fn told_of(self, fields: &Value) -> Option<Told> {
        self.told(self.with(fields).to_string().as_bytes(), Unknown::Accepted)
    }

    /// The fields, of an endpoint that streams both for a whole answer and for a stream.
    fn forms(self, fields: &Value) -> Vec<Value> {
        let mut forms = vec![fields.clone()];
        let says = |name| fields.get(name).is_some();
        if self.fields().any(|name| name == "stream") && !says("stream") && !says("stream_options") {
            forms.push(fields.clone());
            forms[1]["stream"] = json!(true);
        }
        forms
    }

    /// The names of all fields.
    pub(crate) fn fields(self) -> impl Iterator<Item = &'static str> {
        let Rule::Object(fields) = self.rules else { panic!("a request is an object") };
        fields.iter().map(|field| field.name)
    }

    /// The names of those that may be absent.
    pub(crate) fn optional(self) -> impl Iterator<Item = &'static str> {
        let Rule::Object(fields) = self.rules else { panic!("a request is an object") };
        fields.iter().filter(|field| !field.required).map(|field| field.name)
    }

    /// The rules refuse the fields, and so does the schema that clients are told.
    pub(crate) fn refused(self, fields: &Value, param: &str, code: &str) {
        self.breaks(fields, param, Some(code));
        assert!(!self.is_valid(fields), "the schema accepts {fields}");
    }

    fn is_valid(self, fields: &Value) -> bool {
        jsonschema::is_valid(&schema(self.rules, Unknown::Accepted), &self.with(fields))
    }

    /// The fields are refused; `code` is `None` for most rules between fields.
    pub(crate) fn breaks(self, fields: &Value, param: &str, code: Option<&str>) {
        for fields in self.forms(fields) {
            let (found_param, found_code, message) =
                self.told_of(&fields).unwrap_or_else(|| panic!("accepted: {fields}"));
            assert_eq!(
                (found_param.as_deref(), found_code.as_deref()),
                (Some(param), code),
                "{fields}: {message}"
            );
        }
    }

    pub(crate) fn accepted(self, fields: &Value) {
        assert!(self.is_valid(fields), "the schema refuses {fields}");
        for fields in self.forms(fields) {
            assert_eq!(self.told_of(&fields), None, "{fields}");
        }
    }

    pub(crate) fn message(self, fields: &Value, expected: &str) {
        for fields in self.forms(fields) {
            let told = self.told_of(&fields).map(|(_, _, message)| message);
            assert_eq!(told.as_deref(), Some(expected), "{fields}");
        }
    }

    /// What the table names, the type has: a known field refuses an empty object or reads it, another is extra.
    pub(crate) fn is_typed<R: DeserializeOwned>(self, extra: fn(&R) -> &Extra) {
        for name in self.optional() {
            if let Ok(request) = serde_json::from_value(self.with(&json!({ name: {} }))) {
                assert!(!extra(&request).contains_key(name), "{name}");
            }
        }
    }

    /// Every optional field may be null, also where unknown ones are refused, and means what it means to be absent.
    pub(crate) fn null_is_absent(self) -> [Vec<u8>; 2] {
        let nulls = self.optional().map(|name| (name.to_owned(), Value::Null)).collect();
        let bodies = [self.with(&Value::Object(nulls)), (self.good)()];
        bodies.map(|body| {
            let body = body.to_string().into_bytes();
            assert_eq!(self.told(&body, Unknown::Refused), None);
            body
        })
    }
}
