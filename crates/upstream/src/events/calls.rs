//! Which call of a tool a piece belongs to.

use antiphon_backend::CompactString;

use crate::answer::Text;

/// The most calls of one choice: the API allows 128 tools, and a model may call one twice.
const MOST_CALLS: u32 = 1_024;

/// The calls of a choice that have begun; the slot of each is its place.
#[derive(Clone, Debug, Default)]
pub(super) struct Calls(Vec<Begun>);

#[derive(Clone, Debug)]
struct Begun {
    slot: u32,
    index: Option<u32>,
    id: Option<CompactString>,
}

/// What a piece is of its call.
#[derive(Debug)]
pub(super) enum Piece {
    Begins { slot: u32, name: CompactString },
    Goes { slot: u32 },
}

impl Calls {
    /// The call that a piece with this index, id and name belongs to.
    ///
    /// `None` where it begins one without a name, which no later piece would bring, or one too many.
    pub(super) fn piece(
        &mut self,
        index: Option<u32>,
        id: Option<&str>,
        name: Option<Text>,
    ) -> Option<Piece> {
        if let Some(slot) = self.known(index, id, name.is_some()) {
            return Some(Piece::Goes { slot });
        }
        let slot = u32::try_from(self.0.len()).ok().filter(|slot| *slot < MOST_CALLS)?;
        let Text(name) = name?;
        self.0.push(Begun { slot, index, id: id.map(CompactString::from) });
        Some(Piece::Begins { slot, name })
    }

    /// The call that a piece goes on with; `None` where it begins one.
    ///
    /// By its index; where a server gives none, or the same to all calls, a piece with another id and a name begins one.
    fn known(&self, index: Option<u32>, id: Option<&str>, has_name: bool) -> Option<u32> {
        let begun = match index {
            Some(_) => self.0.iter().rev().find(|begun| begun.index == index)?,
            None => self.0.last()?,
        };
        let is_other = match id {
            Some(id) => has_name && begun.id.as_deref() != Some(id),
            // Servers without ids: each call has its name, and no fragment has.
            None => has_name && index.is_none(),
        };
        (!is_other).then_some(begun.slot)
    }
}
