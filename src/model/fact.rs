//! Facts and traces: the bookkeeping by which a rebuild knows which outputs a change can touch. A fact is one thing
//! that a job may read; a trace is the sorted list of the facts that one job did read.
//!
//! A fact is 56 bits of a hash of what it is about and 8 bits that say which side of it. Hashing instead of counting
//! makes a fact mean the same in every build without a table that must live for ever. Two things that share a hash
//! could only cause an output too many to be rendered again, never one too few.
//!
//! Every trace is gone through after every edit, so traces are small: what was read of one entity is one word of bits,
//! and what all pages of a template read alike (templates, menu, configuration) is held once for all of them.

mod digest;

pub use digest::Digest;

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

/// What a fact is about: a page, a section, a term, a template …
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entity(u64);

impl Entity {
    /// The entity of a sort (`"page"`, `"term"` …) with that name.
    pub fn new(sort: &str, name: &str) -> Self {
        // SipHash with fixed keys: a job makes dozens of these, and none outlives the program.
        let mut hasher = DefaultHasher::new();
        sort.hash(&mut hasher);
        name.hash(&mut hasher);
        Self(hasher.finish() & !0xff)
    }

    /// The n-th stretch of a long list of this entity.
    #[must_use]
    pub fn chunk(self, n: usize) -> Self {
        // An odd multiplier (2^64 over the golden ratio) keeps the stretches of one list apart.
        Self((self.0 ^ (n as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)) & !0xff)
    }

    /// The fact of that kind about it.
    pub fn fact(self, kind: Kind) -> Fact {
        Fact(self.0 | kind as u64)
    }

    /// A part of it, which nearly always tells it from others.
    fn short(self) -> u32 {
        (self.0 >> 8) as u32
    }

    /// For hashing lists of entities.
    pub fn bits(self) -> u64 {
        self.0
    }
}

/// One thing that a job may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fact(u64);

impl Fact {
    /// What it is about.
    pub fn entity(self) -> Entity {
        Entity(self.0 & !0xff)
    }

    /// Which kind of fact it is.
    pub fn kind(self) -> Option<Kind> {
        Kind::ALL.get((self.0 & 0xff) as usize).copied()
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// The kinds of facts. `Page…` ones say what a page is by itself and hold in every edition; what relates pages
        /// to each other holds in one edition only.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Kind { $($(#[$doc])* $name,)* }

        impl Kind {
            /// All of them, each at the place of its number.
            pub const ALL: &[Kind] = &[$(Kind::$name,)*];

            /// Everything about a page but whether an edition holds it.
            pub fn of_page() -> impl Iterator<Item = Kind> {
                let of_page = |kind: &Kind| (Kind::PageTitle..=Kind::PageProblems).contains(kind);
                Self::ALL.iter().copied().filter(of_page)
            }
        }
    };
}

kinds! {
    /// What stands at an output path.
    Job,
    /// Whether this edition (or any) holds the page.
    PagePresence,
    /// Title and short title.
    PageTitle,
    /// Date, update, expiry, as-of.
    PageDate,
    /// Author, source, editor.
    PageByline,
    /// Summary.
    PageSummary,
    /// The prose.
    PageContent,
    /// The headings.
    PageToc,
    /// Length in Chinese characters.
    PageLength,
    /// Reading time, which is the same for many lengths.
    PageReadingTime,
    /// Its address.
    PagePath,
    /// Its kind.
    PageKind,
    /// Its terms.
    PageTerms,
    /// The series it belongs to.
    PageSeries,
    /// Cover and attachments.
    PageFiles,
    /// `extra`.
    PageExtra,
    /// The offices it is for, and whether it is a draft.
    PageOffices,
    /// The template it asks for.
    PageTemplate,
    /// Where its links lead in this edition.
    PageLinks,
    /// Older and newer.
    PageNeighbours,
    /// Related pages.
    PageRelated,
    /// Pages that link here.
    PageBacklinks,
    /// Which of its articles others cite, and where.
    PageCited,
    /// Pages of each kind on the same topics, side by side.
    PageSides,
    /// What it replaces and what replaces it.
    PageSupersession,
    /// What is wrong with it.
    PageProblems,
    /// Whether this edition holds the section.
    SectionPresence,
    /// Title, address, kind, order of a section.
    SectionFace,
    /// Its text, description and extra.
    SectionContent,
    /// A stretch of the section's pages.
    SectionPages,
    /// How many pages, by year.
    SectionCount,
    /// Sections directly below.
    SectionChildren,
    /// Terms met in it.
    SectionTopics,
    /// Name and address of a term.
    TermFace,
    /// How many pages a term has.
    TermCount,
    /// A stretch of the term's pages.
    TermPages,
    /// Whether a taxonomy has terms in this edition.
    TaxonomyPresence,
    /// Terms of a taxonomy in this edition.
    TaxonomyTerms,
    /// Whether this edition has any series.
    SeriesPresence,
    /// The series that this edition has.
    SeriesList,
    /// Pages of a series.
    SeriesPages,
    /// The plan of a series, month by month.
    SeriesPlan,
    /// Name, description, audience and address of a series.
    SeriesFace,
    /// Which month it is.
    ThisMonth,
    /// The menu.
    Nav,
    /// Months and their counts.
    Months,
    /// Pages of a month.
    MonthPages,
    /// Lead story.
    HomeLead,
    /// Newest pages of a column.
    HomeColumn,
    /// The office's own notices.
    HomeNotices,
    /// This month's plan.
    HomePlan,
    /// Freshest of the other offices.
    HomeElsewhere,
    /// Most used topics.
    HomeTopics,
    /// Entries of the feed.
    Feed,
    /// Entries of the site map.
    Sitemap,
    /// Who has written what on which line of business.
    Map,
    /// Date of the edition's newest page.
    Updated,
    /// What the door shows of an office.
    Door,
    /// A key of the configuration.
    Config,
    /// An office.
    Office,
    /// A template's source, or that there is none.
    Template,
    /// The address of a theme file.
    ThemeFile,
    /// The address, size and dimensions of a file beside a page.
    Asset,
    /// What a screen shows, its slides of a page, whether it holds one.
    Screen,
}

