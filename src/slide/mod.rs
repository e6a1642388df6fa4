//! Slides: what a page becomes on a screen (投屏), without extra work for its author. A pure function of the document
//! and what the model says of it: the key points, steps, comparisons … that its components already hold are cut to what can
//! be read at three metres. Every text is broken into lines here; templates only place them.
//!
//! Sizes are pixels on a screen whose shorter side has 1080. 15 mm can be read at three metres; on a 32-inch panel
//! (398 mm high) that is 1080 · 15 / 398 = 41 pixels, so 44 is the smallest size, and serves every larger panel.

mod cover;
mod fit;
mod panels;
mod picture;
mod points;
mod question;
mod statute;
mod steps;

use std::sync::Arc;

use serde::Serialize;

use crate::content::{Component, Document, Kiosk, plain, slide_kind};
use crate::source::Orientation;

/// Most slides of one page: who wants more reads it by touch.
const MOST: usize = 14;

/// The slides of one page on one screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Deck {
    /// In the order in which they are shown.
    pub slides: Vec<Slide>,
    /// Characters of a title that no cover can hold, if that is so.
    pub long_title: Option<usize>,
}

/// One slide.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Slide {
    /// Its kind, one of [`crate::content::SLIDES`].
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What the running head calls it.
    pub word: &'static str,
    /// Seconds, where its author says so.
    pub seconds: Option<u32>,
    /// Its heading.
    pub title: Option<Lines>,
    /// What is on it.
    #[serde(flatten)]
    pub content: Content,
}

/// What is on a slide.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "each field is what docs/themes.md says of the slide of that kind")]
pub enum Content {
    Cover { slip: String, tag: Option<String>, summary: Vec<String>, meta: String },
    Points { items: Vec<Item> },
    Number { value: String, unit: String, size: u32, context: Lines },
    Steps { items: Vec<Item>, layout: &'static str },
    Compare { panels: [Panel; 2] },
    Question { question: Lines, answer: Lines, reason: Vec<String> },
    Statute { law: String, article: String, vertical: bool, text: Lines, gloss: Lines },
    Poster { figures: Vec<Figure>, texts: Vec<Vec<String>> },
    Picture { image: Image, alt: String, note: Vec<String> },
    Video { link: u32, note: Vec<String> },
}

/// A text in lines that fit.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Lines {
    /// Each on a line of its own.
    pub lines: Vec<String>,
    /// Pixels.
    pub size: u32,
}

/// A key point, or a step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Item {
    /// Its number in the whole list.
    pub n: usize,
    /// What it says.
    pub text: Lines,
    /// What is said about it, in 44 pixels.
    pub note: Vec<String>,
}

/// One side of a comparison.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Panel {
    /// What the side is.
    pub head: String,
    /// What it holds, in the same order on both sides.
    pub rows: Vec<Row>,
}

/// A line of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// What is compared.
    pub label: String,
    /// How it is on this side.
    pub value: Lines,
    /// Whether both stand on one line.
    pub inline: bool,
}

/// A number in large figures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// `68`
    pub value: String,
    /// `项`
    pub unit: String,
    /// What is counted.
    pub label: Vec<String>,
}

/// Which picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Image {
    /// The page's cover.
    Cover,
    /// `images[n]` of the document.
    Shown(u32),
}

/// What slides are made of.
pub struct Page<'a> {
    /// The text.
    pub document: &'a Document,
    /// Its title, or its short one.
    pub title: &'a str,
    /// Its summary.
    pub summary: &'a str,
    /// Name of its kind.
    pub kind: &'a str,
    /// Its topic.
    pub topic: Option<&'a str>,
    /// The field of a case, or the line of business.
    pub field: Option<&'a str>,
    /// Whom it is about, and when.
    pub meta: String,
    /// Whether it has a cover picture that can be shown.
    pub cover: bool,
    /// Which pictures can be shown.
    pub shows: &'a dyn Fn(u32) -> bool,
    /// What its front matter says.
    pub kiosk: Option<&'a Kiosk>,
    /// How the screen hangs.
    pub orientation: Orientation,
    /// The theme's name of a component.
    pub stem: &'a dyn Fn(&str) -> Arc<str>,
}

