//! What is wrong with a style sheet, in plain Chinese: lightningcss's findings, and addresses that lead nowhere.

use std::ops::Range;
use std::sync::Arc;

use lightningcss::error::{Error, ParserError, SelectorError};

use super::scan::{FullWidth, Reference, Unclosed};
use crate::diag::{ASSET_MISSING, ASSET_OUTSIDE, Diagnostic, STYLE_SYNTAX, Span, nearest};

/// Why every finding matters.
const WHY: &str = "浏览器遇到读不懂的样式会整条丢掉，页面就会走样。";

/// An address that no theme file can have.
pub(super) enum Outside {
    Empty,
    OtherHost,
    Inline,
    Disk,
    Rooted,
    Above,
}

/// Where a finding of lightningcss points: the first word there, or the one character.
pub(super) fn syntax(origin: &Arc<str>, source: &str, error: &Error<ParserError<'_>>) -> Option<Diagnostic> {
    // What another browser may know; a browser that does not, skips it by itself.
    if matches!(
        error.kind,
        ParserError::AtRuleInvalid(_)
            | ParserError::DeprecatedNestRule
            | ParserError::SelectorError(
                SelectorError::UnsupportedPseudoClass(_) | SelectorError::UnsupportedPseudoElement(_),
            )
    ) {
        return None;
    }
    let at = error.loc.as_ref().map_or(0, |loc| offset(source, loc.line, loc.column));
    let word = word_at(source, at);
    let shown = &source[word.clone()];
    let (label, cure) = match &error.kind {
        ParserError::UnexpectedToken(_) | ParserError::SelectorError(_) if shown == "}" => {
            ("这里多了一个右花括号".to_owned(), "数一数前面的花括号：每个“{”配一个“}”，删去多出来的。")
        }
        ParserError::SelectorError(kind) => selector(kind),
        ParserError::UnexpectedToken(_) if shown.starts_with("url(") => (
            "url() 里的地址读不懂".to_owned(),
            "地址里有空格、引号或括号时，要用英文引号括起来，例如 url(\"../img/a b.png\")。",
        ),
        ParserError::UnexpectedToken(_) if shown.starts_with(['"', '\'']) => {
            ("这里的引号没有配对".to_owned(), "同一行里补上配对的英文引号。")
        }
        ParserError::UnexpectedToken(_) => (
            format!("“{shown}”不该出现在这里"),
            "检查这一行和上一行：每条样式写成“属性: 值;”，冒号、分号、括号都用英文半角，一个不缺。",
        ),
        ParserError::EndOfInput => {
            ("写到这里就断了".to_owned(), "补全这一条：选择器后面要有“{ … }”，属性后面要有冒号和值。")
        }
        ParserError::InvalidDeclaration => {
            ("这条样式读不懂".to_owned(), "写成“属性: 值;”，冒号和分号用英文半角，例如 color: #333;")
        }
        ParserError::InvalidValue => ("这个值不合规定".to_owned(), "改成这个属性认得的值。"),
        ParserError::QualifiedRuleInvalid => {
            ("这里缺花括号".to_owned(), "选择器后面要写“{ … }”；上一条样式的“}”也可能漏了。")
        }
        ParserError::AtRulePreludeInvalid | ParserError::AtRuleBodyInvalid | ParserError::InvalidPageSelector => (
            "以 @ 开头的这一条写法不对".to_owned(),
            "对照其他样式表里同名的一条改正，例如 @media (min-width:60em){ … }",
        ),
        ParserError::InvalidMediaQuery | ParserError::EmptyBracketInCondition => {
            ("@ 后面的条件读不懂".to_owned(), "条件要写在英文括号里，例如 @media (min-width:60em){ … }")
        }
        ParserError::UnexpectedImportRule => ("@import 来得太晚".to_owned(), "把 @import 移到样式表的最前面。"),
        ParserError::UnexpectedNamespaceRule => {
            ("@namespace 来得太晚".to_owned(), "把 @namespace 移到样式表的最前面，只排在 @import 之后。")
        }
        ParserError::MaximumNestingDepth => ("花括号套得太深".to_owned(), "把里层的样式移到外面来写。"),
        ParserError::AtRuleInvalid(_)
        | ParserError::DeprecatedNestRule
        | ParserError::InvalidNesting
        | ParserError::DeprecatedCssModulesValueRule => {
            ("这种写法不能用在这里".to_owned(), "改用普通的“选择器{ 属性: 值; }”。")
        }
    };
    Some(wrong(origin, word, label, cure))
}

