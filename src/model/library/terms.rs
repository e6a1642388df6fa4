//! The terms of all pages. A term keeps its number from build to build, so that a new one leaves every page's record as
//! it is; so nothing may be ordered by number, but by [`Terms::rank`].

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;

use crate::content::slug_of_term;
use crate::model::fact::Entity;
use crate::model::record::{TermId, TermRecord};
use crate::source::Config;

/// A term by its taxonomy's number and its name.
pub(super) type Name = (usize, Arc<str>);

/// So many terms that no page has any more are carried along, and as many more as there are terms.
const DEAD: usize = 200;

/// Every term met on any page.
#[derive(Debug, Default)]
pub(in super::super) struct Terms {
    records: Vec<TermRecord>,
    /// Numbers by taxonomy and name.
    sorted: Vec<TermId>,
    rank: Vec<u32>,
    /// The same for all that number alike.
    lineage: Arc<()>,
}

impl Deref for Terms {
    type Target = [TermRecord];

    fn deref(&self) -> &[TermRecord] {
        &self.records
    }
}

impl Terms {
    /// Numbers the names, which are sorted, from nothing.
    pub fn new<'a>(config: &Config, met: impl IntoIterator<Item = &'a Name>) -> Self {
        let records = met.into_iter().map(|name| record(config, name)).collect();
        Self::finish(records, Arc::default())
    }

    /// The same with `new` names, which it does not hold, and only those `met` that are, by number. `None` when so many
    /// are met no more that it is time to number anew.
    pub fn with(&self, config: &Config, met: &[bool], new: &[Name]) -> Option<Self> {
        let mut records = self.records.clone();
        for (record, &met) in records.iter_mut().zip(met) {
            record.met = met;
        }
        records.extend(new.iter().map(|name| record(config, name)));
        let alive = records.iter().filter(|record| record.met).count();
        (records.len() - alive <= DEAD + alive).then(|| Self::finish(records, self.lineage.clone()))
    }

    fn finish(mut records: Vec<TermRecord>, lineage: Arc<()>) -> Self {
        let plain: Vec<Arc<str>> = records.iter().map(|record| slug_of_term(&record.name, false).into()).collect();
        let mut slugs: HashMap<(usize, Arc<str>), usize> = HashMap::new();
        for (record, slug) in records.iter().zip(&plain).filter(|(record, _)| record.met) {
            *slugs.entry((record.taxonomy, slug.clone())).or_default() += 1;
        }
        for (record, plain) in records.iter_mut().zip(plain) {
            let clashes = slugs.get(&(record.taxonomy, plain.clone())).is_some_and(|&n| n > 1);
            let slug = if clashes { slug_of_term(&record.name, true).into() } else { plain };
            if record.slug != slug {
                // What stands before the slug is the taxonomy's folder.
                let taxonomy = record.out.split('/').next().unwrap_or_default();
                record.out = format!("{taxonomy}/{slug}/").into();
                record.path = format!("{}index.html", record.out).into();
                record.slug = slug;
            }
        }
        let mut sorted: Vec<TermId> = (0..records.len() as u32).map(TermId).collect();
        sorted.sort_unstable_by(|a, b| name(&records[a.at()]).cmp(&name(&records[b.at()])));
        let mut rank = vec![0; records.len()];
        for (at, id) in sorted.iter().enumerate() {
            rank[id.at()] = at as u32;
        }
        Self { records, sorted, rank, lineage }
    }

    /// The number of a term.
    pub fn find(&self, taxonomy: usize, wanted: &str) -> Option<TermId> {
        let at = self.sorted.binary_search_by(|id| name(&self.records[id.at()]).cmp(&(taxonomy, wanted))).ok()?;
        Some(self.sorted[at])
    }

    /// Its place by taxonomy and name.
    pub fn rank(&self, id: TermId) -> u32 {
        self.rank[id.at()]
    }

    /// Whether they have the numbers and addresses that they have in `old`.
    pub fn stand_as(&self, old: &Self) -> bool {
        let same = |(a, b): (&TermRecord, &TermRecord)| (a.met, &a.path) == (b.met, &b.path);
        old.are_numbered_as(self) && self.len() == old.len() && self.iter().zip(old.iter()).all(same)
    }

    /// Whether `newer` numbers these terms as they are numbered here.
    pub fn are_numbered_as(&self, newer: &Self) -> bool {
        Arc::ptr_eq(&self.lineage, &newer.lineage)
    }
}

fn name(record: &TermRecord) -> (usize, &str) {
    (record.taxonomy, &record.name)
}

/// A record whose slug is still to come.
fn record(config: &Config, (taxonomy, name): &Name) -> TermRecord {
    let id = &config.taxonomies()[*taxonomy].id;
    TermRecord {
        entity: Entity::new("term", &format!("{id}/{name}")),
        taxonomy: *taxonomy,
        name: name.clone(),
        slug: "".into(),
        out: format!("{id}/").into(),
        path: "".into(),
        met: true,
    }
}
