//! The preview's own pages and files, all below `/-/`: the list of editions, the script and style sheet that every page
//! in preview gets, and what is said where there is nothing to show.

use std::fmt::Write as _;

use hyper::body::Bytes;

use super::LINE;
use crate::Build;
use crate::content::Audience;
use crate::diag::Counts;
use crate::source::Orientation;

/// Where the list of editions would stand if it were an output.
pub(super) const EDITIONS: &str = "-/index.html";

/// `live.js`, with the library that it stands on before it.
pub(super) const SCRIPT: Bytes =
    Bytes::from_static(concat!(include_str!("vendor/morphdom-umd.min.js"), "\n", include_str!("live.js")).as_bytes());
/// The style sheet of all that the script shows.
pub(super) const STYLE: Bytes = Bytes::from_static(include_str!("live.css").as_bytes());
/// The style sheet of the pages here.
pub(super) const PAGE_STYLE: Bytes = Bytes::from_static(include_str!("page.css").as_bytes());

/// The script and the style sheet of the page of all screens.
pub(super) const SCREENS_SCRIPT: Bytes = Bytes::from_static(include_str!("screens.js").as_bytes());
pub(super) const SCREENS_STYLE: Bytes = Bytes::from_static(include_str!("screens.css").as_bytes());

/// Their icon: browsers ask for one in any case.
pub(super) const ICON: Bytes = Bytes::from_static(include_str!("icon.svg").as_bytes());

/// The list of editions.
pub(super) fn editions(build: &Build, counts: Counts) -> String {
    let title = escaped(build.config.title());
    let mut list = String::new();
    for (at, edition) in build.editions().iter().enumerate() {
        let office = &edition.office;
        let (id, name, masthead) = (escaped(&office.id), escaped(&office.name), escaped(&office.masthead));
        let _ = writeln!(
            list,
            "<li class=\"o{at}\"><a href=\"/{id}/index.html\"><b>{name}</b><small>{masthead}</small></a>\
             <span>{} 篇</span></li>",
            edition.pages
        );
    }
    let list = if list.is_empty() {
        "<p class=\"none\">还没有可以看的办公区：先改好 zhendi.toml 里的错误。</p>".to_owned()
    } else {
        format!("<ul>\n{list}</ul>")
    };
    let screens = match build.models.iter().map(|model| model.programmes().len()).sum::<usize>() {
        0 => String::new(),
        many => format!("<p class=\"door\"><a href=\"/-/screens\">看 {many} 块大屏，可以拨钟</a></p>\n"),
    };
    let said = match (counts.errors, counts.warnings + counts.notes) {
        (0, 0) => "没有错误，也没有提醒。".to_owned(),
        (0, less) => format!("没有错误，有 {less} 处提醒。"),
        (errors, 0) => format!("<b>有 {errors} 处错误。</b>改好以前，正式网站保持原样。"),
        (errors, less) => format!("<b>有 {errors} 处错误</b>，{less} 处提醒。改好以前，正式网站保持原样。"),
    };
    let body = format!(
        "<header><p>{title}</p><h1>本地预览</h1></header>\n<main>\n<h2>各办公区</h2>\n{list}\n\
         <p class=\"door\"><a href=\"/index.html\">看入口页</a></p>\n{screens}</main>\n\
         <footer><p>{said}</p><p>这里只是预览：文章一保存，打开的页面自动更新；正式网站由 <code>zhendi build</code> 生成。</p></footer>\n{LINE}"
    );
    page("本地预览", &body)
}

