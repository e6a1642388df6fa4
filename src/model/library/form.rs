//! The form that a kind asks of its pages: fields of the front matter, headings in their order. A page that does not
//! keep it is shown all the same; its author is told what is missing.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::content::Document;
use crate::diag::{
    ARTICLE_NONE, ARTICLE_REPEATED, Diagnostic, KIND_FIELD_ELSEWHERE, KIND_FIELD_MISSING, KIND_HEADINGS,
};
use crate::source::{Config, Kind};

/// Complains where `document` is not what its kind asks for.
pub(super) fn check(config: &Config, kind: Option<&Arc<Kind>>, document: &Document, problems: &mut Vec<Diagnostic>) {
    elsewhere(config, kind, document, problems);
    if let Some(kind) = kind {
        articles(kind, document, problems);
        missing(kind, document, problems);
        headings(kind, document, problems);
    }
}

/// A statute without articles, or with two of one number.
fn articles(kind: &Kind, document: &Document, problems: &mut Vec<Diagnostic>) {
    if !kind.articles {
        return;
    }
    let mut met = BTreeSet::new();
    for (number, clause) in document.body.clauses.iter().filter_map(|clause| Some((clause.article()?, clause))) {
        if !met.insert(number) {
            problems.push(
                Diagnostic::error(ARTICLE_REPEATED, format!("这部法规里有两个{number}"))
                    .at(&document.path, clause.span)
                    .label(format!("前面已经有{number}"))
                    .cause("别的文章引用这一条时，不知道连到哪一处。")
                    .cure("核对原文，改正条号；如果这一段只是提到那一条，不要让它排在一段的开头单独成词。"),
            );
        }
    }
    if met.is_empty() {
        problems.push(
            Diagnostic::warning(ARTICLE_NONE, format!("这一篇是“{}”，却没有以“第…条”开头的段落", kind.name))
                .in_file(&document.path)
                .cause("没有条，别的文章就引用不到，目录也排不出来。")
                .cure("每条另起一段，段首写：第一条　（条号后面空一格）；不是法规，就换一个类型。"),
        );
    }
}

/// Whether a page speaks of things as they were so long ago that they may be otherwise by now.
pub(super) fn is_stale(kind: Option<&Arc<Kind>>, document: &Document, today: Date) -> bool {
    let months = kind.and_then(|kind| kind.stale_after);
    let end = months.zip(document.front.as_of.as_ref()).map(|(months, as_of)| {
        // Beyond the calendar's end nothing grows old.
        as_of.value.checked_add(i64::from(months).months()).unwrap_or(Date::MAX)
    });
    end.is_some_and(|end| end <= today)
}

/// Fields that another kind declares.
fn elsewhere(config: &Config, kind: Option<&Arc<Kind>>, document: &Document, problems: &mut Vec<Diagnostic>) {
    for (key, at) in &document.front.fields {
        if kind.is_some_and(|kind| kind.fields.iter().any(|field| field.key == *key)) {
            continue;
        }
        let has = |kind: &&Arc<Kind>| kind.fields.iter().any(|field| field.key == *key);
        let owners: Vec<&str> = config.kinds().iter().filter(has).map(|kind| &*kind.name).collect();
        let own = kind.map_or_else(|| "这一篇没有类型".to_owned(), |kind| format!("这一篇是“{}”", kind.name));
        problems.push(
            Diagnostic::note(KIND_FIELD_ELSEWHERE, format!("{own}，这一项不起作用"))
                .at(&document.path, at.span)
                .cause(format!("zhendi.toml 里只有“{}”有这一项。", owners.join("”“")))
                .cure("用不到就删掉这一行；类型写错了，就改“类型”一项或换个栏目。"),
        );
    }
}

/// Required fields that are not there.
fn missing(kind: &Kind, document: &Document, problems: &mut Vec<Diagnostic>) {
    let has = |key: &Arc<str>| document.front.fields.iter().any(|(one, _)| one == key);
    let missing: Vec<&str> =
        kind.fields.iter().filter(|field| field.required && !has(&field.key)).map(|field| &*field.name).collect();
    if let Some(first) = missing.first() {
        problems.push(
            Diagnostic::warning(KIND_FIELD_MISSING, format!("“{}”的文件头里少了：{}", kind.name, missing.join("、")))
                .in_file(&document.path)
                .cause("这几项显示在正文前的要览里，缺了读者就看不到。")
                .cure(format!("在文件头里补上，例如另起一行写：{first}: ……")),
        );
    }
}

/// Required headings that are not there, or stand in another order. Numbers before them do not matter.
fn headings(kind: &Kind, document: &Document, problems: &mut Vec<Diagnostic>) {
    let wanted = &kind.headings;
    let has = |words: &[Arc<str>], text: &str| words.iter().any(|word| text.contains(&**word));
    let all = &document.body.headings;
    let shown = |words: &Vec<Arc<str>>| words.join("”或“");
    let missing: Vec<String> = wanted
        .iter()
        .filter(|words| !all.iter().any(|heading| has(words, &heading.text)))
        .map(|words| format!("“{}”", shown(words)))
        .collect();
    let order: Vec<String> = wanted.iter().map(|words| words.join("／")).collect();
    if !missing.is_empty() {
        problems.push(
            Diagnostic::warning(KIND_HEADINGS, format!("“{}”里少了写{}的小标题", kind.name, missing.join("、")))
                .in_file(&document.path)
                .cause(format!("“{}”按固定的几部分来写，读者才知道到哪里找什么。", kind.name))
                .cure(format!("补上这几部分；小标题依次要有：{}。前面的序号可写可不写。", order.join("、"))),
        );
        return;
    }
    let mut rest = all.iter();
    for words in wanted {
        if !rest.any(|heading| has(words, &heading.text)) {
            let at = all.iter().find(|heading| has(words, &heading.text));
            let problem = Diagnostic::warning(KIND_HEADINGS, format!("写“{}”的小标题放早了", shown(words)));
            let problem = match at {
                Some(heading) => problem.at(&document.path, heading.span),
                None => problem.in_file(&document.path),
            };
            problems.push(
                problem
                    .cause(format!("“{}”各部分的先后是固定的。", kind.name))
                    .cure(format!("按这个先后排：{}。", order.join("、"))),
            );
            return;
        }
    }
}
