//! The components that a theme has: each `templates/components/NAME.html` is one. A comment at its head may give further
//! names and say which arguments it takes:
//!
//! ```text
//! {#- 名称: 提示 tip 建议
//!     参数: 来源 source, 图标 icon
//!     文件: 封面 cover
//!     引用: law article -#}
//! ```
//!
//! What stands under 文件 are arguments too; their values name files beside the page. 引用 names the arguments that say
//! which law is cited, and which article of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::TemplateFile;
use crate::diag::{COMPONENT_CLAIMED, Diagnostic, Span};

/// Where component templates stand among the templates.
const FOLDER: &str = "components/";

/// One component of a theme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComponentFile {
    stem: Arc<str>,
    template: Arc<str>,
    names: Vec<Arc<str>>,
    /// `None` where it says nothing of its arguments: it takes any.
    args: Option<Vec<ArgNames>>,
    /// The keys of those arguments that name files.
    files: Vec<Arc<str>>,
    /// The keys of the arguments that name a law and an article of it.
    cites: Option<(Arc<str>, Arc<str>)>,
}

/// All spellings of one argument; the last is the key by which the template asks for it.
type ArgNames = Vec<Arc<str>>;

impl ComponentFile {
    /// Its file's name without the ending.
    pub fn stem(&self) -> &Arc<str> {
        &self.stem
    }

    /// The name of its template.
    pub fn template(&self) -> &Arc<str> {
        &self.template
    }

    /// Everything it is called by, its own way first.
    pub fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    /// The key by which its template asks for the argument that an author calls `key`; `None` if it takes no such one.
    pub fn argument<'a>(&'a self, key: &'a str) -> Option<&'a str> {
        let Some(args) = &self.args else { return Some(key) };
        let spelled = args.iter().find(|spellings| spellings.iter().any(|one| folds_to(one, key)))?;
        spelled.last().map(|canonical| &**canonical)
    }

    /// Whether the argument of that key names a file.
    pub fn is_file(&self, key: &str) -> bool {
        self.files.iter().any(|file| **file == *key)
    }

    /// The keys of the arguments by which it cites a law and an article of it, if it does.
    pub fn cites(&self) -> Option<(&str, &str)> {
        self.cites.as_ref().map(|(law, article)| (&**law, &**article))
    }

    /// Every spelling of every argument; none where it takes any.
    pub fn arguments(&self) -> impl Iterator<Item = &[Arc<str>]> {
        self.args.iter().flatten().map(Vec::as_slice)
    }
}

/// The components of a theme by every name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Components {
    by_name: BTreeMap<Arc<str>, Arc<ComponentFile>>,
    problems: Vec<Diagnostic>,
}

impl Components {
    /// Reads them from the templates of a theme.
    pub(super) fn new(templates: &BTreeMap<Arc<str>, TemplateFile>) -> Self {
        let mut made = Self::default();
        let is_component = |name: &str| {
            let stem = name.strip_prefix(FOLDER)?.strip_suffix(".html")?;
            (!stem.contains('/')).then(|| stem.to_owned())
        };
        let files: Vec<_> =
            templates.iter().filter_map(|(name, template)| Some((is_component(name)?, name, template))).collect();
        // The file's own name is always its own, whatever another one claims.
        for (stem, name, template) in &files {
            let declared = Declared::read(&template.source);
            let mut names = declared.names.into_iter().map(|(name, _)| name).collect::<Vec<Arc<str>>>();
            if !names.iter().any(|one| folds_to(one, stem)) {
                names.push(stem.as_str().into());
            }
            let (stem, template) = (stem.as_str().into(), (*name).clone());
            let files = declared.files.iter().filter_map(|names| names.last().cloned()).collect();
            let args = match declared.args {
                None if declared.files.is_empty() => None,
                args => Some(args.into_iter().flatten().chain(declared.files).collect()),
            };
            let file = ComponentFile { stem, template, names, args, files, cites: declared.cites };
            made.by_name.insert(fold(&file.stem), Arc::new(file));
        }
        for (stem, _, template) in &files {
            let Some(file) = made.by_name.get(&fold(stem)).cloned() else { continue };
            for (name, place) in Declared::read(&template.source).names {
                match made.by_name.get(&fold(&name)) {
                    Some(other) if other.stem == file.stem => {}
                    Some(other) => made.problems.push(claimed(template, &name, place, other, templates)),
                    None => drop(made.by_name.insert(fold(&name), file.clone())),
                }
            }
        }
        made
    }

    /// The component that an author calls `name`.
    pub fn get(&self, name: &str) -> Option<&Arc<ComponentFile>> {
        self.by_name.get(name).or_else(|| self.by_name.get(&fold(name)))
    }

    /// Every name with its component, sorted.
    pub fn all(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<ComponentFile>)> {
        self.by_name.iter()
    }

    /// What is wrong with their declarations.
    pub(super) fn problems(&self) -> &[Diagnostic] {
        &self.problems
    }
}

fn claimed(
    template: &TemplateFile,
    name: &str,
    place: Span,
    other: &ComponentFile,
    templates: &BTreeMap<Arc<str>, TemplateFile>,
) -> Diagnostic {
    let origin = templates.get(&other.template).map_or(&other.template, |other| &other.origin);
    Diagnostic::error(COMPONENT_CLAIMED, format!("两个组件都叫“{name}”"))
        .at(&template.origin, place)
        .with_note(format!("另一个是：{origin}"))
        .cause("文章里写这个名称时，不知道用哪一个。")
        .cure("从其中一个的“名称”里去掉它。")
}

