//! Front matter as people write it: what is read, and from where.

use std::sync::Arc;

use jiff::civil::date;
use zhendi::content::{self, Audience, FrontMatter, SortBy};

use super::{parse, settings};

fn front(text: &str) -> FrontMatter {
    let document = parse(text);
    assert!(document.problems.is_empty(), "{:#?}", document.problems);
    document.front
}

fn values(list: &[content::At<Arc<str>>]) -> Vec<&str> {
    list.iter().map(|at| &*at.value).collect()
}

#[test]
fn english_and_chinese_keys_mean_the_same() {
    let english = "---\ntitle: 甲\nshort: 乙\ndate: 2026-11-20\nupdated: 2026-11-21\nexpires: 2027-01-01\nas_of: 2026-11-01\n\
        draft: true\nsummary: 摘\nauthor: 张\nsource: 科\neditor: 李\nkind: study\noffices: [east]\naudience: public\n\
        tags: [食品]\nseries: ronghe\nweight: 3\ncover: a.jpg\nattachments: [b.pdf]\nsupersedes: c.md\nkiosk: {show: true}\nreview: 1\n---\n";
    let chinese = "---\n标题: 甲\n短题: 乙\n日期: 2026-11-20\n更新: 2026-11-21\n下线: 2027-01-01\n截至: 2026-11-01\n\
        草稿: 是\n摘要: 摘\n作者: 张\n来源: 科\n责任编辑: 李\n类型: study\n办公区: [east]\n范围: 公开\n\
        标签: [食品]\n系列: ronghe\n序号: 3\n封面: a.jpg\n附件: [b.pdf]\n替代: c.md\n投屏: {show: true}\n审核: 1\n---\n";
    let (a, b) = (front(english), front(chinese));
    for front in [&a, &b] {
        assert_eq!(front.title.as_ref().map(|t| &*t.value), Some("甲"));
        assert_eq!(front.short.as_ref().map(|t| &*t.value), Some("乙"));
        assert_eq!(front.date.as_ref().map(|d| d.value), Some(date(2026, 11, 20)));
        assert_eq!(front.updated.as_ref().map(|d| d.value), Some(date(2026, 11, 21)));
        assert_eq!(front.expires.as_ref().map(|d| d.value), Some(date(2027, 1, 1)));
        assert_eq!(front.as_of.as_ref().map(|d| d.value), Some(date(2026, 11, 1)));
        assert_eq!(front.draft, Some(true));
        assert_eq!(front.summary.as_deref(), Some("摘"));
        assert_eq!(front.author.as_deref(), Some("张"));
        assert_eq!(front.source.as_deref(), Some("科"));
        assert_eq!(front.editor.as_deref(), Some("李"));
        assert_eq!(front.kind.as_ref().map(|k| &*k.value), Some("study"));
        assert_eq!(values(front.offices.as_deref().unwrap()), ["east"]);
        assert_eq!(front.audience.as_ref().map(|a| a.value), Some(Audience::Public));
        assert_eq!((&*front.terms[0].0, values(&front.terms[0].1)), ("tags", vec!["食品"]));
        assert_eq!(front.series.as_ref().map(|s| &*s.value), Some("ronghe"));
        assert_eq!(front.weight, Some(3));
        assert_eq!(front.cover.as_ref().map(|c| &*c.value), Some("a.jpg"));
        assert_eq!(values(&front.attachments), ["b.pdf"]);
        assert_eq!(front.supersedes.as_ref().map(|s| &*s.value), Some("c.md"));
        assert!(front.extra.is_empty() && front.fenced);
    }
}

#[test]
fn toml_is_read_with_chinese_keys_too() {
    let front = front(
        "+++\n标题 = \"证照分离\"\ndate = 2026-11-20T08:00:00+08:00\nweight = 7\n[taxonomies]\ntags = [\"登记\"]\n[extra]\n色 = \"红\"\n+++\n",
    );
    assert_eq!(front.title.as_ref().map(|t| &*t.value), Some("证照分离"));
    assert_eq!(front.date.as_ref().map(|d| d.value), Some(date(2026, 11, 20)));
    assert_eq!(front.weight, Some(7));
    assert_eq!((&*front.terms[0].0, values(&front.terms[0].1)), ("tags", vec!["登记"]));
    assert_eq!(&*front.extra[0].0, "色");
}

