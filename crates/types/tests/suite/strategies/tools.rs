//! Tools, choices among them, calls of them.

use antiphon_types::chat::{
    AllowedTool, AllowedToolsMode, Custom, CustomFormat, Function, FunctionCall, FunctionCallChoice,
    FunctionCallMode, GrammarSyntax, Tool, ToolCall, ToolChoice, ToolChoiceMode, ToolName,
};
use proptest::prelude::*;

use super::{Api, closed_extra, extra, list, maybe, open, schema_object, tagged, text};

pub(crate) fn tool(api: Api) -> BoxedStrategy<Tool> {
    let known = prop_oneof![
        with_extra(function().prop_map(Tool::function)),
        with_extra(custom(api).prop_map(Tool::custom)),
    ];
    tagged(api, known.boxed(), Tool::Other)
}

/// Gives unknown fields to the outer object of a tool.
fn with_extra(tool: impl Strategy<Value = Tool> + 'static) -> BoxedStrategy<Tool> {
    (tool, extra())
        .prop_map(|(mut tool, extra)| {
            match &mut tool {
                Tool::Function(tool) => tool.extra = extra,
                Tool::Custom(tool) => tool.extra = extra,
                _ => {}
            }
            tool
        })
        .boxed()
}

pub(crate) fn function() -> BoxedStrategy<Function> {
    fields!(
        text().prop_map(Function::new),
        description: maybe(text()),
        parameters: maybe(schema_object()),
        strict: maybe(any::<bool>()),
        extra: extra(),
    )
}

fn custom(api: Api) -> BoxedStrategy<Custom> {
    fields!(
        text().prop_map(Custom::new),
        description: maybe(text()),
        format: maybe(custom_format(api)),
        extra: extra(),
    )
}

pub(crate) fn custom_format(api: Api) -> BoxedStrategy<CustomFormat> {
    let grammar = (open::<GrammarSyntax>(api, GrammarSyntax::KNOWN), text(), extra(), closed_extra(api));
    let known = prop_oneof![
        closed_extra(api).prop_map(|extra| {
            let mut format = CustomFormat::text();
            if let CustomFormat::Text(format) = &mut format {
                format.extra = extra;
            }
            format
        }),
        grammar.prop_map(|(syntax, definition, inner, outer)| {
            let mut format = CustomFormat::grammar(syntax, definition);
            if let CustomFormat::Grammar(format) = &mut format {
                (format.grammar.extra, format.extra) = (inner, outer);
            }
            format
        }),
    ];
    tagged(api, known.boxed(), CustomFormat::Other)
}

pub(crate) fn tool_call(api: Api) -> BoxedStrategy<ToolCall> {
    let known = (any::<bool>(), text(), text(), text(), extra(), extra());
    let known = known.prop_map(|(custom, id, name, text, inner, outer)| {
        let mut call =
            if custom { ToolCall::custom(id, name, text) } else { ToolCall::function(id, name, text) };
        match &mut call {
            ToolCall::Function(call) => (call.function.extra, call.extra) = (inner, outer),
            ToolCall::Custom(call) => (call.custom.extra, call.extra) = (inner, outer),
            _ => {}
        }
        call
    });
    tagged(api, known.boxed(), ToolCall::Other)
}

pub(crate) fn function_call() -> BoxedStrategy<FunctionCall> {
    fields!(Just(FunctionCall::new("", "")), name: text(), arguments: text(), extra: extra())
}

pub(crate) fn tool_choice(api: Api) -> BoxedStrategy<ToolChoice> {
    let allowed = (
        open::<AllowedToolsMode>(api, AllowedToolsMode::KNOWN),
        list(0, allowed_tool(api)),
        extra(),
        extra(),
    );
    let known = prop_oneof![
        open::<ToolChoiceMode>(api, ToolChoiceMode::KNOWN).prop_map(ToolChoice::Mode),
        (any::<bool>(), text(), extra(), extra()).prop_map(|(custom, name, inner, outer)| {
            let mut choice = if custom { ToolChoice::custom(name) } else { ToolChoice::function(name) };
            match &mut choice {
                ToolChoice::Function(choice) => (choice.function.extra, choice.extra) = (inner, outer),
                ToolChoice::Custom(choice) => (choice.custom.extra, choice.extra) = (inner, outer),
                _ => {}
            }
            choice
        }),
        allowed.prop_map(|(mode, tools, inner, outer)| {
            let mut choice = ToolChoice::allowed_tools(mode, tools);
            if let ToolChoice::AllowedTools(choice) = &mut choice {
                (choice.allowed_tools.extra, choice.extra) = (inner, outer);
            }
            choice
        }),
    ];
    tagged(api, known.boxed(), ToolChoice::Other)
}

fn allowed_tool(api: Api) -> BoxedStrategy<AllowedTool> {
    let known = (any::<bool>(), text(), extra(), extra()).prop_map(|(custom, name, inner, outer)| {
        let mut tool = if custom { AllowedTool::custom(name) } else { AllowedTool::function(name) };
        match &mut tool {
            AllowedTool::Function(tool) => (tool.function.extra, tool.extra) = (inner, outer),
            AllowedTool::Custom(tool) => (tool.custom.extra, tool.extra) = (inner, outer),
            _ => {}
        }
        tool
    });
    tagged(api, known.boxed(), AllowedTool::Other)
}

pub(crate) fn function_call_choice(api: Api) -> BoxedStrategy<FunctionCallChoice> {
    prop_oneof![
        open::<FunctionCallMode>(api, FunctionCallMode::KNOWN).prop_map(FunctionCallChoice::Mode),
        fields!(text().prop_map(ToolName::new), extra: extra()).prop_map(FunctionCallChoice::Function),
    ]
    .boxed()
}