/// What a running job has read so far.
#[derive(Debug, Default)]
pub struct Recorder {
    /// Pushed blindly and sorted once at the end: a page reads the same few facts many times, and a set would cost
    /// more than it saves.
    facts: Mutex<Vec<Fact>>,
}

impl Recorder {
    /// Notes a read.
    pub fn read(&self, fact: Fact) {
        self.facts.lock().unwrap_or_else(PoisonError::into_inner).push(fact);
    }

    /// Ends the recording.
    pub fn finish(&self) -> Trace {
        let mut facts = std::mem::take(&mut *self.facts.lock().unwrap_or_else(PoisonError::into_inner));
        facts.sort_unstable();
        Trace::new(facts)
    }
}

/// What was read of one entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Read {
    entity: Entity,
    kinds: Kinds,
}

/// A set of kinds: a bit for each, at the place of its number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Kinds(u64);

const _: () = assert!(Kind::ALL.len() <= 64, "a kind has its bit in a word");

impl Kinds {
    fn of(kinds: &[Kind]) -> Self {
        Self(kinds.iter().fold(0, |bits, &kind| bits | 1 << kind as u64))
    }

    fn meet(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    fn iter(self) -> impl Iterator<Item = Kind> {
        Kind::ALL.iter().copied().filter(move |&kind| self.meet(Self::of(&[kind])))
    }
}

/// What many jobs read alike, whatever page they show.
const COMMON: &[Kind] = &[
    Kind::Template,
    Kind::ThemeFile,
    Kind::Config,
    Kind::Office,
    Kind::Nav,
    Kind::SectionFace,
    Kind::TaxonomyPresence,
];

/// The facts that one job read, each list sorted by entity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// Of [`COMMON`] kinds alone.
    common: Arc<[Read]>,
    own: Box<[Read]>,
}

impl Trace {
    fn new(facts: impl IntoIterator<Item = Fact>) -> Self {
        let (mut common, mut own): (Vec<Read>, Vec<Read>) = Default::default();
        let all = Kinds::of(COMMON).0;
        for fact in facts {
            let (entity, kind) = (fact.entity(), Kinds(1 << (fact.0 & 0xff)));
            let reads = if kind.0 & all != 0 { &mut common } else { &mut own };
            match reads.last_mut() {
                Some(read) if read.entity == entity => read.kinds.0 |= kind.0,
                _ => reads.push(Read { entity, kinds: kind }),
            }
        }
        Self { common: common.into(), own: own.into_boxed_slice() }
    }

    /// The facts.
    pub fn facts(&self) -> impl Iterator<Item = Fact> {
        let reads = self.common.iter().chain(&self.own);
        reads.flat_map(|read| read.kinds.iter().map(|kind| read.entity.fact(kind)))
    }

    /// Whether any of the changed facts was read.
    pub fn meets(&self, changed: &Changed) -> bool {
        self.common.iter().chain(&self.own).any(|read| changed.meets(read))
    }

