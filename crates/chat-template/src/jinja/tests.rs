//! What templates take from Python, and the bounds of a rendering.

use minijinja::context;
use minijinja::value::Serde;
use serde_json::json;

use super::*;

fn render(source: &str) -> Result<String, TemplateError> {
    let value = json!({"b": 1, "a": ["<x>", {"y": true}]});
    Jinja::new(source)?.render(context! { value => Value::from(Serde(value)), text => " a b " })
}

#[track_caller]
fn check(source: &str, expected: &str) {
    assert_eq!(render(source).unwrap(), expected, "{source}");
}

#[test]
fn blocks_are_trimmed_as_transformers_does() {
    check("a\n  {% if true %}\nb\n  {% endif %}\nc", "a\nb\nc");
    check("a\n{{ 1 }}\nb\n", "a\n1\nb");
    check("{% for i in [1, 2, 3] %}{% if i == 2 %}{% break %}{% endif %}{{ i }}{% endfor %}", "1");
}

#[test]
fn json_keeps_order_and_escapes_no_html() {
    check("{{ value | tojson }}", r#"{"b": 1, "a": ["<x>", {"y": true}]}"#);
    check("{{ value.a[1] | tojson(indent=4) }}", "{\n    \"y\": true\n}");
    check("{{ value.a[1] | tojson(2, ensure_ascii=false) }}", "{\n  \"y\": true\n}");
}

#[test]
fn methods_of_python_are_known() {
    check("{{ text.strip().split(' ')[-1] }}{{ text.startswith(' a') }}", "bTrue");
    check("{% for key, item in value.items() %}{{ key }}{% endfor %}", "ba");
    check("{% set n = namespace(x=1) %}{% set n.x = 2 %}{{ n.x }}{{ 'é' | upper }}", "2É");
}

#[test]
fn marks_of_training_are_no_part_of_the_text() {
    check("a\n{%- generation -%}\n b\n{% endgeneration %}\nc {{ '{% generation' }}", "ab\nc {% generation");
}

#[test]
fn date_is_formatted() {
    let year = render("{{ strftime_now('%Y') }}").unwrap();
    assert!(year.len() == 4 && year.parse::<u32>().is_ok(), "{year}");
    assert!(matches!(render("{{ strftime_now('%!') }}"), Err(TemplateError::Failed(_))));
}

#[test]
fn raised_exception_keeps_its_message() {
    let error = render("{{ raise_exception('roles must alternate') }}").unwrap_err();
    assert!(matches!(error, TemplateError::Refused(ref message) if message == "roles must alternate"));
}

#[test]
fn bad_templates_are_errors() {
    for source in ["{% if %}", "{{", "{% for x in y %}", "{% nonsense %}"] {
        assert!(matches!(render(source), Err(TemplateError::Syntax(_))), "{source}");
    }
    assert!(matches!(render("{{ value.missing.deeper }}"), Err(TemplateError::Failed(_))));
}

#[test]
fn endless_templates_end() {
    let long = "{% for a in range(90000) %}{% for b in range(90000) %}{{ a }}{% endfor %}{% endfor %}";
    let doubling =
        "{% set n = namespace(x='xxxxxxxx') %}{% for a in range(60) %}{% set n.x = n.x + n.x %}{% endfor %}";
    let repeat = "{{ 'x' * 100000000000 }}";
    let recursion = "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}";
    for source in [long, doubling, repeat, recursion] {
        assert!(render(source).is_err(), "{source}");
    }
    assert!(matches!(render(long), Err(TemplateError::TooMuch)));
}
