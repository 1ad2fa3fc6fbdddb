//! The checks of the order of events, each of the rules that a stream must keep.

use super::probe::{Recording, failed};
use super::{Failure, Probe};
use crate::adapt::{Breach, Rules};

/// Events come in an order that clients can follow.
///
/// Their choices are those that were asked for, tool calls begin with their start, usage comes at most once.
///
/// # Errors
/// The breach; or why there is no answer.
pub async fn event_order(probe: &Probe) -> Result<(), Failure> {
    let recording = record(probe).await?;
    judge(probe, &recording, |breach| {
        !matches!(
            breach,
            Breach::SecondFinish { .. } | Breach::Unfinished { .. } | Breach::AfterFinish { .. }
        )
    })
}

/// Every choice finishes, once.
///
/// # Errors
/// The breach; or why there is no answer.
pub async fn one_finish(probe: &Probe) -> Result<(), Failure> {
    let recording = record(probe).await?;
    judge(probe, &recording, |breach| {
        matches!(breach, Breach::SecondFinish { .. } | Breach::Unfinished { .. })
    })
}

/// Nothing follows the finish of a choice, and nothing an error.
///
/// # Errors
/// The breach; or why there is no answer.
pub async fn nothing_after_finish(probe: &Probe) -> Result<(), Failure> {
    let recording = record(probe).await?;
    if recording.went_on {
        return Err(Failure("the stream went on after its error".to_owned()));
    }
    judge(probe, &recording, |breach| matches!(breach, Breach::AfterFinish { .. }))
}

async fn record(probe: &Probe) -> Result<Recording, Failure> {
    let message =
        if probe.offers_tools() { "What is the weather now?" } else { "Count from one to ten, in words." };
    let mut request = probe.request(message);
    request.n = Some(probe.choices());
    probe.record(request).await
}

/// The first breach of those that are `meant`.
pub(super) fn judge(
    probe: &Probe,
    recording: &Recording,
    meant: impl Fn(&Breach) -> bool,
) -> Result<(), Failure> {
    if let Some(error) = &recording.error {
        return Err(failed(error));
    }
    let mut rules = Rules::new(probe.choices());
    let breaches = recording.events.iter().map(|event| rules.event(event)).collect::<Vec<_>>();
    let breaches = breaches.into_iter().chain([rules.end()]);
    match breaches.filter_map(Result::err).find(meant) {
        Some(breach @ Breach::Unfinished { choice: 1.. }) => Err(Failure(format!(
            "{breach}: two choices were asked for, because the model declares NativeChoices"
        ))),
        Some(breach) => Err(Failure(breach.to_string())),
        None => Ok(()),
    }
}
