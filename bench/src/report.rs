//! Prints the figures of a case.

/// Answers a second of Antiphon and of the bare handler, round by round, and the median of the ratios.
pub(crate) fn print(name: &str, events: usize, rounds: &[(f64, f64)]) {
    print_against(name, "bare", events, rounds);
}

/// The same against another server than the bare handler.
pub(crate) fn print_against(name: &str, other: &str, events: usize, rounds: &[(f64, f64)]) {
    #[expect(clippy::cast_precision_loss, reason = "a few thousand events")]
    let events = events.max(1) as f64;
    let unit = if events > 1.0 { "chunks/s" } else { "requests/s" };
    let ours = median(rounds.iter().map(|(ours, _)| ours * events));
    let theirs = median(rounds.iter().map(|(_, theirs)| theirs * events));
    let ratio = median(rounds.iter().map(|(ours, theirs)| ours / theirs));
    println!("{name}: antiphon {ours:.0} {unit}, {other} {theirs:.0} {unit}, ratio {ratio:.2}");
}

/// The middle one of some values.
pub(crate) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
