//! Signs of life: what screens told a web server by asking for the picture of one pixel, read out of its access log. Beside the
//! flow of builds; the other end of `static/kiosk/beacon.js`.
//!
//! A sign carries the time at which it was given; the log has the time at which it was heard. A screen without a network keeps its
//! signs and tells them later, so the two tell apart a screen that stood still from one that went on alone.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::fmt::strtime;
use percent_encoding::percent_decode_str;

/// Seconds without a sign after which a screen counts as away: some minutes, since each sign may be late by one.
pub const PATIENCE: i64 = 300;

/// One sign of life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign {
    /// `office/screen`.
    pub screen: String,
    /// The version that it runs.
    pub version: String,
    /// What it shows: a page by its address without the ending; `-attract`, `-browse`, `-night`.
    pub shown: String,
    /// When it was given, in seconds since 1970, by the screen's clock.
    pub given: i64,
    /// When the server heard of it.
    pub heard: i64,
}

impl Sign {
    /// Reads a line of an access log in the common or the combined format (nginx, Apache); `None` if it tells of something else.
    pub fn read(line: &str) -> Option<Self> {
        let (_, rest) = line.split_once('[')?;
        let (time, rest) = rest.split_once(']')?;
        let (_, request) = rest.split_once('"')?;
        let address = request.split('"').next()?.split(' ').nth(1)?;
        let (_, query) = address.split_once('?')?;
        let field = |key: &str| {
            let value = query.split('&').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='))?;
            percent_decode_str(value).decode_utf8().ok().map(String::from)
        };
        let (screen, version) = (field("s")?, field("v")?);
        let is_name = |part: &str| !part.is_empty() && !part.contains(char::is_control);
        let (office, id) = screen.split_once('/')?;
        if !is_name(office) || !is_name(id) || !is_name(&version) {
            return None;
        }
        let heard = strtime::parse("%d/%b/%Y:%H:%M:%S %z", time).ok()?.to_timestamp().ok()?.as_second();
        Some(Self { given: field("t")?.parse().ok()?, shown: field("k")?, screen, version, heard })
    }
}

/// What is known of one screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The last sign, by the time at which it was given.
    pub last: Sign,
    /// When the server last heard of it.
    pub heard: i64,
    /// How many signs there are.
    pub signs: usize,
    /// When it was away, in order.
    pub gaps: Vec<Gap>,
    /// Whether it is away at the end of the log.
    pub is_away: bool,
    /// So many seconds its clock is ahead of the server's, where that is more than [`PATIENCE`].
    pub ahead: Option<i64>,
}

/// A time in which a screen was away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The last sign before it.
    pub from: i64,
    /// The first after it, or the moment at which what was kept was told.
    pub to: i64,
    /// Whether it ran all the time, and only could not tell.
    pub was_running: bool,
}

/// All signs of one or more logs, in any order; those that were told twice count once.
#[derive(Debug, Default)]
pub struct Signs {
    screens: BTreeMap<String, BTreeMap<i64, Sign>>,
    end: i64,
}

