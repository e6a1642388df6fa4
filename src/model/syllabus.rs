//! Which pages make up which series, in which order and in which month: the files of `content/series` and what pages
//! name in their front matter, put together once for all editions.
//!
//! The rule: a page belongs to the series that its front matter names, else to the first series whose order lists it.
//! The order, where there is one, is the order; pages that it leaves out follow by their weight.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::library::{Found, Library, Paths as _};
use super::place::{SEARCHES, resolve};
use super::record::PageId;
use crate::content::{At, Month, Series, slug};
use crate::diag::{
    Diagnostic, SERIES_EMPTY, SERIES_GAP, SERIES_LEFT_OUT, SERIES_MONTH_EMPTY, SERIES_NAME_TWICE, SERIES_PAGE_CLAIMED,
    SERIES_PAGE_MISSING, SERIES_PAGE_OUTSIDE, SERIES_PAGE_TWICE, Span, nearest,
};

/// The series of a portal.
#[derive(Debug, Default)]
pub(super) struct Syllabus {
    /// Sorted by the paths of their files.
    courses: Vec<Course>,
    /// Which of them a page belongs to.
    of: BTreeMap<PageId, usize>,
}

/// A series and its pages, whatever the edition.
#[derive(Debug)]
pub struct Course {
    file: Arc<Series>,
    /// Folder of its outputs, ending in `/`.
    out: Arc<str>,
    pub(super) pages: Vec<PageId>,
    /// Month to pages, in order.
    pub(super) plan: Plan,
}

/// Pages under a name: of a month (`2026-11`), of a series.
pub type Named = (Arc<str>, Vec<PageId>);

/// Months and their pages, in order.
pub type Plan = Vec<Named>;

impl Course {
    /// Its id.
    pub fn id(&self) -> &Arc<str> {
        &self.file.id
    }

    /// Its name.
    pub fn name(&self) -> &Arc<str> {
        &self.file.name
    }

    /// One or two sentences; may be empty.
    pub fn description(&self) -> &Arc<str> {
        &self.file.description
    }

    /// For whom it is; may be empty.
    pub fn audience(&self) -> &Arc<str> {
        &self.file.audience
    }

    /// The file that declares it.
    pub fn source(&self) -> &Arc<str> {
        &self.file.path
    }

    /// Address of its page below an edition's folder.
    pub fn path(&self) -> String {
        format!("{}index.html", self.out)
    }

    /// Address of the sheet that a reader fills in.
    pub fn sheet_path(&self) -> String {
        format!("{}record.html", self.out)
    }

    /// What of it is the same in all editions.
    pub(super) fn face(&self) -> [&Arc<str>; 5] {
        [self.name(), self.description(), self.audience(), &self.out, self.source()]
    }
}

impl Syllabus {
    /// Puts the series of `library` together and tells what is wrong with them.
    pub(super) fn new(library: &Library, files: &[Arc<Series>], problems: &mut Vec<Diagnostic>) -> Self {
        let mut named: BTreeMap<&str, Vec<PageId>> = BTreeMap::new();
        for &page in &*library.naming {
            if let Some(id) = &library.pages[page.at()].series {
                named.entry(id).or_default().push(page);
            }
        }
        let mut maker = Maker { library, files, of: BTreeMap::new(), searches: 0, problems };
        for (at, file) in files.iter().enumerate() {
            named.get(&*file.id).into_iter().flatten().for_each(|&page| _ = maker.of.insert(page, at));
        }
        let courses = (0..files.len()).map(|at| maker.course(at, named.remove(&*files[at].id).unwrap_or_default()));
        let courses = courses.collect();
        maker.names();
        let of = maker.of;
        Self { courses, of }
    }

    /// The series, in order.
    pub(super) fn courses(&self) -> &[Course] {
        &self.courses
    }

    /// The series of that id.
    pub(super) fn course(&self, id: &str) -> Option<&Course> {
        self.courses.iter().find(|course| **course.id() == *id)
    }

