//! The way of an answer's pieces to its reader, who may be slow.

use std::collections::VecDeque;

use antiphon_backend::mpsc::{self, error::TrySendError};

use super::job::Piece;

/// How many pieces wait for a reader before its answer pauses.
const CAPACITY: usize = 32;

/// The sending end, with what there was no room for.
pub(crate) struct Outlet {
    sender: mpsc::Sender<Piece>,
    /// A text and an end, at most: who has any generates nothing.
    held: VecDeque<Piece>,
}

impl Outlet {
    /// An outlet, and the end that is read from.
    pub(crate) fn new() -> (Self, mpsc::Receiver<Piece>) {
        let (sender, receiver) = mpsc::channel(CAPACITY);
        (Self { sender, held: VecDeque::new() }, receiver)
    }

    /// Sends a piece, or holds it until there is room.
    pub(crate) fn send(&mut self, piece: Piece) {
        self.held.push_back(piece);
        self.flush();
    }

    /// Sends what is held, as far as there is room.
    pub(crate) fn flush(&mut self) {
        while let Some(piece) = self.held.pop_front() {
            match self.sender.try_send(piece) {
                Ok(()) => {}
                Err(TrySendError::Full(piece)) => {
                    self.held.push_front(piece);
                    return;
                }
                // Nobody reads any more.
                Err(TrySendError::Closed(_)) => self.held.clear(),
            }
        }
    }

    /// Whether the reader is behind.
    pub(crate) fn is_full(&self) -> bool {
        !self.held.is_empty()
    }

    /// Whether nobody reads any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }

    /// Waits until the reader has taken something, or is gone.
    pub(crate) async fn has_room(&self) {
        // Both outcomes end the wait; what to do then is found out by `flush`.
        drop(self.sender.reserve().await);
    }

    /// Waits until nobody reads any more.
    pub(crate) async fn closed(&self) {
        self.sender.closed().await;
    }
}
