//! The plan: every output path of a build and how it comes about.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::again::{of_list, of_page, of_series};
use super::booklet::Volume;
use super::screen;
use super::statics::Statics;
use crate::chunk::Sorted;
use crate::diag::{ADDRESS_CLASH, Diagnostic};
use crate::model::{AssetId, Changed, Entity, Kind, List, Model, PageId, Pairing, Recorder};
use crate::picture;
use crate::source::Names;

/// One output path and how it comes about.
#[derive(Clone, Debug)]
pub struct Job {
    place: Arc<Place>,
    edition: Option<usize>,
    pub(super) what: What,
    /// The same from build to build.
    number: u32,
}

/// Where a job's output stands; the same from build to build.
#[derive(Debug)]
struct Place {
    path: Arc<str>,
    office: Option<Arc<str>>,
    local: Arc<str>,
}

impl Job {
    /// A job of an edition (number and office), or of the portal, that has no number yet.
    pub(super) fn new(edition: Option<(usize, Arc<str>)>, local: Arc<str>, what: What) -> Self {
        let path = match &edition {
            Some((_, office)) => format!("{office}/{local}").into(),
            None => local.clone(),
        };
        let (edition, office) = edition.unzip();
        Self { place: Arc::new(Place { path, office, local }), edition, what, number: 0 }
    }

    /// The same with this number.
    pub(super) fn numbered(self, number: u32) -> Self {
        Self { number, ..self }
    }

    /// Its number, which no other job of the build has. In a build that was made upon another it is the same for the
    /// same path.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The path below the output folder.
    pub fn path(&self) -> &Arc<str> {
        &self.place.path
    }

    /// The id of the office whose edition it belongs to; `None` for the portal's own.
    pub fn office(&self) -> Option<&str> {
        self.place.office.as_deref()
    }

    /// Its path below its edition's folder.
    pub(super) fn local(&self) -> &Arc<str> {
        &self.place.local
    }

    pub(super) fn entity(&self) -> Entity {
        Entity::new("job", self.path())
    }

    /// In which order it stands to a job of another build, by path.
    pub fn compare(&self, other: &Self) -> Ordering {
        if Arc::ptr_eq(&self.place, &other.place) { Ordering::Equal } else { self.path().cmp(other.path()) }
    }

    /// Whether it only leads on to a page's address.
    pub fn is_redirect(&self) -> bool {
        matches!(self.what, What::Redirect(_))
    }

    /// Whether it makes a picture of a file, which may take as long as a thousand pages.
    pub fn is_picture(&self) -> bool {
        matches!(self.what, What::Original(_) | What::Rendition(..))
    }

    /// The number of its edition; `None` for the portal's own.
    pub fn edition(&self) -> Option<usize> {
        self.edition
    }

    /// Whether `other`, of a newer build, makes the same: by names that mean the same in every build.
    fn makes_as(&self, models: &[Arc<Model>], other: &Self, newer: &[Arc<Model>], pairing: &Pairing) -> bool {
        match (&self.what, &other.what) {
            (What::Page(a), What::Page(b)) if pairing.new_of(*a) == Some(*b) => true,
            (What::Page(a), What::Page(b)) | (What::Redirect(a), What::Redirect(b)) => {
                let (Some(x), Some(y)) = (self.model(models), other.model(newer)) else { return false };
                x.source_of(*a) == y.source_of(*b)
            }
            (What::List(a, m), What::List(b, n)) => {
                let (Some(x), Some(y)) = (self.model(models), other.model(newer)) else { return false };
                m == n && x.is_same_list(*a, y, *b)
            }
            (What::Asset(a), What::Asset(b)) | (What::Original(a), What::Original(b)) => {
                let (Some(x), Some(y)) = (self.model(models), other.model(newer)) else { return false };
                x.asset_source(*a) == y.asset_source(*b)
            }
            (What::Booklet(Volume::List(a)), What::Booklet(Volume::List(b))) => {
                let (Some(x), Some(y)) = (self.model(models), other.model(newer)) else { return false };
                x.is_same_list(*a, y, *b)
            }
            (What::Booklet(Volume::Series(a)), What::Booklet(Volume::Series(b))) => a == b,
            (What::Booklet(_), What::Booklet(_)) => false,
            (What::Rendition(a, m), What::Rendition(b, n)) => {
                let (Some(x), Some(y)) = (self.model(models), other.model(newer)) else { return false };
                m == n && x.asset_source(*a) == y.asset_source(*b)
            }
            (What::Screen(m, a), What::Screen(n, b)) => {
                let (Some(x), Some(y)) = (self.model(models), other.model(newer)) else { return false };
                let id = |model: &Model, at: usize| model.programmes().get(at).map(|one| one.screen().id.clone());
                let page = |model: &Model, part: &screen::Part| part.page().map(|page| model.source_of(page).clone());
                id(x, *m) == id(y, *n) && page(x, a) == page(y, b) && a.is_kind_of(b)
            }
            (What::Static(a), What::Static(b))
            | (What::Month(a), What::Month(b))
            | (What::Series(a), What::Series(b))
            | (What::Sheet(a), What::Sheet(b)) => a == b,
            (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
        }
    }

    /// Whether its path is as it is after folding.
    pub(super) fn is_folded(&self) -> bool {
        self.path().bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase())
    }