/// What a component's template says of itself.
#[derive(Default)]
struct Declared {
    names: Vec<(Arc<str>, Span)>,
    args: Option<Vec<ArgNames>>,
    files: Vec<ArgNames>,
    cites: Option<(Arc<str>, Arc<str>)>,
}

impl Declared {
    fn read(source: &str) -> Self {
        let mut declared = Self::default();
        let Some(open) = source.find("{#").filter(|&at| source[..at].trim().is_empty()) else { return declared };
        let Some(close) = source[open..].find("#}").map(|at| open + at) else { return declared };
        let mut at = open + 2;
        for line in source[at..close].split_inclusive('\n') {
            let from = at;
            at += line.len();
            let Some((key, rest)) = line.split_once([':', '：']) else { continue };
            // The signs of the comment itself may stand on the same line.
            let rest = rest.trim_end().trim_end_matches('-');
            match key.trim().trim_start_matches('-').trim().to_lowercase().as_str() {
                "名称" | "names" => {
                    let start = from + line.len() - line.split_once([':', '：']).map_or("", |(_, rest)| rest).len();
                    let mut place = start;
                    for word in rest.split(is_gap) {
                        if !word.is_empty() {
                            declared.names.push((word.into(), Span::new(place, place + word.len())));
                        }
                        place += word.len();
                        place +=
                            rest.get(place - start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
                    }
                }
                "参数" | "arguments" => declared.args = Some(groups(rest)),
                "文件" | "files" => declared.files = groups(rest),
                "引用" | "cites" => {
                    let mut words = rest.split(is_gap).filter(|word| !word.is_empty());
                    declared.cites = words.next().zip(words.next()).map(|(law, article)| (law.into(), article.into()));
                }
                _ => {}
            }
        }
        declared
    }
}

/// `来源 source, 图标 icon`
fn groups(text: &str) -> Vec<ArgNames> {
    let groups = text.split([',', '，', '、', ';', '；']);
    let groups = groups.map(|group| group.split_whitespace().map(Into::into).collect::<ArgNames>());
    groups.filter(|group| !group.is_empty()).collect()
}

fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | '，' | '、')
}

/// A name as it is looked up: nobody minds capital letters.
fn fold(name: &str) -> Arc<str> {
    if name.chars().any(char::is_uppercase) { name.to_lowercase().into() } else { name.into() }
}

fn folds_to(a: &str, b: &str) -> bool {
    a == b || fold(a) == fold(b)
}

#[cfg(test)]
mod tests {
    use super::{BTreeMap, Components, TemplateFile};

    fn components(files: &[(&str, &str)]) -> Components {
        let file = |&(name, source): &(&str, &str)| {
            let template = TemplateFile { origin: format!("templates/{name}").into(), source: source.into() };
            (name.into(), template)
        };
        Components::new(&files.iter().map(file).collect::<BTreeMap<_, _>>())
    }

    #[test]
    fn a_comment_declares_names_and_arguments() {
        let all = components(&[
            ("components/tip.html", "{#- 名称: 提示 tip 建议\n参数: 来源 source, 图标 icon\n-#}\n<p>"),
            ("components/card.html", "<p>"),
            ("components/none.html", "{# 参数： #}"),
            ("components/film.html", "{#- 参数: 时长 length\n文件: 文件 file, 封面 cover -#}"),
            ("components/parts/x.html", "{# 名称: x #}"),
            ("page.html", "{# 名称: page #}"),
        ]);
        let names: Vec<_> = all.all().map(|(name, file)| format!("{name}={}", file.stem())).collect();
        assert_eq!(names, ["card=card", "film=film", "none=none", "tip=tip", "建议=tip", "提示=tip"]);
        let tip = all.get("Tip").unwrap();
        assert_eq!(
            (tip.argument("来源"), tip.argument("icon"), tip.argument("x")),
            (Some("source"), Some("icon"), None)
        );
        assert_eq!(all.get("card").unwrap().argument("任何"), Some("任何"));
        assert_eq!(all.get("none").unwrap().argument("任何"), None);
        let film = all.get("film").unwrap();
        assert_eq!((film.argument("封面"), film.argument("时长")), (Some("cover"), Some("length")));
        assert_eq!((film.is_file("cover"), film.is_file("length")), (true, false));
    }

    #[test]
    fn a_name_belongs_to_one() {
        let all =
            components(&[("components/a.html", "{#- 名称: 甲 乙 b -#}"), ("components/b.html", "{#- 名称: 乙 丙 -#}")]);
        assert_eq!(all.get("b").unwrap().stem().as_ref(), "b");
        assert_eq!(all.get("乙").unwrap().stem().as_ref(), "a");
        let said: Vec<_> = all.problems().iter().map(|problem| problem.message.clone()).collect();
        assert_eq!(said, ["两个组件都叫“b”", "两个组件都叫“乙”"]);
        let place = all.problems()[1].place.as_ref().and_then(|place| place.span).unwrap();
        assert_eq!(&"{#- 名称: 乙 丙 -#}"[place.start as usize..place.end as usize], "乙");
    }
}
