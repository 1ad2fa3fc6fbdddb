//! What is refused, with the whole line that says so.

use super::*;

/// Checks the line for a file.
fn check(text: &str, expected: &str) {
    check_variables(text, &[], expected);
}

/// Checks the line for a file and variables.
fn check_variables(text: &str, variables: &[(&str, &str)], expected: &str) {
    let refused = load_with(text, variables).and_then(load::Loaded::build).map(|(config, _)| config);
    assert_eq!(refused.unwrap_err().to_string(), expected, "for {text:?} and {variables:?}");
}

#[test]
fn unknown_key_names_the_nearest_beside_it() {
    check("[server]\nbnd = 1", "x.toml: unknown key `server.bnd`, did you mean `server.bind`?");
    check("[servr]\nbind = 1", "x.toml: unknown key `servr`, did you mean `server`?");
    check("[servr]", "x.toml: unknown key `servr`, did you mean `server`?");
    check("[[backend]]", "x.toml: unknown key `backend`, did you mean `backends`?");
}

#[test]
fn unknown_key_names_the_same_one_in_another_section() {
    check("bind = \"\"", "x.toml: unknown key `bind`, did you mean `server.bind`?");
    check("[server]\nlevel = \"\"", "x.toml: unknown key `server.level`, did you mean `log.level`?");
}

#[test]
fn unknown_key_like_no_other_lists_the_valid_ones() {
    check("[log]\nx = 1", "x.toml: unknown key `log.x`, valid: `log.format`, `log.level`");
}

#[test]
fn the_first_of_several_faults_in_order_is_named() {
    check(
        "[log]\nf = 1\ne = 1\nd = 1\nc = 1\nb = 1\na = 1",
        "x.toml: unknown key `log.a`, valid: `log.format`, `log.level`",
    );
}

#[test]
fn unknown_key_of_a_backend_names_the_nearest_of_its_kind() {
    check(
        "[[backends]]\nkind = \"echo\"\nprefx = \"\"",
        "x.toml: unknown key `backends[0].prefx`, did you mean `backends[0].prefix`?",
    );
}

#[test]
fn unknown_variable_is_named() {
    check_variables(
        "",
        &[("ANTIPHON__SERVER__BNID", "x")],
        "ANTIPHON__SERVER__BNID: unknown key `server.bnid`, did you mean `server.bind`?",
    );
    check_variables(
        "",
        &[("ANTIPHON__SERVER__BIND__PORT", "1")],
        "ANTIPHON__SERVER__BIND__PORT: `server.bind`: must be a string, not a table",
    );
}

#[test]
fn wrong_type_is_named() {
    check("server = 3", "x.toml: `server`: must be a table, not an integer");
    check("[server]\nworkers = \"4\"", "x.toml: `server.workers`: must be an integer, not a string");
    check(
        "[server]\nworkers = 1.5",
        "x.toml: `server.workers`: must be an integer, not a number with a fraction",
    );
    check("[api]\nstrict = 1", "x.toml: `api.strict`: must be true or false, not an integer");
    check_variables(
        "",
        &[("ANTIPHON__SERVER__WORKERS", "many")],
        "ANTIPHON__SERVER__WORKERS: `server.workers`: must be an integer, not a string",
    );
}

#[test]
fn what_no_key_takes_is_named() {
    for (value, found) in [
        ("2020-01-01", "a date"),
        ("2020-01-01T00:00:00Z", "a date"),
        ("07:32:00", "a time"),
        ("inf", "`inf`"),
        ("-nan", "`-nan`"),
        ("1e999", "`1e999`"),
        ("99999999999999999999", "an integer of more than 64 bits"),
    ] {
        let expected = format!("x.toml: `server.workers`: must be an integer, not {found}");
        check(&format!("[server]\nworkers = {value}"), &expected);
        let variables = [("ANTIPHON__SERVER__WORKERS", "2")];
        assert_eq!(loaded(&format!("[server]\nworkers = {value}"), &variables).server.workers, 2);
        check_variables(
            "",
            &[("ANTIPHON__SERVER__WORKERS", value)],
            "ANTIPHON__SERVER__WORKERS: `server.workers`: must be an integer, not a string",
        );
    }
    check("[log]\nlevel = 2020-01-01", "x.toml: `log.level`: must be a string, not a date");
    let models = "[[backends]]\nkind = \"echo\"\nmodels = [\"a\", 07:32:00]";
    check(models, "x.toml: `backends[0].models[1]`: must be a string, not a time");
}

#[test]
fn integer_of_64_bits_is_one() {
    let expected = "`server.workers`: must be from 0 to 1024";
    for value in ["9223372036854775807", "9223372036854775808", "0xFFFFFFFFFFFFFFFF"] {
        check(&format!("[server]\nworkers = {value}"), &format!("x.toml: {expected}"));
        let variable = "ANTIPHON__SERVER__WORKERS";
        check_variables("", &[(variable, value)], &format!("{variable}: {expected}"));
    }
}