    /// The same trace without the facts of one kind, for the test that each kind is needed.
    #[must_use]
    pub fn without(&self, kind: Kind) -> Self {
        let mut facts: Vec<Fact> = self.facts().filter(|fact| fact.kind() != Some(kind)).collect();
        facts.sort_unstable();
        Self::new(facts)
    }
}

/// What traces have in common, so that it is held once.
#[derive(Debug, Default)]
pub struct Commons(Mutex<Shared>);

#[derive(Debug, Default)]
struct Shared {
    all: HashSet<Arc<[Read]>>,
    /// How many there may be before those that nobody holds any more are let go.
    most: usize,
}

impl Commons {
    /// The same trace, sharing what others have read before it.
    pub fn share(&self, mut trace: Trace) -> Trace {
        let Shared { all, most } = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = all.get(&trace.common) {
            trace.common = known.clone();
            return trace;
        }
        if all.len() >= *most {
            all.retain(|common| Arc::strong_count(common) > 1);
            *most = 2 * all.len() + 256;
        }
        all.insert(trace.common.clone());
        trace
    }
}

/// Facts that differ between two models.
#[derive(Clone, Debug, Default)]
pub struct Changed {
    facts: HashMap<Entity, Kinds, Spread>,
    /// The same by parts of entities.
    shorts: HashMap<u32, Kinds, Spread>,
    /// A bit for each entity, so that a trace is dismissed without looking all of its entities up.
    sieve: Sieve,
}

/// Entities are hashes already: their bits need only be spread.
type Spread = BuildHasherDefault<Spreading>;

#[derive(Clone, Copy, Debug, Default)]
struct Spreading(u64);

impl Hasher for Spreading {
    fn finish(&self) -> u64 {
        // By the odd number next to 2^64 over the golden ratio (Knuth's multiplicative hashing).
        (self.0 >> 8 ^ self.0).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.0 = self.0.rotate_left(8) ^ u64::from(byte));
    }

    fn write_u32(&mut self, bits: u32) {
        self.0 = u64::from(bits);
    }

    fn write_u64(&mut self, bits: u64) {
        self.0 = bits;
    }
}

/// A set of bits in which an entity that was added is always found, and one that was not hardly ever.
#[derive(Clone, Debug)]
struct Sieve(Vec<u64>);

/// Words of bits at first: small enough for the processor's nearest cache.
const SIEVE: usize = 1024;
/// So many bits there are at least for each entity: with more, the set would leave that cache when much has changed.
const WIDE: usize = 16;

impl Default for Sieve {
    fn default() -> Self {
        Self(vec![0; SIEVE])
    }
}

impl Sieve {
    /// Word and bit: an entity's bits are a hash already.
    fn place(&self, short: u32) -> (usize, u64) {
        (short as usize >> 6 & (self.0.len() - 1), 1 << (short & 63))
    }

    fn add(&mut self, entity: Entity) {
        let (word, bit) = self.place(entity.short());
        self.0[word] |= bit;
    }

    fn may_hold(&self, short: u32) -> bool {
        let (word, bit) = self.place(short);
        self.0[word] & bit != 0
    }
}

impl Changed {
    /// Adds a fact.
    pub fn add(&mut self, fact: Fact) {
        let entity = fact.entity();
        self.sieve.add(entity);
        self.facts.entry(entity).or_default().0 |= 1 << (fact.0 & 0xff);
        self.shorts.entry(entity.short()).or_default().0 |= 1 << (fact.0 & 0xff);
        if self.facts.len() * WIDE > self.sieve.0.len() * 64 {
            self.sieve = Sieve(vec![0; 2 * self.sieve.0.len()]);
            self.facts.keys().for_each(|&entity| self.sieve.add(entity));
        }
    }

    /// Adds the fact if the two values differ.
    pub fn compare<T: PartialEq>(&mut self, entity: Entity, kind: Kind, old: T, new: T) {
        if old != new {
            self.add(entity.fact(kind));
        }
    }

    /// Whether nothing has changed.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// The facts, in no order that means anything.
    pub fn facts(&self) -> impl Iterator<Item = Fact> {
        self.facts.iter().flat_map(|(entity, kinds)| kinds.iter().map(|kind| entity.fact(kind)))
    }

    /// Whether something of these kinds has changed of an entity of which only a part is known.
    fn may_meet(&self, short: u32, kinds: Kinds) -> bool {
        self.shorts.get(&short).is_some_and(|changed| changed.meet(kinds))
    }

    fn meets(&self, read: &Read) -> bool {
        self.sieve.may_hold(read.entity.short())
            && self.facts.get(&read.entity).is_some_and(|kinds| kinds.meet(read.kinds))
    }
}
