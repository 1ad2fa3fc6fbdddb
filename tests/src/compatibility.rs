//! Reads what a program of the ecosystem says it did, and shows it as the table of the compatibility page.

/// Where a library comes from.
#[derive(Clone, Copy, Debug)]
pub enum Registry {
    /// Rust.
    CratesIo,
    /// Node.
    Npm,
    /// Python.
    PyPi,
}

/// What one library did in a program.
#[derive(Clone, Debug)]
pub struct Row {
    registry: Registry,
    library: String,
    version: String,
    done: Vec<String>,
}

/// What has a column of its own, in the words of the programs.
const COLUMNS: [&str; 5] = ["chat", "stream", "tool loop", "structured output", "embeddings"];

const BEGIN: &str = "<!-- The table is written by the test `the_page_shows_what_the_programs_did`. -->\n";
const END: &str = "<!-- The end of the table. -->\n";

impl Row {
    /// Reads the lines `library NAME VERSION` and, below each, `ok WHAT`.
    pub fn read(registry: Registry, printed: &str) -> Vec<Self> {
        let mut rows = Vec::<Self>::new();
        for line in printed.lines() {
            if let Some((library, version)) =
                line.strip_prefix("library ").and_then(|rest| rest.split_once(' '))
            {
                let (library, version) = (library.to_owned(), version.trim_end().to_owned());
                rows.push(Self { registry, library, version, done: Vec::new() });
            } else if let (Some(what), Some(row)) = (line.strip_prefix("ok "), rows.last_mut()) {
                row.done.push(what.to_owned());
            }
        }
        assert!(!rows.is_empty() && rows.iter().all(|row| !row.done.is_empty()), "nothing done:\n{printed}");
        rows
    }

    fn line(&self) -> String {
        let Self { library, version, done, .. } = self;
        let registry = match self.registry {
            Registry::CratesIo => "crates.io",
            Registry::Npm => "npm",
            Registry::PyPi => "PyPI",
        };
        let marks = COLUMNS.map(|column| if done.iter().any(|what| what == column) { "✓" } else { "" });
        let others = done.iter().filter(|what| !COLUMNS.contains(&what.as_str()));
        let others = others.map(String::as_str).collect::<Vec<_>>().join(", ");
        format!("| `{library}` | {registry} | {version} | {} | {others} |\n", marks.join(" | "))
    }
}

/// A page with the table of these rows between its two markers.
pub fn page_with(page: &str, rows: &[Row]) -> String {
    let (before, rest) = page.split_once(BEGIN).expect("a page with the first marker");
    let (_, after) = rest.split_once(END).expect("a page with the second marker");
    let head = format!("| library | from | version | {} | and |\n", COLUMNS.join(" | "));
    let rule = format!("{}|\n", "|---".repeat(COLUMNS.len() + 4));
    let lines = rows.iter().map(Row::line).collect::<String>();
    format!("{before}{BEGIN}\n{head}{rule}{lines}\n{END}{after}")
}

#[cfg(test)]
mod tests {
    use super::{BEGIN, END, Registry, Row, page_with};

    #[test]
    fn lines_become_rows_between_the_markers() {
        let printed = "library one 1.2\nok chat\nnoise\nok tool loop\nok models\nok async\nlibrary two 3 (four 5)\nok stream\n";
        let rows = Row::read(Registry::Npm, printed);
        let page = page_with(&format!("before\n{BEGIN}old\n{END}after\n"), &rows);
        let table = "\
            | library | from | version | chat | stream | tool loop | structured output | embeddings | and |\n\
            |---|---|---|---|---|---|---|---|---|\n\
            | `one` | npm | 1.2 | ✓ |  | ✓ |  |  | models, async |\n\
            | `two` | npm | 3 (four 5) |  | ✓ |  |  |  |  |\n";
        assert_eq!(page, format!("before\n{BEGIN}\n{table}\n{END}after\n"));
        assert_eq!(page_with(&page, &rows), page);
    }
}
