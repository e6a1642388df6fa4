//! Terms and files, gathered over all pages before any page has its record.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::{Draft, Found, Maker, below_content, said, split};
use crate::content::{At, slug_of_term};
use crate::diag::{Diagnostic, TERM_UNKNOWN, nearest};
use crate::model::address;
use crate::model::fact::Entity;
use crate::model::record::{AssetId, AssetRecord, PageId, TermId, TermRecord};
use crate::source::Names;

impl Maker<'_> {
    /// Every term met on any page, sorted by taxonomy and name, and the terms of each page.
    pub(super) fn terms(&mut self, drafts: &[Draft]) -> (Vec<TermRecord>, Vec<Vec<TermId>>) {
        let config = self.config.clone();
        let taxonomies = config.taxonomies();
        let mut met: BTreeMap<(usize, Arc<str>), u32> = BTreeMap::new();
        let mut raw: Vec<Vec<(usize, Arc<str>)>> = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let mut own: Vec<(usize, Arc<str>)> = Vec::new();
            let fronts = self.fronts(draft);
            let mut wrong: Vec<(usize, At<Arc<str>>, Arc<str>)> = Vec::new();
            for (at, taxonomy) in taxonomies.iter().enumerate() {
                let Some((words, file)) = said(&fronts, |front| {
                    front.terms.iter().find(|(id, _)| *id == taxonomy.id).map(|(_, words)| words)
                }) else {
                    continue;
                };
                for word in words.clone() {
                    if !taxonomy.terms.is_empty() && !taxonomy.terms.contains(&word.value) {
                        wrong.push((at, word, file.clone()));
                        continue;
                    }
                    let term = (at, word.value);
                    if !own.contains(&term) {
                        met.entry(term.clone()).or_default();
                        own.push(term);
                    }
                }
            }
            for (at, word, file) in wrong {
                self.problems.push(term_unknown(&file, &taxonomies[at].name, &taxonomies[at].terms, &word));
            }
            raw.push(own);
        }
        for (at, number) in met.values_mut().enumerate() {
            *number = at as u32;
        }
        let mut slugs: HashMap<(usize, String), usize> = HashMap::new();
        for (taxonomy, name) in met.keys() {
            *slugs.entry((*taxonomy, slug_of_term(name, false))).or_default() += 1;
        }
        let terms = met
            .keys()
            .map(|(taxonomy, name)| {
                let plain = slug_of_term(name, false);
                let clashes = slugs.get(&(*taxonomy, plain)).is_some_and(|&n| n > 1);
                let slug = slug_of_term(name, clashes);
                let id = &taxonomies[*taxonomy].id;
                let out: Arc<str> = format!("{id}/{slug}/").into();
                TermRecord {
                    entity: Entity::new("term", &format!("{id}/{name}")),
                    taxonomy: *taxonomy,
                    name: name.clone(),
                    slug: slug.into(),
                    path: format!("{out}index.html").into(),
                    out,
                }
            })
            .collect();
        let ids = raw
            .into_iter()
            .map(|own| own.into_iter().filter_map(|term| met.get(&term).map(|&number| TermId(number))).collect())
            .collect();
        (terms, ids)
    }

    pub(super) fn assets(&mut self, drafts: &[Draft]) -> Vec<AssetRecord> {
        let hashed = self.sources.options().names == Names::Hashed;
        let mut assets = Vec::new();
        for file in self.sources.files() {
            if file.kind() == crate::source::FileKind::Text {
                continue;
            }
            let path = below_content(file.path());
            let (folder, name) = split(path);
            let (out, owner) = self.asset_folder(folder, drafts);
            let name = if hashed { address::hashed_name(name, file.hash()) } else { name.to_owned() };
            let target = format!("{out}{name}");
            let id = AssetId(assets.len() as u32);
            self.by_path.insert(file.path().clone(), Found::Asset(id));
            assets.push(AssetRecord {
                entity: Entity::new("asset", file.path()),
                source: file.path().clone(),
                url: address::encode(&target).into(),
                path: target.into(),
                hash: file.hash(),
                size: file.size(),
                dimensions: file.dimensions(),
                owner,
            });
        }
        assets
    }

    /// Where the files of `folder` (below `content/`) go, and the folder page that owns them.
    fn asset_folder(&mut self, folder: &str, drafts: &[Draft]) -> (String, Option<PageId>) {
        let mut up = folder;
        loop {
            if let Some(&page) = self.bundles.get(up) {
                let draft = &drafts[page.at()];
                let slug = self.slug(draft, &mut Vec::new());
                let rest = folder[up.len()..].trim_start_matches('/');
                let rest = if rest.is_empty() { String::new() } else { format!("{rest}/") };
                return (format!("{}{slug}/{rest}", self.sections[draft.section.at()].out), Some(page));
            }
            if let Ok(at) = self.sections.binary_search_by(|section| (*section.folder).cmp(up)) {
                let rest = folder[up.len()..].trim_start_matches('/');
                let rest = if rest.is_empty() { String::new() } else { format!("{rest}/") };
                return (format!("{}{rest}", self.sections[at].out), None);
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
