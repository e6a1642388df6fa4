//! `kiosk 投屏` of the front matter: whether, when and how often a page is shown on screens.

use std::sync::Arc;

use jiff::civil::{Date, DateTime};

use super::At;
use super::dates;
use super::hours::Window;
use super::meta::Reader;
use crate::diag::{self, Diagnostic, nearest};
use crate::tree::{Key, Node, Value};

/// What an author says about a page on screens. Nothing said: it is shown like any other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kiosk {
    /// Whether its slides are shown; it can be read by touch all the same.
    pub show: Option<bool>,
    /// The only kinds of slides that are made of it, as [`SLIDES`] names them; empty for all.
    pub only: Vec<&'static str>,
    /// Seconds for each of its slides.
    pub seconds: Option<u32>,
    /// From when on, by the portal's clock.
    pub from: Option<DateTime>,
    /// When it goes.
    pub until: Option<DateTime>,
    /// At which times of the day; empty for any.
    pub hours: Vec<Window>,
    /// On which screens, by their ids or names; `None` for all that choose it.
    pub screens: Option<Vec<At<Arc<str>>>>,
    /// How often in a cycle; 1 unless said.
    pub weight: Option<u32>,
}

/// The kinds of slides: their names in templates and for authors.
pub const SLIDES: &[(&str, &str)] = &[
    ("cover", "封面"),
    ("points", "要点"),
    ("number", "数字"),
    ("picture", "图片"),
    ("steps", "步骤"),
    ("compare", "对比"),
    ("question", "问答"),
    ("statute", "法条"),
    ("poster", "一图"),
    ("video", "视频"),
];

/// The kind of slide that a word means.
pub fn slide_kind(word: &str) -> Option<&'static str> {
    SLIDES.iter().find(|(id, name)| *id == word || *name == word).map(|(id, _)| *id)
}

const KEYS: &[(&str, &str)] = &[
    ("show", "播放"),
    ("seconds", "秒数"),
    ("from", "开始"),
    ("until", "结束"),
    ("hours", "时段"),
    ("screens", "屏幕"),
    ("weight", "次数"),
];

impl Reader<'_> {
    /// `kiosk`: a table, or `false` for a page that is on no screen's programme.
    pub(super) fn kiosk(&mut self, key: &Key, node: &Node) -> Option<Kiosk> {
        if node.is_null() {
            return None;
        }
        let mut kiosk = Kiosk::default();
        if let Some(show) = node.as_bool() {
            kiosk.show = Some(show);
            return Some(kiosk);
        }
        let Value::Map(entries) = &node.value else {
            self.wrong(key, node, "若干行“名字: 值”，或者 false（不投屏）", "false");
            return None;
        };
        for (key, node) in entries {
            let Some(at) = KEYS.iter().position(|(id, name)| key.name == *id || key.name == *name) else {
                self.kiosk_unknown(key);
                continue;
            };
            match KEYS[at].0 {
                "show" => self.show(&mut kiosk, key, node),
                "seconds" => kiosk.seconds = self.within(key, node, 3, 600),
                "from" => kiosk.from = self.moment(key, node, Some),
                // The day that is named is the last on which it is shown.
                "until" => kiosk.until = self.moment(key, node, |day| day.tomorrow().ok()),
                "hours" => kiosk.hours = self.hours(key, node).unwrap_or_default(),
                "screens" => kiosk.screens = self.list(key, node, true),
                _ => kiosk.weight = self.within(key, node, 1, 9),
            }
        }
        if let (Some(from), Some(until)) = (kiosk.from, kiosk.until)
            && until <= from
        {
            self.problems.push(
                Diagnostic::error(diag::FRONT_VALUE, "投屏的结束不在开始之后")
                    .at(self.file, node.span)
                    .cause("这样一分钟也不会播放")
                    .cure("核对 from（开始）和 until（结束）的日期"),
            );
        }
        Some(kiosk)
    }

    fn kiosk_unknown(&mut self, key: &Key) {
        let names = KEYS.iter().flat_map(|(id, name)| [*id, *name]);
        let near = nearest(&key.name, names);
        let guess = near.first().map(|near| format!("是否想写 {near}？")).unwrap_or_default();
        let all: Vec<String> = KEYS.iter().map(|(id, name)| format!("{id}（{name}）")).collect();
        self.problems.push(
            Diagnostic::error(diag::FRONT_VALUE, format!("投屏里没有“{}”这一项", key.name))
                .at(self.file, key.span)
                .cause("写错的项不起作用，屏幕上就不会照您的意思播放")
                .cure(format!("{guess}可以写的有：{}", all.join("、"))),
        );
    }

    fn show(&mut self, kiosk: &mut Kiosk, key: &Key, node: &Node) {
        if let Some(show) = node.as_bool() {
            kiosk.show = Some(show);
            return;
        }
        for word in self.list(key, node, true).unwrap_or_default() {
            match slide_kind(&word.value) {
                Some(kind) => kiosk.only.push(kind),
                None => {
                    let all: Vec<&str> = SLIDES.iter().map(|(_, name)| *name).collect();
                    self.choice(key, &word, &format!("true、false，或者其中几种：{}", all.join("、")), "[封面, 要点]");
                }
            }
        }
    }

    fn within(&mut self, key: &Key, node: &Node, least: i64, most: i64) -> Option<u32> {
        if node.is_null() {
            return None;
        }
        match node.as_int() {
            Some(number) if (least..=most).contains(&number) => u32::try_from(number).ok(),
            Some(_) => {
                let text = self.text(key, node)?;
                self.choice(key, &text, &format!("{least} 到 {most} 之间的整数"), &least.to_string());
                None
            }
            None => {
                self.wrong(key, node, &format!(" {least} 到 {most} 之间的整数"), &least.to_string());
                None
            }
        }
    }

    fn hours(&mut self, key: &Key, node: &Node) -> Option<Vec<Window>> {
        let parts = self.list(key, node, true)?;
        let text: Vec<&str> = parts.iter().map(|part| &*part.value).collect();
        let read = Window::read_all(&text.join("、"));
        if read.is_none() && !parts.is_empty() {
            self.wrong(key, node, "几段时间，用 24 小时制，不能重叠", "08:30-12:00、14:00-18:00");
        }
        read
    }

    /// A day, or a day and a time; `whole` says which moment a day alone means.
    fn moment(&mut self, key: &Key, node: &Node, whole: impl Fn(Date) -> Option<Date>) -> Option<DateTime> {
        let text = self.text(key, node)?;
        let split = text.value.split_once([' ', 'T', '　']);
        let (day, time) = split.map_or((&*text.value, None), |(day, time)| (day, Some(time.trim())));
        let read = || {
            let day = dates::read(day).ok()?;
            let Some(time) = time.filter(|time| !time.is_empty()) else {
                return whole(day).map(|day| day.at(0, 0, 0, 0));
            };
            let minute = super::hours::minute(time.get(..5).unwrap_or(time))?;
            let (hour, minute) = (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
            (hour < 24).then(|| day.at(hour, minute, 0, 0))
        };
        let found = read();
        if found.is_none() {
            self.problems.push(
                Diagnostic::error(diag::FRONT_DATE, format!("“{}”不是日期和时间", text.value))
                    .at(self.file, text.span)
                    .cause("看不出是哪一天的几点几分")
                    .cure(format!("按 {} 的样子写；只写日期也可以", self.bare(&key.name, "2026-11-20 08:30"))),
            );
        }
        found
    }
}