#[test]
fn dates_are_read_however_they_are_written() {
    for written in [
        "2026-11-20",
        "'2026-11-20'",
        "\"2026-11-20\"",
        "2026/11/20",
        "2026年11月20日",
        "2026-11-20 08:00:00",
        "2026-11-20T08:00:00+08:00",
        "2026-11-20T08:00:00Z",
        "'2026-11-20 08:00'",
        "2026.11.20",
    ] {
        let front = front(&format!("---\ntitle: 甲\ndate: {written}\n---\n"));
        assert_eq!(front.date.map(|d| d.value), Some(date(2026, 11, 20)), "{written}");
    }
    for written in ["2026-11-20", "\"2026-11-20\"", "2026-11-20 08:00:00", "2026-11-20T08:00:00Z"] {
        let front = front(&format!("+++\ntitle = \"甲\"\ndate = {written}\n+++\n"));
        assert_eq!(front.date.map(|d| d.value), Some(date(2026, 11, 20)), "{written}");
    }
}

#[test]
fn a_number_or_a_date_may_be_a_title() {
    for (written, title) in
        [("2026", "2026"), ("2026-11-20", "2026-11-20"), ("1.50", "1.50"), ("true", "true"), ("007", "007")]
    {
        let front = front(&format!("---\ntitle: {written}\n---\n"));
        assert_eq!(front.title.map(|t| t.value.to_string()).as_deref(), Some(title));
    }
}

#[test]
fn terms_may_be_a_list_or_a_line() {
    for written in ["[食品, 药品]", "\n  - 食品\n  - 药品", "食品、药品", "食品，药品", "'食品, 药品'"]
    {
        let front = front(&format!("---\ntitle: 甲\ntags: {written}\n---\n"));
        assert_eq!(values(&front.terms[0].1), ["食品", "药品"], "{written}");
    }
    assert!(front("---\ntitle: 甲\ntags: []\noffices: []\n---\n").terms[0].1.is_empty());
    assert!(front("---\ntitle: 甲\ntags:\n---\n").terms.is_empty());
}

#[test]
fn places_are_exact() {
    let text = "---\r\n标题： 甲\r\n办公区: 城东、 城南\r\n标签：\r\n  - 食品\r\n---\r\n";
    let front = parse(text).front;
    let at = |span: zhendi::diag::Span| &text[span.start as usize..span.end as usize];
    assert_eq!(at(front.title.unwrap().span), "甲");
    let offices: Vec<&str> = front.offices.unwrap().iter().map(|office| at(office.span)).collect();
    assert_eq!(offices, ["城东", "城南"]);
    assert_eq!(at(front.terms[0].1[0].span), "食品");
}

#[test]
fn full_width_colons_end_keys_and_stay_in_text() {
    let text = "---\n标题：通知：关于食品\nextra：\n  说明：有：的\n  b: c：d\nsummary: |\n  注意：这里不是\n\
        attachments:\n  - 附件：表.xlsx\n---\n";
    let front = parse(text).front;
    assert_eq!(front.title.map(|t| t.value.to_string()).as_deref(), Some("通知：关于食品"));
    assert_eq!(front.summary.as_deref(), Some("注意：这里不是"));
    assert_eq!(values(&front.attachments), ["附件：表.xlsx"]);
    let extra: Vec<(&str, &str)> = front.extra.iter().map(|(k, n)| (&**k, n.as_text().unwrap())).collect();
    assert_eq!(extra, [("说明", "有：的"), ("b", "c：d")]);
}

