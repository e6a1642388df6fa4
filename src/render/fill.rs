//! Prose with its holes filled for one job: where links lead, which files pictures are, and what the theme's templates
//! make of components. Each component is made once a text, however often a template around it asks.

use std::ops::Range;
use std::sync::{Arc, OnceLock, PoisonError};

use minijinja::value::Value;

use super::component::Root;
use super::picture::{self, Frame};
use super::view::Shared;
use super::{law, problem};
use crate::content::{Body, Component, Fill, Hole, Part, PartKind, plain};
use crate::diag::{Diagnostic, TEMPLATE_FAILED};
use crate::model::{PageId, Prose, SectionId};

/// Whose text it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Page(PageId),
    Section(SectionId),
}

/// A text that is being filled, read through model number `at`.
#[derive(Debug)]
pub(super) struct Text {
    pub scope: Shared,
    pub at: usize,
    pub owner: Owner,
    prose: Prose,
    /// Whether it is a statute.
    is_law: bool,
    /// By component: what its template made.
    made: Box<[Made]>,
}

/// What a text's components come to, each found once.
#[derive(Debug, Default)]
struct Made {
    html: OnceLock<Arc<str>>,
    /// By part: `名：值`, where an item says that.
    fields: OnceLock<Box<[Option<Field>]>>,
}

/// Where name and value of a field stand in the HTML of the component.
pub(super) type Field = (Range<usize>, Range<usize>);

/// Fills all holes of `prose`.
pub(super) fn fill(scope: &Shared, at: usize, owner: Owner, prose: Prose) -> String {
    let whole = 0..prose.body().html.len();
    fill_parts(scope, at, owner, prose, &[whole]).pop().unwrap_or_default()
}

/// Fills the holes of stretches of `prose`.
pub(super) fn fill_parts(scope: &Shared, at: usize, owner: Owner, prose: Prose, parts: &[Range<usize>]) -> Vec<String> {
    let is_law = match owner {
        Owner::Page(id) => !prose.body().clauses.is_empty() && scope.read(at).page(id).is_law(),
        Owner::Section(_) => false,
    };
    let cut = |text: Text| {
        let text = Arc::new(text);
        parts.iter().map(|part| text.cut(None, part.clone())).collect()
    };
    let made = prose.body().components.iter().map(|_| Made::default()).collect::<Box<[_]>>();
    if made.is_empty() {
        return cut(Text { scope: scope.clone(), at, owner, prose, is_law, made });
    }
    let file = prose.file().clone();
    let filling = || scope.filling.lock().unwrap_or_else(PoisonError::into_inner);
    if filling().contains(&file) {
        // A component's template that asks for the page's content asks for itself.
        scope.tell(
            Diagnostic::error(TEMPLATE_FAILED, "组件的模板绕成了圈")
                .in_file(&file)
                .cause("组件的模板里用了 page.content，而组件就在这篇正文里。")
                .cure("组件的模板里只用 body 和 parts；请主题的维护人员改。"),
        );
        return Vec::new();
    }
    filling().push(file);
    let text = cut(Text { scope: scope.clone(), at, owner, prose, is_law, made });
    filling().pop();
    text
}

impl Text {
    pub fn body(&self) -> &Body {
        self.prose.body()
    }

    pub fn prose(&self) -> &Prose {
        &self.prose
    }

    /// Component number `n`.
    pub fn component(&self, n: u32) -> Option<&Component> {
        self.body().components.get(n as usize)
    }

