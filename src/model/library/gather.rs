//! Terms and files, gathered over all pages before any page has its record.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::{Library, Maker, Raw, below_content, said, split};
use crate::content::{At, slug_of_term};
use crate::diag::{Diagnostic, TERM_UNKNOWN, nearest};
use crate::model::address;
use crate::model::fact::Entity;
use crate::model::record::{AssetRecord, PageId, TermId, TermRecord};
use crate::source::{FileKind, Names};

impl Maker<'_> {
    /// The names of the terms of each page, and every term met on any page, sorted by taxonomy and name.
    pub(super) fn terms(&self) -> (Arc<[TermRecord]>, Vec<Raw>) {
        let raw: Vec<Raw> = (0..self.outline.pages.len())
            .into_par_iter()
            .map(|at| if self.before(at).is_some() { Raw::default() } else { self.term_names(at) })
            .collect();
        if let Some(before) = &self.previous
            && self.same_terms(before.library, &raw)
        {
            return (before.library.terms.clone(), raw);
        }
        // Some term is new or gone, so all are numbered anew, and every page needs its names.
        let raw: Vec<Raw> = raw
            .into_par_iter()
            .enumerate()
            .map(|(at, own)| if self.before(at).is_some() { self.term_names(at) } else { own })
            .collect();
        let met: BTreeSet<&(usize, Arc<str>)> = {
            let distinct: HashSet<&(usize, Arc<str>)> = raw.iter().flat_map(|(names, _)| names).collect();
            distinct.into_iter().collect()
        };
        (self.term_records(&met), raw)
    }

    /// The names of the terms of page number `at`, and what is wrong with them.
    fn term_names(&self, at: usize) -> Raw {
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

    /// Whether exactly the terms of before are met again.
    fn same_terms(&self, before: &Library, raw: &[Raw]) -> bool {
        let mut met = vec![false; before.terms.len()];
        for (at, (names, _)) in raw.iter().enumerate() {
            if let Some(record) = self.before(at) {
                record.terms.iter().for_each(|id| met[id.at()] = true);
            }
            for (taxonomy, name) in names {
                match find_term(&before.terms, *taxonomy, name) {
                    Some(id) => met[id.at()] = true,
                    None => return false,
                }
            }
        }
        met.iter().all(|&met| met)
    }

    fn term_records(&self, met: &BTreeSet<&(usize, Arc<str>)>) -> Arc<[TermRecord]> {
        let plain: Vec<String> = met.iter().map(|(_, name)| slug_of_term(name, false)).collect();
        let mut slugs: HashMap<(usize, &str), usize> = HashMap::new();
        for ((taxonomy, _), slug) in met.iter().zip(&plain) {
            *slugs.entry((*taxonomy, slug)).or_default() += 1;
        }
        let records = met.iter().zip(&plain).map(|((taxonomy, name), plain)| {
            let clashes = slugs.get(&(*taxonomy, plain.as_str())).is_some_and(|&n| n > 1);
            let slug = slug_of_term(name, clashes);
            let id = &self.config.taxonomies()[*taxonomy].id;
            let out: Arc<str> = format!("{id}/{slug}/").into();
            TermRecord {
                entity: Entity::new("term", &format!("{id}/{name}")),
                taxonomy: *taxonomy,
                name: name.clone(),
                slug: slug.into(),
                path: format!("{out}index.html").into(),
                out,
            }
        });
        records.collect()
    }

    /// The number of a term.
    pub(super) fn term(&self, taxonomy: usize, name: &str) -> Option<TermId> {
        find_term(&self.terms, taxonomy, name)
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
            let name = if hashed { address::hashed_name(name, file.hash()) } else { name.to_owned() };
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

fn find_term(terms: &[TermRecord], taxonomy: usize, name: &str) -> Option<TermId> {
    let at = terms.binary_search_by(|term| (term.taxonomy, &*term.name).cmp(&(taxonomy, name))).ok()?;
    Some(TermId(at as u32))
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
