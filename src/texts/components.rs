//! What only the theme knows of a `:::` block: whether there is such a component, which arguments it takes, which of them
//! name files, and which cite a law. Files become links of the document, so that the model finds them as it finds all
//! others; citations are resolved there like links.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Text;
use crate::content::{Arg, ArticleNumber, Body, Citation, Component, Document, Link};
use crate::diag::{
    CITATION_FORM, COMPONENT_ARGUMENT, COMPONENT_ARGUMENT_REPEATED, COMPONENT_UNKNOWN, Diagnostic, nearest,
};
use crate::source::{ComponentFile, Components};

/// A text with what is wrong with its components and what they cite; the same document where both are as before.
pub(super) fn checked(mut text: Text, known: &Components) -> Text {
    let file = &text.parsed.path;
    let (mut found, mut citations) = (Vec::new(), Vec::new());
    for (n, component) in text.parsed.body.components.iter().enumerate() {
        if component.name.is_empty() {
            continue; // told by the parser
        }
        match known.get(&component.name) {
            Some(kind) => {
                arguments(file, component, kind, &mut found);
                citations.extend(citation(file, (n, component), kind, &mut found));
            }
            None => found.push(unknown(file, component, known)),
        }
    }
    let body = linked(&text.parsed.body, known);
    let is_plain = found.is_empty() && citations.is_empty() && body.is_none();
    found.extend(text.parsed.problems.iter().cloned());
    found.sort_by_key(|problem| problem.place.as_ref().and_then(|place| place.span));
    let was_linked = text.document.body.links.len() > text.parsed.body.links.len();
    let is_kept =
        body.is_none() && !was_linked && text.document.problems == found && text.document.citations == citations;
    if is_plain {
        text.document = text.parsed.clone();
    } else if !is_kept {
        let body = body.unwrap_or_else(|| text.parsed.body.clone());
        text.document = Arc::new(Document { problems: found, citations, body, ..Document::clone(&text.parsed) });
    }
    text.files = text.named();
    text
}

/// The body with a link for each argument that names a file; `None` if none does.
fn linked(body: &Body, known: &Components) -> Option<Body> {
    let is_file = |component: &Component, arg: &Arg| {
        let kind = known.get(&component.name);
        kind.is_some_and(|kind| kind.argument(&arg.key).is_some_and(|key| kind.is_file(key)))
    };
    if !body.components.iter().any(|component| component.args.iter().any(|arg| is_file(component, arg))) {
        return None;
    }
    let mut body = body.clone();
    let mut links = Vec::new();
    for component in &mut body.components {
        let named: Vec<bool> = component.args.iter().map(|arg| is_file(component, arg)).collect();
        for (arg, _) in component.args.iter_mut().zip(named).filter(|(_, named)| *named) {
            arg.link = u32::try_from(body.links.len() + links.len()).ok();
            links.push(Link { target: arg.value.clone(), span: arg.value_span });
        }
    }
    body.links.extend(links);
    Some(body)
}

/// The articles that a component cites.
fn citation(
    file: &Arc<str>,
    (n, component): (usize, &Component),
    kind: &ComponentFile,
    found: &mut Vec<Diagnostic>,
) -> Option<Citation> {
    let (law, article) = kind.cites()?;
    let given = |key: &str| component.args.iter().find(|arg| kind.argument(&arg.key) == Some(key));
    let law = given(law)?;
    let article = given(article);
    let articles = article.map(|arg| ArticleNumber::all(&arg.value)).unwrap_or_default();
    let articles: Vec<_> = articles.into_iter().map(|(number, words)| (number, words.into())).collect();
    if let Some(arg) = article.filter(|arg| articles.is_empty() && !arg.value.trim().is_empty()) {
        found.push(
            Diagnostic::warning(CITATION_FORM, format!("看不懂“{}”是第几条", arg.value))
                .at(file, arg.value_span)
                .cause("不知道是哪一条，就连不到那一条上，法规页上也不会列出本文。")
                .cure("写成第十条、10 或者十都可以；一次引用几条，中间用顿号：第十条、第十二条。"),
        );
    }
    let name: Arc<str> = law.value.trim().trim_matches(['《', '》', '〈', '〉']).into();
    let span = article.map_or(law.value_span, |arg| arg.value_span);
    let component = u32::try_from(n).unwrap_or(u32::MAX);
    (!name.is_empty()).then_some(Citation { component, law: name, articles, span })
}