    /// A stretch of the text's own HTML, or of that of one of its components, with its holes filled.
    pub fn cut(self: &Arc<Self>, of: Option<u32>, range: Range<usize>) -> String {
        let (html, holes): (&str, &[Hole]) = match of {
            None => (&self.body().html, &self.body().holes),
            Some(n) => self.component(n).map_or(("", &[]), |component| (&component.html, &component.holes)),
        };
        let first = holes.partition_point(|hole| (hole.offset as usize) < range.start);
        let holes = holes.get(first..).unwrap_or_default();
        let holes = &holes[..holes.partition_point(|hole| (hole.offset as usize) < range.end)];
        let mut out = String::with_capacity(range.len() + holes.len() * 48);
        let mut from = range.start;
        for hole in holes {
            let offset = hole.offset as usize;
            out.push_str(html.get(from..offset).unwrap_or_default());
            from = offset;
            match hole.fill {
                Fill::Link(n) => {
                    if let Some(target) = self.prose.link(n) {
                        self.scope.push_target(&mut out, self.at, target);
                    }
                }
                Fill::Image(n) => {
                    let tag = html.get(offset..range.end).unwrap_or_default();
                    let tag = &tag[..tag.find('>').map_or(0, |end| end + 1)];
                    from = offset + tag.len();
                    let frame = Frame { rest: tag.strip_prefix("<img").unwrap_or_default(), ..Frame::default() };
                    picture::push(&mut out, &self.scope, self.at, self.prose.image(n), &frame);
                }
                Fill::Component(n) => out.push_str(&self.made(n)),
                Fill::Clause(n) if self.is_law => law::push_attributes(&mut out, self.body().clauses.get(n as usize)),
                Fill::Number(_) if self.is_law => out.push_str("<b class=\"article-no\">"),
                Fill::NumberEnd(_) if self.is_law => out.push_str("</b>"),
                Fill::Clause(_) | Fill::Number(_) | Fill::NumberEnd(_) => {}
            }
        }
        out.push_str(html.get(from..range.end).unwrap_or_default());
        out
    }

    /// What stands in component number `n`, as its template shows it.
    pub fn content(self: &Arc<Self>, n: u32) -> String {
        let whole = self.component(n).map_or(0, |component| component.html.len());
        let mut html = self.cut(Some(n), 0..whole);
        html.truncate(html.trim_end().len());
        html
    }

    /// What the theme makes of component number `n`.
    pub fn made(self: &Arc<Self>, n: u32) -> Arc<str> {
        let Some(made) = self.made.get(n as usize) else { return Arc::default() };
        match made.html.get() {
            Some(html) => html.clone(),
            // Not `get_or_init`: making one may come back here.
            None => {
                let html = self.make(n);
                made.html.get_or_init(|| html).clone()
            }
        }
    }

    /// What part number `part` of component number `n` says as `名：值`, if it is an item that does.
    pub fn field(&self, n: u32, part: usize) -> Option<&Field> {
        let component = self.component(n)?;
        let fields = self.made.get(n as usize)?.fields.get_or_init(|| {
            let read = |(at, part): (usize, &Part)| {
                let PartKind::Item { .. } = part.kind else { return None };
                let lead = component.lead(at);
                let (name, value) = plain::field(component.stretch(lead.clone()))?;
                let at = |range: Range<usize>| lead.start + range.start..lead.start + range.end;
                Some((at(name), at(value)))
            };
            component.parts.iter().enumerate().map(read).collect()
        });
        fields.get(part)?.as_ref()
    }

    fn make(self: &Arc<Self>, n: u32) -> Arc<str> {
        let (scope, Some(component)) = (&self.scope, self.component(n)) else { return Arc::default() };
        let read = scope.read(self.at);
        read.component(&component.name);
        // An unknown one has been told of; a preview shows what stands in it all the same.
        let Some(kind) = scope.theme.component(&component.name) else { return self.content(n).into() };
        read.template(kind.template());
        let root = Value::from_object(Root::new(self.clone(), n, kind.clone()));
        match scope.env.get_template(kind.template()).and_then(|template| template.render(root)) {
            Ok(html) => html.into(),
            Err(error) => {
                read.theme_names();
                let file = self.prose.file();
                if let Some(problem) = problem::failed(&scope.theme, kind.template(), &error, Some(file)) {
                    scope.tell(problem.with_note(format!("用在：{file} 的“{}”", component.name)));
                }
                self.content(n).into()
            }
        }
    }
}