    /// The series that a page belongs to.
    pub(super) fn of(&self, page: PageId) -> Option<&Course> {
        self.of.get(&page).map(|&at| &self.courses[at])
    }

    /// Every page that belongs to a series.
    pub(super) fn members(&self) -> impl Iterator<Item = PageId> {
        self.of.keys().copied()
    }

    /// Whether the same series have the same pages in the same order and months as in `other`, whose pages have the
    /// same numbers.
    pub(super) fn is_alike(&self, other: &Self) -> bool {
        let shape = |course: &'_ Course| (course.id().clone(), course.pages.clone(), course.plan.clone());
        self.courses.iter().map(shape).eq(other.courses.iter().map(shape))
    }
}

struct Maker<'a> {
    library: &'a Library,
    files: &'a [Arc<Series>],
    of: BTreeMap<PageId, usize>,
    searches: usize,
    problems: &'a mut Vec<Diagnostic>,
}

impl Maker<'_> {
    fn title(&self, page: PageId) -> &Arc<str> {
        &self.library.pages[page.at()].title
    }

    fn weight(&self, page: PageId) -> i64 {
        self.library.pages[page.at()].weight
    }

    /// How a page is written in a file of a series.
    fn written(&self, page: PageId) -> &str {
        let path = &self.library.pages[page.at()].document.path;
        path.strip_prefix("content/").unwrap_or(path)
    }

    /// Puts one series together. `named` are the pages that name it, by path.
    fn course(&mut self, at: usize, mut named: Vec<PageId>) -> Course {
        let file = self.files[at].clone();
        let mut pages: Vec<PageId> = Vec::new();
        for wanted in &file.order {
            let Some(page) = self.find(&file, wanted, "顺序") else { continue };
            if pages.contains(&page) {
                self.twice(&file, page, wanted.span, "顺序里");
                continue;
            }
            match self.of.get(&page) {
                Some(&other) if other != at => self.claimed(&file, page, wanted.span, other),
                _ => {
                    self.of.insert(page, at);
                    pages.push(page);
                }
            }
        }
        named.retain(|page| !pages.contains(page));
        named.sort_by_key(|&page| (self.weight(page), self.library.order.place(page)));
        match file.order_at.filter(|_| !pages.is_empty()) {
            Some(order) => self.left_out(&file, &named, order),
            None => self.gaps(&file, &named),
        }
        pages.append(&mut named);
        if pages.is_empty() && file.problems.iter().all(|problem| !problem.is_error()) {
            self.problems.push(
                Diagnostic::warning(SERIES_EMPTY, format!("系列“{}”里一篇文章也没有", file.name))
                    .in_file(&file.path)
                    .cause("没有文章的系列，各办公区的站点里都不会出现。")
                    .cure(format!("在文章的文件头里加一行：series: {}；或者在这个文件里写上 order。", file.id)),
            );
        }
        let plan = self.plan(at, &file, &pages);
        Course { out: format!("series/{}/", slug(&file.id)).into(), file, pages, plan }
    }

    fn plan(&mut self, at: usize, file: &Series, pages: &[PageId]) -> Plan {
        let mut met: Vec<(PageId, &str)> = Vec::new();
        let mut plan: Plan = Vec::with_capacity(file.plan.len());
        for Month { month, pages: wanted, .. } in &file.plan {
            let mut found = Vec::with_capacity(wanted.len());
            for wanted in wanted {
                let Some(page) = self.find(file, wanted, &format!("{month} 的学习计划")) else { continue };
                if !pages.contains(&page) {
                    self.outside(file, page, wanted.span, at);
                } else if let Some((_, first)) = met.iter().find(|(one, _)| *one == page) {
                    self.twice(file, page, wanted.span, &format!(" {first} 和 {month} 的计划里"));
                } else {
                    met.push((page, month));
                    found.push(page);
                }
            }
            plan.push((month.clone(), found));
        }
        self.empty_months(file);
        plan
    }

    /// The page that an author means, by its path below `content/` or from the file's own folder.
    fn find(&mut self, file: &Series, wanted: &At<Arc<str>>, place: &str) -> Option<PageId> {
        let text = wanted.value.replace('\\', "/");
        let below = text.trim_start_matches("@/").trim_start_matches('/');
        let below = below.strip_prefix("content/").unwrap_or(below);
        let page = |path: &str| match self.library.find(path) {
            Some(Found::Page(page)) => Some(page),
            _ => None,
        };
        let found = page(&format!("content/{below}")).or_else(|| page(&resolve(&file.path, &text)?));
        if found.is_none() {
            self.missing(file, below, wanted, place);
        }
        found
    }

    fn missing(&mut self, file: &Series, path: &str, wanted: &At<Arc<str>>, place: &str) {
        let is_page = |path: &str| matches!(self.library.find(&format!("content/{path}")), Some(Found::Page(_)));
        let folder = format!("{}/index.md", path.trim_end_matches('/'));
        let plain = format!("{path}.md");
        let meant = [folder.as_str(), plain.as_str()].into_iter().find(|path| is_page(path));
        self.searches += 1;
        let near: Vec<&str> = if let Some(meant) = meant {
            vec![meant]
        } else if self.searches > SEARCHES {
            Vec::new()
        } else {
            nearest(path, self.library.pages().map(|page| &page.document.path["content/".len()..]))
        };
        let name = path.rsplit('/').next().unwrap_or(path);
        let cure = near.first().map_or_else(
            || format!("核对 content/ 下有没有 {name}；文件夹文章要写到 index.md。"),
            |near| format!("是否想写 \"{near}\"？"),
        );
        self.problems.push(
            Diagnostic::error(SERIES_PAGE_MISSING, format!("{place}里，没有“{}”这篇文章", wanted.value))
                .at(&file.path, wanted.span)
                .cause("系列页和首页的“本月学习”会少一篇。")
                .cure(cure),
        );
    }

    fn twice(&mut self, file: &Series, page: PageId, span: Span, places: &str) {
        let message = format!("“{}”在{places}写了两次", self.title(page));
        self.problems.push(
            Diagnostic::warning(SERIES_PAGE_TWICE, message)
                .at(&file.path, span)
                .cause("一篇只算一次，只有前面的一处起作用。")
                .cure("删去其中一处。"),
        );
    }

    fn claimed(&mut self, file: &Series, page: PageId, span: Span, other: usize) {
        let other = &self.files[other];
        let says = self.library.pages[page.at()].series.is_some();
        let how = if says { "文件头里写的是那个系列" } else { "那个系列的顺序里已经有它" };
        let cure = match says {
            true => format!(
                "要放进“{}”，就把 {} 的 series 改成 {}；否则从这里删去。",
                file.name,
                self.written(page),
                file.id
            ),
            false => format!("只留一处：从这里删去，或者从 {} 里删去。", other.path),
        };
        let message = format!("“{}”已经属于系列“{}”", self.title(page), other.name);
        self.problems.push(
            Diagnostic::error(SERIES_PAGE_CLAIMED, message)
                .at(&file.path, span)
                .label(how)
                .cause("一篇文章只能属于一个系列，否则说不清它是第几篇、接着读哪一篇。")
                .cure(cure),
        );
    }

    fn outside(&mut self, file: &Series, page: PageId, span: Span, at: usize) {
        let cure = if self.of.get(&page).is_some_and(|&other| other != at) {
            "它属于另一个系列，排在那个系列的计划里；从这里删去。".to_owned()
        } else if file.order.is_empty() {
            format!("在 {} 的文件头里加一行：series: {}", self.written(page), file.id)
        } else {
            format!("在 order 里加上：\"{}\"", self.written(page))
        };
        let message = format!("计划里的“{}”不在系列“{}”里", self.title(page), file.name);
        self.problems.push(
            Diagnostic::error(SERIES_PAGE_OUTSIDE, message)
                .at(&file.path, span)
                .cause("计划只把系列里的文章排到各月；不在系列里的，没有“第几篇”，也不算进度。")
                .cure(cure),
        );
    }

    fn left_out(&mut self, file: &Series, named: &[PageId], order: Span) {
        if named.is_empty() {
            return;
        }
        let lines: Vec<String> = named.iter().map(|&page| format!("\"{}\"", self.written(page))).collect();
        self.problems.push(
            Diagnostic::warning(SERIES_LEFT_OUT, format!("有 {} 篇写明属于这个系列，order 里却没有", named.len()))
                .at(&file.path, order)
                .cause("order 里没有的，排在最后，按序号先后。")
                .cure(format!("在 order 里加上：{}", lines.join(", "))),
        );
    }

    /// Tells of numbers that are left out: steps wider than the smallest one.
    fn gaps(&mut self, file: &Series, pages: &[PageId]) {
        let numbered: Vec<(i64, PageId)> =
            pages.iter().map(|&page| (self.weight(page), page)).filter(|(weight, _)| *weight > 0).collect();
        let steps = || numbered.windows(2).map(|pair| (pair[1].0.saturating_sub(pair[0].0), pair));
        let Some(step) = steps().map(|(step, _)| step).filter(|&step| step > 0).min() else { return };
        let mut told = Vec::new();
        for (wide, pair) in steps().filter(|(wide, _)| *wide > step) {
            let ((before, _), (after, page)) = (pair[0], pair[1]);
            let next = before + step;
            let missing = if wide == step * 2 { format!("缺 {next}") } else { format!("从 {next} 起缺了几个") };
            told.push(
                Diagnostic::warning(
                    SERIES_GAP,
                    format!("系列“{}”的序号从 {before} 跳到 {after}，中间{missing}", file.name),
                )
                .in_file(&self.library.pages[page.at()].document.path)
                .cause("可能有一篇忘了写 series，或者序号写错了；网站照现有的先后排。")
                .cure(format!("补上缺的一篇，或者把这一篇的 weight 改成 {next}。")),
            );
        }
        self.problems.append(&mut told);
    }

    /// Tells of months between the first and the last of a plan in which nothing is planned.
    fn empty_months(&mut self, file: &Series) {
        let number = |month: &str| -> Option<i32> {
            let (year, month) = month.split_once('-')?;
            Some(year.parse::<i32>().ok()? * 12 + month.parse::<i32>().ok()? - 1)
        };
        let mut last: Option<i32> = None;
        for Month { month, span, pages } in &file.plan {
            let Some(now) = number(month) else { continue };
            let between = last.map_or(now..now, |last| last + 1..now);
            last = Some(now);
            let mut missing: Vec<String> =
                between.take(24).map(|n| format!("{}-{:02}", n.div_euclid(12), n.rem_euclid(12) + 1)).collect();
            if pages.is_empty() {
                missing.push(month.to_string());
            }
            if missing.is_empty() {
                continue;
            }
            let line = format!("\"{}\" = [\"study/文件名.md\"]", missing[0]);
            self.problems.push(
                Diagnostic::warning(SERIES_MONTH_EMPTY, format!("学习计划里，{} 没有安排学习", missing.join("、")))
                    .at(&file.path, *span)
                    .cause("前后各月都有计划，这一个月首页上没有“本月学习”。")
                    .cure(format!("给这个月排一篇：{line}；确实不学，就不用管这条警告。")),
            );
        }
    }

    /// Tells of series that bear one name, since pages may name a series by it.
    fn names(&mut self) {
        for (at, file) in self.files.iter().enumerate() {
            let clash =
                |other: &&Arc<Series>| other.name == file.name || other.id == file.name || other.name == file.id;
            if let Some(other) = self.files[..at].iter().find(clash) {
                self.problems.push(
                    Diagnostic::error(SERIES_NAME_TWICE, format!("有两个系列都叫“{}”", file.name))
                        .in_file(&file.path)
                        .label(format!("另一个在 {}", other.path))
                        .cause("文章可以用名称说它属于哪个系列；名称一样，就分不清是哪一个。")
                        .cure("给其中一个换一个名称。"),
                );
            }
        }
    }
}
