//! Refuses a request by its head alone, whatever it asks for.

use actix_web::HttpRequest;
use actix_web::http::{Method, header};

use crate::error::ApiError;

/// Bytes that stand in a URL beside its host and port, and in no host and port.
const NOT_IN_A_HOST: &[u8] = b"/?#@\\ \t";

/// The methods of all endpoints, for a request that names none of them.
const METHODS: &str = "GET, HEAD, POST";

/// Checks what holds for every request.
///
/// # Errors
/// 400 for a `Host` that is none, 405 for a CONNECT: this server is no proxy.
pub(crate) fn check(request: &HttpRequest) -> Result<(), ApiError> {
    let mut hosts = request.headers().get_all(header::HOST);
    if hosts.any(|host| host.as_bytes().iter().any(|byte| NOT_IN_A_HOST.contains(byte))) {
        return Err(ApiError::invalid("The 'Host' header must be a host, or a host and a port."));
    }
    if request.method() == Method::CONNECT {
        let target = request.uri().to_string();
        return Err(ApiError::method_not_allowed(request.method(), &target, METHODS));
    }
    Ok(())
}
