//! Style sheets in, style sheets and messages out.

use std::collections::BTreeSet;

use include_dir::{Dir, DirEntry, include_dir};

use super::*;
use crate::diag::{Format, Report};
use crate::render::Statics;
use crate::source::{Names, Options, Sources};

static THEME: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/themes/portal/static");

const KNOWN: &[&str] = &["css/base.css", "fonts/a.woff2", "img/lattice.svg", "img/印 1.svg", "img/seal.svg"];

fn resolve(name: &str) -> Option<String> {
    let (stem, extension) = name.rsplit_once('.')?;
    KNOWN.contains(&name).then(|| format!("../{stem}.0f3a.{extension}"))
}

fn lowered(source: &str) -> String {
    lower("css/portal.css", &"themes/portal/static/css/portal.css".into(), source, KNOWN, &resolve).expect("reads")
}

fn told(source: &str) -> String {
    let found = lower("css/portal.css", &"static/css/portal.css".into(), source, KNOWN, &resolve);
    let source = source.to_owned();
    Report::new(found.expect_err("wrong"), &|_| Some(source.clone())).print(Format::Human, false)
}

/// One declaration or rule a line, to read a snapshot by.
fn lines(css: &str) -> String {
    css.replace('}', "}\n")
}

#[test]
fn addresses_are_led_to_the_real_files() {
    let css = lowered(concat!(
        "\u{feff}@import \"base.css\" print;",
        "@namespace svg url(http://www.w3.org/2000/svg);",
        "@font-face{font-family:A;src:local(\"方正小标宋简体\"),url('../fonts/a.woff2?v=2#iefix') format(\"woff2\")}",
        ":root{--lattice:url(../img/lattice.svg)}",
        "/* url(../img/none.svg) */",
        "a{background:url( \"../img/lattice.svg\" );clip-path:url(#clip);content:\"url(x.svg)\"}",
        "b{background:URL(../img/%E5%8D%B0%201.svg)}",
        "i{background-image:-webkit-image-set(\"../img/seal.svg\" 1x,url(../img/lattice.svg) 2x)}",
        "u{background:url(./..//img/seal.svg#x)}",
    ));
    insta::assert_snapshot!(lines(&css));
}

#[test]
fn references_are_named_once() {
    let source = concat!(
        "@import url(base.css);@import 'base.css' print;@import url(https://x.cn/a.css);",
        ":root{--a:url(../img/seal.svg)}a{background:url('../img/seal.svg#x'),url(#y),url(data:,x)}",
        "b{background:image-set(\"x.png\" type(\"image/png\") 1x);content:\"no.png\"}",
    );
    assert_eq!(references("css/portal.css", source), ["css/base.css", "css/x.png", "img/seal.svg"]);
    assert!(references("portal.css", "a{background:url(../up.png)}").is_empty());
}

#[test]
fn plain_fallbacks_stay_before_enhancements() {
    let css = lowered(concat!(
        ".a{min-height:100vh;min-height:100dvh}\n",
        ".b{width:90%;width:min(90%,40rem)}\n",
        ".c{font-size:1rem;font-size:clamp(1rem,2vw,2rem)}\n",
        ".d{color:#333;color:color-mix(in srgb,var(--k) 50%,#fff)}\n",
        ".e{overflow:hidden;overflow:clip}\n",
        ".f{grid-gap:1rem;gap:1rem}\n",
        ".g>*+*{margin-left:1rem}@supports (aspect-ratio:1){.g{aspect-ratio:1;display:flex;gap:1rem}.g>*+*{margin:0}}\n",
        ".h{height:10rem;height:auto;aspect-ratio:16/9}\n",
        ".i{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow:hidden}\n",
        ".j{padding:1rem;padding:max(1rem,env(safe-area-inset-left))}\n",
        ".k{width:-webkit-fill-available;width:stretch}\n",
        ".l{text-decoration:underline;text-decoration-color:var(--red);text-underline-offset:.2em}\n",
        ".m{background:#eee;background:var(--sunk)}\n",
        ".n{position:-webkit-sticky;position:sticky;-webkit-text-size-adjust:100%;-webkit-print-color-adjust:exact}\n",
        ".o{height:30rem;height:calc(100vh - 3rem);word-break:break-all;word-break:auto-phrase}\n",
        ".p{background:linear-gradient(red,blue);background:linear-gradient(in oklch,red,blue)}\n",
        ".q{margin:0 1rem;margin-inline:1rem;inset:0}\n",
        ".s{overflow:hidden!important;overflow:clip!important;COLOR:red;color:lab(50% 20 30)}\n",
        "@media print{.t{display:block;.u &{top:0;top:anchor(bottom)}display:flow-root list-item}}\n",
        "@font-face{font-family:B;src:local(a);src:local(b) tech(variations)}\n",
        ".v{border:1px solid #000;border-color:#333;border-color:color-mix(in srgb,var(--k) 50%,#fff)}\n",
        ".w{font:400 1rem/1.6 serif;font-size:1rem;font-size:clamp(1rem,2vw,2rem)}\n",
        ".x{overflow:auto;overflow-y:hidden;overflow-y:clip;margin:0;margin-left:8%;margin-left:max(8%,1rem)}\n",
        ".y{inset:0;top:1px;top:max(1px,env(safe-area-inset-top));display:flex;display:grid}\n",
        ".r{color:rgb(0 0 0/50%);border-color:#12345678}\n",
        "@media (width>=40em){.s{color:red}}\n",
    ));
    insta::assert_snapshot!(lines(&css));
}

