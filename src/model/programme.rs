//! Programmes: which pages a screen shows, in which order, and the slides that they become. Made per screen from the
//! library, over the heads of the editions: a screen may hold what is still to come, and must not hold what is internal
//! if anybody may pass by. When each slide is shown is the browser's business; `docs/kiosk.md` states the rule.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::DateTime;
use rayon::prelude::*;

use super::fact::{Changed, Entity, Kind};
use super::library::Library;
use super::place::{Links, Target};
use super::record::{AssetId, AssetRecord, Offices, PageId, Record};
use crate::content::{Audience, Kiosk, MediaKind, Window};
use crate::diag::{Diagnostic, KIOSK_CHOICE_EMPTY, KIOSK_PAGE_MISSING, KIOSK_TITLE_LONG};
use crate::slide::{self, Deck};
use crate::source::{Components, Office, Screen};
use crate::tree::Node;

/// What one screen shows.
#[derive(Debug)]
pub struct Programme {
    office: Arc<str>,
    screen: Arc<Screen>,
    /// In the order of the rounds.
    entries: Vec<Entry>,
    /// Index of each page's entry.
    by_page: BTreeMap<PageId, usize>,
    /// The pictures and videos that its pages show.
    files: BTreeSet<AssetId>,
    /// All files beside pages: which of them can be shown decides on slides.
    assets: Arc<[AssetRecord]>,
    ground: Ground,
}

/// What all programmes of a build are made upon.
#[derive(Clone, Debug)]
pub struct Ground {
    /// The components of the theme, by which slides are cut.
    pub components: Arc<Components>,
    /// How far the portal's clocks are ahead of UTC, from which second on.
    pub zone: Zone,
}

/// Pairs of a second in UTC and the seconds that clocks are ahead from then on.
pub type Zone = Arc<[(i64, i32)]>;

/// What a programme says besides its slides.
#[derive(PartialEq)]
struct Gist {
    screen: Arc<Screen>,
    zone: Zone,
    entries: Vec<(Entity, Airing, Vec<Option<u32>>)>,
}

/// A page of a programme.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The page.
    pub page: PageId,
    /// When it comes and goes, and how often.
    pub airing: Airing,
    /// Its slides.
    pub deck: Arc<Deck>,
    record: Arc<Record>,
}

/// When an entry is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Airing {
    /// Whether it comes in every round.
    pub pin: bool,
    /// How often it comes in a cycle.
    pub weight: u32,
    /// Whether its slides are shown at all.
    pub show: bool,
    /// From when on.
    pub from: Option<DateTime>,
    /// When it is gone.
    pub until: Option<DateTime>,
    /// At which times of the day; empty for any.
    pub hours: Vec<Window>,
    /// Seconds for each slide that does not say.
    pub seconds: u32,
}

impl Programme {
    /// The programme of one screen of office number `office`. Slides are taken from `before` where nothing they are made of
    /// has changed.
    pub(super) fn new(
        library: &Library,
        links: &Links,
        (office, screen): (usize, &Arc<Screen>),
        ground: &Ground,
        before: Option<&Self>,
    ) -> Self {
        let owner = &library.config.offices()[office];
        let pinned: Vec<PageId> = screen.pages.iter().filter_map(|path| find(library, path)).collect();
        let chosen = library.by_date.ids().iter().copied();
        let chosen = chosen.filter(|&id| pinned.contains(&id) || chooses(library, screen, id));
        let mut pages: Vec<PageId> = chosen.filter(|&id| may_hold(library, owner, office, screen, id)).collect();
        let only_here = Offices(1 << office);
        let place = |id: PageId| pinned.iter().position(|&pin| pin == id).unwrap_or(pinned.len());
        pages.sort_by_key(|&id| {
            let own = screen.office_first && library.rows[id.at()].offices == only_here;
            (place(id), Reverse(own), library.rank(id))
        });
        let before = before.filter(|before| {
            Arc::ptr_eq(&before.ground.components, &ground.components)
                && before.screen.orientation == screen.orientation
                && Arc::ptr_eq(&before.assets, &library.assets)
        });
        let old = before.map(Self::by_path).unwrap_or_default();
        let entries: Vec<Entry> = pages
            .into_par_iter()
            .map(|page| {
                let record = library.pages[page.at()].clone();
                let kept = old.get(record.source_path()).filter(|entry| Arc::ptr_eq(&entry.record, &record));
                let deck = match kept {
                    Some(entry) => entry.deck.clone(),
                    None => Arc::new(deck(library, links, page, screen, &ground.components)),
                };
                let airing = airing(&record, screen, pinned.contains(&page));
                Entry { page, airing, deck, record }
            })
            .collect();
        let by_page = entries.iter().enumerate().map(|(at, entry)| (entry.page, at)).collect();
        let files = entries.iter().flat_map(|entry| shown(library, links, entry.page)).collect();
        let (assets, ground) = (library.assets.clone(), ground.clone());
        Self { office: owner.id.clone(), screen: screen.clone(), entries, by_page, files, assets, ground }
    }

