//! What a handler costs that does nothing but read the request and send bytes that are there already.

use std::convert::Infallible;
use std::error::Error;
use std::fs;
use std::path::Path;

use actix_web::rt::System;
use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpResponse, HttpServer};
use clap::ValueEnum;
use futures_util::stream;

/// How the bytes are sent.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Form {
    /// As one body with its length.
    Whole,
    /// As a stream, one event a piece.
    Events,
    /// As a stream, in pieces of 16 KiB.
    Joined,
}

impl Form {
    /// The name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Events => "events",
            Self::Joined => "joined",
        }
    }
}

struct Answer {
    form: Form,
    pieces: Vec<Bytes>,
}

/// Serves the content of `file` at every path, on a free port that it prints.
pub(crate) fn serve(file: &Path, form: Form) -> Result<(), Box<dyn Error>> {
    let body = Bytes::from(fs::read(file)?);
    let answer = Data::new(Answer { form, pieces: pieces(&body, form) });
    System::new().block_on(async {
        let server =
            HttpServer::new(move || App::new().app_data(answer.clone()).default_service(web::to(send)))
                .workers(1)
                .tcp_nodelay(true)
                .h1_allow_half_closed(false)
                .bind("127.0.0.1:0")?;
        for address in server.addrs() {
            println!("http://{address}");
        }
        server.run().await?;
        Ok(())
    })
}

fn pieces(body: &Bytes, form: Form) -> Vec<Bytes> {
    match form {
        Form::Whole => vec![body.clone()],
        Form::Joined => (0..body.len())
            .step_by(16 << 10)
            .map(|at| body.slice(at..body.len().min(at + (16 << 10))))
            .collect(),
        Form::Events => {
            let text = body.as_ref();
            let mut start = 0;
            let ends = text.windows(2).enumerate().filter(|(_, pair)| *pair == b"\n\n").map(|(at, _)| at + 2);
            ends.map(|end| body.slice(std::mem::replace(&mut start, end)..end)).collect()
        }
    }
}

async fn send(_request: Bytes, answer: Data<Answer>) -> HttpResponse {
    match answer.form {
        Form::Whole => HttpResponse::Ok().content_type("application/json").body(answer.pieces[0].clone()),
        Form::Events | Form::Joined => {
            let count = answer.pieces.len();
            let pieces = (0..count).map(move |index| Ok::<_, Infallible>(answer.pieces[index].clone()));
            HttpResponse::Ok()
                .content_type("text/event-stream; charset=utf-8")
                .streaming(stream::iter(pieces))
        }
    }
}
