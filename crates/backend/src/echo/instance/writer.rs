//! Writes an instance of a schema, place by place.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::Root;
use super::choices::Choices;
use super::conjunction::{Conjunction, Kind, list};
use super::document::Document;
use super::{array, number, object, string};

/// How many schemas may hold for one place.
const MOST_AT_ONCE: usize = 1_000;

/// What stands at the root where that has to be an object.
static OBJECT: LazyLock<Value> = LazyLock::new(|| json!({"type": "object"}));

/// Why an instance could not be written.
#[derive(Debug)]
pub(super) enum Dead {
    /// Nothing can stand at this place, by the choices that were made.
    At(String),
    /// It has taken too many steps.
    Spent,
}

/// What is written beside that which is required.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fill {
    /// Nothing.
    Required,
    /// The first thing that takes the text, where nothing that is required does.
    Optional,
}

/// Writes one instance.
pub(super) struct Writer<'a, 's> {
    document: &'a Document<'s>,
    choices: &'a mut Choices,
    text: &'a str,
    /// The length of the text in characters.
    characters: u64,
    fill: Fill,
    has_text: bool,
    /// How many levels more the instance may have.
    levels: usize,
    /// Whether anything was left out or given up because it was deeper.
    was_too_deep: bool,
    /// The place that is being written, as a JSON pointer.
    path: String,
    /// Which of the values that would do is wanted: another for each item of an array whose items differ.
    variant: u64,
    /// Which of its optional members the next object has, a bit for each.
    added: u64,
    left: &'a mut u32,
}

impl<'a, 's> Writer<'a, 's> {
    pub(super) fn new(
        document: &'a Document<'s>,
        choices: &'a mut Choices,
        text: &'a str,
        fill: Fill,
        depth: usize,
        left: &'a mut u32,
    ) -> Self {
        let characters = text.chars().count() as u64;
        let path = String::new();
        Self {
            document,
            choices,
            text,
            characters,
            fill,
            has_text: false,
            levels: depth,
            was_too_deep: false,
            path,
            variant: 0,
            added: 0,
            left,
        }
    }

    /// Writes the whole instance.
    pub(super) fn root(&mut self, root: Root) -> Result<Value, Dead> {
        let schema = self.document.root();
        match root {
            Root::Any => self.value(&[schema]),
            Root::Object => self.value(&[schema, &OBJECT]),
        }
    }

    /// The schema as a whole.
    pub(super) fn document(&self) -> &'a Document<'s> {
        self.document
    }

    /// Whether the text stands in what has been written.
    pub(super) fn has_text(&self) -> bool {
        self.has_text
    }

    /// Whether a deeper instance could be another.
    pub(super) fn was_too_deep(&self) -> bool {
        self.was_too_deep
    }