    /// By path; a page's own output stands before others' redirects to that address.
    fn order(&self, other: &Self) -> Ordering {
        let order = |job: &Self| (job.is_redirect(), job.rank());
        self.path().cmp(other.path()).then_with(|| order(self).cmp(&order(other)))
    }

    /// Which of two at one path is the first; pages among themselves are planned in order of their files.
    fn rank(&self) -> u8 {
        match &self.what {
            What::Page(_) | What::Redirect(_) => 1,
            What::Asset(_)
            | What::Original(_)
            | What::Rendition(..)
            | What::Static(_)
            | What::OfficeStyle
            | What::Feed
            | What::Sitemap
                if self.edition.is_some() =>
            {
                2
            }
            _ => 0,
        }
    }

    fn model<'m>(&self, models: &'m [Arc<Model>]) -> Option<&'m Arc<Model>> {
        models.get(self.edition?)
    }
}

/// Adds the output paths at which something else stands than before: addresses change hands where an alias, a slug or
/// a folder moves.
pub(super) fn changes(old: (&Sorted<Job>, &[Arc<Model>]), new: (&Sorted<Job>, &[Arc<Model>]), changed: &mut Changed) {
    let (Some(x), Some(y)) = (old.1.first(), new.1.first()) else { return };
    let pairing = y.pairing(x);
    for pair in old.0.unshared(new.0, Job::compare) {
        if let (Some(one), Some(job)) = pair
            && !one.makes_as(old.1, job, new.1, &pairing)
        {
            changed.add(job.entity().fact(Kind::Job));
        }
    }
}

/// What a job makes.
#[derive(Clone, Debug)]
pub(super) enum What {
    Door,
    Home,
    Page(PageId),
    /// Page `n` (from 0) of a list.
    List(List, usize),
    Taxonomy(usize),
    Archive,
    Map,
    Month(Arc<str>),
    /// The list of all series.
    SeriesList,
    Series(Arc<str>),
    /// The sheet that a reader of the series fills in.
    Sheet(Arc<str>),
    NotFound,
    Feed,
    Sitemap,
    Redirect(PageId),
    Booklet(Volume),
    Asset(AssetId),
    /// A picture in its own format.
    Original(AssetId),
    /// A picture in that width.
    Rendition(AssetId, u32),
    Static(Arc<str>),
    OfficeStyle,
    /// Of screen number so-and-so of the office.
    Screen(usize, screen::Part),
}

/// Name of the generated style sheet below an edition's folder.
pub(super) fn office_style(names: Names, css: &str) -> String {
    match names {
        Names::Plain => "assets/office.css".to_owned(),
        Names::Hashed => format!("assets/{}", crate::model::hashed_name("office.css", blake3::hash(css.as_bytes()))),
    }
}

/// Where an edition's job stands, and whose fault it is if two stand there.
struct Plan {
    jobs: Vec<Job>,
    model: Option<(usize, Arc<str>)>,
}

impl Plan {
    fn add(&mut self, local: impl Into<Arc<str>>, what: What) {
        let edition = self.model.as_ref().map(|(at, id)| (*at, id.clone()));
        self.jobs.push(Job::new(edition, local.into(), what));
    }
}

/// Every job of a build.
#[derive(Debug)]
pub(super) struct Planned {
    /// Sorted by path.
    pub jobs: Sorted<Job>,
    /// Whether no two stood at one path.
    pub is_whole: bool,
    /// The paths that are others after folding, folded: what comes may clash with them.
    pub wild: Arc<HashSet<String>>,
    /// So many numbers have been given, of which these are free. One that has just become free is not given at once.
    pub numbers: u32,
    pub empty: Vec<u32>,
    /// Names this plan among all.
    pub token: Arc<()>,
    /// The plan whose numbers it has, and those of its jobs that are no more, in order.
    pub lineage: Option<(Arc<()>, Vec<u32>)>,
}

