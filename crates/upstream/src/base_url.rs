//! Where a server is, and where on it what is.

use std::fmt;

use reqwest::Url;

use crate::error::Error;

/// What an upstream is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Chat,
    Completions,
    Embeddings,
    Models,
}

/// The addresses of one server's endpoints.
#[derive(Clone, Debug)]
pub(crate) struct BaseUrl {
    chat: Url,
    completions: Url,
    embeddings: Url,
    models: Url,
}

impl BaseUrl {
    /// Reads the base URL at a place of the settings. One without a path has the API at `/v1`.
    pub(crate) fn parse(index: usize, text: &str) -> Result<Self, Error> {
        let refused = |reason| Error::BaseUrl { index, reason };
        let url = Url::parse(text).map_err(|_| refused("is no URL, such as `http://127.0.0.1:8000/v1`"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refused("must begin with `http://` or `https://`"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refused(
                "holds a name or a password: keys belong into `api_key_env` or `api_key_file`",
            ));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refused("must end with its path"));
        }
        let path = url.path().trim_end_matches('/').to_owned();
        let path = if path.is_empty() { "/v1" } else { &path };
        let at = |endpoint| {
            let mut url = url.clone();
            url.set_path(&format!("{path}/{endpoint}"));
            url
        };
        Ok(Self {
            chat: at("chat/completions"),
            completions: at("completions"),
            embeddings: at("embeddings"),
            models: at("models"),
        })
    }

    pub(crate) fn at(&self, endpoint: Endpoint) -> &Url {
        match endpoint {
            Endpoint::Chat => &self.chat,
            Endpoint::Completions => &self.completions,
            Endpoint::Embeddings => &self.embeddings,
            Endpoint::Models => &self.models,
        }
    }

    /// The name or address of its machine.
    pub(crate) fn host(&self) -> &str {
        self.chat.host_str().unwrap_or_default()
    }

    pub(crate) fn is_encrypted(&self) -> bool {
        self.chat.scheme() == "https"
    }
}

/// Scheme, machine and port, for logs: it can hold no key, and names no path.
impl fmt::Display for BaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.chat.origin().ascii_serialization())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_stand_below_the_base() {
        for (base, chat) in [
            ("https://api.openai.com/v1", "https://api.openai.com/v1/chat/completions"),
            ("http://127.0.0.1:8000", "http://127.0.0.1:8000/v1/chat/completions"),
            ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/v1/chat/completions"),
            ("http://[::1]:1/a/b/", "http://[::1]:1/a/b/chat/completions"),
        ] {
            let base = BaseUrl::parse(0, base).unwrap();
            assert_eq!(base.at(Endpoint::Chat).as_str(), chat);
            assert!(chat.starts_with(&base.to_string()), "{base}");
        }
        let base = BaseUrl::parse(0, "https://a/v1").unwrap();
        let others = [Endpoint::Completions, Endpoint::Embeddings, Endpoint::Models];
        let others = others.map(|endpoint| base.at(endpoint).path());
        assert_eq!(others, ["/v1/completions", "/v1/embeddings", "/v1/models"]);
    }

    #[test]
    fn what_is_no_base_is_refused_without_quoting_it() {
        for (base, reason) in [
            ("127.0.0.1:8000", "is no URL"),
            ("localhost:8000", "must begin with"),
            ("ftp://a", "must begin with"),
            ("http://user:secret@a", "holds a name or a password"),
            ("http://a/v1?key=secret", "must end with its path"),
        ] {
            let told = BaseUrl::parse(2, base).expect_err(reason).to_string();
            assert!(told.starts_with(&format!("`base_urls[2]`: {reason}")), "{told}");
            assert!(!told.contains("secret"), "{told}");
        }
    }
}
