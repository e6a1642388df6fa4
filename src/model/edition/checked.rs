//! What an edition's links come to: which files it needs, and what is to be said of links to pages that it does not hold.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::{SectionNode, Stand, stand};
use crate::diag::{Diagnostic, LINK_OTHER_OFFICE, LINK_UNPUBLISHED, Span};
use crate::model::library::Library;
use crate::model::place::{Links, Target, Targets};
use crate::model::record::{AssetId, PageId, Status};
use crate::picture::Flaw;

/// What an edition needs a file for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Need(u8);

impl Need {
    /// A page shows it.
    const SHOWN: Self = Self(1);
    /// A page links to it, or has it as attachment.
    const OFFERED: Self = Self(2);
    /// It lies in the folder of a page.
    const BESIDE: Self = Self(4);

    fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }

    fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether it needs it at all.
    pub(in super::super) fn is_any(self) -> bool {
        self.0 != 0
    }

    /// Whether a page shows it.
    pub(in super::super) fn is_shown(self) -> bool {
        self.has(Self::SHOWN)
    }

    /// Whether it is needed as it is, not only as large as a screen shows it.
    pub(in super::super) fn is_whole(self) -> bool {
        !self.is_shown() || self.has(Self::OFFERED)
    }
}

/// See the head of this file.
#[derive(Debug, Default)]
pub(in super::super) struct Checked {
    /// By file: what the edition needs it for.
    pub assets: Vec<Need>,
    /// Errors, for the pages that show them.
    pub problems_of: HashMap<PageId, Vec<Diagnostic>>,
    /// All that is to be said.
    pub problems: Vec<Diagnostic>,
    /// The pages that it speaks of.
    pub spoken_of: BTreeSet<PageId>,
}

impl Checked {
    pub(super) fn new(library: &Library, links: &Links, held: &[bool], sections: &[SectionNode]) -> Self {
        let mut checked = Self { assets: vec![Need::default(); library.assets.len()], ..Self::default() };
        let leads_out = |target: &Target| matches!(target, Target::Page(to, _) if !held[to.at()]);
        for (at, targets) in links.pages.iter().enumerate().filter(|(at, _)| held[*at]) {
            let id = PageId(at as u32);
            if targets.links.iter().any(leads_out) {
                let document = &library.pages[at].document;
                for (link, target) in document.body.links.iter().zip(&targets.links) {
                    if let Target::Page(to, _) = target
                        && let Some(problem) = check(library, held, &document.path, link.span, *to)
                    {
                        if problem.is_error() {
                            checked.problems_of.entry(id).or_default().push(problem.clone());
                        }
                        checked.problems.push(problem);
                        checked.spoken_of.extend([id, *to]);
                    }
                }
            }
            if !checked.assets.is_empty() {
                mark(library, targets, &mut checked.assets);
                let page = &library.pages[at];
                show(library, page.cover, &mut checked.assets);
                for id in &page.attachments {
                    checked.assets[id.at()].add(Need::OFFERED);
                }
            }
        }
        for (at, section) in library.sections.iter().enumerate() {
            if let (true, Some(document)) = (sections[at].held, &section.document) {
                let targets = &links.sections[at];
                for (link, target) in document.body.links.iter().zip(&targets.links) {
                    if let Target::Page(to, _) = target
                        && let Some(problem) = check(library, held, &document.path, link.span, *to)
                    {
                        checked.problems.push(problem);
                        checked.spoken_of.insert(*to);
                    }
                }
                mark(library, targets, &mut checked.assets);
            }
        }
        let beside = library.owners.iter().zip(&*library.assets).zip(&mut checked.assets);
        for ((owner, asset), need) in beside {
            // What cannot be freed of what the camera wrote goes out only if somebody asks for it.
            let is_foreign = asset.picture.is_some_and(|picture| picture.flaw() == Some(Flaw::Foreign));
            if owner.is_some_and(|owner| held[owner.at()]) && !is_foreign {
                need.add(Need::BESIDE);
            }
        }
        checked
    }
}

fn check(library: &Library, held: &[bool], file: &Arc<str>, span: Span, to: PageId) -> Option<Diagnostic> {
    let page = &library.pages[to.at()];
    match stand(library, held, to) {
        Stand::Here => None,
        Stand::Office(office) => {
            let name = &library.config.offices()[office].name;
            Some(
                Diagnostic::note(LINK_OTHER_OFFICE, format!("“{}”只在{name}的站点里有，链接会通到那边去", page.title))
                    .at(file, span)
                    .cause(format!("{name}以外的读者点击后，会离开自己办公区的站点。"))
                    .cure("如果就是要这样，不用改；如果大家都该看，请把那一篇的 offices 去掉。"),
            )
        }
        Stand::Nowhere => {
            let (why, cure) = match page.status {
                Status::Draft => ("是草稿", "等那一篇去掉 draft: true 之后再链接，或者先改成文字。".to_owned()),
                Status::Future => (
                    "还没到发布日期",
                    format!("那一篇的日期是 {}；到那天之前，请先不要链接。", page.date.as_deref().unwrap_or_default()),
                ),
                _ => ("已经下线", "去掉这个链接，或者换成现在有效的那一篇。".to_owned()),
            };
            Some(
                Diagnostic::error(LINK_UNPUBLISHED, format!("链接指向的“{}”{why}，站点里没有这一页", page.title))
                    .at(file, span)
                    .cause("读者点击后会看到“页面不存在”。")
                    .cure(cure),
            )
        }
    }
}

/// Marks the files that prose needs.
fn mark(library: &Library, targets: &Targets, assets: &mut [Need]) {
    for link in &targets.links {
        if let Target::Asset(id) = link {
            assets[id.at()].add(Need::OFFERED);
        }
    }
    for &id in &targets.images {
        show(library, id, assets);
    }
}

/// Marks a picture that a page shows, if there is anything to show.
fn show(library: &Library, picture: Option<AssetId>, assets: &mut [Need]) {
    if let Some(id) = picture.filter(|id| !library.assets[id.at()].is_unshowable()) {
        assets[id.at()].add(Need::SHOWN);
    }
}
