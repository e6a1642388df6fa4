//! What the template of a component sees at its outermost: what its page's template sees, and the block's own words and
//! parts. Everything is made when it is asked for.

use std::sync::Arc;

use minijinja::value::{Enumerator, Kwargs, Object, ObjectRepr, Value, from_args};
use minijinja::{Error, State};

use super::chart::MakeChart;
use super::file::FileView;
use super::fill::{Owner, Text};
use super::part::{kinds, parts};
use super::table::MakeTable;
use super::{law, root, view};
use crate::content::Component;
use crate::diag::{COMPONENT_ADVICE, COMPONENT_FILE, COMPONENT_RULE, Diagnostic};
use crate::model::Target;
use crate::source::ComponentFile;

/// The outermost names of one component.
#[derive(Debug)]
pub(super) struct Root {
    text: Arc<Text>,
    n: u32,
    kind: Arc<ComponentFile>,
}

impl Root {
    /// For component number `n` of `text`, which is one of that kind.
    pub fn new(text: Arc<Text>, n: u32, kind: Arc<ComponentFile>) -> Self {
        Self { text, n, kind }
    }
}

impl Object for Root {
    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let text = &self.text;
        let (scope, at) = (&text.scope, text.at);
        let face = || face(text, self.n, key);
        Some(match key {
            "name" => view::text(self.kind.stem()),
            "kinds" => kinds(text, self.n),
            "files" => Value::from_object(Files { text: text.clone(), n: self.n }),
            "table" => Value::from_object(MakeTable { text: text.clone(), n: self.n }),
            "chart" => Value::from_object(MakeChart { table: MakeTable { text: text.clone(), n: self.n } }),
            "qr" => Value::from_function(|address: &str| view::qr(address, "二维码")),
            "cited" => view::or_none(law::of_component(scope, at, text.prose(), self.n)),
            "problem" => Value::from_object(Problem { text: text.clone(), n: self.n }),
            "page" => match text.owner {
                Owner::Page(id) => view::page(scope, at, id),
                Owner::Section(_) => return None,
            },
            "section" => match text.owner {
                Owner::Page(id) => view::section(scope, at, scope.read(at).page(id).section()),
                Owner::Section(id) => view::section(scope, at, id),
            },
            "nav" if scope.inside => {
                let read = scope.read(at);
                let section = match text.owner {
                    Owner::Page(id) => read.page(id).section(),
                    Owner::Section(id) => id,
                };
                root::nav(scope, Some(read.section(section).face().folder().clone()))
            }
            _ => return face().or_else(|| root::shared(scope, key)),
        })
    }
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }
    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }
}

/// What is to be known of component number `n`, for its own template and for that of a component around it.
pub(super) fn face(text: &Arc<Text>, n: u32, key: &str) -> Option<Value> {
    let component = text.component(n)?;
    Some(match key {
        "args" => Value::from_object(Args { text: text.clone(), n }),
        "called" => view::text(&component.name),
        "title" => view::text(&component.title),
        "id" => view::text(&component.id),
        "depth" => component.depth.into(),
        "body" => Value::from_safe_string(text.content(n)),
        "parts" => parts(text, n, 0..component.parts.len()),
        _ => return None,
    })
}

/// `args`: by the keys that the template knows, whichever spelling the author used.
#[derive(Debug)]
struct Args {
    text: Arc<Text>,
    n: u32,
}

impl Args {
    fn all(&self) -> impl Iterator<Item = (&str, &Arc<str>)> {
        let component = self.text.component(self.n);
        let kind = component.and_then(|component| self.text.scope.theme.component(&component.name));
        let args = component.map_or(&[][..], |component| &component.args);
        args.iter().filter_map(move |arg| {
            let key = kind.map_or(Some(&*arg.key), |kind| kind.argument(&arg.key))?;
            Some((key, &arg.value))
        })
    }
}

impl Object for Args {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }
    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.all().find(|(one, _)| *one == key).map(|(_, value)| view::text(value))
    }
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }
    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.all().map(|(key, _)| Value::from(key)).collect())
    }
}

/// `files`: those that arguments name, by their keys. What is no file is told; what is not there has been.
#[derive(Debug)]
struct Files {
    text: Arc<Text>,
    n: u32,
}

impl Object for Files {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let (text, key) = (&self.text, key.as_str()?);
        let component = text.component(self.n)?;
        let kind = text.scope.theme.component(&component.name)?;
        let arg = component.args.iter().find(|arg| kind.argument(&arg.key) == Some(key))?;
        match text.prose().link(arg.link?)? {
            &Target::Asset(id) => Some(view::lazy(FileView { scope: text.scope.clone(), at: text.at, id })),
            Target::Broken => None,
            _ => {
                let problem = Diagnostic::error(COMPONENT_FILE, format!("“{}”不是文件", arg.value))
                    .at(text.prose().file(), arg.value_span)
                    .cause("这里要写文章旁边的一个文件：图片、视频、表格、文档。")
                    .cure("写文件的名字，连同扩展名，例如 附表.xlsx；要链接到另一篇文章，在正文里写链接。");
                text.scope.tell(problem);
                None
            }
        }
    }
    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }
}

/// `problem(level, message, cause, cure)`: the theme's own rules.
#[derive(Debug)]
struct Problem {
    text: Arc<Text>,
    n: u32,
}

impl Object for Problem {
    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }

    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        let (level, message, cause, cure, named): (&str, String, Option<String>, Option<String>, Kwargs) =
            from_args(args)?;
        let cause = cause.or(named.get::<Option<String>>("cause")?);
        let cure = cure.or(named.get::<Option<String>>("cure")?);
        named.assert_all_used()?;
        let Some(Component { name, span, .. }) = self.text.component(self.n) else { return Ok(().into()) };
        let problem = match level {
            "error" => Diagnostic::error(COMPONENT_RULE, message),
            _ => Diagnostic::warning(COMPONENT_ADVICE, message),
        };
        let problem = problem
            .at(self.text.prose().file(), *span)
            .cause(cause.unwrap_or_else(|| format!("组件“{name}”要求这样")))
            .cure(cure.unwrap_or_else(|| "照上面说的改".to_owned()));
        self.text.scope.tell(problem);
        Ok(().into())
    }
}