impl Signs {
    /// Takes one.
    pub fn add(&mut self, sign: Sign) {
        self.end = self.end.max(sign.heard);
        let known = self.screens.entry(sign.screen.clone()).or_default();
        // An answer that got lost has the screen tell again: what counts is when the server first heard.
        let is_earlier = known.get(&sign.given).is_none_or(|other| sign.heard < other.heard);
        if is_earlier {
            known.insert(sign.given, sign);
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.screens.is_empty()
    }

    /// When the last sign of any screen was heard: as far as the logs reach.
    pub fn end(&self) -> i64 {
        self.end
    }

    /// The screens that gave one.
    pub fn names(&self) -> BTreeSet<&str> {
        self.screens.keys().map(String::as_str).collect()
    }

    /// What is known of each screen, by name.
    pub fn screens(&self) -> Vec<Seen> {
        self.screens.values().filter_map(|signs| self.seen(signs)).collect()
    }

    fn seen(&self, signs: &BTreeMap<i64, Sign>) -> Option<Seen> {
        let last = signs.values().next_back()?.clone();
        let heard = signs.values().map(|sign| sign.heard).max()?;
        let ahead = signs.values().map(|sign| sign.given - sign.heard).max().filter(|ahead| *ahead > PATIENCE);
        let mut gaps: Vec<Gap> = Vec::new();
        let mut before: Option<&Sign> = None;
        for sign in signs.values() {
            if let Some(before) = before.filter(|before| sign.given - before.given > PATIENCE) {
                gaps.push(Gap { from: before.given, to: sign.given, was_running: false });
            }
            if sign.heard - sign.given > PATIENCE {
                match gaps.last_mut().filter(|gap| gap.was_running && gap.to >= sign.given) {
                    Some(gap) => gap.to = gap.to.max(sign.heard),
                    None => gaps.push(Gap { from: sign.given, to: sign.heard, was_running: true }),
                }
            }
            before = Some(sign);
        }
        let is_away = self.end - heard > PATIENCE;
        Some(Seen { signs: signs.len(), last, heard, gaps, is_away, ahead })
    }
}

/// A moment by the clock of a zone, to the minute.
pub fn moment(second: i64, zone: &jiff::tz::TimeZone) -> String {
    let Ok(at) = Timestamp::from_second(second) else { return String::new() };
    at.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(heard: &str, query: &str) -> String {
        format!("10.1.2.3 - - [{heard}] \"GET /b.gif?{query} HTTP/1.1\" 200 43 \"-\" \"Mozilla/5.0 \\x22X\\x22\"")
    }

    fn sign(given: i64, heard: i64) -> Sign {
        let (screen, version, shown) = ("east/lobby".to_owned(), "0a".to_owned(), "study/a".to_owned());
        Sign { screen, version, shown, given, heard }
    }

    #[test]
    fn a_line_of_a_log() {
        let query = "s=east/%E5%A4%A7%E5%8E%85&v=0123456789abcdef&k=cases/%E4%B8%80&n=2&t=1763500000";
        let read = Sign::read(&line("19/Nov/2025:05:06:40 +0800", query)).expect("a sign");
        assert_eq!((&*read.screen, &*read.version, &*read.shown), ("east/大厅", "0123456789abcdef", "cases/一"));
        assert_eq!((read.given, read.heard), (1_763_500_000, 1_763_500_000));
        for other in ["s=east&v=1&k=a&t=1", "s=east/a&v=1&k=a&t=x", "s=east/a&k=a&t=1", "s=/a&v=1&k=a&t=1", "a=b"] {
            assert_eq!(Sign::read(&line("19/Nov/2025:05:06:40 +0800", other)), None, "{other}");
        }
        for other in ["", "[", "x [y] \"z\"", "- - [19/Nov/2025:05:06:40 +0800] \"GET /\" 200 1"] {
            assert_eq!(Sign::read(other), None, "{other}");
        }
    }

    #[test]
    fn a_screen_that_stood_still_and_one_that_went_on_alone() {
        let mut signs = Signs::default();
        let minutes = |from: i64, to: i64| (from..to).map(|n| n * 60);
        minutes(0, 10).for_each(|t| signs.add(sign(t, t)));
        // Off for half an hour, then without a network until minute 60, when it tells all.
        minutes(40, 60).for_each(|t| signs.add(sign(t, 3600)));
        minutes(60, 70).for_each(|t| signs.add(sign(t, t)));
        signs.add(sign(60 * 69, 9999));
        signs.add(Sign { screen: "east/other".to_owned(), ..sign(0, 4800) });
        let seen = signs.screens();
        let gap = |from: i64, to: i64, was_running| Gap { from: from * 60, to: to * 60, was_running };
        assert_eq!(seen[0].gaps, [gap(9, 40, false), gap(40, 60, true)]);
        assert_eq!((seen[0].signs, seen[0].heard, seen[0].is_away), (40, 69 * 60, true));
        assert_eq!(signs.end(), 9999);
    }

    #[test]
    fn a_clock_that_is_ahead() {
        let mut signs = Signs::default();
        signs.add(sign(4000, 400));
        assert_eq!(signs.screens()[0].ahead, Some(3600));
        assert_eq!(signs.screens()[0].gaps, []);
    }
}