impl Page<'_> {
    fn is_portrait(&self) -> bool {
        self.orientation == Orientation::Portrait
    }

    /// One value for a screen that lies, one for one that stands.
    fn either<T>(&self, landscape: T, portrait: T) -> T {
        if self.is_portrait() { portrait } else { landscape }
    }

    /// Pixels between running head and progress.
    fn height(&self) -> f32 {
        self.either(792.0, 1452.0)
    }

    /// The heading of a slide, and how many pixels it takes.
    fn heading(&self, text: &str) -> Option<(Lines, f32)> {
        let sizes: &[(u32, f32, usize)] = self.either(
            &[(96, 16.0, 1), (72, 21.0, 1), (72, 21.0, 2)],
            &[(96, 9.4, 2), (72, 12.5, 2), (72, 12.5, 3), (56, 16.0, 3)],
        );
        let (size, lines) = fit::first_fit(text, sizes)?;
        let high = lines.len() as f32 * size as f32 * 1.28 + self.either(35.0, 71.0);
        Some((Lines { lines, size }, high))
    }

    /// As [`Page::heading`], of a component: its own title, else the page's.
    fn heading_of(&self, component: &Component) -> Option<(Lines, f32)> {
        let own = (!component.title.is_empty()).then(|| self.heading(&component.title)).flatten();
        own.or_else(|| self.heading(self.title))
    }
}

/// The slides of a page.
pub fn deck(page: &Page<'_>) -> Deck {
    let (cover, long_title) = match cover::slide(page) {
        Ok(slide) => (Some(slide), None),
        Err(length) => (None, Some(length)),
    };
    let components: Vec<(&Component, Arc<str>)> = page
        .document
        .body
        .components
        .iter()
        .filter(|component| component.depth == 0)
        .map(|component| (component, (page.stem)(&component.name)))
        .collect();
    let is_chosen = components.iter().any(|(_, stem)| &**stem == "kiosk");
    let mut slides: Vec<Slide> = cover.into_iter().collect();
    if is_chosen {
        // Where the author decides, nothing else is made of the page.
        for (component, _) in components.iter().filter(|(_, stem)| &**stem == "kiosk") {
            slides.extend(chosen(page, component));
        }
    } else {
        slides.extend(picture::first(page));
        for (component, stem) in &components {
            slides.extend(of(page, component, stem));
        }
    }
    let only = page.kiosk.map_or(&[][..], |kiosk| &kiosk.only);
    slides.retain(|slide| only.is_empty() || only.contains(&slide.kind));
    slides.truncate(MOST);
    Deck { slides, long_title }
}

fn of(page: &Page<'_>, component: &Component, stem: &str) -> Vec<Slide> {
    match stem {
        "keypoints" => points::slides(page, component),
        "steps" => steps::slides(page, component),
        "compare" => panels::compare(page, component),
        "infographic" => panels::poster(page, component),
        "qa" => question::slides(page, component),
        "statute" => statute::slide(page, component).into_iter().collect(),
        "video" => picture::video(page, component).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// What an author's own block makes: of the kind that is named, else of what stands in it.
fn chosen(page: &Page<'_>, component: &Component) -> Vec<Slide> {
    let arg = |names: &[&str]| component.args.iter().find(|arg| names.contains(&&*arg.key)).map(|arg| &*arg.value);
    let seconds = arg(&["秒数", "seconds"]).and_then(|text| text.trim().parse::<u32>().ok());
    let named = arg(&["类型", "type"]).and_then(slide_kind);
    let has_table = component.parts.iter().any(|part| matches!(part.kind, crate::content::PartKind::Table));
    let has_heading = component.parts.iter().any(|part| matches!(part.kind, crate::content::PartKind::Heading(_)));
    let kind = named.unwrap_or(match (has_table, has_heading) {
        (true, _) => "compare",
        (_, true) => "poster",
        _ => "points",
    });
    let mut slides = match kind {
        "steps" => steps::slides(page, component),
        "compare" => panels::compare(page, component),
        "poster" | "number" => panels::poster(page, component),
        "question" => question::slides(page, component),
        "statute" => statute::slide(page, component).into_iter().collect(),
        "picture" => picture::of(page, component).into_iter().collect(),
        _ => points::slides(page, component),
    };
    slides.iter_mut().for_each(|slide| slide.seconds = seconds.map(|seconds| seconds.clamp(3, 600)));
    slides
}

/// The words of a part.
fn words(component: &Component, range: std::ops::Range<usize>) -> String {
    plain::words(component.stretch(range))
}
