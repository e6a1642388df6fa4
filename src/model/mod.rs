//! The model: from documents to what each edition holds. [`Library`] is what is the same in every edition, [`Model`]
//! one edition, [`read`] the way to read it, [`change`] what differs between two.

mod address;
mod change;
mod edition;
mod fact;
mod holdings;
mod library;
mod place;
mod programme;
mod read;
mod record;
mod related;
mod syllabus;

pub use address::{encode, hashed_name, push_relative};
pub use change::Changes;
pub use edition::{Model, Stand};
pub use fact::{Changed, Commons, Digest, Entity, Fact, Kind, Recorder, Trace};
pub use library::{Library, Map, Pairing};
pub use place::{Cited, Target};
pub use programme::{Airing, Entry, Ground, Programme, Zone};
pub use read::{List, PageReader, Prose, Reader, SectionReader, TermReader};
pub use record::{AssetId, AssetRecord, PageId, Record, SectionId, SectionRecord, Status, TermId, plain};
pub use syllabus::{Course, Named};

use std::sync::Arc;

use rayon::prelude::*;

use self::place::Links;
use crate::content::Series;
use crate::diag::{Diagnostic, NO_BASE_URL, PAGE_EXPIRED};
use crate::insides::Insides;
use crate::source::{Office, Sources};
use crate::texts::Texts;

/// Name of a booklet's file in the folder of its list.
pub const BOOKLET: &str = "booklet.html";

/// Most pages of a booklet of a section or a term: more is no booklet, and each page of it is rendered once more.
const BOUND: usize = 80;

/// What an edition as a whole is about: its menu, its home page.
fn edition_entity() -> Entity {
    Entity::new("edition", "")
}

impl Office {
    fn door_entity(&self) -> Entity {
        Entity::new("door", &self.id)
    }
}

/// The build before: its texts, and what was made of them.
#[derive(Clone, Copy)]
pub(crate) struct Before<'a> {
    pub(crate) texts: &'a Texts,
    pub(crate) library: &'a Library,
    pub(crate) models: &'a [Arc<Model>],
}

/// The library and a model per edition, with every diagnostic but a template's own. What `previous` has in common with
/// them is taken from there.
pub(crate) fn models(
    sources: &Sources,
    (texts, series): (&Texts, &[Arc<Series>]),
    insides: Arc<Insides>,
    previous: Option<Before<'_>>,
    problems: &mut Vec<Diagnostic>,
) -> (Arc<Library>, Vec<Arc<Model>>) {
    let library = previous.map(|before| (before.library, before.texts));
    let library = Library::new(sources, (texts, series), library, problems).holding(insides).teaching(problems);
    let library = Arc::new(library);
    // What was not built upon has nothing that could be taken over.
    let previous = previous.filter(|before| library.turn_since(before.library).is_some());
    library.check_supersession(problems);
    let before = previous.and_then(|before| Some((before.library, &**before.models.first()?.links())));
    let links = Arc::new(Links::new(&library, before, problems));
    let edited = before.and_then(|(old, old_links)| library.edited(old, &links, old_links));
    for page in library.hidden() {
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
    let ground = Ground { components: sources.theme().components().clone(), zone: sources.offsets().into() };
    let wanted = &sources.options().editions;
    let made: Vec<Arc<Model>> = (0..offices.len())
        .into_par_iter()
        .filter(|&office| wanted.is_empty() || wanted.iter().any(|id| **id == *offices[office].id))
        .map(|office| {
            let old = previous.and_then(|before| before.models.iter().find(|model| model.office == office));
            let old = old.and_then(|model| Some((&**model, &**library.turn_since(&model.library)?)));
            Arc::new(Model::new(&library, (&links, &ground), office, old, edited.as_deref()))
        })
        .collect();
    for model in &made {
        problems.extend(model.link_problems().cloned());
        model.programmes().iter().for_each(|programme| programme.problems(&library, problems));
    }
    (library, made)
}
