//! What a job reads of a screen's programme.

use std::sync::Arc;

use super::Reader;
use crate::model::fact::Kind;
use crate::model::programme::Programme;
use crate::model::record::PageId;
use crate::slide::Deck;

impl<'a> Reader<'a> {
    /// What screen number `at` of this edition's office shows.
    pub fn programme(&self, at: usize) -> Option<&'a Programme> {
        let programme = self.model.programmes().get(at)?;
        self.recorder.read(programme.entity().fact(Kind::Screen));
        Some(programme)
    }

    /// The slides of a page on screen number `at`.
    pub fn deck(&self, at: usize, page: PageId) -> Option<&'a Arc<Deck>> {
        let programme = self.model.programmes().get(at)?;
        self.recorder.read(programme.deck_entity(self.model.record(page)).fact(Kind::Screen));
        programme.entry(page).map(|entry| &entry.deck)
    }

    /// Whether screen number `at` holds a page.
    pub fn is_on_screen(&self, at: usize, page: PageId) -> bool {
        let Some(programme) = self.model.programmes().get(at) else { return false };
        self.recorder.read(programme.place_entity(self.model.record(page)).fact(Kind::Screen));
        programme.entry(page).is_some()
    }
}
