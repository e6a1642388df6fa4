//! What one job knows while it runs: its models, its recorder and where its output stands. Every template object of
//! the job holds it by `Arc`; it holds no template value itself, or the two would keep each other alive.

use std::fmt::{self, Debug, Formatter};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use minijinja::Environment;

use super::booklet::{TURNED, chapter};
use super::screen;
use super::statics::Statics;
use crate::diag::Diagnostic;
use crate::model::{Model, PageId, Reader, Recorder, SectionId, Stand, Target, encode, push_relative};
use crate::source::Theme;

/// How addresses are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Addresses {
    /// From the page to its target.
    Relative,
    /// With this before the path below the edition's folder: for a page that is served at any depth.
    Below(Arc<str>),
    /// As screen number so-and-so knows them: files by its version's folder, pages by their keys, nothing else at all.
    Screen(usize),
}

/// One job while it runs.
pub(super) struct Scope {
    /// The job's edition alone; all of them for the portal's own outputs.
    pub models: Vec<Arc<Model>>,
    /// Whether the output stands in an edition's folder, or above all of them.
    pub inside: bool,
    pub recorder: Recorder,
    /// Output path below the edition's folder.
    pub path: Arc<str>,
    pub addresses: Addresses,
    pub statics: Arc<Statics>,
    /// Address of this edition's generated style sheet, below its folder.
    pub office_style: Arc<str>,
    pub theme: Arc<Theme>,
    /// The worker's, for the templates of components.
    pub env: Arc<Environment<'static>>,
    /// What went wrong in components, or is wrong with them by the theme's own rules.
    pub problems: Mutex<Vec<Diagnostic>>,
    /// The texts whose components are being made.
    pub filling: Mutex<Vec<Arc<str>>>,
    /// The pages of the booklet that is being made, in order: links between them stay in it.
    pub bound: OnceLock<Vec<PageId>>,
}

impl Debug for Scope {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Scope {
    /// Reads model number `at`; an edition's job has only number 0.
    pub fn read(&self, at: usize) -> Reader<'_> {
        self.models[at].read(&self.recorder)
    }

    /// The address of a path below the folder of edition number `at`.
    pub fn local(&self, at: usize, path: &str) -> String {
        let mut out = String::with_capacity(path.len() + 8);
        self.push_local(&mut out, at, path);
        out
    }

    pub fn push_local(&self, out: &mut String, at: usize, path: &str) {
        match &self.addresses {
            Addresses::Below(prefix) => {
                out.push_str(prefix);
                out.push_str(path);
            }
            Addresses::Screen(_) => {
                out.push_str(screen::FILES);
                out.push_str(path);
            }
            Addresses::Relative if self.inside => push_relative(out, &self.path, path),
            Addresses::Relative => {
                out.push_str(&self.read(at).office().1.id);
                out.push('/');
                out.push_str(path);
            }
        }
    }

    /// The address of a path in the folder of office number `office`, seen from here.
    pub fn foreign(&self, office: usize, path: &str) -> String {
        if let Addresses::Screen(_) = self.addresses {
            return String::new();
        }
        let read = self.read(0);
        let there = read.office_at(office);
        if let Some(base) = &there.base_url {
            return format!("{base}{path}");
        }
        if let Addresses::Below(prefix) = &self.addresses {
            // A sibling of this edition's folder, wherever that is served.
            let above = prefix.trim_end_matches('/').rsplit_once('/').map_or("", |(above, _)| above);
            return format!("{above}/{}/{path}", there.id);
        }
        let here = format!("{}/{}", read.office().1.id, self.path);
        let mut out = String::new();
        push_relative(&mut out, &here, &format!("{}/{path}", there.id));
        out
    }

    /// The address of the portal's door.
    pub fn door(&self) -> String {
        match &self.addresses {
            Addresses::Below(prefix) => {
                let above = prefix.trim_end_matches('/').rsplit_once('/').map_or("", |(above, _)| above);
                format!("{above}/index.html")
            }
            Addresses::Screen(_) => String::new(),
            Addresses::Relative => format!("{}../index.html", "../".repeat(self.path.matches('/').count())),
        }
    }

    /// The address of a page of edition number `at`, or of another office's.
    pub fn page(&self, at: usize, id: PageId) -> String {
        let (path, stand) = self.read(at).page(id).path();
        if let Addresses::Screen(screen) = self.addresses {
            let is_held = self.read(at).is_on_screen(screen, id);
            return if is_held { format!("{}{}", screen::HELD, screen::key(path)) } else { String::new() };
        }
        match stand {
            Stand::Office(office) => self.foreign(office, path),
            Stand::Here | Stand::Nowhere => self.local(at, path),
        }
    }

    /// The absolute address of a page, where its office has a base address.
    pub fn permalink(&self, at: usize, id: PageId) -> Option<String> {
        let read = self.read(at);
        let (path, stand) = read.page(id).path();
        let office = match stand {
            Stand::Office(office) => read.office_at(office),
            Stand::Here | Stand::Nowhere => read.office().1,
        };
        office.base_url.as_ref().map(|base| format!("{base}{path}"))
    }

    /// The address of a theme file, `None` if there is none of that name.
    pub fn theme_file(&self, name: &str) -> Option<String> {
        self.read(0).theme_file(name);
        let file = self.statics.address(name)?;
        Some(match &self.addresses {
            Addresses::Below(prefix) => format!("{prefix}{file}"),
            // Its own style sheets and scripts are all that a screen has of the theme.
            Addresses::Screen(_) => String::new(),
            Addresses::Relative => {
                let mut out = String::new();
                push_relative(&mut out, &self.path, file);
                out
            }
        })
    }

    /// Takes note of a problem that the job has met.
    pub fn tell(&self, problem: Diagnostic) {
        self.problems.lock().unwrap_or_else(PoisonError::into_inner).push(problem);
    }

    pub fn push_target(&self, out: &mut String, at: usize, target: &Target) {
        let anchor = match target {
            Target::Page(id, anchor) if let Some(n) = self.chapter(*id) => {
                out.push('#');
                out.push(TURNED);
                out.push_str(&chapter(n));
                if let Some(anchor) = anchor {
                    out.push('-');
                    out.push_str(&encode(anchor));
                }
                &None
            }
            Target::Page(id, anchor) => {
                out.push_str(&self.page(at, *id));
                anchor
            }
            Target::Section(id, anchor) => {
                self.push_section(out, at, *id);
                anchor
            }
            Target::Asset(id) => {
                let url = self.read(at).asset(*id).url();
                self.push_local(out, at, url);
                &None
            }
            Target::Here(anchor) => {
                out.push('#');
                out.push_str(&encode(anchor));
                &None
            }
            Target::Broken => {
                out.push('#');
                &None
            }
        };
        if let Some(anchor) = anchor {
            out.push('#');
            out.push_str(&encode(anchor));
        }
    }

    /// The number of the chapter that a page is in the booklet that is being made.
    fn chapter(&self, id: PageId) -> Option<usize> {
        Some(self.bound.get()?.iter().position(|&page| page == id)? + 1)
    }

    fn push_section(&self, out: &mut String, at: usize, id: SectionId) {
        if let Addresses::Screen(_) = self.addresses {
            return;
        }
        let path = self.read(at).section(id).face().path();
        self.push_local(out, at, path);
    }
}
