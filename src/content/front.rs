//! Front matter, typed: what the keys at a file's head mean. Read from the neutral tree, never from text.

use std::sync::Arc;

use jiff::civil::Date;

use super::kiosk::Kiosk;
use crate::diag::Span;
use crate::tree::Node;

/// A value of the front matter and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Its bytes in the file.
    pub span: Span,
}

/// Terms as written, by taxonomy id.
pub type Terms = Vec<(Arc<str>, Vec<At<Arc<str>>>)>;

/// The keys of one file. What is absent here may come from a section above (see [`FrontMatter::cascade`]).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FrontMatter {
    /// Whether the file has a fence at all.
    pub fenced: bool,
    /// title 标题
    pub title: Option<At<Arc<str>>>,
    /// short 短题
    pub short: Option<At<Arc<str>>>,
    /// date 日期 (`publishDate` too)
    pub date: Option<At<Date>>,
    /// updated 更新 (`lastmod` too)
    pub updated: Option<At<Date>>,
    /// expires 下线 (`expiryDate` too): the first day on which the page is gone.
    pub expires: Option<At<Date>>,
    /// as_of 截至
    pub as_of: Option<At<Date>>,
    /// draft 草稿
    pub draft: Option<bool>,
    /// summary 摘要 (`description` too)
    pub summary: Option<Arc<str>>,
    /// author 作者
    pub author: Option<Arc<str>>,
    /// source 来源
    pub source: Option<Arc<str>>,
    /// editor 责任编辑
    pub editor: Option<Arc<str>>,
    /// kind 类型
    pub kind: Option<At<Arc<str>>>,
    /// offices 办公区: ids, names or short names as written.
    pub offices: Option<Vec<At<Arc<str>>>>,
    /// audience 范围
    pub audience: Option<At<Audience>>,
    /// kiosk 投屏: on screens.
    pub kiosk: Option<Kiosk>,
    /// Terms by taxonomy id (tags 标签, topics 专题, business 条线, and what else `zhendi.toml` names).
    pub terms: Terms,
    /// series 系列
    pub series: Option<At<Arc<str>>>,
    /// weight 序号
    pub weight: Option<i64>,
    /// slug
    pub slug: Option<At<Arc<str>>>,
    /// aliases
    pub aliases: Vec<At<Arc<str>>>,
    /// template
    pub template: Option<At<Arc<str>>>,
    /// cover 封面: a picture beside the file.
    pub cover: Option<At<Arc<str>>>,
    /// attachments 附件: files beside the page.
    pub attachments: Vec<At<Arc<str>>>,
    /// supersedes 替代: a page, as a link target.
    pub supersedes: Option<At<Arc<str>>>,
    /// sort_by 排序 (sections): `date`, `weight` or `title`.
    pub sort_by: Option<At<SortBy>>,
    /// paginate_by 每页篇数 (sections).
    pub paginate_by: Option<u32>,
    /// What the kinds of `zhendi.toml` declare: by English name.
    pub fields: Vec<(Arc<str>, At<Node>)>,
    /// extra, and every unknown key.
    pub extra: Vec<(Arc<str>, Node)>,
    /// cascade 默认 (sections): defaults for all below.
    pub cascade: Option<Box<FrontMatter>>,
}

/// Who may see a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Audience {
    /// Employees; the default.
    Internal,
    /// Anyone, also in a lobby.
    Public,
}

/// How a section orders its pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SortBy {
    /// Newest first; undated ones last; then by path.
    #[default]
    Date,
    /// Smallest weight first; then by path.
    Weight,
    /// By title, then by path.
    Title,
}
