//! The outputs of a screen edition: a shell, a pointer to the version on show, and that version's data as classic scripts,
//! each one statement that says its own name and hash, so that a torn one never counts. Works alike from a web server and
//! from a folder.

mod article;
mod audience;
mod programme;

use std::sync::Arc;

use minijinja::value::Value;
use serde::{Deserialize, Serialize};

use super::job::What;
use super::scope::Scope;
use super::view::map;
use super::{Content, Worker};
pub(super) use article::HELD;
pub(super) use audience::Outward;

use crate::content::{MediaKind, han};
use crate::model::{AssetId, PageId, Reader};
use crate::picture::{Order, Rendition};
use crate::slide::{self, Image};

/// The folder of the version on show, below a screen's; `output` calls it by its content's hash instead.
pub(crate) const VERSION: &str = "v/now/";

/// The script that says which version is on show, in a screen's folder.
pub(crate) const POINTER: &str = "version.js";

/// The script that says what belongs to a version, in its folder.
pub(crate) const LIST: &str = "list.js";

/// What html has before the path of a file; the browser puts the version's folder in.
pub(super) const FILES: &str = "{v}f/";

/// The widest a picture is carried in a slide.
const WIDEST: u32 = 1920;

/// What a job of a screen makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The page that the browser opens.
    Shell,
    /// Which version is on show.
    Pointer,
    /// What belongs to the version.
    List,
    /// The programme.
    Programme,
    /// A slide of its own: `attract` or `night`.
    Standing(&'static str),
    /// A page's slides.
    Slides(PageId),
    /// A page to be read by touch.
    Article(PageId),
    /// The office's colours.
    Style,
}

impl Part {
    /// The page that it shows.
    pub(super) fn page(&self) -> Option<PageId> {
        match self {
            Self::Slides(page) | Self::Article(page) => Some(*page),
            _ => None,
        }
    }

    /// Whether it makes the same as `other`, of whichever page.
    pub(super) fn is_kind_of(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Standing(a), Self::Standing(b)) => a == b,
            (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
        }
    }
}

/// The jobs of one screen: paths below the office's folder.
pub(super) fn plan(model: &crate::model::Model, at: usize, statics: &super::Statics) -> Vec<(String, What)> {
    let Some(programme) = model.programmes().get(at) else { return Vec::new() };
    let folder = programme.folder();
    let version = format!("{folder}{VERSION}");
    let part = |part: Part| What::Screen(at, part);
    let mut jobs = vec![
        (format!("{folder}index.html"), part(Part::Shell)),
        (format!("{folder}{POINTER}"), part(Part::Pointer)),
        (format!("{version}{LIST}"), part(Part::List)),
        (format!("{version}programme.js"), part(Part::Programme)),
        (format!("{version}office.css"), part(Part::Style)),
        (format!("{version}s/-attract.js"), part(Part::Standing("attract"))),
        (format!("{version}s/-night.js"), part(Part::Standing("night"))),
    ];
    for (name, _) in statics.files() {
        let Some(file) = name.strip_prefix(STATICS) else { continue };
        let below = if file == "start.js" { &folder } else { &version };
        jobs.push((format!("{below}{file}"), What::Static(name.clone())));
    }
    for entry in programme.entries() {
        let key = key(model.path_of(entry.page));
        if !entry.deck.slides.is_empty() {
            jobs.push((format!("{version}s/{key}.js"), part(Part::Slides(entry.page))));
        }
        jobs.push((format!("{version}a/{key}.js"), part(Part::Article(entry.page))));
    }
    for id in programme.files() {
        let Some(asset) = model.asset(id) else { continue };
        let is_made = asset.picture().is_some_and(|picture| picture.is_made(false));
        jobs.push((format!("{version}f/{}", asset.path()), if is_made { What::Original(id) } else { What::Asset(id) }));
        for width in asset.widths() {
            jobs.push((
                format!("{version}f/{}", crate::picture::path(asset.path(), width)),
                What::Rendition(id, width),
            ));
        }
    }
    jobs
}

/// The theme's static files below this folder are those of screens.
pub(super) const STATICS: &str = "kiosk/";

