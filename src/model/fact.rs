//! Facts and traces: the bookkeeping by which a rebuild knows which outputs a change can touch. A fact is one thing
//! that a job may read; a trace is the sorted list of the facts that one job did read.
//!
//! A fact is 56 bits of a hash of what it is about and 8 bits that say which side of it. Hashing instead of counting
//! makes a fact mean the same in every build without a table that must live for ever. Two things that share a hash
//! could only cause an output too many to be rendered again, never one too few.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};

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

    /// For hashing lists of entities.
    pub fn bits(self) -> u64 {
        self.0
    }
}

/// One thing that a job may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fact(u64);

impl Fact {
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
    /// The series it names.
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
    /// Pages of a series.
    SeriesPages,
    /// Name of a series.
    SeriesFace,
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
        facts.dedup();
        Trace(facts.into_boxed_slice())
    }
}

/// The facts that one job read, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace(Box<[Fact]>);

impl Trace {
    /// The facts.
    pub fn facts(&self) -> &[Fact] {
        &self.0
    }

    /// Whether any of the changed facts was read.
    pub fn meets(&self, changed: &Changed) -> bool {
        self.0.iter().any(|&fact| changed.holds(fact))
    }

    /// The same trace without the facts of one kind, for the test that each kind is needed.
    #[must_use]
    pub fn without(&self, kind: Kind) -> Self {
        Self(self.0.iter().copied().filter(|fact| fact.kind() != Some(kind)).collect())
    }
}

/// Facts that differ between two models.
#[derive(Clone, Debug, Default)]
pub struct Changed {
    facts: HashSet<Fact>,
    /// A bit for each, so that a trace of a hundred facts is dismissed without a hundred look-ups.
    sieve: Sieve,
}

/// A set of bits in which a fact that was added is always found, and one that was not nearly never.
#[derive(Clone, Debug)]
struct Sieve(Box<[u64; SIEVE]>);

/// 64 Ki bits: small enough for the processor's nearest cache, large enough for the thousands of facts of a large edit.
const SIEVE: usize = 1024;

impl Default for Sieve {
    fn default() -> Self {
        Self(Box::new([0; SIEVE]))
    }
}

impl Sieve {
    /// Word and bit. The entity's bits are a hash already; the kind is spread over them.
    fn place(fact: Fact) -> (usize, u64) {
        let mixed = (fact.0 >> 8) ^ (fact.0 & 0xff).wrapping_mul(0x9e37);
        (mixed as usize >> 6 & (SIEVE - 1), 1 << (mixed & 63))
    }

    fn add(&mut self, fact: Fact) {
        let (word, bit) = Self::place(fact);
        self.0[word] |= bit;
    }

    fn may_hold(&self, fact: Fact) -> bool {
        let (word, bit) = Self::place(fact);
        self.0[word] & bit != 0
    }
}

impl Changed {
    /// Adds a fact.
    pub fn add(&mut self, fact: Fact) {
        self.sieve.add(fact);
        self.facts.insert(fact);
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
        self.facts.iter().copied()
    }

    fn holds(&self, fact: Fact) -> bool {
        self.sieve.may_hold(fact) && self.facts.contains(&fact)
    }
}
