//! Schemas of all kinds, and the instances that are found for them.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::json;

use super::*;

/// Compares the instance that carries the text `hi`, down to the order of its keys.
#[track_caller]
fn check(schema: &Value, expected: &Value) {
    let found = instance(schema, "hi", Root::Any).map(|value| value.to_string());
    assert_eq!(found, Ok(expected.to_string()), "{schema}");
}

/// Compares why there is no instance.
#[track_caller]
fn check_refused(schema: &Value, reason: &str) {
    let refused = instance(schema, "hi", Root::Any).map_err(|reason| reason.to_string());
    assert_eq!(refused, Err(reason.to_owned()), "{schema}");
}

fn object(properties: &Value, required: &[&str]) -> Value {
    json!({"type": "object", "properties": properties, "required": required})
}

#[test]
fn kinds_have_their_smallest_value() {
    check(&json!({"type": "null"}), &json!(null));
    check(&json!({"type": "boolean"}), &json!(false));
    check(&json!({"type": "integer", "minimum": 2}), &json!(2));
    check(&json!({"type": "number"}), &json!(0));
    check(&json!({"type": "string"}), &json!("hi"));
    check(&json!({"type": "array", "maxItems": 0}), &json!([]));
    check(&json!({"type": "object"}), &json!({}));
    check(&json!({"const": {"a": [1]}}), &json!({"a": [1]}));
    check(&json!({"enum": ["x", "y"], "type": "string"}), &json!("x"));
    check(&json!({"enum": [1, "y"], "type": "string"}), &json!("y"));
    check(&json!({"type": ["integer", "boolean"]}), &json!(0));
    check(&json!({}), &json!("hi"));
    check(&json!(true), &json!("hi"));
}

#[test]
fn text_stands_in_the_first_string_that_takes_it() {
    let text = json!({"type": "string"});
    let tight = json!({"type": "string", "maxLength": 1});
    check(&object(&json!({"a": text, "b": text}), &["a", "b"]), &json!({"a": "hi", "b": ""}));
    check(&object(&json!({"b": tight, "a": text}), &["a", "b"]), &json!({"b": "", "a": "hi"}));
    check(&object(&json!({"a": {"enum": ["x"]}, "b": text}), &["a", "b"]), &json!({"a": "x", "b": "hi"}));
    check(&object(&json!({"a": {"pattern": "^h"}, "b": text}), &["a", "b"]), &json!({"a": "h", "b": "hi"}));
    check(&object(&json!({"a": {"type": ["string", "null"]}}), &["a"]), &json!({"a": "hi"}));
    check(
        &object(&json!({"a": {"type": "array", "items": text, "minItems": 2}}), &["a"]),
        &json!({"a": ["hi", ""]}),
    );
}

#[test]
fn something_optional_is_added_where_nothing_required_takes_the_text() {
    let (text, number) = (json!({"type": "string"}), json!({"type": "integer"}));
    check(&object(&json!({"a": number, "b": text, "c": text}), &["a"]), &json!({"a": 0, "b": "hi"}));
    check(&object(&json!({"a": text, "b": text}), &["b"]), &json!({"b": "hi"}));
    check(&object(&json!({"a": object(&json!({"b": text}), &[])}), &[]), &json!({"a": {"b": "hi"}}));
    check(&object(&json!({"a": {"type": "array", "items": text}}), &["a"]), &json!({"a": ["hi"]}));
    check(&object(&json!({"a": {"anyOf": [{"type": "null"}, text]}}), &["a"]), &json!({"a": "hi"}));
    check(&object(&json!({"a": {"type": ["null", "string"]}}), &["a"]), &json!({"a": "hi"}));
    check(&json!({"type": "object", "additionalProperties": text}), &json!({"message": "hi"}));
    check(
        &object(&json!({"a": {"anyOf": [object(&json!({"b": text}), &["b"]), {"type": "null"}]}}), &["a"]),
        &json!({"a": {"b": "hi"}}),
    );
    check(&object(&json!({"a": number}), &[]), &json!({}));
}