/// By what a screen knows a page: its address without the ending.
pub(super) fn key(path: &str) -> &str {
    path.strip_suffix(".html").unwrap_or(path)
}

/// A text in which pictures are to be put, and what to put around it.
#[derive(Debug)]
pub struct Bound {
    /// The name under which the script says that it is whole.
    pub name: String,
    /// JSON, with the mark of each picture where its data belongs.
    pub text: String,
    /// The pictures, each with its mark.
    pub pictures: Vec<(String, Carried)>,
}

/// A picture that travels inside a script.
#[derive(Debug)]
pub enum Carried {
    /// To be made.
    Made(Order),
    /// As it is: its file, its hash, its media type.
    File(Arc<str>, blake3::Hash, &'static str),
}

impl Bound {
    /// The script with its pictures, as `print` gives each: media type and bytes.
    pub fn script(self, print: impl Fn(&Carried) -> (String, Arc<[u8]>)) -> Vec<u8> {
        let mut text = self.text;
        for (mark, picture) in &self.pictures {
            let (kind, bytes) = print(picture);
            text = text.replace(mark.as_str(), &format!("data:{kind};base64,{}", base64(&bytes)));
        }
        sealed(&self.name, &text)
    }
}

/// Which version is on show, and which one was before it and still there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pointer {
    pub now: String,
    pub before: Option<String>,
}

impl Pointer {
    /// The statement that the browser runs.
    pub fn script(&self) -> Vec<u8> {
        format!("zhendi.point({});\n", serde_json::to_string(self).unwrap_or_default()).into_bytes()
    }

    /// What [`Pointer::script`] gave; `None` if it is anything else.
    pub fn read(script: &[u8]) -> Option<Self> {
        let json = script.strip_prefix(b"zhendi.point(")?.strip_suffix(b");\n")?;
        let read: Self = serde_json::from_slice(json).ok()?;
        let is_name = |name: &String| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        (is_name(&read.now) && read.before.as_ref().is_none_or(is_name)).then_some(read)
    }
}

/// Hash and JSON of a script that [`sealed`] made.
pub(crate) fn handed_over(script: &[u8]) -> Option<(String, &[u8])> {
    let rest = script.strip_prefix(b"zhendi.add(")?.strip_suffix(b");\n")?;
    let text = |bytes: &'_ [u8]| {
        let mut texts = serde_json::Deserializer::from_slice(bytes).into_iter::<String>();
        let text = texts.next()?.ok()?;
        Some((text, texts.byte_offset()))
    };
    let (_name, end) = text(rest)?;
    let rest = rest.get(end..)?.strip_prefix(b",")?;
    let (hash, end) = text(rest)?;
    Some((hash, rest.get(end..)?.strip_prefix(b",")?))
}