fn selector(kind: &SelectorError<'_>) -> (String, &'static str) {
    match kind {
        SelectorError::EmptySelector => {
            ("这里少一个选择器".to_owned(), "花括号前面要写明样式用在什么上；逗号前后都不能空着。")
        }
        SelectorError::DanglingCombinator => {
            ("选择器没有写完".to_owned(), "“>”“+”“~”后面要再写一个选择器，否则删掉它。")
        }
        SelectorError::ClassNeedsIdent(_) => {
            ("点号后面要接类名".to_owned(), "类名用字母开头，紧跟在“.”后面，中间没有空格。")
        }
        SelectorError::BadValueInAttr(_)
        | SelectorError::UnexpectedTokenInAttributeSelector(_)
        | SelectorError::NoQualifiedNameInAttributeSelector(_)
        | SelectorError::InvalidQualNameInAttr(_)
        | SelectorError::ExpectedBarInAttr(_) => {
            ("方括号里的条件读不懂".to_owned(), "写成 [属性=\"值\"]，引号用英文半角。")
        }
        SelectorError::UnexpectedSelectorAfterPseudoElement(_)
        | SelectorError::InvalidPseudoClassAfterPseudoElement => {
            ("“::”之后不能再接别的选择器".to_owned(), "把 ::before、::after 这类写在选择器的最后。")
        }
        _ => (
            "这个选择器读不懂".to_owned(),
            "检查“{”前面的部分：用英文逗号隔开，冒号、点号、井号后面紧跟名字；上一条样式的“}”也可能漏了。",
        ),
    }
}

/// A full-width mark where CSS has its own; a browser reads it as a letter.
pub(super) fn full_width(origin: &Arc<str>, wide: &FullWidth) -> Diagnostic {
    let label = format!("这里的“{}”是全角的", wide.mark);
    let cure = format!("改成英文半角的“{}”；本来就是名字里的，把整个名字用英文引号括起来。", wide.meant);
    wrong(origin, wide.at..wide.at + wide.mark.len_utf8(), label, &cure)
}

/// Something is open when the file ends.
pub(super) fn unclosed(origin: &Arc<str>, source: &str, open: &Unclosed) -> Diagnostic {
    let (what, word) = match open.closer {
        "*/" => ("注释", open.at..open.at + 2),
        _ => ("括号", word_at(source, open.at)),
    };
    Diagnostic::error(STYLE_SYNTAX, format!("样式表里有一处{what}没有结束"))
        .at(origin, Span::new(word.start, word.end))
        .label(format!("从这里开始，一直没有见到配对的“{}”", open.closer))
        .cause("浏览器会把后面的样式全算在里面，页面就会走样。")
        .cure(match open.closer {
            "}" => "从这里往下看，在该结束的地方补上“}”；漏掉的也可能是它里面某一条的“}”。".to_owned(),
            closer => format!("在该结束的地方补上“{closer}”。"),
        })
}

fn wrong(origin: &Arc<str>, range: Range<usize>, label: String, cure: &str) -> Diagnostic {
    Diagnostic::error(STYLE_SYNTAX, "样式表里有一处读不懂")
        .at(origin, Span::new(range.start, range.end))
        .label(label)
        .cause(WHY)
        .cure(cure)
}

/// Style sheets that import each other, so that none can come first.
pub(super) fn circle(origin: &Arc<str>, sheets: &[&Arc<str>]) -> Diagnostic {
    let mut way: Vec<&str> = sheets.iter().map(|name| &***name).collect();
    way.extend(way.first().copied());
    Diagnostic::error(STYLE_SYNTAX, "样式表互相引用，绕成了一个圈")
        .in_file(origin)
        .label(way.join(" → "))
        .cause("要先有被引用的那个，才能定下引用它的那个；绕成圈就没有先后了。")
        .cure("删掉圈里的一条 @import。")
}

/// A style sheet that is not UTF-8.
pub(super) fn not_text(origin: &Arc<str>) -> Diagnostic {
    Diagnostic::error(STYLE_SYNTAX, "样式表不是 UTF-8 编码")
        .in_file(origin)
        .cause("样式表一律按 UTF-8 读取，别的编码里的汉字会变成乱码。")
        .cure("用编辑器打开它，另存为 UTF-8 编码。")
}

/// lightningcss gave up later than while it read.
pub(super) fn failed(origin: &Arc<str>, why: &str) -> Diagnostic {
    Diagnostic::error(STYLE_SYNTAX, "样式表没有处理成功")
        .in_file(origin)
        .label(why.to_owned())
        .cause("样式表要先换成旧浏览器也认得的写法，这一步没有做完。")
        .cure("撤回最近的改动，再一处一处地改，就能看出是哪一处。")
}

