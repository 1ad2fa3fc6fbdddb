//! Where to put an answer, so that what its prompt shares with others is not computed again.

use llama_cpp_2::token::LlamaToken;

use super::slot::Slot;

/// A slot for an answer, and what of its prompt is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Placement {
    /// The slot that it gets.
    pub(crate) slot: usize,
    /// The slot that knows the begin of the prompt; the same, or one to copy from.
    pub(crate) donor: usize,
    /// So many tokens of the prompt.
    pub(crate) shared: usize,
}

/// Copying the cache of a slot copies all of it: for fewer tokens than these it is faster to compute them again.
const LEAST_COPIED: usize = 16;

/// Finds the best slot that is free for a prompt, if there is one.
///
/// That is the one that knows most of the prompt, if that is most of what it knows: otherwise it may be worth more to
/// another, and the slot that was not used for longest gets a copy of its begin.
pub(crate) fn place(slots: &[Slot], prompt: &[LlamaToken]) -> Option<Placement> {
    let is_free = |slot: &usize| slots[*slot].active.is_none();
    let shared = |slot: usize| common(&slots[slot].known, prompt);
    let donor = (0..slots.len()).max_by_key(|slot| (shared(*slot), is_free(slot)))?;
    if is_free(&donor) && shared(donor) * 2 >= slots[donor].known.len() {
        return Some(Placement { slot: donor, donor, shared: shared(donor) });
    }
    let age = |slot: &usize| (*slot == donor, !slots[*slot].known.is_empty(), slots[*slot].used);
    let slot = (0..slots.len()).filter(is_free).min_by_key(age)?;
    let shared = if slot == donor || shared(donor) >= LEAST_COPIED { shared(donor) } else { 0 };
    Some(Placement { slot, donor, shared })
}

/// How many tokens of a prompt are known; never the last, whose logits are needed.
fn common(known: &[LlamaToken], prompt: &[LlamaToken]) -> usize {
    let most = prompt.len().saturating_sub(1);
    known.iter().zip(&prompt[..most]).take_while(|(one, other)| one == other).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(ids: &[i32]) -> Vec<LlamaToken> {
        ids.iter().copied().map(LlamaToken::new).collect()
    }

    fn slot(id: i32, used: u64, known: &[i32]) -> Slot {
        Slot { used, known: tokens(known), ..Slot::new(id) }
    }

    fn check(slots: &[Slot], prompt: &[i32], expected: (usize, usize, usize)) {
        let (slot, donor, shared) = expected;
        assert_eq!(place(slots, &tokens(prompt)), Some(Placement { slot, donor, shared }));
    }

    #[test]
    fn slot_that_knows_the_conversation_gets_its_next_turn() {
        check(&[slot(0, 1, &[]), slot(1, 2, &[1, 2, 3])], &[1, 2, 3, 4, 5], (1, 1, 3));
    }

    #[test]
    fn slot_that_knows_more_keeps_it_and_is_copied_from() {
        let long: Vec<_> = (0..100).collect();
        let other: Vec<_> = (0..20).chain([7]).collect();
        check(&[slot(0, 2, &[9]), slot(1, 1, &long)], &other, (0, 1, 20));
    }

    #[test]
    fn what_is_short_is_not_copied() {
        check(&[slot(0, 2, &[9]), slot(1, 1, &[1, 2, 3, 4, 5, 6])], &[1, 2, 7], (0, 1, 0));
    }

    #[test]
    fn last_token_is_always_computed() {
        check(&[slot(0, 1, &[1, 2, 3])], &[1, 2, 3], (0, 0, 2));
    }
}
