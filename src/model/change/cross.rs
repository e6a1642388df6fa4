//! What pages of several kinds have to do with each other: which articles are cited, what stands side by side, the map.

use std::sync::Arc;

use super::{Compare, Led};
use crate::model::edition::{Model, Stand};
use crate::model::edition_entity;
use crate::model::fact::{Entity, Kind};
use crate::model::place::Cited;
use crate::model::record::PageId;

/// A line of business of the map: its name, its term, and by column and kind how many pages and the newest.
type Row = (Arc<str>, Option<Entity>, Vec<bool>, Vec<Vec<(usize, Option<Entity>)>>);

impl Model {
    /// Where a citation leads, as what is printed depends on it: only to a page that the edition holds.
    pub(super) fn led_by(&self, cited: &Cited) -> Led {
        let law = cited.law.filter(|&law| self.stand(law) == Stand::Here).map(|law| self.record(law).path.clone());
        let anchors: Vec<&str> = cited.anchors.iter().map(|anchor| anchor.as_deref().unwrap_or_default()).collect();
        (7, law, Some(anchors.join("#").into()), None)
    }

    fn map_rows(&self) -> (Vec<Arc<str>>, Vec<Arc<str>>, Vec<Row>) {
        let map = self.library.map();
        let kinds = map.kinds.iter().map(|&at| self.library.config.kinds()[at].id.clone()).collect();
        let rows = map.rows.iter().map(|row| {
            let cell = |cell: &Vec<(usize, Option<PageId>)>| {
                cell.iter().map(|&(count, newest)| (count, self.entity_of(newest))).collect()
            };
            let term = row.term.map(|term| self.library.terms[term.at()].entity);
            (row.name.clone(), term, row.home.clone(), row.cells.iter().map(cell).collect())
        });
        (map.columns.clone(), kinds, rows.collect())
    }
}

impl Compare<'_> {
    /// Whether a number has a page of the same kind in both, or has none in one of them.
    pub(super) fn has_same_kind(&self, id: PageId) -> bool {
        let kind = |model: &Model| model.library.rows.get(id.at()).map(|row| row.kind);
        kind(self.old).zip(kind(self.new)).is_none_or(|(old, new)| old == new)
    }

    /// The pages of other kinds beside page `old` of before, which is `new`.
    pub(super) fn across_kinds(&mut self, old: PageId, new: PageId) {
        let (was, now) = (self.old, self.new);
        let pair = (Some(old), Some(new));
        if !self.same_list(was.related.of(&was.library, old), now.related.of(&now.library, new)) {
            self.differs(pair, Kind::PageRelated);
        }
        let before = was.related.sides(&was.library, old).map(|(kind, id)| (kind, self.pairing.new_of(id)));
        let after = now.related.sides(&now.library, new).map(|(kind, id)| (kind, Some(id)));
        if !before.eq(after) {
            self.differs(pair, Kind::PageSides);
        }
    }

    /// Who cites the articles of page `old` of before, which is `new`.
    pub(super) fn cited(&mut self, old: PageId, new: PageId) {
        let before = self.old.cited(old).into_iter().map(|(number, id)| (number, self.pairing.new_of(id)));
        if !before.eq(self.new.cited(new).into_iter().map(|(number, id)| (number, Some(id)))) {
            self.differs((Some(old), Some(new)), Kind::PageCited);
        }
    }

    /// The map, which speaks of the whole portal.
    pub(super) fn map(&mut self) {
        if self.old.map_rows() != self.new.map_rows() {
            self.changed.add(edition_entity().fact(Kind::Map));
        }
    }
}
