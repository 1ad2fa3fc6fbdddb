//! The line that says where the server is and what to try.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use antiphon_backend::Backend;

/// The model to try: the first with a name, or any name where there is only the wildcard.
pub(super) fn model(backends: &[Arc<dyn Backend>]) -> String {
    let mut models = backends.iter().flat_map(Backend::models);
    models.find(|model| !model.is_wildcard()).map_or_else(|| "any".to_owned(), |model| model.id)
}

/// One line with the URL of the server and a request to try.
pub(super) fn line(address: SocketAddr, model: &str) -> String {
    let url = format!("http://{}", reachable(address));
    // A quote in the model's name would end the shell's.
    let model = serde_json::json!(model).to_string().replace('\'', r"'\''");
    let body = format!(r#"{{"model":{model},"messages":[{{"role":"user","content":"Hello"}}]}}"#);
    format!(
        "Listening on {url}, try: curl {url}/v1/chat/completions -H content-type:application/json -d '{body}'\n"
    )
}

/// The address that this machine reaches the server by.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_has_the_url_and_a_request_for_the_model() {
        let line = line(SocketAddr::from(([127, 0, 0, 1], 8000)), "echo");
        assert_eq!(
            line,
            "Listening on http://127.0.0.1:8000, try: curl http://127.0.0.1:8000/v1/chat/completions \
             -H content-type:application/json \
             -d '{\"model\":\"echo\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}'\n"
        );
    }

    #[test]
    fn line_names_an_address_that_can_be_reached() {
        assert!(line(SocketAddr::from(([0; 4], 1)), "m").starts_with("Listening on http://127.0.0.1:1,"));
        assert!(line(SocketAddr::from(([0; 16], 1)), "m").starts_with("Listening on http://[::1]:1,"));
    }

    #[test]
    fn line_survives_the_shell() {
        let line = line(SocketAddr::from(([127, 0, 0, 1], 1)), "o'model");
        assert!(line.contains(r#""model":"o'\''model""#), "{line}");
    }
}
