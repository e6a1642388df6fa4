//! The names of the front matter's keys: English, Chinese, and what other systems call the same thing.

use crate::content::Settings;

/// What a key of the front matter fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Title,
    Short,
    Date,
    Updated,
    Expires,
    AsOf,
    Draft,
    Summary,
    Author,
    Source,
    Editor,
    Kind,
    Offices,
    Audience,
    Kiosk,
    Series,
    Weight,
    Slug,
    Aliases,
    Template,
    Cover,
    Attachments,
    Supersedes,
    SortBy,
    PaginateBy,
    Extra,
    Cascade,
    /// Other systems' table of taxonomies.
    Taxonomies,
    /// Known and kept for later.
    Later,
    /// Other systems' sorting that this portal has no use for.
    Categories,
}

/// One key: its names, first the English one.
struct Name {
    slot: Slot,
    english: &'static str,
    chinese: &'static str,
    /// Names in other systems; they give way where the own key stands too.
    foreign: &'static [&'static str],
}

const fn name(slot: Slot, english: &'static str, chinese: &'static str, foreign: &'static [&'static str]) -> Name {
    Name { slot, english, chinese, foreign }
}

const NAMES: &[Name] = &[
    name(Slot::Title, "title", "标题", &[]),
    name(Slot::Short, "short", "短题", &[]),
    name(Slot::Date, "date", "日期", &["publishDate"]),
    name(Slot::Updated, "updated", "更新", &["lastmod"]),
    name(Slot::Expires, "expires", "下线", &["expiryDate"]),
    name(Slot::AsOf, "as_of", "截至", &[]),
    name(Slot::Draft, "draft", "草稿", &[]),
    name(Slot::Summary, "summary", "摘要", &["description"]),
    name(Slot::Author, "author", "作者", &["authors"]),
    name(Slot::Source, "source", "来源", &[]),
    name(Slot::Editor, "editor", "责任编辑", &[]),
    name(Slot::Kind, "kind", "类型", &[]),
    name(Slot::Offices, "offices", "办公区", &[]),
    name(Slot::Audience, "audience", "范围", &[]),
    name(Slot::Series, "series", "系列", &[]),
    name(Slot::Weight, "weight", "序号", &[]),
    name(Slot::Slug, "slug", "", &[]),
    name(Slot::Aliases, "aliases", "", &[]),
    name(Slot::Template, "template", "", &[]),
    name(Slot::Cover, "cover", "封面", &[]),
    name(Slot::Attachments, "attachments", "附件", &[]),
    name(Slot::Supersedes, "supersedes", "替代", &[]),
    name(Slot::SortBy, "sort_by", "排序", &[]),
    name(Slot::PaginateBy, "paginate_by", "每页篇数", &[]),
    name(Slot::Extra, "extra", "", &[]),
    name(Slot::Cascade, "cascade", "默认", &[]),
    name(Slot::Taxonomies, "taxonomies", "", &[]),
    name(Slot::Kiosk, "kiosk", "投屏", &[]),
    name(Slot::Later, "review", "审核", &[]),
    name(Slot::Categories, "categories", "", &["category"]),
];

/// Keys of Hugo, Hexo, Zola, VitePress, VuePress and Docusaurus and of their common themes that say how a page looks
/// there. They mean nothing here, and none is a misspelt key of ours.
#[rustfmt::skip]
const ELSEWHERE: &[&str] = &[
    "_build", "abbrlink", "actions", "ads", "aside", "authorAvatar", "authorEmail", "authorLink", "autoTranslate",
    "banner", "build", "code", "collections", "comment", "comments", "contributors", "copyright", "disableNunjucks",
    "editLink", "excerpt", "expirationReminder", "featured", "featured_image", "featuredImage",
    "featuredImagePreview", "features", "fontawesome", "footer", "fraction", "generate_feeds", "has_children",
    "header", "headless", "hero", "hidden", "hiddenFromHomePage", "hiddenFromRss", "hiddenFromSearch",
    "hide_table_of_contents", "hide_title", "id", "image", "images", "img", "in_search_index", "insert_anchor_links",
    "isCJKLanguage", "katex", "keywords", "lang", "lastUpdated", "layout", "libraries", "library", "license",
    "lightgallery", "linkTitle", "linkToMarkdown", "locale", "markup", "math", "mathjax", "menu", "menus", "mermaid",
    "nav", "nav_order", "navbar", "next", "noindex", "outline", "outputs", "page", "page_template", "pageClass",
    "pageLayout", "pageStyle", "pagination_next", "pagination_prev", "params", "permalink", "permalinks", "photos",
    "pin", "pinned", "postSummary", "prev", "redirect_to", "render", "repost", "resources", "returnToTop", "reward",
    "robots", "rssFullText", "ruby", "seo", "share", "sidebar", "sidebar_label", "sidebar_position", "sitemap",
    "sponsors", "sticky", "tagline", "thumbnail", "titleIcon", "toc", "tocDepth", "top", "translationKey",
    "transparent", "twemoji", "type", "typora-copy-images-to", "typora-root-url", "url",
];

/// What a key means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A key of Zhendi.
    Own(Slot),
    /// Another system's name for it.
    Foreign(Slot),
    /// The terms of the taxonomy with this place in the settings.
    Terms(usize),
    /// The field with this place in the settings.
    Field(usize),
    /// No key of ours, but our theme shows it where it stands in `extra`, and so it does here.
    Extra,
    /// What other systems and their themes set a page by: see [`ELSEWHERE`].
    Elsewhere,
    /// Nothing.
    Unknown,
}

/// Looks a key up; English names match in any case.
pub(super) fn meaning(key: &str, settings: &Settings) -> Meaning {
    let key = key.trim();
    if let Some(at) = settings.taxonomies.iter().position(|(id, name)| key.eq_ignore_ascii_case(id) || key == &**name) {
        return Meaning::Terms(at);
    }
    for name in NAMES {
        if key.eq_ignore_ascii_case(name.english) || (!name.chinese.is_empty() && key == name.chinese) {
            return Meaning::Own(name.slot);
        }
        if name.foreign.iter().any(|foreign| key.eq_ignore_ascii_case(foreign)) {
            return Meaning::Foreign(name.slot);
        }
    }
    if let Some(at) = settings.fields.iter().position(|(id, name)| key.eq_ignore_ascii_case(id) || key == &**name) {
        return Meaning::Field(at);
    }
    if key.eq_ignore_ascii_case("subtitle") {
        return Meaning::Extra;
    }
    if ELSEWHERE.iter().any(|elsewhere| key.eq_ignore_ascii_case(elsewhere)) {
        return Meaning::Elsewhere;
    }
    Meaning::Unknown
}

/// Whether a word is a key that every page may have.
pub(crate) fn is_key(word: &str) -> bool {
    NAMES.iter().any(|name| word.eq_ignore_ascii_case(name.english) || word == name.chinese)
}

/// All names that an author may mean by an unknown key.
pub(super) fn known(settings: &Settings) -> impl Iterator<Item = &str> {
    let own = NAMES
        .iter()
        .filter(|name| !matches!(name.slot, Slot::Taxonomies | Slot::Categories))
        .flat_map(|name| [name.english, name.chinese].into_iter().chain(name.foreign.iter().copied()));
    let terms = settings.taxonomies.iter().flat_map(|(id, name)| [&**id, &**name]);
    let fields = settings.fields.iter().flat_map(|(id, name)| [&**id, &**name]);
    own.chain(terms).chain(fields).filter(|name| !name.is_empty())
}
