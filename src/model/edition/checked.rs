//! What an edition's links come to: which files it needs, and what is to be said of links to pages that it does not hold.

mod outward;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Before, SectionNode, Stand, stand};
use crate::content::{Audience, Document};
use crate::diag::{Diagnostic, LINK_OTHER_OFFICE, LINK_UNPUBLISHED, Span};
use crate::model::library::Library;
use crate::model::place::{Links, Target, Targets, Use};
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

/// How often the pages that are held use a file.
#[derive(Clone, Copy, Debug, Default)]
struct Uses {
    shown: u32,
    offered: u32,
}

impl Uses {
    fn of(&mut self, used: Use) -> &mut u32 {
        match used {
            Use::Show => &mut self.shown,
            Use::Offer => &mut self.offered,
        }
    }
}

/// See the head of this file.
#[derive(Debug, Default)]
pub(in super::super) struct Checked {
    /// By file: what the edition needs it for.
    pub assets: Vec<Need>,
    /// By file.
    uses: Vec<Uses>,
    /// What is to be said of pages that are held.
    said: BTreeMap<PageId, Vec<Said>>,
    /// What is to be said of sections.
    of_sections: Vec<Said>,
    /// The pages that it speaks of.
    pub spoken_of: BTreeSet<PageId>,
}

/// Something to be said of a link, and the page to which it leads.
#[derive(Clone, Debug)]
struct Said {
    problem: Diagnostic,
    to: PageId,
}

