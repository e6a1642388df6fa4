//! What the source shows and no element can: syntax that other systems would expand, links that Markdown does not take
//! for links, footnotes without their other half. One message a kind and file.

use std::collections::HashSet;

use super::prepare::{Find, What};
use super::render::Renderer;
use crate::diag::{self, Diagnostic};

/// Says what was found outside code.
pub(super) fn report(renderer: &mut Renderer<'_>) {
    let prepared = renderer.prepared;
    if prepared.finds.is_empty() {
        return;
    }
    let code = &renderer.code;
    let in_code = |at: usize| in_code(code, at);
    let finds: Vec<Find> = prepared.finds.iter().filter(|find| !in_code(find.start)).copied().collect();
    let text = |find: &Find| prepared.text.get(find.start..find.end).unwrap_or_default();
    for what in [What::Hugo, What::Jekyll, What::Admonition, What::Toc, What::Spaced, What::FullWidth] {
        let mut of_kind = finds.iter().filter(|find| find.what == what);
        let Some(first) = of_kind.next() else { continue };
        let count = 1 + of_kind.count();
        let diagnostic = foreign(what, count);
        renderer.problems.push(diagnostic.at(renderer.file, prepared.span(first.start, first.end)));
    }
    let names = |what: What| -> HashSet<String> {
        finds.iter().filter(|find| find.what == what).map(|find| text(find).to_lowercase()).collect()
    };
    let (mut marks, definitions) = (names(What::Mark), names(What::Definition));
    marks.extend(names(What::Pattern));
    // In a text on patterns that has no footnote at all, `[^5]` is a pattern too.
    let is_class = |find: &Find| find.what == What::Pattern && text(find).contains('-');
    let on_patterns = definitions.is_empty() && prepared.finds.iter().any(is_class);
    for find in &finds {
        let name = text(find);
        let (bare, folded) = (name.trim_matches(['[', ']', '^']), name.to_lowercase());
        let diagnostic = match find.what {
            What::Mark if !on_patterns && !definitions.contains(&folded) => {
                Diagnostic::warning(diag::FOOTNOTE_MISSING, format!("脚注 {name} 没有内容"))
                    .cause("读者看到的是方括号原样，点不动")
                    .cure(format!("在文末另起一行写上：[^{bare}]: 脚注内容"))
            }
            What::Definition if !marks.contains(&folded) => {
                Diagnostic::warning(diag::FOOTNOTE_UNUSED, format!("脚注 {name} 没有被引用，不会显示"))
                    .cause("正文里没有与它对应的标记")
                    .cure(format!("在正文需要注释的地方写上 [^{bare}]，或者删掉这条脚注"))
            }
            _ => continue,
        };
        renderer.problems.push(diagnostic.at(renderer.file, prepared.span(find.start, find.end)));
    }
}

/// Whether byte `at` of the prepared text stands in one of the ranges of `code`, which are sorted.
pub(super) fn in_code(code: &[(usize, usize)], at: usize) -> bool {
    let next = code.partition_point(|&(start, _)| start <= at);
    next.checked_sub(1).and_then(|before| code.get(before)).is_some_and(|&(_, end)| at < end)
}

fn foreign(what: What, count: usize) -> Diagnostic {
    let many = if count > 1 { format!("（本文件共 {count} 处）") } else { String::new() };
    let (code, message, cause, cure) = match what {
        What::Hugo => (
            diag::FOREIGN_SYNTAX,
            "这是 Hugo 的短代码，这里不会展开",
            "读者会看到这一串花括号",
            "删掉它；图片写成 ![说明](文件名.jpg \"图注\")，提示框写成 > [!NOTE]，链接写成 [文字](文件.md)",
        ),
        What::Jekyll => (
            diag::FOREIGN_SYNTAX,
            "这是 Jekyll 的标签，这里不会展开",
            "读者会看到这一串花括号",
            "删掉它；代码放在两行 ``` 之间，提示框写成 > [!NOTE]，链接写成 [文字](文件.md)",
        ),
        What::Admonition => (
            diag::FOREIGN_SYNTAX,
            "这是 MkDocs 的提示框，这里不认",
            "读者会看到三个感叹号，后面缩进的文字会被当成代码",
            "写成 > [!NOTE]（提示）、> [!WARNING]（注意）或 > [!CAUTION]（警告），下一行起每行以 > 开头，不要缩进",
        ),
        What::Toc => (diag::FOREIGN_SYNTAX, "目录标记在这里没有用，已去掉", "每一页的目录由标题自动生成", "删掉这一行"),
        What::Spaced => (
            diag::LINK_UNREAD,
            "链接或图片的地址里有空格，没有认出来",
            "读者会看到方括号和圆括号原样，点不动",
            "用尖括号把地址括起来，例如 [附件](<附件 1.docx>)，或者去掉文件名里的空格",
        ),
        _ => (
            diag::LINK_UNREAD,
            "链接或图片用了中文括号，没有认出来",
            "读者会看到方括号和括号原样，点不动",
            "把（）改成英文的 ()，例如 [附件](附件.docx)",
        ),
    };
    Diagnostic::warning(code, format!("{message}{many}")).cause(cause).cure(cure)
}
