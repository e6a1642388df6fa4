//! Templates and style sheets with something wrong in them.

use insta::assert_snapshot;

use super::{CONFIG, told};

/// What is said when `files` are the portal's own templates and static files.
fn with(files: &str) -> String {
    told(&format!("-- content/study/a.md --\n---\ntitle: 甲\ndate: 2026-11-20\n---\n正文。\n{files}"))
}

/// What is said when `text` is the template of every article.
fn with_page(text: &str) -> String {
    with(&format!("-- templates/page.html --\n{text}"))
}

#[test]
fn syntax() {
    assert_snapshot!(
        "template_syntax",
        with_page("<h1>{{ page.title }}</h1>\n{% if page.date %}\n<p>{{ page.date }\n")
    );
    assert_snapshot!("template_unclosed", with_page("{% for x in page.toc %}\n<p>{{ x.title }}</p>\n"));
    assert_snapshot!("template_unknown_tag", with_page("<h1>{{ page.title }}</h1>\n{% iff page.date %}{% endif %}\n"));
    assert_snapshot!("template_syntax_part", with("-- templates/parts/footer.html --\n{{ office.name | }}\n"));
}

#[test]
fn missing() {
    assert_snapshot!(
        "template_include_missing",
        with_page("<h1>{{ page.title }}</h1>\n{% include \"parts/foter.html\" %}\n")
    );
    assert_snapshot!("template_extends_missing", with_page("{% extends \"bsae.html\" %}\n"));
    assert_snapshot!("template_import_missing", with_page("{% from \"macros.html\" import date %}\n"));
}

#[test]
fn missing_for_a_section() {
    let asks = |name: &str| told(&format!("-- content/study/_index.md --\n---\ntitle: 学习\ntemplate: {name}\n---\n"));
    let text = asks("sections.html");
    assert_eq!(asks("sections"), text, "the end of the name need not be written");
    assert_snapshot!("template_of_section", text);
}

#[test]
fn circle() {
    let files = "-- templates/page.html --\n<h1>{{ page.title }}</h1>\n{% include \"parts/a.html\" %}\n\
                 -- templates/parts/a.html --\n甲\n{% include \"parts/b.html\" %}\n\
                 -- templates/parts/b.html --\n乙\n\n{% include \"parts/a.html\" %}\n";
    assert_snapshot!("template_circle", with(files));
    let files =
        "-- templates/page.html --\n{% extends \"x.html\" %}\n-- templates/x.html --\n{% extends \"page.html\" %}\n";
    assert_snapshot!("template_extends_circle", with(files));
}

#[test]
fn include_chain() {
    let files = "-- templates/page.html --\n<h1>{{ page.title }}</h1>\n{% include \"parts/a.html\" %}\n\
                 -- templates/parts/a.html --\n甲\n{% include \"parts/b.html\" %}\n\
                 -- templates/parts/b.html --\n乙\n\n<p>{{ page.title | date_cn }}</p>\n";
    assert_snapshot!("template_chain", with(files));
}

#[test]
fn runs_wrong() {
    assert_snapshot!("template_filter", with_page("<p>{{ page.date | date_zhh }}</p>\n"));
    assert_snapshot!("template_function", with_page("<p>{{ get_pages(\"x\") }}</p>\n"));
    assert_snapshot!("template_test", with_page("{% if page.date is dated %}x{% endif %}\n"));
    assert_snapshot!("template_method", with_page("{{ page.title.shout() }}\n"));
    assert_snapshot!("template_sum", with_page("{{ page.title / 2 }}\n"));
    assert_snapshot!("template_arguments", with_page("{{ page.date | date_zh(1, 2) }}\n"));
    assert_snapshot!("template_endless", with_page("{% for a in range(1000000) %}x{% endfor %}\n"));
}

#[test]
fn missing_theme_file() {
    assert_snapshot!(
        "asset_missing",
        with_page("<img src=\"{{ asset(\"img/icno.png\") }}\">\n<img src=\"{{ asset(\"logo.svg\") }}\">\n")
    );
}

#[test]
fn style_sheets() {
    let files = "-- static/css/own.css --\n@import \"x.css\";\n.a { background: url(../img/icon.png) }\n.甲 { background: url(\"../img/没有.png\") } .b { background: url(https://cdn.example.cn/b.png) }\n";
    assert_snapshot!("style_url", with(files));
    assert_snapshot!("style_syntax", with("-- static/css/own.css --\n.a { color: red }\n.甲 } {\n"));
}

#[test]
fn missing_theme() {
    let text = told(&format!("-- zhendi.toml --\ntheme = \"porta\"\n{CONFIG}-- themes/red/templates/x.html --\nx\n"));
    assert_snapshot!("theme_missing", text);
}