fn unknown(file: &Arc<str>, component: &Component, known: &Components) -> Diagnostic {
    let name = &component.name;
    let alike = nearest(&name.to_lowercase(), known.all().map(|(name, _)| &**name));
    // One component by one name, as an author would write it.
    let all: BTreeSet<&str> = known.all().map(|(_, kind)| kind.names().first().map_or("", |name| &**name)).collect();
    let all = all.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join("、");
    let diagnostic = Diagnostic::error(COMPONENT_UNKNOWN, format!("没有名为“{name}”的组件"))
        .at(file, component.name_span)
        .cause("以 ::: 开头的行是组件，主题里没有这个名称，不知道排成什么样子");
    let diagnostic = match alike.first() {
        Some(alike) => diagnostic.cure(format!("是否想写 {alike}？")),
        None => diagnostic.cure("换成下面有的名称，或者删掉这一行和与它配对的 ::: 行"),
    };
    if all.is_empty() {
        diagnostic.with_note("这个主题没有组件")
    } else {
        diagnostic.with_note(format!("有这些组件：{all}"))
    }
}

fn arguments(file: &Arc<str>, component: &Component, kind: &ComponentFile, found: &mut Vec<Diagnostic>) {
    let mut given: Vec<(&str, &Arg)> = Vec::new();
    for arg in &component.args {
        let Some(canonical) = kind.argument(&arg.key) else {
            found.push(unknown_argument(file, component, arg, kind));
            continue;
        };
        match given.iter().find(|(one, _)| *one == canonical) {
            Some((_, first)) => found.push(repeated(file, first, arg)),
            None => given.push((canonical, arg)),
        }
    }
}

fn unknown_argument(file: &Arc<str>, component: &Component, arg: &Arg, kind: &ComponentFile) -> Diagnostic {
    let key = &arg.key;
    let spellings = kind.arguments().flatten().map(|one| &**one);
    let alike = nearest(&key.to_lowercase(), spellings);
    let all: Vec<&str> = kind.arguments().filter_map(|one| one.first()).map(|one| &**one).collect();
    let name = &component.name;
    let diagnostic = Diagnostic::error(COMPONENT_ARGUMENT, format!("组件“{name}”没有“{key}”这一项"))
        .at(file, arg.key_span)
        .cause("写了也不起作用，读者看不到");
    let diagnostic = match alike.first() {
        Some(alike) => diagnostic.cure(format!("是否想写 {alike}=…？")),
        None if all.is_empty() => diagnostic.cure("去掉它；要写成标题，不要用等号"),
        None => diagnostic.cure("换成下面有的，或者去掉它；要写成标题，不要用等号"),
    };
    if all.is_empty() {
        diagnostic.with_note(format!("“{name}”只有标题，没有别的项"))
    } else {
        diagnostic.with_note(format!("“{name}”可以写：{}", all.join("、")))
    }
}

fn repeated(file: &Arc<str>, first: &Arg, second: &Arg) -> Diagnostic {
    let (one, other) = (&first.key, &second.key);
    let message = if one == other {
        format!("“{one}”写了两次")
    } else {
        format!("“{one}”和“{other}”是同一项，写了两次")
    };
    Diagnostic::error(COMPONENT_ARGUMENT_REPEATED, message)
        .at(file, second.key_span)
        .label(format!("前面已经写了 {one}={}", first.value))
        .cause("不知道该用哪一个")
        .cure("去掉其中一个")
}