    /// The screen.
    pub fn screen(&self) -> &Arc<Screen> {
        &self.screen
    }

    /// The seconds in UTC from which on its clocks are so many seconds ahead.
    pub fn zone(&self) -> &[(i64, i32)] {
        &self.ground.zone
    }

    /// Its pages, in the order of the rounds.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry of a page.
    pub fn entry(&self, page: PageId) -> Option<&Entry> {
        self.by_page.get(&page).map(|&at| &self.entries[at])
    }

    /// The files that its pages show.
    pub fn files(&self) -> impl Iterator<Item = AssetId> {
        self.files.iter().copied()
    }

    /// Folder of its edition below the office's.
    pub fn folder(&self) -> String {
        format!("kiosk/{}/", self.screen.id)
    }

    /// Folder of its edition below the output folder.
    pub fn path(&self) -> String {
        format!("{}{}", self.office_folder(), self.folder())
    }

    /// The office's folder below the output folder.
    pub fn office_folder(&self) -> String {
        format!("{}/", self.office)
    }

    fn by_path(&self) -> BTreeMap<&Arc<str>, &Entry> {
        self.entries.iter().map(|entry| (entry.record.source_path(), entry)).collect()
    }

    /// Whether it has the same outputs as `old`, whose pages and files have the same numbers.
    pub(super) fn stands_as(&self, old: &Self) -> bool {
        let path = |entry: &'_ Entry| (entry.page, entry.record.path.clone());
        self.screen.id == old.screen.id
            && self.files == old.files
            && self.entries.len() == old.entries.len()
            && self.by_page.keys().eq(old.by_page.keys())
            && self.by_page.keys().all(|&id| self.entry(id).map(path) == old.entry(id).map(path))
    }

    /// What it stands for in facts.
    pub(super) fn entity(&self) -> Entity {
        Entity::new("screen", &format!("{}/{}", self.office, self.screen.id))
    }

    /// Its slides of one page.
    pub(super) fn deck_entity(&self, page: &Record) -> Entity {
        Entity::new("deck", &format!("{}/{} {}", self.office, self.screen.id, page.source_path()))
    }

    /// Whether it holds a page, and where.
    pub(super) fn place_entity(&self, page: &Record) -> Entity {
        Entity::new("screen-place", &format!("{}/{} {}", self.office, self.screen.id, page.source_path()))
    }

    /// Adds the facts in which two programmes of one screen differ; one that is on one side only differs in all.
    pub(super) fn changes(old: Option<&Self>, new: Option<&Self>, changed: &mut Changed) {
        let Some(some) = new.or(old) else { return };
        let gist = |one: &'_ Self| {
            let entries = one.entries.iter().map(|entry| {
                let seconds = entry.deck.slides.iter().map(|slide| slide.seconds).collect();
                (entry.record.entity, entry.airing.clone(), seconds)
            });
            Gist { screen: one.screen.clone(), zone: one.ground.zone.clone(), entries: entries.collect() }
        };
        changed.compare(some.entity(), Kind::Screen, old.map(gist), new.map(gist));
        let (a, b) = (old.map(Self::by_path).unwrap_or_default(), new.map(Self::by_path).unwrap_or_default());
        for path in a.keys().chain(b.keys().filter(|path| !a.contains_key(*path))) {
            let (x, y) = (a.get(path), b.get(path));
            let Some(record) = y.or(x).map(|entry| &entry.record) else { continue };
            // What a fact is about is hashed only where something is another: most is as it was.
            let same_deck = x.zip(y).is_some_and(|(x, y)| Arc::ptr_eq(&x.deck, &y.deck) || x.deck == y.deck);
            if !same_deck {
                changed.add(some.deck_entity(record).fact(Kind::Screen));
            }
            if x.map(|entry| &entry.record.path) != y.map(|entry| &entry.record.path) {
                changed.add(some.place_entity(record).fact(Kind::Screen));
            }
        }
    }

    /// What is to be said of it.
    pub(super) fn problems(&self, library: &Library, problems: &mut Vec<Diagnostic>) {
        for path in self.screen.pages.iter().filter(|path| find(library, path).is_none()) {
            problems.push(
                Diagnostic::error(KIOSK_PAGE_MISSING, format!("屏幕“{}”要固定播放的文章不存在", self.screen.name))
                    .in_file(&library.config.file().into())
                    .label(format!("没有 content/{path}"))
                    .cause("pages 里写的文章每一轮都播放；找不到它，屏幕上就少了一篇。")
                    .cure("核对文件名；从 content 文件夹算起，例如 \"policy/企业开办.md\"。"),
            );
        }
        for (what, key, word) in self.empty_choices(library) {
            problems.push(
                Diagnostic::warning(
                    KIOSK_CHOICE_EMPTY,
                    format!("屏幕“{}”选的{what}“{word}”里没有文章", self.screen.name),
                )
                .in_file(&library.config.file().into())
                .cause(format!("{key} 里的词要和文章的{what}一字不差；写错了，屏幕上就少了那些文章。"))
                .cure("核对写法；还没有文章的，以后有了自然会出现，现在不用改。"),
            );
        }
        for entry in self.entries.iter().filter(|entry| entry.airing.show) {
            let Some(length) = entry.deck.long_title else { continue };
            let document = &entry.record.document;
            let title = document.front.short.as_ref().or(document.front.title.as_ref());
            let told = Diagnostic::warning(KIOSK_TITLE_LONG, format!("标题有 {length} 个字，屏幕的封面放不下"));
            let told = match title {
                Some(title) => told.at(&document.path, title.span),
                None => told.in_file(&document.path),
            };
            problems.push(
                told.cause("站在三米外看，封面最多放六十个字；放不下的，这一篇在屏幕上就没有封面。")
                    .cure("在文件头里加一行短题，三十个字以内，例如 short: 证照分离改革全覆盖"),
            );
        }
    }
}

