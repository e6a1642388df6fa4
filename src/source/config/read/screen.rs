//! `[[offices.screens]]`.

use std::sync::Arc;

use jiff::civil::Date;

use super::super::{Orientation, Screen};
use super::Reader;
use crate::content::{Audience, Window};
use crate::diag::{CONFIG_VALUE, Diagnostic, Span, nearest};
use crate::tree::{Node, Value};

const KNOWN: [&str; 18] = [
    "id",
    "name",
    "orientation",
    "audience",
    "sections",
    "kinds",
    "topics",
    "business",
    "pages",
    "office_first",
    "seconds",
    "idle",
    "hours",
    "dim",
    "quiet",
    "ticker",
    "ahead",
    "beacon",
];

const WEEK: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

impl Reader<'_> {
    /// The screens of one office.
    pub(super) fn screens(&mut self, node: &Node) -> Vec<Arc<Screen>> {
        let read: Vec<(Screen, Span)> = self.list(node).iter().filter_map(|one| self.screen(one)).collect();
        self.unique(read, |screen| &screen.id, "屏幕").into_iter().map(Arc::new).collect()
    }

    fn screen(&mut self, node: &Node) -> Option<(Screen, Span)> {
        let mut screen = Screen::unsaid();
        let (mut at, mut given, mut ahead) = (node.span, false, None);
        if node.as_map().is_none() {
            self.wrong(node, "一块屏幕，写成 [[offices.screens]] 一行，下面是 id、name 各一行");
            return None;
        }
        for (key, value) in self.map(node, "[[offices.screens]] ", &KNOWN) {
            match key.name.as_str() {
                "id" => {
                    (at, given) = (value.span, true);
                    screen.id = self.folder_name(value, "屏幕的 id").unwrap_or_default();
                }
                "name" => self.set_text(value, &mut screen.name),
                "orientation" => {
                    let words = [("landscape", Orientation::Landscape), ("portrait", Orientation::Portrait)];
                    let chinese = [("横屏", Orientation::Landscape), ("竖屏", Orientation::Portrait)];
                    screen.orientation = self.one_of(value, &words, &chinese).unwrap_or(screen.orientation);
                }
                "audience" => {
                    let words = [("internal", Audience::Internal), ("public", Audience::Public)];
                    let chinese = [("内部", Audience::Internal), ("公开", Audience::Public)];
                    // What is not understood must not be shown to more people than was meant.
                    screen.audience = self.one_of(value, &words, &chinese).unwrap_or(Audience::Public);
                }
                "sections" => screen.sections = self.folders(value),
                "kinds" => screen.kinds = self.texts(value),
                "topics" => screen.topics = self.texts(value),
                "business" => screen.business = self.texts(value),
                "pages" => screen.pages = self.folders(value),
                "office_first" => screen.office_first = self.bool(value).unwrap_or(screen.office_first),
                "seconds" => screen.seconds = self.count(value).unwrap_or(screen.seconds).clamp(3, 600),
                "idle" => screen.idle = self.count(value).unwrap_or(screen.idle).clamp(20, 3600),
                "hours" => self.hours(value, &mut screen.hours),
                "dim" => screen.dim = self.windows(value).unwrap_or_default(),
                "quiet" => screen.quiet = self.list(value).iter().filter_map(|one| self.day(one)).collect(),
                "ticker" => screen.ticker = self.text(value).filter(|text| !text.trim().is_empty()),
                "ahead" => ahead = self.days(value),
                _ => screen.beacon = self.beacon(value),
            }
        }
        if screen.id.is_empty() {
            if !given {
                self.missing(node.span, "屏幕", "id");
            }
            return None;
        }
        if screen.name.is_empty() {
            screen.name = screen.id.clone();
        }
        // What is still to come is nobody's business in a lobby unless the portal says so.
        screen.ahead = ahead.unwrap_or(if screen.audience == Audience::Public { 0 } else { screen.ahead });
        Some((screen, at))
    }

    fn one_of<T: Copy>(&mut self, node: &Node, words: &[(&str, T)], chinese: &[(&str, T)]) -> Option<T> {
        let word = self.text(node)?;
        let found = words.iter().chain(chinese).find(|(one, _)| **one == *word).map(|(_, value)| *value);
        if found.is_none() {
            let all = words.iter().zip(chinese);
            let choices: Vec<String> = all.map(|((word, _), (name, _))| format!("{word}（{name}）")).collect();
            let near = nearest(&word, words.iter().map(|(word, _)| *word));
            let example = near.first().copied().unwrap_or(words[0].0);
            self.problems.push(
                Diagnostic::error(CONFIG_VALUE, format!("这一项不能写成“{word}”"))
                    .at(&self.file, node.span)
                    .cause(format!("可以写的有：{}。", choices.join("、")))
                    .cure(format!("例如写成 \"{example}\"。")),
            );
        }
        found
    }

    /// Paths below `content/`, with or without it.
    fn folders(&mut self, node: &Node) -> Vec<Arc<str>> {
        let plain = |path: Arc<str>| -> Arc<str> {
            let path = path.replace('\\', "/");
            let path = path.trim_matches('/');
            path.strip_prefix("content/").unwrap_or(path).into()
        };
        self.texts(node).into_iter().map(plain).collect()
    }

    /// One text for all days, or a table with the days.
    fn hours(&mut self, node: &Node, hours: &mut [Vec<Window>; 7]) {
        if !matches!(node.value, Value::Map(_)) {
            if let Some(all) = self.windows(node) {
                hours.fill(all);
            }
            return;
        }
        hours.fill(Vec::new());
        let known: Vec<&str> = ["workdays", "weekend"].into_iter().chain(WEEK).collect();
        let mut days: Vec<(&str, Vec<Window>)> = Vec::new();
        for (key, value) in self.map(node, "[offices.screens.hours] ", &known) {
            // An empty text: closed.
            let closed = matches!(&value.value, Value::Scalar(text, _) if text.trim().is_empty());
            let all = if closed { Some(Vec::new()) } else { self.windows(value) };
            days.push((key.name.as_str(), all.unwrap_or_default()));
        }
        // A day by its own name counts before the group that it is in.
        days.sort_by_key(|(name, _)| WEEK.contains(name));
        for (name, all) in days {
            let which = match name {
                "workdays" => 0..5,
                "weekend" => 5..7,
                day => {
                    let at = WEEK.iter().position(|one| *one == day).unwrap_or_default();
                    at..at + 1
                }
            };
            hours[which].fill(all);
        }
    }

    fn windows(&mut self, node: &Node) -> Option<Vec<Window>> {
        let text = self.text(node)?;
        let found = Window::read_all(&text);
        if found.is_none() {
            self.problems.push(
                Diagnostic::error(CONFIG_VALUE, format!("“{text}”不是看得懂的时间"))
                    .at(&self.file, node.span)
                    .cause("时间写成“几点几分-几点几分”，用 24 小时制；几段之间用顿号或逗号隔开，不能重叠。")
                    .cure("例如 \"08:30-12:00、14:00-18:00\"；整天写 \"00:00-24:00\"。"),
            );
        }
        found
    }

    fn day(&mut self, node: &Node) -> Option<Date> {
        let text = self.text(node)?;
        let found: Option<Date> = text.get(..10).unwrap_or(&text).parse().ok();
        if found.is_none() {
            self.problems.push(
                Diagnostic::error(CONFIG_VALUE, format!("“{text}”不是日期"))
                    .at(&self.file, node.span)
                    .cause("quiet 里写屏幕整天不播放的日子。")
                    .cure("写成 年-月-日，例如 \"2027-01-01\"。"),
            );
        }
        found
    }

    fn days(&mut self, node: &Node) -> Option<u32> {
        if let Some(number @ 0..=400) = node.as_int() {
            return u32::try_from(number).ok();
        }
        self.wrong(node, "0 到 400 之间的整数（天）");
        None
    }

    fn beacon(&mut self, node: &Node) -> Option<Arc<str>> {
        let text = self.text(node).filter(|text| !text.is_empty())?;
        let is_address = ["http://", "https://"].iter().any(|scheme| text.starts_with(scheme));
        // A path of the same server has no scheme.
        if (is_address || text.starts_with('/')) && !text.contains(['?', '#', '"', ' ']) {
            return Some(text);
        }
        self.problems.push(
            Diagnostic::error(CONFIG_VALUE, format!("“{text}”不是网址"))
                .at(&self.file, node.span)
                .cause("屏幕每分钟向这个网址要一次小图片，网页服务器的日志就记下它还在播放。")
                .cure("例如 beacon = \"http://10.0.0.8/beacon.gif\"；不用就删去这一行。"),
        );
        None
    }
}