/// One statement that hands over `json` under its name and hash.
pub(crate) fn sealed(name: &str, json: &str) -> Vec<u8> {
    let hash = &blake3::hash(json.as_bytes()).to_hex()[..16];
    format!("zhendi.add({},\"{hash}\",{json});\n", serde_json::Value::from(name)).into_bytes()
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// Why a template of a screen failed.
pub(super) struct Failed {
    pub template: &'static str,
    pub error: minijinja::Error,
}

impl Worker<'_> {
    /// Makes an output of screen number `at`.
    pub(super) fn screen(&self, at: usize, part: &Part, scope: &Arc<Scope>) -> Result<Content, Failed> {
        Ok(match part {
            Part::Shell => self.shell(at, scope)?,
            Part::Pointer => Content::Bytes(Pointer { now: "now".to_owned(), before: None }.script()),
            Part::List => Content::Bytes(sealed("list", &self.list(at, scope))),
            Part::Programme => Content::Bytes(sealed("programme", &programme::json(scope, at).to_string())),
            Part::Style => Content::Bytes(style(scope).into_bytes()),
            Part::Standing(kind) => {
                let slide = serde_json::json!({ "type": kind, "word": "", "title": null });
                let face = map([("id", "notice".into()), ("name", "".into()), ("seal", "阅".into())]);
                let html = self.slide(at, scope, face, slide)?;
                Content::Bytes(sealed(&format!("s/-{kind}"), &serde_json::json!([html]).to_string()))
            }
            Part::Slides(page) => self.slides(at, *page, scope)?,
            Part::Article(page) => self.article(*page, scope)?,
        })
    }

    /// Everything that belongs to the version; `zhendi build` puts the hashes in once all is made.
    fn list(&self, at: usize, scope: &Arc<Scope>) -> String {
        let read = scope.read(0);
        read.theme_names();
        let Some(programme) = read.programme(at) else { return "{}".to_owned() };
        programme.entries().iter().for_each(|entry| _ = read.page(entry.page).path());
        let version = format!("{}{VERSION}", programme.folder());
        let planned = plan(&scope.models[0], at, &self.stage.looks.statics);
        let files = planned.iter().filter_map(|(path, _)| path.strip_prefix(&version));
        // What articles show counts through the pointer.
        let files = files.filter(|file| *file != LIST && !file.starts_with("f/"));
        let files: serde_json::Map<_, _> = files.map(|file| (file.to_owned(), "".into())).collect();
        serde_json::Value::Object(files).to_string()
    }

    /// Renders a template of screens.
    fn of_screen(&self, scope: &Arc<Scope>, name: &'static str, values: Value) -> Result<String, Failed> {
        scope.read(0).template(name);
        let template = self.env.get_template(name).and_then(|template| template.render(values));
        template.map_err(|error| Failed { template: name, error })
    }

    fn shell(&self, at: usize, scope: &Arc<Scope>) -> Result<Content, Failed> {
        let read = scope.read(0);
        let Some(programme) = read.programme(at) else { return Ok(Content::Bytes(Vec::new())) };
        let screen = programme.screen();
        let values = map([
            ("title", Value::from(&**read.config("title").title())),
            ("orientation", screen.orientation.id().into()),
            ("screen", map([("id", Value::from(&*screen.id)), ("name", Value::from(&*screen.name))])),
            ("office", office(read)),
        ]);
        Ok(Content::Bytes(self.of_screen(scope, "kiosk/index.html", values)?.into_bytes()))
    }

    /// One slide, whose kind of page has this face.
    fn slide(&self, at: usize, scope: &Arc<Scope>, kind: Value, slide: serde_json::Value) -> Result<String, Failed> {
        let read = scope.read(0);
        let orientation = read.programme(at).map_or("landscape", |programme| programme.screen().orientation.id());
        let values = map([
            ("slide", minijinja::value::Serde(slide).into()),
            ("kind", kind),
            ("office", office(read)),
            ("bureau", Value::from(&**read.config("title").title())),
            ("orientation", orientation.into()),
        ]);
        self.of_screen(scope, "kiosk/slide.html", values)
    }

    fn slides(&self, at: usize, page: PageId, scope: &Arc<Scope>) -> Result<Content, Failed> {
        let read = scope.read(0);
        let reader = read.page(page);
        let name = format!("s/{}", key(reader.path().0));
        let Some(deck) = read.deck(at, page) else { return Ok(Content::Bytes(Vec::new())) };
        let kind = reader.kind();
        let face = map([
            ("id", Value::from(kind.map_or("notice", |kind| &*kind.id))),
            ("name", kind.map_or("", |kind| &*kind.name).into()),
            ("seal", kind.map_or("文", |kind| &*kind.seal).into()),
        ]);
        let is_example = reader.extra().iter().any(|(key, node)| &**key == "sample" && node.as_bool() == Some(true));
        let head = head(scope, page);
        // No text can hold it by chance.
        let seed = blake3::hash(reader.source_path().as_bytes()).to_hex();
        let (mut pictures, mut made) = (Vec::new(), Vec::new());
        for slide in &deck.slides {
            let mut value = serde_json::to_value(slide).unwrap_or_default();
            value["head"] = head.as_str().into();
            value["example"] = is_example.into();
            match &slide.content {
                slide::Content::Picture { image, .. } => {
                    // Slides are counted by the programme, so none is left out even where something is wrong.
                    if let Some(carried) = carried(scope, page, *image) {
                        let mark = format!("zhendi-picture-{}-{}", &seed[..16], pictures.len());
                        value["src"] = mark.as_str().into();
                        pictures.push((mark, carried));
                    }
                }
                slide::Content::Video { link, .. } => {
                    let prose = reader.content();
                    if let Some(crate::model::Target::Asset(asset)) = prose.link(*link) {
                        value["src"] = format!("{FILES}{}", read.asset(*asset).url()).into();
                    }
                }
                _ => {}
            }
            made.push(serde_json::Value::from(self.slide(at, scope, face.clone(), value)?));
        }
        let text = serde_json::Value::Array(made).to_string();
        Ok(Content::Bound(Bound { name, text, pictures }))
    }

    fn article(&self, page: PageId, scope: &Arc<Scope>) -> Result<Content, Failed> {
        let reader = scope.read(0).page(page);
        let values = map([("page", super::view::page(scope, 0, page)), ("office", office(scope.read(0)))]);
        let html = self.of_screen(scope, "kiosk/article.html", values)?;
        let html = article::unlinked(&html);
        let name = format!("a/{}", key(reader.path().0));
        let json = serde_json::json!({ "title": &**reader.title(), "html": html }).to_string();
        Ok(Content::Bytes(sealed(&name, &json)))
    }
}

