//! Prints the figures of a case.

use crate::load::Measured;

/// Prints how two servers did, round by round: the medians of each, and of their ratios.
pub(crate) fn print(name: &str, servers: [&str; 2], events: usize, rounds: &[[Measured; 2]]) {
    #[expect(clippy::cast_precision_loss, reason = "a few thousand events")]
    let events = events.max(1) as f64;
    let unit = if events > 1.0 { "chunks/s" } else { "requests/s" };
    let [ours, theirs] = [0, 1].map(|server| median(rounds.iter().map(|round| round[server].rate * events)));
    let rate = median(rounds.iter().map(|[ours, theirs]| ours.rate / theirs.rate));
    let time = median(rounds.iter().map(|[ours, theirs]| theirs.processor_time / ours.processor_time));
    let [our_name, their_name] = servers;
    println!(
        "{name}: {our_name} {ours:.0} {unit}, {their_name} {theirs:.0} {unit}, ratio {rate:.2}, of processor time {time:.2}"
    );
}

/// The middle one of some values.
pub(crate) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