impl Checked {
    pub(super) fn new(
        library: &Library,
        links: &Links,
        held: &[bool],
        sections: &[SectionNode],
        before: Option<Before<'_>>,
    ) -> Self {
        let before = before.filter(|before| {
            Arc::ptr_eq(&before.library.assets, &library.assets) && before.library.owners == library.owners
        });
        let (mut pages, mut uses, mut said): (Vec<PageId>, _, _) = match before {
            Some(before) => {
                let checked = &before.relations.checked;
                // What is said of a link depends on the page it leads to.
                let linking = before.turn.all().flat_map(|id| links.from[id.at()].iter().copied());
                let others = before.turn.all().chain(links.others.iter().copied());
                // What is said of a file, on the page in whose folder it lies.
                let turned: BTreeSet<PageId> = before.turn.all().collect();
                let speaks = |said: &[Said]| said.iter().any(|one| turned.contains(&one.to));
                let speaking = checked.said.iter().filter(|(_, said)| speaks(said)).map(|(&id, _)| id);
                let using = crossing(library, before.library, links, &turned);
                let pages = others.chain(linking).chain(speaking).chain(using).collect();
                (pages, checked.uses.clone(), checked.said.clone())
            }
            None => (library.order.ids().to_vec(), vec![Uses::default(); library.assets.len()], BTreeMap::new()),
        };
        pages.sort_unstable();
        pages.dedup();
        for id in pages {
            if let Some(before) = before.filter(|before| before.relations.held.get(id.at()) == Some(&true)) {
                said.remove(&id);
                used(before.library, before.links, id, |asset, used| *uses[asset.at()].of(used) -= 1);
            }
            if held[id.at()] {
                used(library, links, id, |asset, used| *uses[asset.at()].of(used) += 1);
                let page = &library.pages[id.at()];
                let mut found = of_text(library, held, &page.document, &links.pages[id.at()]);
                if page.audience == Audience::Public {
                    found.extend(outward::check(library, page, id, &links.pages[id.at()]));
                }
                if !found.is_empty() {
                    said.insert(id, found);
                }
            }
        }
        let mut checked = Self { assets: vec![Need::default(); uses.len()], uses, said, ..Self::default() };
        for (at, uses) in checked.uses.iter().enumerate() {
            let both = [(Use::Show, uses.shown), (Use::Offer, uses.offered)];
            both.into_iter().filter(|(_, count)| *count > 0).for_each(|(used, _)| {
                need(library, AssetId(at as u32), used, &mut checked.assets);
            });
        }
        for (at, section) in library.sections.iter().enumerate() {
            if let (true, Some(document)) = (sections[at].held, &section.document) {
                checked.of_sections.extend(of_text(library, held, document, &links.sections[at]));
                of_prose(&links.sections[at]).for_each(|(id, used)| need(library, id, used, &mut checked.assets));
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
        let spoken_of = checked.said.iter().flat_map(|(&id, said)| said.iter().map(|one| one.to).chain([id]));
        checked.spoken_of = spoken_of.chain(checked.of_sections.iter().map(|one| one.to)).collect();
        checked
    }

    /// All that is to be said.
    pub fn problems(&self) -> impl Iterator<Item = &Diagnostic> {
        self.said.values().flatten().chain(&self.of_sections).map(|said| &said.problem)
    }

    /// Errors, for the page that shows them.
    pub fn errors_of(&self, id: PageId) -> impl Iterator<Item = &Diagnostic> {
        self.said.get(&id).into_iter().flatten().map(|said| &said.problem).filter(|problem| problem.is_error())
    }

    /// The pages of which something is said.
    pub fn said_of(&self) -> impl Iterator<Item = PageId> {
        self.said.keys().copied()
    }
}

/// The pages that use a file of one of the `turned` pages for which somebody else is meant now than in `old`.
fn crossing(library: &Library, old: &Library, links: &Links, turned: &BTreeSet<PageId>) -> Vec<PageId> {
    let audience = |library: &'_ Library, id: PageId| library.pages.get(id.at()).map(|page| page.audience);
    let crossed: BTreeSet<PageId> =
        turned.iter().copied().filter(|&id| audience(library, id) != audience(old, id)).collect();
    let files: Vec<bool> =
        library.owners.iter().map(|owner| owner.is_some_and(|owner| crossed.contains(&owner))).collect();
    if !files.contains(&true) {
        return Vec::new();
    }
    let uses = |id: &PageId| {
        let mut uses = false;
        used(library, links, *id, |asset, _| uses |= files[asset.at()]);
        uses
    };
    library.order.ids().iter().copied().filter(uses).collect()
}

/// What is to be said of the links of a text.
fn of_text(library: &Library, held: &[bool], document: &Document, targets: &Targets) -> Vec<Said> {
    let links = document.body.links.iter().zip(&targets.links);
    let said = links.filter_map(|(link, target)| match target {
        Target::Page(to, _) => {
            let problem = check(library, held, &document.path, link.span, *to)?;
            Some(Said { problem, to: *to })
        }
        _ => None,
    });
    said.collect()
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

/// Goes through the files that a page uses, as often as it does.
fn used(library: &Library, links: &Links, id: PageId, mut visit: impl FnMut(AssetId, Use)) {
    if library.assets.is_empty() {
        return;
    }
    let page = &library.pages[id.at()];
    let cover = page.cover.iter().map(|&id| (id, Use::Show));
    let attachments = page.attachments.iter().map(|&id| (id, Use::Offer));
    of_prose(&links.pages[id.at()]).chain(cover).chain(attachments).for_each(|(id, used)| visit(id, used));
}

/// The files that prose uses.
fn of_prose(targets: &Targets) -> impl Iterator<Item = (AssetId, Use)> {
    let links = targets.links.iter().filter_map(|link| match link {
        Target::Asset(id) => Some((*id, Use::Offer)),
        _ => None,
    });
    links.chain(targets.images.iter().flatten().map(|&id| (id, Use::Show)))
}

/// Notes what a file is used for. Of a picture that nobody can be shown nothing is needed to show it.
fn need(library: &Library, id: AssetId, used: Use, assets: &mut [Need]) {
    match used {
        Use::Show if library.assets[id.at()].is_unshowable() => {}
        Use::Show => assets[id.at()].add(Need::SHOWN),
        Use::Offer => assets[id.at()].add(Need::OFFERED),
    }
}
