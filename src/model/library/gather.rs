//! Terms and files, gathered over all pages before any page has its record.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::made::slug_of;
use super::roster::Roster;
use super::terms::{Name, Terms};
use super::{Library, Maker, Raw, Turn, below_content, said, split};
use crate::content::At;
use crate::diag::{Diagnostic, TERM_UNKNOWN, nearest};
use crate::model::address;
use crate::model::fact::Entity;
use crate::model::record::{AssetRecord, PageId, TermId};
use crate::picture;
use crate::source::{FileKind, Names};
use crate::texts::Texts;

/// Terms, how many pages have each, and of each page that is made anew the names of its terms.
type Gathered = (Arc<Terms>, Vec<u32>, Vec<Raw>);

impl Maker<'_> {
    /// Every term met on any page, and the names of those of the pages `anew`; `None` when it is time to number all terms
    /// anew.
    pub(super) fn terms(&self, anew: &[PageId], turn: &Turn) -> Option<Gathered> {
        let raw: Vec<Raw> = anew.par_iter().map(|&id| self.term_names(id)).collect();
        let names = || raw.iter().flat_map(|(names, _)| names);
        let Some(before) = self.previous.as_ref().map(|before| before.library) else {
            let distinct: HashSet<&Name> = names().collect();
            let met: BTreeSet<&Name> = distinct.into_iter().collect();
            let terms = Terms::new(self.config, met);
            let uses = count(vec![0; terms.len()], &terms, names());
            return Some((Arc::new(terms), uses, raw));
        };
        let mut uses = Vec::clone(&before.uses);
        for id in anew.iter().chain(&turn.went).filter(|&&id| before.order.has(id)) {
            before.pages[id.at()].terms.iter().for_each(|term| uses[term.at()] -= 1);
        }
        let new: BTreeSet<&Name> = names().filter(|name| before.terms.find(name.0, &name.1).is_none()).collect();
        let uses = count(uses, &before.terms, names());
        let met: Vec<bool> = uses.iter().map(|&uses| uses > 0).collect();
        if new.is_empty() && before.terms.iter().zip(&met).all(|(term, &met)| term.met == met) {
            return Some((before.terms.clone(), uses, raw));
        }
        let new: Vec<Name> = new.into_iter().cloned().collect();
        let terms = before.terms.with(self.config, &met, &new)?;
        let mut uses = uses;
        uses.resize(terms.len(), 0);
        let of_new = names().filter(|name| new.binary_search(name).is_ok());
        let uses = count(uses, &terms, of_new);
        Some((Arc::new(terms), uses, raw))
    }

    /// The names of the terms of a page, and what is wrong with them.
    fn term_names(&self, id: PageId) -> Raw {
        let fronts = self.fronts(self.placed(id));
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

    /// The number of a term.
    pub(super) fn term(&self, taxonomy: usize, name: &str) -> Option<TermId> {
        self.terms.find(taxonomy, name)
    }

    /// The files beside pages, sorted by path, and the folder page that each lies beside.
    pub(super) fn assets(&self, texts: &Texts, previous: Option<(&Library, &Texts)>, turn: &Turn) -> Assets {
        let names = self.sources.options().names;
        let same = previous.filter(|(library, before)| {
            let same_bundles = || {
                turn.all().all(|id| {
                    // A folder page gives the files beside it their folder.
                    let of = |roster: &Roster| {
                        let placed = roster.placed.get(id.at())?;
                        placed.folder().map(|folder| (folder.to_owned(), slug_of(&placed.document, &mut Vec::new())))
                    };
                    let is_new = !library.order.has(id) || !self.order.has(id);
                    let (was, is) = (of(&library.roster), of(self.roster));
                    (was.is_none() && is.is_none()) || (!is_new && was == is)
                })
            };
            library.names == names
                && Arc::ptr_eq(&library.sections, &self.roster.outline.sections)
                && texts.has_files_of(before)
                && (library.assets.is_empty() || same_bundles())
        });
        if let Some((library, _)) = same {
            return (library.assets.clone(), library.owners.clone());
        }
        let mut assets = Vec::new();
        let mut owners = Vec::new();
        let bundles: HashMap<&str, PageId> =
            self.order.ids().iter().filter_map(|&id| Some((self.placed(id).folder()?, id))).collect();
        for file in self.sources.files().iter() {
            if file.kind() != FileKind::Asset {
                continue;
            }
            let path = below_content(file.path());
            let (folder, name) = split(path);
            let (out, owner) = self.asset_folder(folder, &bundles);
            let is_cleaned = file.picture().is_some_and(picture::Picture::is_cleaned);
            let mark = if is_cleaned { picture::mark(file.hash()) } else { file.hash() };
            let name = if names == Names::Hashed { address::hashed_name(name, mark) } else { name.to_owned() };
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
        let same = previous.map(|(library, _)| &library.assets).filter(|old| ***old == *assets);
        (same.cloned().unwrap_or_else(|| assets.into()), Arc::new(owners))
    }

    /// Where the files of `folder` (below `content/`) go, and the folder page that owns them.
    fn asset_folder(&self, folder: &str, bundles: &HashMap<&str, PageId>) -> (String, Option<PageId>) {
        let sections = &self.roster.outline.sections;
        let mut up = folder;
        loop {
            if let Some(&page) = bundles.get(up) {
                let placed = self.placed(page);
                let slug = slug_of(&placed.document, &mut Vec::new());
                let rest = folder[up.len()..].trim_start_matches('/');
                let rest = if rest.is_empty() { String::new() } else { format!("{rest}/") };
                return (format!("{}{slug}/{rest}", sections[placed.section.at()].out), Some(page));
            }
            if let Ok(at) = sections.binary_search_by(|section| (*section.folder).cmp(up)) {
                let rest = folder[up.len()..].trim_start_matches('/');
                let rest = if rest.is_empty() { String::new() } else { format!("{rest}/") };
                return (format!("{}{rest}", sections[at].out), None);
            }
            up = split(up).0;
        }
    }
}

/// The files beside pages, and by file the folder page that it lies beside, if any.
type Assets = (Arc<[AssetRecord]>, Arc<Vec<Option<PageId>>>);

/// Adds how often each term is named; names that are no terms count nothing.
fn count<'a>(mut uses: Vec<u32>, terms: &Terms, names: impl Iterator<Item = &'a Name>) -> Vec<u32> {
    for name in names {
        if let Some(id) = terms.find(name.0, &name.1) {
            uses[id.at()] += 1;
        }
    }
    uses
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
