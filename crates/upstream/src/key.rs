//! The key that requests carry, which nothing prints.

use std::fmt;
use std::fs;

use reqwest::header::HeaderValue;

use crate::config::Config;
use crate::error::Error;

/// Servers on the same machine take any key, and get one such as `none`, which is a word like others.
const SHORTEST_SECRET: usize = 8;

/// The value of `authorization`, marked as sensitive.
#[derive(Clone)]
pub(crate) struct Key(HeaderValue);

impl Key {
    /// The key that the settings name, where they name one.
    pub(crate) fn find(
        config: &Config,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, Error> {
        match (&config.api_key_env, &config.api_key_file) {
            (None, None) => Ok(None),
            (Some(_), Some(_)) => Err(Error::TwoKeys),
            (Some(name), None) => {
                let key = environment(name).filter(|key| !key.is_empty());
                let key = key.ok_or_else(|| Error::NoVariable(name.clone()))?;
                Self::new(&key).ok_or(Error::Key("api_key_env")).map(Some)
            }
            (None, Some(path)) => {
                let key = fs::read_to_string(path);
                let key = key.map_err(|source| Error::KeyFile { path: path.clone(), source })?;
                Self::new(&key).ok_or(Error::Key("api_key_file")).map(Some)
            }
        }
    }

    fn new(key: &str) -> Option<Self> {
        let key = key.trim();
        if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        let mut value = HeaderValue::from_str(&format!("Bearer {key}")).ok()?;
        value.set_sensitive(true);
        Some(Self(value))
    }

    /// The key itself, to look for it in what must not hold it; `None` for one so short that any text may.
    pub(crate) fn secret(&self) -> Option<String> {
        let key = self.0.to_str().ok()?.strip_prefix("Bearer ")?;
        (key.len() >= SHORTEST_SECRET).then(|| key.to_owned())
    }

    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Key")
    }
}

#[cfg(test)]
mod tests {
    use std::env;
    use std::process;

    use super::*;

    fn of_variable(value: Option<&str>) -> Result<Option<Key>, Error> {
        let config = Config { api_key_env: Some("KEY".to_owned()), ..Config::default() };
        Key::find(&config, |name| value.filter(|_| name == "KEY").map(str::to_owned))
    }

    #[test]
    fn key_is_in_no_debug_output() {
        let key = of_variable(Some("sk-secret")).unwrap().expect("a key");
        assert_eq!(key.header().as_bytes(), b"Bearer sk-secret");
        assert!(key.header().is_sensitive());
        assert_eq!(key.secret().as_deref(), Some("sk-secret"));
        assert_eq!(of_variable(Some("none")).unwrap().expect("a key").secret(), None);
        assert_eq!(format!("{key:?} {:?}", key.header()), "Key Sensitive");
    }

    #[test]
    fn key_of_a_file_ends_before_its_line_feed() {
        let path = env::temp_dir().join(format!("antiphon-upstream-key-{}", process::id()));
        fs::write(&path, "sk-file\n").unwrap();
        let config = Config { api_key_file: Some(path.clone()), ..Config::default() };
        let key = Key::find(&config, |_| None);
        fs::remove_file(path).unwrap();
        assert_eq!(key.unwrap().expect("a key").header().as_bytes(), b"Bearer sk-file");
    }

    #[test]
    fn missing_and_impossible_keys_are_told_without_the_key() {
        let told = |key| of_variable(key).expect_err("refused").to_string();
        assert_eq!(told(None), "`api_key_env`: the variable `KEY` is not set");
        assert_eq!(told(Some("")), "`api_key_env`: the variable `KEY` is not set");
        assert_eq!(told(Some("a\nb")), "`api_key_env`: the key is empty or has characters that no key has");
        let config = Config { api_key_file: Some("/no/such/file".into()), ..Config::default() };
        let told = Key::find(&config, |_| None).expect_err("refused").to_string();
        assert!(told.starts_with("`api_key_file`: cannot read /no/such/file: "), "{told}");
        let both = Config { api_key_env: Some("KEY".to_owned()), ..config };
        assert!(matches!(Key::find(&both, |_| None), Err(Error::TwoKeys)));
    }
}