fn office(read: Reader<'_>) -> Value {
    let (_, office) = read.office();
    map([
        ("id", Value::from(&*office.id)),
        ("name", Value::from(&*office.name)),
        ("short", Value::from(&*office.short)),
        ("contact", Value::from(&*office.contact)),
    ])
}

/// The office's colour, and a darker one for the boards of covers.
fn style(scope: &Scope) -> String {
    let read = scope.read(0);
    let accent = read.accent_at(read.office().0);
    // The mark says that the file is whole: one cut short loads all the same.
    format!(":root{{--office:{accent};--office-deep:{}}}\nhtml{{--office-css:whole}}\n", deep(accent))
}

/// Three quarters as light.
fn deep(accent: &str) -> String {
    let part = |at: usize| accent.get(at..at + 2).and_then(|hex| u32::from_str_radix(hex, 16).ok()).unwrap_or(0);
    let dark = |part: u32| part * 3 / 4;
    format!("#{:02X}{:02X}{:02X}", dark(part(1)), dark(part(3)), dark(part(5)))
}

/// The running head: the series and which part of it this is, else the title.
fn head(scope: &Scope, page: PageId) -> String {
    let read = scope.read(0);
    let reader = read.page(page);
    let place = reader.series().and_then(|id| {
        let at = read.series_pages(id).iter().position(|&one| one == page)?;
        Some(format!("{} · 第{}讲", read.series(id)?.name(), han(u16::try_from(at + 1).unwrap_or(u16::MAX))))
    });
    let full = place.unwrap_or_else(|| reader.short().to_string());
    cut(&full, 20)
}

/// The first so many characters; a running head is only a reminder.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

/// The picture of a slide.
fn carried(scope: &Scope, page: PageId, image: Image) -> Option<Carried> {
    let read = scope.read(0);
    let reader = read.page(page);
    let id: AssetId = match image {
        Image::Cover => reader.cover()?,
        Image::Shown(n) => reader.content().image(n)?,
    };
    let asset = read.asset(id);
    if asset.picture().is_some() {
        let width = asset.widths().filter(|width| *width <= WIDEST).max();
        let rendition = width.map_or(Rendition::Original { whole: false }, Rendition::Width);
        return match super::order(read, &scope.recorder, id, rendition)? {
            Content::Picture(order) => Some(Carried::Made(order)),
            _ => None,
        };
    }
    let kind = MediaKind::of(asset.source()).filter(|(kind, _)| *kind == MediaKind::Picture)?.1;
    let entity = crate::model::Entity::new("asset-bytes", asset.source());
    scope.recorder.read(entity.fact(crate::model::Kind::Asset));
    Some(Carried::File(asset.source().clone(), asset.hash(), kind))
}