impl Programme {
    /// The words of the screen's choice that fit no page of the portal.
    fn empty_choices<'a>(&'a self, library: &'a Library) -> Vec<(&'static str, &'static str, &'a Arc<str>)> {
        let Screen { sections, kinds, topics, business, .. } = &*self.screen;
        let folders = || library.sections.iter().map(|section| &*section.folder);
        let named = |taxonomy: &str, word: &str| {
            let at = library.config.taxonomies().iter().position(|one| &*one.id == taxonomy);
            library.terms.iter().any(|term| Some(term.taxonomy) == at && *term.name == *word && term.met)
        };
        let sections = sections.iter().filter(|word| !folders().any(|folder| *folder == ***word));
        let kinds = kinds.iter().filter(|word| library.config.kind(word).is_none());
        let topics = topics.iter().filter(|word| !named("topics", word));
        let business = business.iter().filter(|word| !named("business", word));
        let sections = sections.map(|word| ("栏目", "sections", word));
        let kinds = kinds.map(|word| ("类型", "kinds", word));
        let topics = topics.map(|word| ("专题", "topics", word));
        sections.chain(kinds).chain(topics).chain(business.map(|word| ("条线", "business", word))).collect()
    }
}

fn find(library: &Library, path: &str) -> Option<PageId> {
    use super::library::{Found, Paths as _};
    match library.find(&format!("content/{path}")) {
        Some(Found::Page(id)) => Some(id),
        _ => None,
    }
}

/// Whether the screen may hold a page at all: whatever else it chooses, this is not passed over.
fn may_hold(library: &Library, owner: &Office, office: usize, screen: &Screen, id: PageId) -> bool {
    let row = &library.rows[id.at()];
    let last = library.today.checked_add(jiff::Span::new().days(i64::from(screen.ahead))).unwrap_or(library.today);
    let is_due = row.is_live || (row.is_future && screen.ahead > 0 && row.day.is_some_and(|day| day <= last));
    let is_seen = screen.audience == Audience::Internal || row.audience == Audience::Public;
    let is_named = || {
        let kiosk = library.pages[id.at()].kiosk.as_ref();
        let named = kiosk.and_then(|kiosk| kiosk.screens.as_ref());
        named.is_none_or(|named| {
            let full = format!("{}/{}", owner.id, screen.id);
            named.iter().any(|one| [&*screen.id, &*screen.name, &*full].contains(&&*one.value))
        })
    };
    row.offices.holds(office) && is_due && is_seen && is_named()
}