impl Planned {
    /// Gives numbers to all jobs, sorted by path: to each the one that it had.
    fn new(jobs: Vec<Job>, is_whole: bool, before: Option<&Self>) -> Self {
        let wild = jobs.iter().filter(|job| !job.is_folded()).map(|job| crate::source::folded(job.path())).collect();
        let (mut numbers, mut empty) = before.map_or((0, Vec::new()), |before| (before.numbers, before.empty.clone()));
        let mut gone = Vec::new();
        let mut rest = before.into_iter().flat_map(|before| &before.jobs).peekable();
        let numbered = jobs.into_iter().map(|job| {
            while let Some(old) = rest.next_if(|old| old.compare(&job).is_lt()) {
                gone.push(old.number);
            }
            let same = rest.next_if(|old| old.compare(&job).is_eq()).map(|old| old.number);
            let number = same.or_else(|| empty.pop()).unwrap_or_else(|| {
                numbers += 1;
                numbers - 1
            });
            job.numbered(number)
        });
        let jobs = numbered.collect();
        gone.extend(rest.map(|old| old.number));
        gone.sort_unstable();
        empty.extend(&gone);
        let lineage = before.map(|before| (before.token.clone(), gone));
        Self { jobs, is_whole, wild: Arc::new(wild), numbers, empty, token: Arc::default(), lineage }
    }
}

/// Plans every job of a build. Numbers are those of the plan `before`.
pub(super) fn plan(
    models: &[Arc<Model>],
    before: Option<&Planned>,
    statics: &Statics,
    office_styles: &[(Option<usize>, String)],
    problems: &mut Vec<Diagnostic>,
) -> Planned {
    let nobody = Recorder::default();
    let mut plan = Plan { jobs: Vec::new(), model: None };
    let style_of =
        |edition: Option<usize>| office_styles.iter().find(|(at, _)| *at == edition).map(|(_, path)| path.clone());
    if !models.is_empty() {
        plan.add("index.html", What::Door);
        for (name, file) in statics.of_pages() {
            plan.add(file.path.clone(), What::Static(name.clone()));
        }
        if let Some(path) = style_of(None) {
            plan.add(path, What::OfficeStyle);
        }
    }
    for (at, model) in models.iter().enumerate() {
        let read = model.read(&nobody);
        let office = read.office().1.clone();
        plan.model = Some((at, office.id.clone()));
        plan.add("index.html", What::Home);
        plan.add("404.html", What::NotFound);
        plan.add("archive/index.html", What::Archive);
        if read.has_map() {
            plan.add(MAP, What::Map);
        }
        for (month, _) in read.months() {
            plan.add(format!("archive/{month}.html"), What::Month(month));
        }
        for id in model.sections() {
            of_list(model, List::Section(id)).into_iter().for_each(|(path, what)| plan.add(path, what));
        }
        for (taxonomy, conf) in read.taxonomies().iter().enumerate() {
            let terms = read.terms_of(taxonomy);
            if terms.is_empty() {
                continue;
            }
            plan.add(format!("{}/index.html", conf.id), What::Taxonomy(taxonomy));
            for id in terms {
                of_list(model, List::Term(id)).into_iter().for_each(|(path, what)| plan.add(path, what));
            }
        }
        of_series(model).into_iter().for_each(|(path, what)| plan.add(path, what));
        for id in model.pages() {
            of_page(model, id).into_iter().for_each(|(path, what)| plan.add(path, what));
        }
        for (id, asset) in model.assets() {
            let is_made = asset.picture().is_some_and(|picture| picture.is_made(model.needs_whole(id)));
            plan.add(asset.path().clone(), if is_made { What::Original(id) } else { What::Asset(id) });
            if model.shows(id) {
                for width in asset.widths() {
                    plan.add(picture::path(asset.path(), width), What::Rendition(id, width));
                }
            }
        }
        for screen in 0..model.programmes().len() {
            screen::plan(model, screen, statics).into_iter().for_each(|(path, what)| plan.add(path, what));
        }
        for (name, file) in statics.of_pages() {
            plan.add(file.path.clone(), What::Static(name.clone()));
        }
        if let Some(path) = style_of(Some(at)) {
            plan.add(path, What::OfficeStyle);
        }
        if office.base_url.is_some() {
            plan.add("atom.xml", What::Feed);
            plan.add("sitemap.xml", What::Sitemap);
        }
    }
    let mut jobs = plan.jobs;
    jobs.par_sort_by(Job::order);
    let count = jobs.len();
    clashes(&mut jobs, models, problems);
    let is_whole = jobs.len() == count;
    Planned::new(jobs, is_whole, before)
}

/// Where the map of lines of business stands in each edition.
pub(super) const MAP: &str = "map.html";

/// Path of page `n` (from 0) of a list in folder `out`.
pub(super) fn list_path(out: &str, n: usize) -> String {
    if n == 0 { format!("{out}index.html") } else { format!("{out}page/{}.html", n + 1) }
}