#[test]
fn objects_have_what_is_required_in_the_order_of_the_schema() {
    let any = json!({"type": "integer"});
    check(
        &object(&json!({"c": any, "a": any, "b": any}), &["a", "b", "c"]),
        &json!({"c": 0, "a": 0, "b": 0}),
    );
    check(&json!({"type": "object", "required": ["x"]}), &json!({"x": "hi"}));
    check(
        &json!({"type": "object", "required": ["xa"], "patternProperties": {"^x": any}, "additionalProperties": false}),
        &json!({"xa": 0}),
    );
    check(
        &json!({"required": ["a"], "properties": {"a": any}, "dependentRequired": {"a": ["b"]}}),
        &json!({"a": 0, "b": "hi"}),
    );
    check(
        &json!({"type": "object", "minProperties": 2, "properties": {"a": any, "b": any}}),
        &json!({"a": 0, "b": 0}),
    );
    let by_pattern = json!({"type": "object", "minProperties": 3, "patternProperties": {"^[a-c]$": any}, "additionalProperties": false});
    check(&by_pattern, &json!({"a": 0, "b": 0, "c": 0}));
    let of_names = |names: Value| json!({"type": "object", "minProperties": 2, "propertyNames": names, "additionalProperties": any});
    check(&of_names(json!({"pattern": "^x+$"})), &json!({"x": 0, "xx": 0}));
    check(&of_names(json!({"enum": ["m", "n"]})), &json!({"m": 0, "n": 0}));
    check(&of_names(json!({"maxLength": 9})), &json!({"property0": 0, "property1": 0}));
    check(&of_names(json!({"format": "date"})), &json!({"1970-01-01": 0, "1970-01-02": 0}));
    check(
        &json!({"type": "object", "minProperties": 1, "additionalProperties": any}),
        &json!({"property0": 0}),
    );
    check(
        &json!({"type": "object", "minProperties": 1, "propertyNames": {"pattern": "^[a-z]{3}$"}, "additionalProperties": any}),
        &json!({"aaa": 0}),
    );
    check_refused(
        &json!({"type": "object", "required": ["a"], "additionalProperties": false}),
        "this model found no value for it",
    );
}