    /// Writes a value that these schemas allow, at the place where the writer is.
    fn value(&mut self, schemas: &[&'s Value]) -> Result<Value, Dead> {
        // For the value itself, and for its path, which every choice at this place keeps.
        self.spend(1 + self.path.len() / 16)?;
        let mut place = Place { choices: 0 };
        let all = self.conjunction(schemas, &mut place)?;
        let mut kinds = all.kinds();
        if let Some(values) = all.listed() {
            let fitting: Vec<_> =
                values.iter().filter(|value| kinds.iter().any(|kind| kind.is_of(value))).collect();
            self.spend(fitting.len() / 64)?;
            let chosen = *self.one_of(&mut place, &self.rotated(&fitting))?;
            self.spend(size(chosen) / 64)?;
            return Ok(chosen.clone());
        }
        if self.wants_more() && all.takes_text(self.characters) {
            kinds.sort_by_key(|kind| *kind != Kind::String);
        }
        match *self.one_of(&mut place, &kinds)? {
            Kind::Null => Ok(Value::Null),
            Kind::Boolean => {
                self.one_of(&mut place, &self.rotated(&[false, true])).map(|value| Value::from(*value))
            }
            kind @ (Kind::Integer | Kind::Number) => {
                let numbers = number::candidates(&all, kind == Kind::Integer, self.variant);
                self.one_of(&mut place, &numbers).cloned()
            }
            Kind::String => self.string(&all, &mut place),
            Kind::Array => array::write(self, &all),
            Kind::Object => object::write(self, &all),
        }
    }

    fn string(&mut self, all: &Conjunction<'s>, place: &mut Place) -> Result<Value, Dead> {
        let takes_text = !self.has_text && all.takes_text(self.characters);
        let patterns = all.each("pattern").filter_map(Value::as_str).map(str::len).sum::<usize>();
        // Each is read several times, and a class of characters is long.
        self.spend(2 * patterns)?;
        let candidates = string::candidates(all, self.variant);
        self.spend(candidates.iter().map(String::len).sum::<usize>() / 64)?;
        match self.choose(place, candidates.len() + usize::from(takes_text)) {
            0 if takes_text => {
                self.has_text = true;
                Ok(self.text.into())
            }
            chosen => match candidates.get(chosen - usize::from(takes_text)) {
                Some(candidate) => Ok(candidate.as_str().into()),
                None => Err(self.dead()),
            },
        }
    }

    /// All schemas that hold where these do: with what they refer to, all parts of all, one branch of any.
    fn conjunction(&mut self, schemas: &[&'s Value], place: &mut Place) -> Result<Conjunction<'s>, Dead> {
        let mut all = Conjunction::default();
        let mut waiting: Vec<_> = schemas.iter().rev().copied().collect();
        while let Some(schema) = waiting.pop() {
            self.spend(1 + all.len() / 16)?;
            let schema = match schema {
                Value::Bool(true) => continue,
                Value::Object(schema) => schema,
                _ => return Err(self.dead()),
            };
            if !all.insert(schema) {
                continue;
            }
            if all.len() > MOST_AT_ONCE {
                return Err(self.dead());
            }
            let start = waiting.len();
            waiting.extend(self.document.references(schema));
            waiting.extend(list(schema, "allOf"));
            waiting.extend(self.branches(schema, place));
            waiting[start..].reverse();
        }
        Ok(all)
    }

    /// One branch of each keyword that has some.
    fn branches(&mut self, schema: &'s Map<String, Value>, place: &mut Place) -> Vec<&'s Value> {
        let mut chosen = Vec::new();
        for branches in ["anyOf", "oneOf"].map(|keyword| list(schema, keyword)) {
            if branches.is_empty() {
                continue;
            }
            let wanted = if self.wants_more() {
                branches.iter().position(|branch| self.is_text(branch))
            } else {
                None
            };
            let branch = self.choose(place, branches.len()) + wanted.unwrap_or(0);
            chosen.push(&branches[branch % branches.len()]);
        }
        if let Some(condition) = schema.get("if") {
            match self.choose(place, 3) {
                0 => {}
                1 => chosen.extend([Some(condition), schema.get("then")].into_iter().flatten()),
                _ => chosen.extend(schema.get("else")),
            }
        }
        chosen
    }

    /// Whether a branch is a string that takes the text, as far as it says by itself.
    fn is_text(&self, branch: &'s Value) -> bool {
        let mut all = Conjunction::default();
        branch.as_object().is_some_and(|schema| all.insert(schema))
            && all.kinds().first() == Some(&Kind::String)
            && all.takes_text(self.characters)
    }

    /// Whether something more should be written, for the sake of the text.
    pub(super) fn wants_more(&self) -> bool {
        self.fill == Fill::Optional && !self.has_text
    }

    /// Writes a part of the value that is being written.
    pub(super) fn part(&mut self, name: &str, schemas: &[&'s Value]) -> Result<Value, Dead> {
        let length = self.path.len();
        self.path.push('/');
        self.path.push_str(&name.replace('~', "~0").replace('/', "~1"));
        let written = if self.levels == 0 {
            self.was_too_deep = true;
            Err(self.dead())
        } else {
            self.levels -= 1;
            let written = self.value(schemas);
            self.levels += 1;
            written
        };
        self.path.truncate(length);
        written
    }

    /// Writes a part that is not required; none where it would not take the text.
    pub(super) fn optional_part(&mut self, name: &str, schemas: &[&'s Value]) -> Result<Option<Value>, Dead> {
        match self.part(name, schemas) {
            Ok(value) => Ok(Some(value).filter(|_| self.has_text)),
            Err(Dead::Spent) => Err(Dead::Spent),
            Err(_) => Ok(None),
        }
    }

    /// Writes an item of an array whose items differ, and whose object has these of its optional members.
    pub(super) fn variant(
        &mut self,
        variant: u64,
        added: u64,
        name: &str,
        schemas: &[&'s Value],
    ) -> Result<Value, Dead> {
        let outer = (self.variant, self.added);
        (self.variant, self.added) = (variant, added);
        let written = self.part(name, schemas);
        (self.variant, self.added) = outer;
        written
    }

    /// Takes the optional members that the object here is to have beside those that are required, a bit for each.
    pub(super) fn take_added(&mut self) -> u64 {
        std::mem::take(&mut self.added)
    }

    /// The values with that of the variant first.
    fn rotated<T: Clone>(&self, values: &[T]) -> Vec<T> {
        let mut values = values.to_vec();
        let first = self.variant % (values.len() as u64).max(1);
        values.rotate_left(usize::try_from(first).unwrap_or_default());
        values
    }

    fn one_of<'v, T>(&mut self, place: &mut Place, values: &'v [T]) -> Result<&'v T, Dead> {
        let chosen = self.choose(place, values.len());
        values.get(chosen).ok_or_else(|| self.dead())
    }

    fn choose(&mut self, place: &mut Place, of: usize) -> usize {
        place.choices += 1;
        self.choices.choose(&self.path, place.choices, of)
    }

    /// Nothing can stand here.
    pub(super) fn dead(&self) -> Dead {
        Dead::At(self.path.clone())
    }

    pub(super) fn spend(&mut self, steps: usize) -> Result<(), Dead> {
        let steps = u32::try_from(steps).unwrap_or(u32::MAX);
        *self.left = self.left.checked_sub(steps).ok_or(Dead::Spent)?;
        Ok(())
    }
}

/// About how many bytes a value is.
fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(|item| 64 + size(item)).sum(),
        Value::Object(members) => members.iter().map(|(name, member)| 64 + name.len() + size(member)).sum(),
        _ => 8,
    }
}

/// The place that is being written.
struct Place {
    /// How many choices were made there.
    choices: u32,
}