#[test]
fn quoted_path_is_no_key() {
    let expected = "x.toml: unknown key `\"server.bind\"`, did you mean `server.bind`?";
    check("\"server.bind\" = \"127.0.0.1:1\"", expected);
    let valid = "valid: `server`, `limits`, `stream`, `api`, `log`, `backends`";
    check("\"backends[0]\" = 1", &format!("x.toml: unknown key `\"backends[0]\"`, {valid}"));
}

#[test]
fn wrong_type_of_a_backend_is_named() {
    let backend = |line: &str| format!("[[backends]]\nkind = \"echo\"\n{line}");
    check(&backend("models = \"echo\""), "x.toml: `backends[0].models`: must be a list, not a string");
    check(&backend("models = [1]"), "x.toml: `backends[0].models[0]`: must be a string, not an integer");
    check(&backend("token_delay_ms = -1"), "x.toml: `backends[0].token_delay_ms`: must be from 0 to 3600000");
}

#[test]
fn number_out_of_its_range_is_named() {
    for (key, range) in ranges::RANGES {
        let (section, name) = key.split_once('.').unwrap();
        let expected = format!("x.toml: `{key}`: must be from {} to {}", range.start(), range.end());
        check(&format!("[{section}]\n{name} = -1"), &expected);
        check(&format!("[{section}]\n{name} = {}", range.end() + 1), &expected);
        loaded(&format!("[{section}]\n{name} = {}", range.start()), &[]);
        loaded(&format!("[{section}]\n{name} = {}", range.end()), &[]);
    }
}

#[test]
fn bad_value_is_named() {
    let reason = "not an address and port, such as `127.0.0.1:8000`";
    check("[server]\nbind = \"nonsense\"", &format!("x.toml: `server.bind`: {reason}"));
    check_variables(
        "",
        &[("ANTIPHON__SERVER__BIND", "nonsense")],
        &format!("ANTIPHON__SERVER__BIND: `server.bind`: {reason}"),
    );
    check("[log]\nformat = \"fancy\"", "x.toml: `log.format`: must be `pretty` or `json`, not `fancy`");
    check(
        "[stream]\nkeep_alive = \"none\"",
        "x.toml: `stream.keep_alive`: must be `off`, `comment` or `chunk`, not `none`",
    );
    check(
        "[log]\nlevel = \"inof\"",
        "x.toml: `log.level`: `inof` is neither a level (off, error, warn, info, debug, trace) nor `target=level`",
    );
    check(
        "[log]\nlevel = \"info,antiphon=foo=bar\"",
        "x.toml: `log.level`: `antiphon=foo=bar` is neither a level (off, error, warn, info, debug, trace) nor \
         `target=level`",
    );
}

#[test]
fn text_that_is_no_toml_has_its_line() {
    check("[server]\n\nbind = \"", "x.toml: line 3: invalid basic string, expected `\"`");
    check("[server]\nworkers = 1\nworkers = 2", "x.toml: line 3: duplicate key");
}

#[test]
fn list_of_backends_must_hold_one() {
    let reason = "must be a list of one backend or more, each a `[[backends]]` table";
    check("backends = []", &format!("x.toml: `backends`: {reason}"));
    check("[backends]\nkind = \"echo\"", &format!("x.toml: `backends`: {reason}"));
}

#[test]
fn kind_must_be_there_and_known() {
    check("[[backends]]", "x.toml: `backends[0].kind`: is missing");
    check("[[backends]]\nkind = 1", "x.toml: `backends[0].kind`: must be a string");
    check(
        "[[backends]]\nkind = \"ecko\"",
        "x.toml: `backends[0].kind`: unknown kind `ecko`, did you mean `echo`?",
    );
    check("[[backends]]\nkind = \"vllm\"", "x.toml: `backends[0].kind`: unknown kind `vllm`, valid: `echo`");
}

#[test]
fn variable_for_a_backend_too_many_is_named() {
    check_variables(
        "",
        &[("ANTIPHON__BACKENDS__2__PREFIX", "x")],
        "ANTIPHON__BACKENDS__2__PREFIX: `backends[2].kind`: is missing",
    );
    check_variables(
        "",
        &[("ANTIPHON__BACKENDS__2__KIND", "echo")],
        "ANTIPHON__BACKENDS__2__KIND: `backends[2]`: leaves a gap: the next free number is 1",
    );
    check_variables(
        "",
        &[("ANTIPHON__MODELS__1__ID", "x")],
        "ANTIPHON__MODELS__1__ID: `models[1]`: leaves a gap: the next free number is 0",
    );
    check_variables(
        "[[backends]]\nkind = \"echo\"\nmodels = [\"a\", \"b\"]",
        &[("ANTIPHON__BACKENDS__0__MODELS__3", "x")],
        "ANTIPHON__BACKENDS__0__MODELS__3: `backends[0].models[3]`: leaves a gap: the next free number is 2",
    );
}