#[test]
fn arrays_have_as_many_items_as_are_required() {
    let number = json!({"type": "integer"});
    check(&json!({"type": "array", "items": number, "minItems": 2}), &json!([0, 0]));
    check(&json!({"type": "array", "items": number, "minItems": 3, "uniqueItems": true}), &json!([0, 1, 2]));
    check(
        &json!({"type": "array", "items": {"enum": ["x", "y"]}, "minItems": 2, "uniqueItems": true}),
        &json!(["x", "y"]),
    );
    check(
        &json!({"type": "array", "prefixItems": [{"const": 7}, number], "items": false, "minItems": 2}),
        &json!([7, 0]),
    );
    check(
        &json!({"type": "array", "contains": {"const": 7}, "minItems": 2, "items": number}),
        &json!([7, 0]),
    );
    check(&json!({"type": "array", "contains": {"const": 7}, "minContains": 2}), &json!([7, 7]));
    let unique = |items: Value, least: usize| json!({"type": "array", "uniqueItems": true, "minItems": least, "items": items});
    check(&unique(object(&json!({"a": number}), &[]), 3), &json!([{}, {"a": 1}, {"a": 2}]));
    let found = instance(&unique(object(&json!({"a": number}), &[]), 1_000), "hi", Root::Any);
    assert!(found.is_ok(), "{found:?}");
    let flag = json!({"const": true});
    let flags = object(&json!({"kind": {"const": "x"}, "a": flag, "b": flag}), &["kind"]);
    check(
        &unique(flags, 4),
        &json!([{"kind": "x"}, {"kind": "x", "a": true}, {"kind": "x", "b": true}, {"kind": "x", "a": true, "b": true}]),
    );
    check(&unique(json!({"type": "integer", "minimum": 1e30}), 2), &json!([1e30, 1e30_f64.next_up()]));
    let tuple =
        json!({"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"const": 7}], "minItems": 1});
    check(&tuple, &json!([7]));
    check_refused(&json!({"type": "array", "minItems": 1_000_000_000}), "this model found no value for it");
}

#[test]
fn branches_are_tried_until_one_will_do() {
    let text = json!({"type": "string"});
    check(&json!({"anyOf": [{"type": "integer"}, {"type": "null"}]}), &json!(0));
    check(&json!({"anyOf": [false, text]}), &json!("hi"));
    check(
        &json!({"oneOf": [{"type": "integer"}, {"type": "number", "minimum": 5}], "minimum": 7}),
        &json!(7.5),
    );
    check(
        &json!({"allOf": [{"type": "integer", "minimum": 3}, {"type": "number", "maximum": 9}]}),
        &json!(3),
    );
    check(&json!({"type": "integer", "not": {"const": 0}}), &json!(1));
    check(&json!({"type": "string", "not": {"const": "hi"}}), &json!(""));
    let conditional = json!({
        "type": "object", "required": ["kind"], "properties": {"kind": {"enum": ["a"]}, "size": {"type": "integer"}},
        "if": {"properties": {"kind": {"const": "a"}}}, "then": {"required": ["size"]}
    });
    check(&conditional, &json!({"kind": "a", "size": 0}));
    check_refused(
        &json!({"allOf": [{"type": "integer"}, {"type": "string"}]}),
        "this model found no value for it",
    );
}

#[test]
fn choices_of_one_place_do_not_disturb_others() {
    // Each needs its second branch, and there are a thousand ways to choose.
    let one = json!({"oneOf": [{"type": "integer"}, {"type": "number", "minimum": 5}, {"type": "null"}], "not": {"const": 0}});
    let names: Vec<_> = (0..10).map(|number| format!("p{number}")).collect();
    let properties: Value =
        names.iter().map(|name| (name.clone(), one.clone())).collect::<serde_json::Map<_, _>>().into();
    let found = instance(
        &object(&properties, &names.iter().map(String::as_str).collect::<Vec<_>>()),
        "hi",
        Root::Any,
    );
    assert!(found.is_ok(), "{found:?}");
}

#[test]
fn strings_have_their_length_pattern_and_format() {
    check(&json!({"type": "string", "minLength": 4}), &json!("aaaa"));
    check(&json!({"type": "string", "pattern": "^[A-Z]{2}-\\d+$"}), &json!("AA-0"));
    check(&json!({"type": "string", "pattern": "^[a-z]+$", "minLength": 5}), &json!("aaaaa"));
    check(&json!({"type": "string", "pattern": "[0-9]", "minLength": 3}), &json!("0aa"));
    for format in [
        "date-time",
        "date",
        "time",
        "duration",
        "email",
        "hostname",
        "ipv4",
        "ipv6",
        "uri",
        "uri-reference",
        "iri",
        "uri-template",
        "uuid",
        "json-pointer",
        "relative-json-pointer",
        "regex",
    ] {
        let schema = json!({"type": "array", "uniqueItems": true, "minItems": 3, "items": {"type": "string", "format": format}});
        let found = instance(&schema, "hi", Root::Any).unwrap();
        assert!(
            found.as_array().is_some_and(|items| items.len() == 3 && items[0] != "hi"),
            "{format}: {found}"
        );
    }
    check(&json!({"type": "string", "format": "date"}), &json!("1970-01-01"));
    for (format, least, most) in [
        ("date-time", 40, 40),
        ("time", 12, 12),
        ("duration", 9, 9),
        ("email", 100, 100),
        ("email", 0, 3),
        ("hostname", 200, 200),
        ("hostname", 69, 69),
        ("hostname", 0, 1),
        ("ipv4", 15, 15),
        ("ipv4", 8, 8),
        ("ipv6", 39, 39),
        ("ipv6", 5, 6),
        ("ipv6", 12, 20),
        ("uri", 50, 50),
        ("uri", 0, 2),
        ("uri-reference", 0, 0),
        ("uri-template", 20, 20),
        ("json-pointer", 7, 7),
        ("relative-json-pointer", 5, 5),
        ("regex", 9, 9),
    ] {
        let schema = json!({"type": "string", "format": format, "minLength": least, "maxLength": most});
        let found = instance(&schema, "hi", Root::Any);
        assert!(found.is_ok(), "{format} of {least} to {most}: {found:?}");
    }
    check(&json!({"type": "string", "format": "of my own"}), &json!("hi"));
}

#[test]
fn references_are_followed_and_recursion_ends() {
    check(&json!({"$ref": "#/$defs/a", "$defs": {"a": {"type": "integer"}}}), &json!(0));
    let list = json!({
        "type": "object", "required": ["value", "next"],
        "properties": {"value": {"type": "string"}, "next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}}
    });
    check(&list, &json!({"value": "hi", "next": null}));
    let expression = json!({
        "$ref": "#/$defs/expression",
        "$defs": {"expression": {"anyOf": [{"$ref": "#/$defs/sum"}, {"type": "integer"}]},
            "sum": {"type": "array", "minItems": 2, "items": {"$ref": "#/$defs/expression"}}}
    });
    check(&expression, &json!(0));
    let tree = json!({"type": "object", "required": ["children"], "properties": {"children": {"type": "array", "items": {"$ref": "#"}}}});
    check(&tree, &json!({"children": []}));
    check_refused(
        &json!({"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#"}}}),
        "this model found no value for it",
    );
}

#[test]
fn bad_schemas_are_refused() {
    check_refused(
        &json!({"type": "strin"}),
        "\"strin\" is not valid under any of the schemas listed in the 'anyOf' keyword",
    );
    check_refused(&json!({"$ref": "#/$defs/none"}), "Pointer '/$defs/none' does not exist");
    check_refused(&json!({"pattern": "(?!a)b"}), "this model found no value for it");
    let remote = instance(&json!({"$ref": "https://example.com/schema.json"}), "hi", Root::Any);
    assert!(matches!(remote, Err(NoInstance::Invalid(_))), "{remote:?}");
}

#[test]
fn schema_with_too_much_in_it_is_not_called_invalid() {
    check_refused(&json!({"pattern": "((a{100}){100}){100}"}), "a pattern of it is too large");
    check_refused(&json!({"enum": vec![0; 50_000]}), "it has more than 40000 values");
}

#[test]
fn root_can_have_to_be_an_object() {
    assert_eq!(instance(&json!({}), "hi", Root::Object), Ok(json!({})));
    assert_eq!(instance(&json!({"type": "string"}), "hi", Root::Object), Err(NoInstance::NotFound));
}

/// A schema whose every definition refers to the next, in a shape.
fn chain(length: usize, shape: impl Fn(Value) -> Value) -> Value {
    let definitions = (0..length)
        .map(|number| (number.to_string(), shape(json!({"$ref": format!("#/$defs/{}", number + 1)}))));
    let definitions = definitions.chain([(length.to_string(), json!({"type": "string"}))]);
    json!({"$ref": "#/$defs/0", "$defs": definitions.collect::<serde_json::Map<_, _>>()})
}

/// Says whether there is an instance of a schema, which is known soon.
fn check_soon(name: &str, schema: &Value, is_found: bool) {
    let start = Instant::now();
    let found = instance(schema, "hi", Root::Any);
    assert_eq!(found.is_ok(), is_found, "{name}: {found:?}");
    assert!(start.elapsed() < Duration::from_secs(10), "{name}: {:?}", start.elapsed());
}

#[test]
fn schemas_made_to_take_long_are_answered_soon() {
    let deep = (0..1_000).fold(json!({"type": "string"}), |inner, _| {
        // Not by the macro, which would walk the whole each time.
        let mut outer = json!({"type": "object", "properties": {}, "required": ["a"]});
        outer["properties"]["a"] = inner;
        outer
    });
    let wide = |schema: &Value| {
        (0..10_000).map(|number| (format!("p{number}"), schema.clone())).collect::<serde_json::Map<_, _>>()
    };
    let names: Vec<_> = (0..10_000).map(|number| format!("p{number}")).collect();
    let all = json!({"type": "object", "properties": wide(&json!({"type": "string"})), "required": names});
    let none = object(&wide(&json!({"type": "integer"})).into(), &[]);
    let graph: serde_json::Map<_, _> = (0..12)
        .map(|from| {
            let to: Vec<_> = (0..12).map(|to| json!({"$ref": format!("#/$defs/{to}")})).collect();
            (from.to_string(), json!({"allOf": to}))
        })
        .collect();
    let patterns: serde_json::Map<_, _> =
        (0..200).map(|number| (format!("(a{{{number}}}b{{1000}}){{1000}}"), json!(true))).collect();
    check_soon("deep", &deep, false);
    check_soon("wide", &all, true);
    check_soon("wide and optional", &none, true);
    check_soon("pattern", &json!({"type": "string", "pattern": "(a+)+$"}), true);
    check_soon("large pattern", &json!({"type": "string", "pattern": "((a{100}){100}){100}"}), false);
    check_soon("patterns", &json!({"patternProperties": patterns}), false);
    check_soon("self", &json!({"$ref": "#"}), false);
    check_soon(
        "cycle",
        &json!({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}),
        false,
    );
    check_soon("graph", &json!({"$ref": "#/$defs/0", "$defs": graph}), false);
    check_soon("short chain", &chain(100, |next| next), true);
    check_soon("long chain", &chain(1_000, |next| next), false);
    check_soon("doubling", &chain(40, |next| json!({"allOf": [next, next]})), false);
    check_soon(
        "branching",
        &chain(
            40,
            |next| json!({"anyOf": [{"items": next, "minItems": 1, "type": "array"}, {"items": next, "minItems": 1, "type": "array"}]}),
        ),
        false,
    );
    check_soon("growing", &chain(40, |next| json!({"type": "array", "minItems": 10, "items": next})), false);
    check_soon("enum", &json!({"enum": (0..10_000).collect::<Vec<_>>(), "minimum": 9_999}), false);
}

#[test]
fn schemas_made_to_take_much_are_bounded() {
    let array = |least: usize, items: Value| json!({"type": "array", "minItems": least, "items": items});
    check_soon("free items", &array(10_000, json!({"type": "array", "minItems": 10_000})), false);
    let names: Vec<_> = (0..5_000).map(|number| format!("p{number}")).collect();
    check_soon("free members", &array(5_000, json!({"type": "object", "required": names})), false);
    let long = "n".repeat(20_000);
    let choices = array(5_000, json!({"type": ["null", "boolean"]}));
    check_soon(
        "long name",
        &json!({"type": "object", "properties": {&long: choices}, "required": [&long]}),
        false,
    );
    let strings: serde_json::Map<_, _> =
        (0..40).map(|number| (number.to_string(), json!({"type": "string", "minLength": 65_000}))).collect();
    let names: Vec<_> = strings.keys().cloned().collect();
    let long_names = json!({"minProperties": 1_000, "propertyNames": {"minLength": 65_000}});
    check_soon("long names", &long_names, false);
    check_soon("long hosts", &json!({"type": "string", "format": "hostname", "minLength": 65_000}), false);
    check_soon("long strings", &json!({"type": "object", "properties": strings, "required": names}), true);
    check_soon("long pattern", &json!({"type": "string", "pattern": r"\w".repeat(20_000)}), false);
    check_soon("classes", &json!({"type": "string", "pattern": r"\w".repeat(20)}), true);
    let repeated = json!({"type": "string", "pattern": "^((a{1,200}){1,200})$", "minLength": 30_000});
    check_soon("repetitions", &object(&json!({"a": repeated}), &["a"]), false);
    let member = "x".repeat(2_000);
    let pattern = "^((x{1,200}){1,200})$";
    let with_keywords = |keywords: Value| {
        let mut schema = object(&json!({&member: {"type": "null"}}), &[&member]);
        schema.as_object_mut().unwrap().extend(keywords.as_object().unwrap().clone());
        schema
    };
    check_soon("names", &with_keywords(json!({"propertyNames": {"pattern": pattern}})), false);
    check_soon(
        "names by pattern",
        &with_keywords(json!({"patternProperties": {pattern: {"type": "null"}}})),
        false,
    );
    check_soon("large constant", &array(1_000, json!({"const": "x".repeat(100_000)})), false);
    check_soon("long reference", &json!({"$ref": format!("#/{long}")}), false);
}

/// Schemas that have instances, by how they are made.
fn schemas() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({"type": "string"})),
        Just(json!({"type": "null"})),
        Just(json!({"type": "boolean"})),
        Just(json!({})),
        (-50..50_i64, 0..50_i64)
            .prop_map(|(least, more)| json!({"type": "integer", "minimum": least, "maximum": least + more})),
        (-5.0..5.0_f64, 0.1..5.0_f64).prop_map(
            |(least, more)| json!({"type": "number", "minimum": least, "exclusiveMaximum": least + more})
        ),
        (1..40_u32).prop_map(
            |hundredths| json!({"type": "number", "minimum": 1, "multipleOf": f64::from(hundredths) / 100.0})
        ),
        (0..6_u32, 0..6_u32).prop_map(
            |(least, more)| json!({"type": "string", "minLength": least, "maxLength": least + more})
        ),
        "[a-c]{1,3}|\\[a-f0-9\\]\\{[1-5]\\}|\\(ab\\|[xyz]\\)[+*?]"
            .prop_map(|pattern| json!({"type": "string", "pattern": format!("^{pattern}$")})),
        prop::sample::select(vec!["date-time", "date", "email", "uuid", "ipv4", "uri"])
            .prop_map(|format| json!({"type": "string", "format": format})),
        prop::collection::vec(-3..3_i32, 1..4).prop_map(|values| json!({"enum": values})),
        any::<bool>().prop_map(|value| json!({"const": value})),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            (prop::collection::vec((inner.clone(), any::<bool>()), 0..4), any::<bool>()).prop_map(|(properties, closed)| {
                let named = || properties.iter().enumerate().map(|(number, one)| (format!("p{number}"), one));
                let required: Vec<_> = named().filter(|(_, (_, required))| *required).map(|(name, _)| name).collect();
                let properties: serde_json::Map<_, _> = named().map(|(name, (schema, _))| (name, schema.clone())).collect();
                json!({"type": "object", "properties": properties, "required": required, "additionalProperties": !closed})
            }),
            (inner.clone(), 0..3_u32).prop_map(|(items, least)| json!({"type": "array", "items": items, "minItems": least})),
            prop::collection::vec(inner.clone(), 1..3).prop_map(|items| json!({"type": "array", "minItems": items.len(), "prefixItems": items})),
            prop::collection::vec(inner.clone(), 1..4).prop_map(|branches| json!({"anyOf": branches})),
            inner.prop_map(|one| json!({"allOf": [one, {"description": "as it is"}]})),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_found_validates(schema in schemas(), text in "\\PC{0,12}") {
        let found = instance(&schema, &text, Root::Any);
        prop_assert!(found.is_ok(), "{found:?}");
        let found = found.expect("it is there");
        prop_assert!(jsonschema::is_valid(&schema, &found), "{found}");
        let holder = json!({"type": "object", "required": ["it", "text"], "properties": {"it": schema, "text": {"type": "string"}}});
        let held = instance(&holder, &text, Root::Any).expect("it has an instance");
        prop_assert!(held.to_string().contains(&json!(text).to_string()), "{held}");
    }
}

#[test]
fn patterns_that_look_around_are_kept_where_the_format_has_an_example() {
    for schema in [
        json!({"type": "string", "format": "email", "pattern": r"^(?!\.)(?!.*\.\.)([A-Za-z0-9_'+\-\.]*)[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9\-]*\.)+[A-Za-z]{2,}$"}),
        json!({"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^(?!^[-+.]*$)[+-]?0*\d*\.?\d*$"}]}),
        json!({"type": "string", "format": "date-time", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"}),
    ] {
        let found = instance(&schema, "hi", Root::Any).unwrap_or_else(|error| panic!("{error}: {schema}"));
        assert!(jsonschema::is_valid(&schema, &found), "{found}");
    }
}
