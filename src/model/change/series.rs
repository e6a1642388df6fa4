//! In what series differ: what they are by themselves, which pages they have, and what an edition shows of them.

use std::sync::Arc;

use super::Compare;
use crate::model::edition::Model;
use crate::model::edition_entity;
use crate::model::fact::{Changed, Entity, Kind};
use crate::model::library::{Library, Pairing};
use crate::model::record::PageId;
use crate::model::syllabus::{Course, Syllabus};

/// What series are by themselves.
pub(super) fn faces(old: &Syllabus, new: &Syllabus, changed: &mut Changed) {
    for course in old.courses().iter().chain(new.courses()) {
        let face = |syllabus: &Syllabus| syllabus.course(course.id()).map(|one| one.face().map(Arc::clone));
        changed.compare(Entity::new("series", course.id()), Kind::SeriesFace, face(old), face(new));
    }
}

/// Which series pages belong to.
pub(super) fn memberships(old: &Library, new: &Library, pairing: &Pairing, changed: &mut Changed) {
    fn of(library: &Library, page: PageId) -> Option<&Arc<str>> {
        library.syllabus.of(page).map(Course::id)
    }
    for page in new.syllabus.members() {
        if let Some(was) = pairing.old(page) {
            changed.compare(new.pages[page.at()].entity, Kind::PageSeries, of(old, was), of(new, page));
        }
    }
    for was in old.syllabus.members() {
        if let Some(page) = pairing.new_of(was) {
            changed.compare(new.pages[page.at()].entity, Kind::PageSeries, of(old, was), of(new, page));
        }
    }
}

impl Compare<'_> {
    /// What this edition has of series.
    pub(super) fn series(&mut self) {
        let (old, new) = (self.old, self.new);
        let whole = edition_entity();
        self.named(&old.series, &new.series, "series", Kind::SeriesPages);
        self.plans();
        self.changed.compare(whole, Kind::SeriesPresence, old.series.is_empty(), new.series.is_empty());
        let ids = |model: &Model| -> Vec<Arc<str>> { model.series.keys().cloned().collect() };
        self.changed.compare(whole, Kind::SeriesList, ids(old), ids(new));
    }

    fn plans(&mut self) {
        let (old, new) = (self.old, self.new);
        let plan = |model: &Model, id: &str| -> Option<Vec<_>> {
            let plan = model.plans.get(id)?.iter();
            Some(plan.map(|(month, pages)| (month.clone(), model.entities(pages))).collect())
        };
        for id in old.plans.keys().chain(new.plans.keys()) {
            self.changed.compare(Entity::new("series", id), Kind::SeriesPlan, plan(old, id), plan(new, id));
        }
    }
}