/// Whether the screen's choice takes a page in.
fn chooses(library: &Library, screen: &Screen, id: PageId) -> bool {
    let record = &library.pages[id.at()];
    let folder = &library.sections[record.section.at()].folder;
    let below = |section: &Arc<str>| {
        folder.strip_prefix(&**section).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            || section.is_empty()
    };
    let of_kind = |word: &Arc<str>| record.kind.as_ref().is_some_and(|kind| kind.id == *word || kind.name == *word);
    let has_term = |taxonomy: &'static str, word: &Arc<str>| terms(library, record, taxonomy).any(|term| term == word);
    (screen.sections.is_empty() || screen.sections.iter().any(below))
        && (screen.kinds.is_empty() || screen.kinds.iter().any(of_kind))
        && (screen.topics.is_empty() || screen.topics.iter().any(|word| has_term("topics", word)))
        && (screen.business.is_empty() || screen.business.iter().any(|word| has_term("business", word)))
}

/// The names of a page's terms in one taxonomy.
fn terms<'a>(library: &'a Library, record: &'a Record, taxonomy: &'a str) -> impl Iterator<Item = &'a Arc<str>> {
    let at = library.config.taxonomies().iter().position(|one| &*one.id == taxonomy);
    let terms = record.terms.iter().map(|id| &library.terms[id.at()]);
    terms.filter(move |term| Some(term.taxonomy) == at).map(|term| &term.name)
}

fn airing(record: &Record, screen: &Screen, pin: bool) -> Airing {
    let kiosk = record.kiosk.clone().unwrap_or_default();
    let front = &record.document.front;
    let at_midnight = |day: &jiff::civil::Date| day.at(0, 0, 0, 0);
    let dated = record.day.as_ref().map(at_midnight);
    let gone = front.expires.as_ref().map(|at| at_midnight(&at.value));
    let Kiosk { show, only: _, seconds, from, until, hours, screens: _, weight } = kiosk;
    Airing {
        pin,
        weight: weight.unwrap_or(1),
        show: show.unwrap_or(true),
        from: dated.into_iter().chain(from).max(),
        until: gone.into_iter().chain(until).min(),
        hours,
        seconds: seconds.unwrap_or(screen.seconds),
    }
}

/// The slides of a page on a screen.
fn deck(library: &Library, links: &Links, id: PageId, screen: &Screen, components: &Components) -> Deck {
    let record = &library.pages[id.at()];
    let document = &record.document;
    let front = &document.front;
    let field = |key: &str| {
        let found = record.fields.iter().find(|(name, _)| &**name == key);
        found.and_then(|(_, node)| Node::as_text(node)).map(str::trim).filter(|text| !text.is_empty())
    };
    let shows = |asset: AssetId| {
        let asset = &library.assets[asset.at()];
        let is_picture = || MediaKind::of(&asset.source).is_some_and(|(kind, _)| kind == MediaKind::Picture);
        !asset.is_unshowable() && (asset.picture.is_some() || is_picture())
    };
    let images = &links.pages[id.at()].images;
    let date = record.day.map(|day| format!("{}年{}月{}日", day.year(), day.month(), day.day()));
    let party = field("party").filter(|party| party.chars().count() <= 12);
    let meta: Vec<String> = party.map(str::to_owned).into_iter().chain(date).collect();
    let title = front.short.as_ref().map_or(&record.title, |short| &short.value);
    let topic = terms(library, record, "topics").next();
    let business = || terms(library, record, "business").next().map(|term| &**term);
    slide::deck(&slide::Page {
        document,
        title,
        summary: &record.summary,
        kind: record.kind.as_ref().map_or("资料", |kind| &kind.name),
        topic: topic.map(|term| &**term),
        field: field("field").or_else(business),
        meta: meta.join(" · "),
        cover: record.cover.is_some_and(shows),
        shows: &|n| images.get(n as usize).copied().flatten().is_some_and(shows),
        kiosk: record.kiosk.as_ref(),
        orientation: screen.orientation,
        stem: &|name| components.get(name).map_or_else(|| name.into(), |kind| kind.stem().clone()),
    })
}

/// The pictures and films that a page shows.
fn shown(library: &Library, links: &Links, id: PageId) -> Vec<AssetId> {
    let targets = &links.pages[id.at()];
    let record = &library.pages[id.at()];
    let images = targets.images.iter().flatten().copied();
    let args = record.document.body.components.iter().flat_map(|component| &component.args);
    let films = args.filter_map(|arg| match targets.links.get(arg.link? as usize)? {
        Target::Asset(asset) => Some(*asset),
        _ => None,
    });
    let is_media = |id: &AssetId| {
        let asset = &library.assets[id.at()];
        asset.picture.is_some() || MediaKind::of(&asset.source).is_some()
    };
    let all = images.chain(films).filter(is_media);
    all.filter(|id| !library.assets[id.at()].is_unshowable()).collect()
}