/// All screens at once, with a clock.
pub(super) fn screens(build: &Build) -> String {
    let mut list = String::new();
    for programme in build.models.iter().flat_map(|model| model.programmes()) {
        let screen = programme.screen();
        let office =
            build.config.offices().iter().find(|office| programme.path().starts_with(&format!("{}/", office.id)));
        let name = format!("{} {}", office.map_or("", |office| &office.short), screen.name);
        let (shape, turned) = match screen.orientation {
            Orientation::Landscape => ("screen", "横屏"),
            Orientation::Portrait => ("screen tall", "竖屏"),
        };
        let seen = if screen.audience == Audience::Public { "公开" } else { "内部" };
        let (name, path) = (escaped(&name), escaped(&programme.path()));
        let _ = writeln!(
            list,
            "<li class=\"{shape}\"><h2><a href=\"/{path}index.html\">{name}</a><small>{turned} · {seen}</small></h2>\
             <div class=\"box\"><iframe src=\"/{path}index.html\" title=\"{name}\"></iframe></div><p class=\"says\"></p></li>"
        );
    }
    let body = match list.is_empty() {
        true => "<header><h1>大屏</h1></header>\n<main><p class=\"none\">还没有大屏：在 zhendi.toml 的办公区下面写 [[offices.screens]]。</p></main>\n"
            .to_owned(),
        false => format!(
            "<header><h1>大屏</h1><p>拨动时钟，看各块屏幕到时候放什么。画面可以点，和触摸一样。</p></header>\n\
             <div class=\"clock\"><b id=\"wall\"></b>\
             <label>日期<input id=\"day\" type=\"date\"></label><label>时刻<input id=\"hour\" type=\"time\"></label>\
             <button id=\"back\" type=\"button\">前一天</button><button id=\"on\" type=\"button\">后一天</button>\
             <button id=\"now\" type=\"button\">回到现在</button>\
             <label>快慢<select id=\"speed\"><option value=\"1\">照常</option><option value=\"10\">10 倍</option><option value=\"60\">60 倍</option><option value=\"600\">600 倍</option></select></label>\
             <input id=\"span\" type=\"range\" min=\"0\" max=\"1439\" aria-label=\"一天里的时刻\"></div>\n\
             <main><ul class=\"screens\">\n{list}</ul></main>\n<script src=\"/-/screens.js\"></script>\n"
        ),
    };
    page("大屏", &body).replace("</head>", "<link rel=\"stylesheet\" href=\"/-/screens.css\">\n</head>")
}

/// The accents of the list of editions, which may not stand in it.
pub(super) fn offices(build: &Build) -> String {
    let mut css = String::new();
    for (at, edition) in build.editions().iter().enumerate() {
        let accent = &edition.office.accent;
        let is_colour = accent.strip_prefix('#').is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if is_colour {
            let _ = writeln!(css, ".o{at}{{border-color:{accent}}}.o{at} b{{color:{accent}}}");
        }
    }
    css
}

/// Nothing stands at this address, and no office has a page that says so.
pub(super) fn missing() -> String {
    let body = format!(
        "<main>\n<h1>没有这一页</h1>\n<p>网址可能写错了，也可能这篇文章还没有保存、是草稿，或者换了地方。保存以后这里会自动显示。</p>\n\
         <p class=\"door\"><a href=\"/-/\">看各办公区</a></p>\n</main>\n{LINE}"
    );
    page("没有这一页", &body)
}

/// Asked under a name that is not known.
pub(super) fn refused() -> String {
    bare(
        "不能这样打开预览",
        "预览只回答用本机地址打开的网页请求。请在这台电脑上打开启动时显示的网址；\
         要用别的名字打开，启动时加上 --allow-host 名字。",
    )
}

/// A page could not be made.
pub(super) fn failed() -> String {
    bare("这一页没有生成出来", "程序内部出了错，其他页面不受影响。请把启动预览的窗口里最后几行告诉开发人员。")
}

fn page(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<link rel=\"icon\" href=\"/-/icon.svg\">\n\
         <link rel=\"stylesheet\" href=\"/-/page.css\">\n<link rel=\"stylesheet\" href=\"/-/offices.css\">\n\
         </head>\n<body>\n{body}</body>\n</html>\n"
    )
}

/// Without a style sheet, which whoever may not see a page may not have either.
fn bare(title: &str, text: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n</head>\n\
         <body>\n<h1>{title}</h1>\n<p>{text}</p>\n</body>\n</html>\n"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
