//! The nearest valid name, for "did you mean".

/// Similarity (Jaro-Winkler, 0 to 1) from which a name is worth suggesting.
const SIMILAR: f64 = 0.75;

/// Similarity from which a name of another section is.
const SAME: f64 = 0.95;

/// Ends an error about an unknown name with a better one.
///
/// That is the nearest valid one, else the same one elsewhere, else all valid ones. Of a dotted path the last segment is
/// compared.
pub(crate) fn did_you_mean(name: &str, valid: &[String], elsewhere: &[String]) -> String {
    match nearest(name, valid, SIMILAR).or_else(|| nearest(name, elsewhere, SAME)) {
        Some(near) => format!(", did you mean `{near}`?"),
        None => format!(", valid: `{}`", valid.join("`, `")),
    }
}

/// The most similar of the `paths`, where one is at least `similar`.
fn nearest<'a>(name: &str, paths: &'a [String], similar: f64) -> Option<&'a str> {
    let similarity = |path: &str| strsim::jaro_winkler(name, path.rsplit('.').next().unwrap_or(path));
    paths
        .iter()
        .map(|path| (similarity(path), path.as_str()))
        .filter(|(similarity, _)| *similarity >= similar)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, path)| path)
}