#[test]
fn model_of_two_backends_names_both() {
    check(
        &"[[backends]]\nkind = \"echo\"\n".repeat(2),
        "x.toml: `backends[1]`: answers for the model `echo`, and so does `backends[0]`",
    );
}

#[test]
fn backend_must_have_a_model() {
    check("[[backends]]\nkind = \"echo\"\nmodels = []", "x.toml: `backends[0].models`: has no model");
}

#[test]
fn model_that_stands_twice_in_one_list_is_named() {
    check(
        "[[backends]]\nkind = \"echo\"\nmodels = [\"a\", \"b\", \"a\"]",
        "x.toml: `backends[0].models`: has the model `a` twice",
    );
}

#[test]
fn model_name_that_no_request_can_give_is_refused() {
    let models = |name: &str| format!("[[backends]]\nkind = \"echo\"\nmodels = [\"*\", {name:?}]");
    for name in ["", " \t", "a b\n", "a\r", &"x".repeat(257)] {
        let reason = "cannot be a model's name, which is 1 to 256 characters, not all white space and no control \
                      character";
        check(&models(name), &format!("x.toml: `backends[0].models`: {name:?} {reason}"));
    }
    for name in ["a b", "vendor/model:7b", "模型", &"x".repeat(256)] {
        let built = load_with(&models(name), &[]).and_then(load::Loaded::build);
        assert!(built.is_ok(), "{name}");
    }
}

#[test]
fn pause_beyond_its_range_is_refused() {
    for key in ["token_delay_ms", "first_token_delay_ms"] {
        let backend = |value: i64| format!("[[backends]]\nkind = \"echo\"\n{key} = {value}");
        for value in [-5, 3_600_001, i64::MAX] {
            check(&backend(value), &format!("x.toml: `backends[0].{key}`: must be from 0 to 3600000"));
        }
        loaded(&backend(3_600_000), &[]);
    }
}

#[test]
fn misspelt_variable_names_the_right_spelling() {
    for (name, right) in [
        ("ANTIPHON_SERVER__WORKERS", "ANTIPHON__SERVER__WORKERS"),
        ("antiphon__api__strict", "ANTIPHON__API__STRICT"),
        ("ANTIPHON__server__workers", "ANTIPHON__SERVER__WORKERS"),
        ("Antiphon_Api__Strict", "ANTIPHON__API__STRICT"),
    ] {
        let line = format!("{name}: not a variable of Antiphon, did you mean `{right}`?");
        check_variables("", &[(name, "1")], &line);
    }
}

#[test]
fn variables_of_others_are_left_alone() {
    let others =
        ["ANTIPHON_PORT", "antiphon_python", "ANTIPHON", "ANTIPHONE__X", "MY_ANTIPHON__SERVER__WORKERS"];
    assert_eq!(loaded("", &others.map(|name| (name, "x"))), loaded("", &[]));
}

#[cfg(unix)]
#[test]
fn variable_that_is_not_utf8_is_named() {
    use std::os::unix::ffi::OsStringExt;

    let variables = [("ANTIPHON__LOG__LEVEL".into(), OsString::from_vec(vec![0xff]))];
    let refused = load(&file(""), variables, Flags::default(), &Kinds::default()).map(|loaded| loaded.config);
    assert_eq!(refused.unwrap_err().to_string(), "ANTIPHON__LOG__LEVEL: is not UTF-8");
}

#[test]
fn settings_of_models_are_checked() {
    let model = |rest: &str| format!("[[models]]\nid = \"echo\"\n{rest}");
    check(
        &model("thinking = 1"),
        "x.toml: unknown key `models[0].thinking`, valid: `models[0].id`, `models[0].reasoning`, `models[0].completions_by_chat`",
    );
    check(&model("reasoning = 1"), "x.toml: `models[0].reasoning`: must be a string, not an integer");
    check(&model("[[models]]\nid = \"echo\""), "x.toml: `models[1].id`: there is a table for `echo` before");
    check("[[models]]", "x.toml: `models[0].id`: is missing");
    check("[[models]]\nid = \"none\"", "x.toml: `models[0].id`: no backend has a model `none`");
    check("models = 1", "x.toml: `models`: must be a list of `[[models]]` tables");
    let known = "must be `apart`, `tags` or `begun`, not `tagged`";
    check(&model("reasoning = \"tagged\""), &format!("x.toml: `models[0].reasoning`: {known}"));
    check_variables(
        "",
        &[("ANTIPHON__MODELS__0__ID", "none")],
        "ANTIPHON__MODELS__0__ID: `models[0].id`: no backend has a model `none`",
    );
}
