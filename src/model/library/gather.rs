//! Terms and files, gathered over all pages before any page has its record.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::terms::{Name, Terms};
use super::{Maker, Raw, below_content, said, split};
use crate::content::At;
use crate::diag::{Diagnostic, TERM_UNKNOWN, nearest};
use crate::model::address;
use crate::model::fact::Entity;
use crate::model::record::{AssetRecord, PageId, TermId};
use crate::picture;
use crate::source::{FileKind, Names};

impl Maker<'_> {
    /// The names of the terms of each page that is not as before, and every term met on any page.
    pub(super) fn terms(&self) -> (Arc<Terms>, Vec<Raw>) {
        let names = |at: usize| if self.before(at).is_some() { Raw::default() } else { self.term_names(at) };
        let raw: Vec<Raw> = (0..self.outline.pages.len()).into_par_iter().map(names).collect();
        if let Some(terms) = self.previous.as_ref().and_then(|before| self.same_terms(&before.library.terms, &raw)) {
            return (terms, raw);
        }
        // All are numbered anew, so every page needs its names.
        let all = |(at, own): (usize, Raw)| if self.before(at).is_some() { self.term_names(at) } else { own };
        let raw: Vec<Raw> = raw.into_par_iter().enumerate().map(all).collect();
        let distinct: HashSet<&Name> = raw.iter().flat_map(|(names, _)| names).collect();
        let met: BTreeSet<&Name> = distinct.into_iter().collect();
        (Arc::new(Terms::new(self.config, met)), raw)
    }

    /// The names of the terms of page number `at`, and what is wrong with them.
    pub(super) fn term_names(&self, at: usize) -> Raw {
        let fronts = self.fronts(&self.outline.pages[at]);
        let (mut own, mut problems): Raw = Raw::default();
        for (at, taxonomy) in self.config.taxonomies().iter().enumerate() {
            let Some((words, file)) =
                said(&fronts, |front| front.terms.iter().find(|(id, _)| *id == taxonomy.id).map(|(_, words)| words))
            else {
                continue;
            };
            for word in words {
                if !taxonomy.terms.is_empty() && !taxonomy.terms.contains(&word.value) {
                    problems.push(term_unknown(file, &taxonomy.name, &taxonomy.terms, word));
                    continue;
                }
                let term = (at, word.value.clone());
                if !own.contains(&term) {
                    own.push(term);
                }
            }
        }
        (own, problems)
    }

    /// The terms of before, with what is new and without what is gone.
    fn same_terms(&self, before: &Arc<Terms>, raw: &[Raw]) -> Option<Arc<Terms>> {
        let mut met = vec![false; before.len()];
        let mut new: BTreeSet<&Name> = BTreeSet::new();
        for (at, (names, _)) in raw.iter().enumerate() {
            if let Some((old, before)) = self.before(at).zip(self.previous.as_ref()) {
                before.library.terms_of.of(old).iter().for_each(|id| met[id.at()] = true);
            }
            for name in names {
                match before.find(name.0, &name.1) {
                    Some(id) => met[id.at()] = true,
                    None => {
                        new.insert(name);
                    }
                }
            }
        }
        if new.is_empty() && before.iter().zip(&met).all(|(term, &met)| term.met == met) {
            return Some(before.clone());
        }
        let new: Vec<Name> = new.into_iter().cloned().collect();
        before.with(self.config, &met, &new).map(Arc::new)
    }

    /// The number of a term.
    pub(super) fn term(&self, taxonomy: usize, name: &str) -> Option<TermId> {
        self.terms.find(taxonomy, name)
    }

    /// The files beside pages, sorted by path, and the folder page that each lies beside.
    pub(super) fn assets(&self) -> (Arc<[AssetRecord]>, Vec<Option<PageId>>) {
        let hashed = self.sources.options().names == Names::Hashed;
        let mut assets = Vec::new();
        let mut owners = Vec::new();
        for file in self.sources.files() {
            if matches!(file.kind(), FileKind::Text) {
                continue;
            }
            let path = below_content(file.path());
            let (folder, name) = split(path);
            let (out, owner) = self.asset_folder(folder);
            let is_cleaned = file.picture().is_some_and(picture::Picture::is_cleaned);
            let mark = if is_cleaned { picture::mark(file.hash()) } else { file.hash() };
            let name = if hashed { address::hashed_name(name, mark) } else { name.to_owned() };
            let target = format!("{out}{name}");
            owners.push(owner);
            assets.push(AssetRecord {
                entity: Entity::new("asset", file.path()),
                source: file.path().clone(),
                url: address::encode(&target).into(),
                path: target.into(),
                hash: file.hash(),
                size: file.size(),
                dimensions: file.dimensions(),
                picture: file.picture().copied(),
            });
        }
        let same = self.previous.as_ref().map(|before| &before.library.assets).filter(|old| ***old == *assets);
        (same.cloned().unwrap_or_else(|| assets.into()), owners)
    }

    /// Where the files of `folder` (below `content/`) go, and the folder page that owns them.
    fn asset_folder(&self, folder: &str) -> (String, Option<PageId>) {
        let mut up = folder;
        loop {
            if let Some(&page) = self.outline.bundles.get(up) {
                let placed = &self.outline.pages[page.at()];
                let slug = self.slug(placed, &mut Vec::new());
                let rest = folder[up.len()..].trim_start_matches('/');
                let rest = if rest.is_empty() { String::new() } else { format!("{rest}/") };
                return (format!("{}{slug}/{rest}", self.outline.sections[placed.section.at()].out), Some(page));
            }
            if let Ok(at) = self.outline.sections.binary_search_by(|section| (*section.folder).cmp(up)) {
                let rest = folder[up.len()..].trim_start_matches('/');
                let rest = if rest.is_empty() { String::new() } else { format!("{rest}/") };
                return (format!("{}{rest}", self.outline.sections[at].out), None);
            }
            up = split(up).0;
        }
    }
}

fn term_unknown(file: &Arc<str>, taxonomy: &str, known: &[Arc<str>], word: &At<Arc<str>>) -> Diagnostic {
    let near = nearest(&word.value, known.iter().map(|term| &**term));
    let guess = near.first().map(|near| format!("是否想写 {near}？")).unwrap_or_default();
    let all: Vec<&str> = known.iter().map(|term| &**term).collect();
    Diagnostic::error(TERM_UNKNOWN, format!("“{taxonomy}”里没有“{}”", word.value))
        .at(file, word.span)
        .cause(format!("“{taxonomy}”只用 zhendi.toml 里列出的那几个，免得同一件事有几种叫法。"))
        .cure(format!("{guess}可以写的有：{}", all.join("、")))
}
