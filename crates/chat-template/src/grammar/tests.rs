//! What an answer that calls tools may be.

use antiphon_backend::chat::{
    Custom, FunctionCallChoice, Message, Request, Tool, ToolChoice, ToolChoiceMode,
};

use super::*;

fn request() -> Request {
    let schema = json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/a"}}, "$defs": {"a": {"const": {"$ref": "#"}}}});
    Request::new("m", [Message::user("a")]).tools([Function::new("f").parameters(schema), Function::new("g")])
}

fn names(request: &Request) -> Vec<String> {
    let grammar = Format::Hermes.grammar(request).unwrap();
    grammar.into_iter().flat_map(|grammar| grammar.calls).map(|call| call.name).collect()
}

#[test]
fn call_is_an_object_with_name_and_arguments() {
    let grammar = Format::Hermes.grammar(&request()).unwrap().unwrap();
    let none = json!({"type": "object", "properties": {}, "additionalProperties": false});
    let call = |name: &str, arguments: Value| CallForm {
        name: name.to_owned(),
        head: String::new(),
        schema: json!({
            "type": "object",
            "properties": {"name": {"const": name}, "arguments": arguments},
            "required": ["name", "arguments"],
            "additionalProperties": false,
        }),
    };
    let moved = json!({
        "type": "object",
        "properties": {"a": {"$ref": "#/properties/arguments/$defs/a"}},
        "$defs": {"a": {"const": {"$ref": "#"}}},
    });
    assert_eq!(
        grammar,
        CallGrammar {
            begin: "<tool_call>\n",
            between: "\n</tool_call>\n<tool_call>\n",
            end: "\n</tool_call>",
            calls: vec![call("f", moved), call("g", none)],
            is_required: false,
            is_parallel: true,
        }
    );
}

#[test]
fn formats_differ_in_keys_and_heads() {
    let schema = |format: Format| format.grammar(&request()).unwrap().unwrap().calls.remove(0);
    assert_eq!(
        schema(Format::Llama3).schema["properties"]["parameters"]["properties"]["a"]["$ref"],
        "#/properties/parameters/$defs/a"
    );
    let named = schema(Format::MistralArguments);
    assert_eq!(
        (named.head.as_str(), &named.schema["properties"]["a"]["$ref"]),
        ("f[ARGS]", &json!("#/$defs/a"))
    );
}

#[test]
fn tool_choice_says_which_calls_there_are() {
    let chosen = |choice: ToolChoice| request().tool_choice(choice);
    assert_eq!(names(&chosen(ToolChoice::function("g"))), ["g"]);
    assert_eq!(names(&chosen(ToolChoiceMode::Required.into())), ["f", "g"]);
    assert_eq!(Format::Hermes.grammar(&chosen(ToolChoiceMode::None.into())).unwrap(), None);
    let is_required = |request: &Request| Format::Plain.grammar(request).unwrap().unwrap().is_required;
    assert!(
        is_required(&chosen(ToolChoice::function("g")))
            && is_required(&chosen(ToolChoiceMode::Required.into()))
    );
    let mut older = Request::new("m", [Message::user("a")]);
    older.functions = Some(vec![Function::new("f"), Function::new("g")]);
    assert_eq!(names(&older), ["f", "g"]);
    older.function_call = Some(FunctionCallChoice::function("g"));
    assert!(names(&older) == ["g"] && is_required(&older));
}

#[test]
fn one_call_at_a_time_where_the_request_says_so() {
    let mut request = request();
    request.parallel_tool_calls = Some(false);
    assert!(!Format::Mistral.grammar(&request).unwrap().unwrap().is_parallel);
}

#[test]
fn custom_tool_is_refused() {
    let request = request().tools([Tool::from(Custom::new("sh"))]);
    assert!(
        matches!(Format::Hermes.grammar(&request), Err(TemplateError::NotFunction(param)) if param == "tools[0].type")
    );
}
