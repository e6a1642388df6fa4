//! Links and pictures that lead nowhere, or somewhere else than meant.

use insta::assert_snapshot;

use super::{told, told_of_page};

#[test]
fn missing_target() {
    let body = "详见[办事指南](../policy/办事指.md)和[流程](办事流程.md)。\n\n[没有](没有这样的文件.md)，[外面](../../../etc/passwd)，[夹](../cases/缺斤短/index.md)。\n";
    assert_snapshot!("link_missing", told_of_page("", body));
}

#[test]
fn missing_target_in_another_case_or_coding() {
    let text = told(
        "-- content/study/a.md --\n---\ntitle: 甲\ndate: 2026-11-20\n---\n[一](Guide.MD)，[二](%E6%8C%87%E5%8D%97.md)，[三](指 南.md)，[四](<指 南.md>)\n\
         -- content/study/guide.md --\n---\ntitle: 乙\ndate: 2026-11-20\n---\n正文\n\
         -- content/study/指南.md --\n---\ntitle: 丙\ndate: 2026-11-20\n---\n正文\n",
    );
    assert_snapshot!("link_missing_case", text);
}

#[test]
fn missing_anchor() {
    let body = "[一](../policy/办事指南.md#怎么做)，[二](../policy/办事指南.md#没有这一节)，[三](../policy/办事流程.md#第一步)。\n\n## 本页\n\n[四](#本夜)，[五](../cases/_index.md#甲)\n";
    assert_snapshot!("anchor_missing", told_of_page("", body));
}

#[test]
fn anchor_in_the_wrong_case() {
    assert_snapshot!(
        "anchor_case",
        told_of_page("", "[一](../policy/办事指南.md#Who-Asks)，[二](../policy/办事指南.md#Who%20Asks)\n")
    );
}

#[test]
fn missing_picture() {
    let body = "![现场](../cases/缺斤短两/现场.png)\n\n![现场](现场.jpg)\n\n![现场](../cases/缺斤短两/)\n\n![文](../policy/办事指南.md)\n";
    assert_snapshot!("image_missing", told_of_page("", body));
}

#[test]
fn addresses_instead_of_files() {
    let body = "[一](/policy/办事指南)\n\n[二](../policy/办事指南)\n\n[三](../policy/ban-shi-zhi-nan.html#怎么办)\n\n[四](/cases/)\n\n[五](/cases/缺斤短两.md)\n\n\
                [六](../cases/que-jin-duan-liang.html)\n\n[七](/content/policy/办事指南.md)\n\n[八](../policy/办事指南.html)\n\n[九](../cases/缺斤短两/)\n\n[十](../cases/)\n\n[十一](/policy/)\n\n\
                [十二](/east/policy/ban-shi-zhi-nan.html)\n\n[十三](/)\n\n[十四](../policy/办事指南.md/)\n";
    assert_snapshot!("link_form", told_of_page("", body));
}

#[test]
fn own_disk_and_hosts() {
    let body = "[一](file:///D:/资料/通知.docx)\n\n[二](D:\\资料\\通知.docx)\n\n[三](<C:/我的 文档/表.xlsx>)\n\n[四](\\\\\\\\server\\share\\表.xlsx)\n\n\
                [五](www.samr.gov.cn)\n\n[六](www.samr.gov.cn/zw/index.html)\n\n[七](samr.gov.cn/zw)\n\n![图](file:///D:/图.png)\n\n[八](10.0.0.8/oa)\n\n[九](samr.gov.cn)\n\n[十](localhost:8080/x)\n";
    assert_snapshot!("link_disk_and_host", told_of_page("", body));
}

#[test]
fn a_host_with_another_ending_is_no_file() {
    let text = told_of_page("", "[一](wendang.example.io)，[二](bangzhu.example.top/a)\n");
    assert!(text.contains("改成：https://wendang.example.io") && text.contains("改成：https://bangzhu.example.top/a"));
}

#[test]
fn a_mark_before_an_address() {
    assert_snapshot!(
        "link_stray_mark",
        told_of_page(
            "",
            "[一](：https://wendang.example.cn/a#b)，[二](　http://wendang.example.cn)，[三](%EF%BC%9Ahttps://wendang.example.cn/b)\n"
        )
    );
}

#[test]
fn a_link_without_an_ending_means_no_picture() {
    let text = told_of_page("", "[一](../cases/缺斤短两/现场)，[二](../cases/缺斤短两/现场.png)，[三](缺斤短俩)\n");
    assert_snapshot!("link_without_ending", text);
}

#[test]
fn a_picture_from_the_root() {
    let text = told_of_page(
        "",
        "![一](/images/流程图.png)\n\n![二](/cases/缺斤短两/现场.svg)\n\n![三](/static/现场.svg)\n\n[四](/files/表.docx#a)\n",
    );
    assert_snapshot!("image_from_root", text);
}

#[test]
fn an_anchor_in_raw_html_is_found() {
    let text = told_of_page(
        "",
        "<a id=\"甲\"></a>\n\n[一](#甲)，[二](b.md#乙)\n\n-- content/study/b.md --\n---\ntitle: 乙\ndate: 2026-11-20\n---\n甲<span id=\"乙\"></span>\n",
    );
    assert_eq!(text, "");
}

#[test]
fn unpublished_pages() {
    let text = told(
        "-- content/study/a.md --\n---\ntitle: 甲\ndate: 2026-11-20\n---\n[一](b.md)，[二](c.md)，[三](d.md#节)\n\
         -- content/study/b.md --\n---\ntitle: 草稿一篇\ndate: 2026-11-20\ndraft: true\n---\n正文\n\
         -- content/study/c.md --\n---\ntitle: 明天的通知\ndate: 2026-11-25\n---\n正文\n\
         -- content/study/d.md --\n---\ntitle: 去年的办法\ndate: 2025-11-20\nexpires: 2026-11-24\n---\n## 节\n正文\n",
    );
    assert_snapshot!("link_unpublished", text);
}

#[test]
fn another_offices_page() {
    let text = told(
        "-- content/_index.md --\n---\ntitle: 首页\n---\n[看](study/b.md)\n\
         -- content/study/a.md --\n---\ntitle: 甲\ndate: 2026-11-20\n---\n[一](b.md)\n\
         -- content/study/b.md --\n---\ntitle: 城南的通知\ndate: 2026-11-20\noffices: [城南]\n---\n正文\n\
         -- content/study/c.md --\n---\ntitle: 两家的\ndate: 2026-11-20\noffices: [城东, 城南]\n---\n[二](a.md)，[三](b.md)\n",
    );
    assert_snapshot!("link_other_office", text);
}

/// A page with a broken link keeps its place and shows what is wrong, so that a preview has something to say.
#[test]
fn a_page_with_a_broken_link_shows_it() {
    let folder = tempfile::tempdir().expect("a folder");
    super::write(folder.path(), "-- content/study/a.md --\n---\ntitle: 甲\ndate: 2026-11-20\n---\n[看](没有.md)\n");
    let sources = zhendi::source::Sources::read(folder.path(), super::options());
    let build = zhendi::build(&sources, None);
    let job = build.jobs().iter().find(|job| job.path().ends_with("/study/a.html")).expect("the page keeps its place");
    let zhendi::render::Content::Bytes(bytes) = build.worker().render(job).content else { panic!("a page is made") };
    let html = String::from_utf8(bytes).expect("text");
    assert!(html.contains("E0201") && html.contains("链接指向的文件不存在"), "{html}");
}