/// A browser drops a whole list for one selector that it does not know, so such a rule must stay alone.
#[test]
fn rules_that_old_browsers_drop_are_not_joined_with_others() {
    let css = lowered(concat!(
        ".a:focus{outline:0}\n.a:focus-visible{outline:0}\n",
        ".b:hover{color:red}\n.c:has(img){color:red}\n",
        ".d{top:0}\n:where(.e){top:0}\n",
        ".f{left:0}\n:is(.g,.h) p{left:0}\n",
        ":focus:not(:focus-visible){right:0}\nmain:focus{right:0}\n",
        ".i::marker{color:red}\n.i::before{color:red}\n",
        ".j{color:red;&:hover{color:blue}.k &{color:#000}}\n",
        "@layer x{.l{top:0}}\n",
    ));
    insta::assert_snapshot!(lines(&css));
}

#[test]
fn custom_properties_stay_as_they_are() {
    let css = lowered(
        ":root{--a:1px;--b:calc(var(--a)*2);--song:\"Zd Song\",SimSun,serif;--none:;--t:calc((100% + 2rem)*7/9 - 2rem)}.x{--a:2px;margin:var(--a) var(--b,0)}",
    );
    insta::assert_snapshot!(lines(&css));
}

#[test]
fn what_cannot_be_read_is_told_all_at_once() {
    insta::assert_snapshot!(told(concat!(
        "/* 页面 */\n",
        ".名称{color red;}\n",
        ".b{color:#333}}\n",
        ".c,,.d{top:0}\n",
        ".e > {top:0}\n",
        ". f{top:0}\n",
        ".g[href=]{top:0}\n",
        ".h::before .i{top:0}\n",
    )));
}

#[test]
fn every_kind_of_fault_has_its_own_words() {
    insta::assert_snapshot!(
        [
            ".a{background:url(../img/a b.svg)}\n",
            ".a{content:\"没有结束;\n}\n",
            ".a{}\n@import \"base.css\";\n",
            ".a{color:red}\n.b",
            "@media screen and {.a{top:0}}\n",
            "@page :最后{margin:0}\n",
            "@media (min-width:60em {.j{top:0}}\n",
            "/* 说明：无妨 */\n.a{color:red；top:0；content:\"（无妨）\"}\n.b｛top：0}\n.c{width:1px，2px}\n",
            ".c,,.d{top:0}\n",
            "@keyframes {from{top:0}}\n",
            "@namespace a b;\n",
            ".a:not({top:0}\n",
            ".a]{top:0}\n",
            "html;\n",
            "\u{feff}.中😀文{color red}\r\n",
        ]
        .map(told)
        .join("————\n")
    );
}

#[test]
fn what_is_left_open_is_told_alone() {
    insta::assert_snapshot!(
        [
            ".a{color:red}\n.b{color:red\n.c{color red}\n",
            ".a{width:calc(100% - 2rem;}\n.b{top:0}\n",
            ".a{top:0}\n/* 说明\n.b{top:0}\n",
            "/*/",
            ".a[b{}",
        ]
        .map(told)
        .join("————\n")
    );
}

#[test]
fn addresses_without_a_theme_file_are_told() {
    insta::assert_snapshot!(told(concat!(
        "@import \"bsae.css\";\n",
        ".a{background:url(../img/latice.svg)}\n",
        ".b{background:url(img/seal.svg)}\n",
        ".c{background:url(../photos/door.jpg)}\n",
        ".d{background:url(\"https://example.com/a.png\")}\n",
        ".e{background:url(//example.com/a.png)}\n",
        ".f{background:url(\"data:image/png;base64,AAAA\")}\n",
        ".g{background:url(\"file:///D:/a.png\")}\n",
        ".h{background:url(\"D:/图片/a.png\")}\n",
        ".i{background:url(/img/seal.svg)}\n",
        ".j{background:url(/static/img/seal.svg)}\n",
        ".k{background:url(/none.svg)}\n",
        ".l{background:url(../../img/seal.svg)}\n",
        ".m{background:url()}\n",
        ".n{--x:url(../img/none.svg)}\n",
    )));
}

#[test]
fn a_hostile_sheet_ends_in_a_message_or_a_sheet() {
    for source in [
        "(", "[", "{", "a{", "url(", ":not(", "@media (", "calc(", "\"", "/*", "\\", "}", "@import", "\u{0}",
        "a{b:url(",
    ] {
        for times in [1, 1000] {
            let _ = lower("a.css", &"a.css".into(), &source.repeat(times), &[], &resolve);
        }
    }
}

