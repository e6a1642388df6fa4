//! The model: from documents to what each edition holds. [`Library`] is what is the same in every edition, [`Model`]
//! one edition, [`read`] the way to read it, [`change`] what differs between two.

mod address;
mod change;
mod edition;
mod fact;
mod holdings;
mod library;
mod place;
mod read;
mod record;
mod related;

pub use address::{encode, hashed_name, push_relative};
pub use change::Changes;
pub use edition::{Model, Stand};
pub use fact::{Changed, Entity, Fact, Kind, Recorder, Trace};
pub use library::Library;
pub use place::Target;
pub use read::{List, PageReader, Prose, Reader, SectionReader, TermReader};
pub use record::{AssetId, AssetRecord, PageId, Record, SectionId, SectionRecord, Status, TermId, plain};

use std::sync::Arc;

use rayon::prelude::*;

use crate::content::Document;
use crate::diag::{Diagnostic, NO_BASE_URL, PAGE_EXPIRED};
use crate::source::{Office, Sources};

/// What an edition as a whole is about: its menu, its home page.
fn edition_entity() -> Entity {
    Entity::new("edition", "")
}

impl Office {
    fn door_entity(&self) -> Entity {
        Entity::new("door", &self.id)
    }
}

/// The library and a model per edition, with every diagnostic but a template's own.
pub fn models(
    sources: &Sources,
    documents: &[Arc<Document>],
    problems: &mut Vec<Diagnostic>,
) -> (Arc<Library>, Vec<Arc<Model>>) {
    let library = Arc::new(Library::new(sources, documents, problems));
    edition::check_plans(&library, problems);
    library.check_supersession(problems);
    let resolve = |document: &Document, budget: &place::Budget| {
        let mut found = Vec::new();
        let targets = place::targets(&library, document, budget, &mut found);
        (targets, found)
    };
    let at_once = |document: &Document| resolve(document, &place::Budget::default());
    let of_pages: Vec<_> = library.pages.par_iter().map(|page| at_once(&page.document)).collect();
    let of_sections: Vec<_> =
        library.sections.iter().map(|section| section.document.as_deref().map(at_once).unwrap_or_default()).collect();
    // Searching for what was meant comes after, in order of the files, so that the same ones get it in every build.
    let budget = place::Budget::new(place::SEARCHES);
    let mut collect = |resolved: Vec<(place::Targets, Vec<Diagnostic>)>,
                       of: &dyn Fn(usize) -> Option<Arc<Document>>| {
        let mut targets = Vec::with_capacity(resolved.len());
        for (at, (mut one, mut found)) in resolved.into_iter().enumerate() {
            if budget.get() > 0
                && found.iter().any(place::is_searched)
                && let Some(document) = of(at)
            {
                found = resolve(&document, &budget).1;
            }
            one.faults = found.iter().filter(|problem| problem.is_error()).cloned().collect();
            problems.extend(found);
            targets.push(one);
        }
        Arc::new(targets)
    };
    let targets = collect(of_pages, &|at| Some(library.pages[at].document.clone()));
    let section_targets = collect(of_sections, &|at| library.sections[at].document.clone());
    for page in &library.pages {
        if page.status() == Status::Expired {
            problems.push(
                Diagnostic::note(PAGE_EXPIRED, format!("“{}”已过下线日期，没有放进站点", page.title()))
                    .in_file(page.source_path())
                    .cause(format!("它的下线日期是 {}。", page.expires().map_or("", |day| day)))
                    .cure("还要继续用，就改 expires；不再用，可以删去。"),
            );
        }
    }
    let offices = sources.config().offices();
    if !offices.is_empty() && offices.iter().all(|office| office.base_url.is_none()) {
        problems.push(
            Diagnostic::note(NO_BASE_URL, "没有写 base_url，这次不生成订阅（atom.xml）和站点地图（sitemap.xml）")
                .cause("这两样要用完整的网址；站点本身不受影响，复制到哪里都能打开。")
                .cure("知道站点在内网的地址后，在 zhendi.toml 每个 [[offices]] 里加一行 base_url = \"http://…/\"。"),
        );
    }
    let wanted = &sources.options().editions;
    let mut made: Vec<(Arc<Model>, Vec<Diagnostic>)> = (0..offices.len())
        .into_par_iter()
        .filter(|&office| wanted.is_empty() || wanted.iter().any(|id| **id == *offices[office].id))
        .map(|office| {
            let mut found = Vec::new();
            let model = Model::new(&library, &targets, &section_targets, office, &mut found);
            (Arc::new(model), found)
        })
        .collect();
    for (_, found) in &mut made {
        problems.append(found);
    }
    (library, made.into_iter().map(|(model, _)| model).collect())
}
