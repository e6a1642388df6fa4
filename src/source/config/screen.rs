//! A kiosk as `zhendi.toml` describes it: which pages it shows, to whom, when, and how it hangs on the wall.

use std::sync::Arc;

use jiff::civil::Date;

use crate::content::{Audience, Window};

/// A screen (投屏) of an office: an edition of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screen {
    /// Folder name of its edition and value of `screens` in front matter.
    pub id: Arc<str>,
    /// Where it hangs.
    pub name: Arc<str>,
    /// How it hangs.
    pub orientation: Orientation,
    /// Who passes by.
    pub audience: Audience,
    /// Folders below `content/`; empty for all. The same for the next three.
    pub sections: Vec<Arc<str>>,
    /// Ids of kinds.
    pub kinds: Vec<Arc<str>>,
    /// Terms of the taxonomy `topics`.
    pub topics: Vec<Arc<str>>,
    /// Terms of the taxonomy `business`.
    pub business: Vec<Arc<str>>,
    /// Files that come in every round, whatever the choice above says.
    pub pages: Vec<Arc<str>>,
    /// Whether pages of this office alone come first.
    pub office_first: bool,
    /// Seconds that a slide is shown.
    pub seconds: u32,
    /// Seconds without a touch until the programme goes on.
    pub idle: u32,
    /// When it shows its programme, Monday first.
    pub hours: [Vec<Window>; 7],
    /// When it is dimmed.
    pub dim: Vec<Window>,
    /// Days on which it stays dark.
    pub quiet: Vec<Date>,
    /// The line that runs along the lower edge.
    pub ticker: Option<Arc<str>>,
    /// So many days ahead of their dates pages are handed to it.
    pub ahead: u32,
    /// Address of the one-pixel picture by which it says that it lives.
    pub beacon: Option<Arc<str>>,
}

/// How a screen hangs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Orientation {
    /// 16:9.
    Landscape,
    /// 9:16.
    Portrait,
}

impl Orientation {
    /// As templates and style sheets call it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Landscape => "landscape",
            Self::Portrait => "portrait",
        }
    }
}

impl Screen {
    /// One of which nothing has been said: all internal pages, day and night.
    pub(super) fn unsaid() -> Self {
        let (sections, kinds, topics, business, pages) = Default::default();
        Self {
            id: "".into(),
            name: "".into(),
            orientation: Orientation::Landscape,
            audience: Audience::Internal,
            sections,
            kinds,
            topics,
            business,
            pages,
            office_first: true,
            seconds: 12,
            idle: 60,
            hours: std::array::from_fn(|_| vec![Window::DAY]),
            dim: Vec::new(),
            quiet: Vec::new(),
            ticker: None,
            ahead: 14,
            beacon: None,
        }
    }
}