#[test]
fn offices_have_their_accents() {
    let office = |id: &str, accent: &str| {
        Arc::new(Office {
            id: id.into(),
            name: "".into(),
            short: "".into(),
            former: "".into(),
            accent: accent.into(),
            masthead: "".into(),
            lines: Vec::new(),
            business: Vec::new(),
            contact: "".into(),
            base_url: None,
            shared_computers: false,
            screens: Vec::new(),
        })
    };
    let offices = [office("east", "#1F4B73"), office("2-south", "#1A5A42")];
    insta::assert_snapshot!(office_css(&offices, Some(1)));
    assert!(!office_css(&offices, None).contains(":root"));
    for current in [None, Some(0), Some(9)] {
        let css = office_css(&offices, current);
        assert_eq!(Scan::of(&css).unclosed, []);
        assert_eq!(syntax(&"office.css".into(), &css, &Scan::of(&css)), []);
    }
}

/// A portal whose own sheets import each other, in an order that the names do not give, and then in a circle.
#[test]
#[allow(clippy::disallowed_methods)]
fn imported_sheets_are_worked_out_first() {
    let portal = tempfile::tempdir().expect("a folder");
    let css = portal.path().join("static/css");
    std::fs::create_dir_all(&css).expect("made");
    let write = |name: &str, text: &[u8]| std::fs::write(css.join(name), text).expect("written");
    let work_out = || {
        let sources = Sources::read(portal.path(), Options::default());
        let statics = Statics::new(sources.theme(), Names::Hashed);
        let problems = statics.problems().to_vec();
        (statics, problems)
    };
    write("a.css", b"@import 'z.css';.a{top:0}");
    write("z.css", b"@import url(m.css);");
    write("m.css", b".m{background:url(../img/seal.svg)}");
    let (statics, problems) = work_out();
    assert_eq!(problems, []);
    let text = |name: &str| String::from_utf8_lossy(&statics.file(name).expect("there").bytes).into_owned();
    let file = |name: &str| statics.address(name).expect("there").rsplit('/').next().expect("a name").to_owned();
    assert_eq!(text("css/a.css"), format!("@import \"{}\";.a{{top:0}}", file("css/z.css")));
    assert_eq!(text("css/z.css"), format!("@import \"{}\";", file("css/m.css")));
    assert_eq!(text("css/m.css"), format!(".m{{background:url(../img/{})}}", file("img/seal.svg")));

    write("m.css", b"@import 'a.css';");
    write("own.css", b"@import 'own.css';");
    write("old.css", b".\xb1\xea{top:0}");
    let (_, problems) = work_out();
    insta::assert_snapshot!(Report::new(problems, &|_| None).print(Format::Human, false));
}

/// The theme that is shipped: every sheet reads, and no property that a rule sets gets lost on the way.
#[test]
fn the_theme_survives() {
    let (mut names, mut sheets) = (Vec::new(), Vec::new());
    collect(&THEME, &mut names, &mut sheets);
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut lost = Vec::new();
    for (name, source) in sheets {
        let found = lower(&name, &name.as_str().into(), source, &known, &|name| {
            known.contains(&name).then(|| format!("../{name}"))
        });
        let css = found.unwrap_or_else(|found| panic!("{found:#?}"));
        assert!(references(&name, source).iter().all(|wanted| known.contains(&wanted.as_str())));
        let (before, after) = (properties(source), properties(&css));
        let folded = |property: &str| match property {
            "grid-row" | "grid-column" => Some("grid-area"),
            "overflow-x" | "overflow-y" => Some("overflow"),
            _ => None,
        };
        let gone = before.difference(&after);
        let gone = gone.filter(|property| folded(property).is_none_or(|into| !after.contains(into)));
        lost.extend(gone.map(|property| format!("{name}: {property}")));
    }
    assert_eq!(lost, Vec::<String>::new());
}

fn collect(dir: &Dir<'static>, names: &mut Vec<String>, sheets: &mut Vec<(String, &'static str)>) {
    for entry in dir.entries() {
        match entry {
            DirEntry::Dir(dir) => collect(dir, names, sheets),
            DirEntry::File(file) => {
                let name = file.path().to_string_lossy().replace('\\', "/");
                if let (true, Some(source)) = (name.ends_with(".css"), file.contents_utf8()) {
                    sheets.push((name.clone(), source));
                }
                names.push(name);
            }
        }
    }
}

/// The names of all properties that a sheet sets.
fn properties(css: &str) -> BTreeSet<&str> {
    let mut rest = css;
    let mut found = BTreeSet::new();
    while let Some(at) = rest.find(['{', ';']) {
        rest = &rest[at + 1..];
        let name = rest.trim_start();
        let end =
            name.find(|c: char| !(c.is_ascii_lowercase() || c == '-' || c.is_ascii_digit())).unwrap_or(name.len());
        let value = &name[end..];
        // A selector such as `a:hover{` reaches its brace before its semicolon.
        let stop = value.find(['{', '}', ';']).map(|at| value.as_bytes()[at]);
        if end > 0 && value.starts_with(':') && stop != Some(b'{') {
            found.insert(&name[..end]);
        }
    }
    found
}