/// An address that leads out of the theme.
pub(super) fn outside(origin: &Arc<str>, reference: &Reference, why: &Outside, inside: Option<&str>) -> Diagnostic {
    let (message, label, cause, cure) = match why {
        Outside::Empty => (
            "样式表里有一个空地址",
            "这里没有写文件",
            "浏览器会把空地址当成样式表自己，再取一遍。",
            "写上文件的路径；不要图片就写 none。",
        ),
        Outside::OtherHost => (
            "样式表用了别的网站上的文件",
            "这是别的网站",
            "内网的电脑打不开外面的网站，页面的安全设置也不允许。",
            "把文件下载下来，放进主题的 static/ 文件夹，这里写相对路径，例如 url(../img/bg.png)。",
        ),
        Outside::Inline => (
            "样式表里直接写了文件的内容（data:）",
            "浏览器不会显示它",
            "页面的安全设置只允许读取本站的文件，写成 data: 的一律拦下。",
            "把它存成单独的文件，放进主题的 static/img/ 文件夹，这里写相对路径，例如 url(../img/icon.svg)。",
        ),
        Outside::Disk => (
            "样式表用了某台电脑自己硬盘上的文件",
            "别人的电脑上没有它",
            "这个路径只在写它的那台电脑上有效。",
            "把文件复制到主题的 static/ 文件夹，这里写相对路径，例如 url(../img/bg.png)。",
        ),
        Outside::Rooted => (
            "样式表里的地址以“/”开头",
            "“/”是网站的最外层，不是主题的文件夹",
            "门户放在网站的下一级目录里，或者直接从文件夹打开时，这个地址就不对了。",
            "写成从这个样式表所在的文件夹算起的相对路径，例如 url(../img/bg.png)。",
        ),
        Outside::Above => (
            "样式表里的地址走出了主题的文件夹",
            "“../”太多",
            "页面只能用主题 static/ 文件夹里的文件。",
            "减去多余的“../”；文件不在 static/ 里的，先复制进来。",
        ),
    };
    let cure = inside.map_or_else(|| cure.to_owned(), |path| format!("改成：{path}"));
    Diagnostic::error(ASSET_OUTSIDE, message)
        .at(origin, Span::new(reference.range.start, reference.range.end))
        .label(label)
        .cause(cause)
        .cure(cure)
}

/// A relative address without a file. `own` is the sheet's folder below `static/`.
pub(super) fn missing(origin: &Arc<str>, reference: &Reference, own: &str, wanted: &str, known: &[&str]) -> Diagnostic {
    let file = |name: &'_ str| name.rsplit('/').next().unwrap_or_default().to_owned();
    let stem = |name: &'_ str| file(name).split('.').next().unwrap_or_default().to_owned();
    let mut meant: Vec<&str> = known.iter().copied().filter(|name| file(name) == file(wanted)).collect();
    if meant.is_empty() {
        let stems: Vec<String> = known.iter().map(|name| stem(name)).collect();
        let close = nearest(&stem(wanted), stems.iter().map(String::as_str));
        meant.extend(close.iter().flat_map(|close| known.iter().copied().filter(|name| stem(name) == *close)));
    }
    meant.truncate(3);
    let near: Vec<String> = meant.into_iter().map(|name| from(own, name)).collect();
    let cure = if near.is_empty() {
        format!("把文件放到主题的 static/{wanted}；不用它了就删掉这一条。")
    } else {
        format!("是否想写 {}？", near.join(" 或 "))
    };
    Diagnostic::error(ASSET_MISSING, format!("样式表引用的文件“{}”不存在", reference.url))
        .at(origin, Span::new(reference.range.start, reference.range.end))
        .label(format!("主题里没有 static/{wanted}"))
        .cause("路径从样式表所在的文件夹算起；找不到文件，背景图或字体就显示不出来。")
        .cure(cure)
}

/// The file `name` as one writes it in a style sheet of the folder `own`, both below `static/`.
pub(super) fn from(own: &str, name: &str) -> String {
    let mut path = String::new();
    let own = if own.is_empty() { String::new() } else { format!("{own}/") };
    crate::model::push_relative(&mut path, &own, name);
    path
}

/// The byte at a line (from 0) and a column (from 1, in UTF-16 units), lines ending as CSS has them.
fn offset(source: &str, line: u32, column: u32) -> usize {
    let bytes = source.as_bytes();
    let mut left = line;
    let mut start = 0;
    let mut at = 0;
    while left > 0 && at < bytes.len() {
        let width = if source[at..].starts_with("\r\n") { 2 } else { 1 };
        let ends = matches!(bytes[at], b'\n' | b'\r' | b'\x0c');
        at += if ends { width } else { source[at..].chars().next().map_or(1, char::len_utf8) };
        if ends {
            left -= 1;
            start = at;
        }
    }
    let mut units = 1;
    for (within, c) in source[start..].char_indices() {
        if units >= column {
            return start + within;
        }
        units += c.len_utf16() as u32;
    }
    source.len()
}

/// The word, or the one mark, that stands at a byte or after the blanks there.
fn word_at(source: &str, at: usize) -> Range<usize> {
    let rest = &source[at..];
    let blanks = rest.len() - rest.trim_start().len();
    let start = at + blanks;
    let word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '@' | '#' | '.' | '%');
    let Some(first) = source[start..].chars().next() else {
        let line = source.trim_end().len();
        return line..line;
    };
    let mut end = start + first.len_utf8();
    if word(first) {
        end = start + source[start..].find(|c| !word(c)).unwrap_or(source.len() - start);
    }
    if source[end..].starts_with('(') {
        end += source[end..].find([')', '\n']).map_or(0, |n| n + 1);
        end = start + source[start..end].trim_end().len();
    }
    start..end
}
