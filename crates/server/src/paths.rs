//! From a path to an endpoint: with and without `/v1`, with double and trailing slashes.

use std::borrow::Cow;

use actix_web::http::Method;
use percent_encoding::percent_decode_str;

/// What a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint<'a> {
    ChatCompletions,
    Completions,
    Embeddings,
    Models,
    /// One model, by an id that may hold slashes.
    Model(Cow<'a, str>),
    OpenApi,
    Health,
    Ready,
}

/// Every endpoint with its path, as the OpenAPI document has it. What is not here is not served.
pub(crate) const ENDPOINTS: &[(&str, Endpoint<'static>)] = &[
    ("/chat/completions", Endpoint::ChatCompletions),
    ("/completions", Endpoint::Completions),
    ("/embeddings", Endpoint::Embeddings),
    ("/models", Endpoint::Models),
    ("/models/{model}", Endpoint::Model(Cow::Borrowed("{model}"))),
    ("/openapi.json", Endpoint::OpenApi),
    ("/healthz", Endpoint::Health),
    ("/readyz", Endpoint::Ready),
];

impl<'a> Endpoint<'a> {
    /// Reads a path; clients are given base URLs in every form, so all of them lead to the same place.
    pub(crate) fn at(path: &'a str) -> Option<Self> {
        let mut rest = path;
        let first = match segment(&mut rest) {
            "v1" => segment(&mut rest),
            first => first,
        };
        let rest = rest.trim_matches('/');
        ENDPOINTS.iter().find_map(|(path, endpoint)| {
            let mut path = *path;
            let here = segment(&mut path) == first;
            match endpoint {
                Self::Model(_) if here && !rest.is_empty() => {
                    percent_decode_str(rest).decode_utf8().ok().map(Self::Model)
                }
                Self::Model(_) => None,
                endpoint => (here && path.trim_start_matches('/') == rest).then(|| endpoint.clone()),
            }
        })
    }

    /// The methods that it answers, as an `allow` header lists them.
    pub(crate) fn methods(&self) -> &'static str {
        match self {
            Self::ChatCompletions => "GET, HEAD, POST",
            Self::Completions | Self::Embeddings => "POST",
            _ => "GET, HEAD",
        }
    }

    /// Whether it answers `method`.
    pub(crate) fn takes(&self, method: &Method) -> bool {
        self.methods().split(", ").any(|name| name == method.as_str())
    }
}

/// Takes the next segment off a path, and the slashes before it.
fn segment<'a>(path: &mut &'a str) -> &'a str {
    let trimmed = path.trim_start_matches('/');
    let (segment, rest) = trimmed.split_at(trimmed.find('/').unwrap_or(trimmed.len()));
    *path = rest;
    segment
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, expected: Option<&Endpoint<'_>>) {
        assert_eq!(Endpoint::at(path).as_ref(), expected, "{path}");
    }

    #[test]
    fn slashes_and_the_version_are_forgiven() {
        for path in [
            "/v1/chat/completions",
            "/chat/completions",
            "/chat/completions/",
            "//chat//completions//",
            "/v1//chat/completions",
            "//v1/chat/completions/",
        ] {
            check(path, Some(&Endpoint::ChatCompletions));
        }
        check("//v1/completions/", Some(&Endpoint::Completions));
        check("/embeddings", Some(&Endpoint::Embeddings));
        check("/v1/models/", Some(&Endpoint::Models));
        check("/models", Some(&Endpoint::Models));
        check("/healthz", Some(&Endpoint::Health));
        check("/v1/readyz", Some(&Endpoint::Ready));
        check("/v1/openapi.json", Some(&Endpoint::OpenApi));
    }

    #[test]
    fn every_endpoint_is_where_its_path_says() {
        for (path, endpoint) in ENDPOINTS {
            check(path, Some(endpoint));
        }
    }

    #[test]
    fn model_ids_may_hold_slashes_and_escapes() {
        check("/v1/models/org/name", Some(&Endpoint::Model("org/name".into())));
        check("/v1/models/org%2Fname%3Atag", Some(&Endpoint::Model("org/name:tag".into())));
        check("/models/ft:gpt-4o-mini:acme::abc", Some(&Endpoint::Model("ft:gpt-4o-mini:acme::abc".into())));
        check("/models/%ff", None);
    }

    #[test]
    fn other_paths_are_nothing() {
        for path in [
            "/",
            "",
            "/v1",
            "/v1/v1/models",
            "/chat",
            "/chat/completions/x",
            "/completions/x",
            "/healthz/x",
            "/v2/models",
        ] {
            check(path, None);
        }
    }
}