/// What a reader calls it, and its source file if it has one.
fn whose(job: &Job, models: &[Arc<Model>]) -> (String, Option<Arc<str>>) {
    let model = job.edition.and_then(|at| models.get(at));
    let source = |id: &PageId| model.map(|model| model.source_of(*id).clone());
    match &job.what {
        What::Page(id) | What::Redirect(id) => {
            let file = source(id);
            (file.as_deref().unwrap_or_default().to_owned(), file)
        }
        What::Asset(id) | What::Original(id) | What::Rendition(id, _) => {
            let file = model
                .and_then(|model| model.assets().find(|(one, _)| one == id))
                .map(|(_, asset)| asset.source().clone());
            (file.as_deref().unwrap_or_default().to_owned(), file)
        }
        What::List(List::Section(id), _) => {
            let file = model.map(|model| model.section_source(*id));
            (file.as_deref().map_or_else(String::new, |file| format!("栏目 {file}")), file)
        }
        What::List(List::Term(_), _) | What::Taxonomy(_) => ("分类页".to_owned(), None),
        What::Archive | What::Month(_) => ("按月归档页".to_owned(), None),
        What::SeriesList => ("学习系列的目录".to_owned(), None),
        What::Series(id) | What::Sheet(id) => {
            let file = model.and_then(|model| model.series_source(id));
            (file.as_deref().map_or_else(String::new, |file| format!("系列 {file}")), file)
        }
        What::Home | What::Door => ("首页".to_owned(), None),
        What::Map => ("互学地图".to_owned(), None),
        What::Booklet(_) => ("合订本".to_owned(), None),
        _ => ("Zhendi 自己的文件".to_owned(), None),
    }
}

/// Where two jobs, sorted by path, have one path, keeps the first and reports both.
fn clashes(jobs: &mut Vec<Job>, models: &[Arc<Model>], problems: &mut Vec<Diagnostic>) {
    // Nearly all addresses are as they are after folding; of them only equal neighbours clash.
    if jobs.iter().all(Job::is_folded) && jobs.windows(2).all(|pair| pair[0].path() != pair[1].path()) {
        return;
    }
    let mut folded: HashMap<String, usize> = HashMap::with_capacity(jobs.len());
    let mut drop = vec![false; jobs.len()];
    for (at, job) in jobs.iter().enumerate() {
        let Some(other) = folded.insert(crate::source::folded(job.path()), at) else { continue };
        drop[at] = true;
        let (mine, file) = whose(job, models);
        let (theirs, other_file) = whose(&jobs[other], models);
        let same_name = |a: &Arc<str>, b: &Arc<str>| a != b && crate::source::folded(a) == crate::source::folded(b);
        if file.as_ref().zip(other_file.as_ref()).is_some_and(|(a, b)| same_name(a, b)) {
            continue; // told of the files themselves
        }
        let address = job.local().clone();
        let stem = address.rsplit('/').next().unwrap_or_default().trim_end_matches(".html");
        let is_page = |job: &Job| matches!(job.what, What::Page(_));
        let is_section = |job: &Job| matches!(job.what, What::List(List::Section(_), _));
        let both = [(job, &file), (&jobs[other], &other_file)];
        let pick = |fits: &dyn Fn(&Job) -> bool| {
            both.iter().find(|(job, _)| fits(job)).and_then(|(_, file)| file.as_ref().cloned())
        };
        let (place, cure) = if let Some(file) = pick(&Job::is_redirect) {
            let cure = format!("把 {file} 文件头里 aliases 的这一条去掉，或者换成另一个旧地址。");
            (Some(file), cure)
        } else if let Some(file) = pick(&is_page) {
            (Some(file), format!("在其中一篇的文件头里加一行：slug: {stem}-2"))
        } else if let Some(file) = pick(&is_section)
            && both.iter().any(|(job, _)| matches!(job.what, What::SeriesList))
        {
            let cure = "content/series 里只放系列文件（.toml）；把这里的 _index.md 和文章移到别的文件夹。";
            (Some(file), cure.to_owned())
        } else if let Some(file) = pick(&is_section) {
            let folder = file.split_once("/_index.").map_or(&*file, |(folder, _)| folder);
            let cure = format!("给文件夹 {folder} 换一个名字。");
            (Some(file), cure)
        } else {
            (file.or(other_file), "给其中一个换一个名字。".to_owned())
        };
        let mut diagnostic = Diagnostic::error(ADDRESS_CLASH, format!("两处内容要用同一个网址 {address}"))
            .with_note(format!("一处是：{theirs}"))
            .with_note(format!("一处是：{mine}"))
            .cause("一个网址只能放一页，另一页就没有读者看得到了。（文件名转成拼音后相同，也会这样。）");
        diagnostic = diagnostic.cure(cure);
        problems.push(match place {
            Some(file) => diagnostic.in_file(&file),
            None => diagnostic,
        });
    }
    let mut at = 0;
    jobs.retain(|_| {
        at += 1;
        !drop[at - 1]
    });
}