#[test]
fn other_systems_keys_are_understood() {
    let front = front(
        "---\ntitle: 甲\npublishDate: 2026-11-20\nlastmod: 2026-11-21\nexpiryDate: 2027-01-01\ndescription: 摘\nauthors: [张, 李]\n---\n",
    );
    assert_eq!(front.date.map(|d| d.value), Some(date(2026, 11, 20)));
    assert_eq!(front.updated.map(|d| d.value), Some(date(2026, 11, 21)));
    assert_eq!(front.expires.map(|d| d.value), Some(date(2027, 1, 1)));
    assert_eq!(front.summary.as_deref(), Some("摘"));
    assert_eq!(front.author.as_deref(), Some("张、李"));
}

#[test]
fn a_person_may_be_a_table_with_a_name() {
    let document = parse("---\ntitle: 甲\nauthor:\n  name: 张三\n  link: /about/\n---\n");
    assert_eq!(document.front.author.as_deref(), Some("张三"));
    assert!(document.problems.is_empty());
}

#[test]
fn an_own_key_beats_another_systems_name() {
    let front = front("---\npublishDate: 2020-01-01\ntitle: 甲\ndate: 2026-11-20\ndescription: 乙\nsummary: 摘\n---\n");
    assert_eq!(front.date.map(|d| d.value), Some(date(2026, 11, 20)));
    assert_eq!(front.summary.as_deref(), Some("摘"));
}

#[test]
fn unknown_keys_stay_readable() {
    let front = parse("---\ntitle: 甲\ntoc: true\nextra:\n  色: 红\n---\n").front;
    let names: Vec<&str> = front.extra.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["toc", "色"]);
    assert_eq!(front.extra[0].1.as_bool(), Some(true));
}

#[test]
fn a_section_gives_defaults() {
    let text = "---\ntitle: 学习\n排序: 序号\n每页篇数: 20\n默认:\n  办公区: 城东\n  范围: 内部\n  tags: 学习\n---\n";
    let document = content::parse(&Arc::from("content/study/_index.md"), text.as_bytes(), &settings());
    assert!(document.problems.is_empty(), "{:#?}", document.problems);
    let front = document.front;
    assert_eq!(front.sort_by.map(|s| s.value), Some(SortBy::Weight));
    assert_eq!(front.paginate_by, Some(20));
    let cascade = front.cascade.unwrap();
    assert_eq!(values(cascade.offices.as_deref().unwrap()), ["城东"]);
    assert_eq!(cascade.audience.map(|a| a.value), Some(Audience::Internal));
    assert_eq!(values(&cascade.terms[0].1), ["学习"]);
}

#[test]
fn blanks_and_marks_before_the_fence_do_no_harm() {
    for text in
        ["\n\n---\ntitle: 甲\n---\n正文", "\u{feff}---\r\ntitle: 甲\r\n---\r\n正文", "---   \ntitle: 甲\n---\t\n正文"]
    {
        let document = parse(text);
        assert_eq!(document.front.title.map(|t| t.value.to_string()).as_deref(), Some("甲"), "{text:?}");
        assert_eq!(&*document.body.html, "<p>正文</p>\n");
    }
    let empty = parse("---\n---\n正文");
    assert!(empty.front.fenced && empty.problems.is_empty());
}

#[test]
fn without_front_matter_the_first_heading_is_the_title() {
    let document = parse("# 证照分离 是什么\n\n正文。\n\n## 小节\n");
    assert!(!document.front.fenced);
    assert_eq!(document.body.first_heading.as_deref(), Some("证照分离 是什么"));
    assert_eq!(&*document.body.html, "<p>正文。</p>\n<h2 id=\"小节\">小节</h2>\n");
    assert_eq!(parse("正文。\n").body.first_heading, None);
}

#[test]
fn a_rule_at_the_head_is_no_front_matter() {
    let document = parse("---\n\n正文。\n\n---\n");
    assert!(!document.front.fenced);
    assert_eq!(&*document.body.html, "<hr>\n<p>正文。</p>\n<hr>\n");
}

/// The theme shows `extra.subtitle`; Hugo's writers put it beside the title.
#[test]
fn a_subtitle_needs_no_extra() {
    let front = front("---\ntitle: 甲\nsubtitle: 乙\n---\n");
    assert_eq!((&*front.extra[0].0, front.extra[0].1.as_text()), ("subtitle", Some("乙")));
}
