//! Today's date, the only thing of the clock that a build may know: given on the command line, by
//! `SOURCE_DATE_EPOCH` (reproducible-builds.org), or read from the system in the portal's time zone.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::Config;
use crate::diag::{CONFIG_TIMEZONE, Diagnostic};

/// Where today's date comes from.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The system's clock.
    #[default]
    System,
    /// Seconds since 1970 in UTC (`SOURCE_DATE_EPOCH`), turned into a date in the portal's time zone.
    Epoch(i64),
    /// A date (`--date`).
    Date(Date),
    /// Seconds since 1970 in UTC that somebody else moves on: a watch on another clock than the system's.
    Shared(Arc<AtomicI64>),
}

impl Clock {
    /// Now, by a clock that goes.
    fn goes(&self) -> Option<Timestamp> {
        match self {
            Self::System => Some(Timestamp::now()),
            Self::Shared(seconds) => Some(Timestamp::from_second(seconds.load(Ordering::SeqCst)).unwrap_or_default()),
            Self::Epoch(_) | Self::Date(_) => None,
        }
    }
}

/// The date by `clock` in the time zone of `config`. An unknown zone is reported and counts as UTC+8.
pub fn today(clock: &Clock, config: &Config, problems: &mut Vec<Diagnostic>) -> Date {
    let zone = zone(config).unwrap_or_else(|| {
        problems.push(
            config.at_timezone(
                Diagnostic::error(CONFIG_TIMEZONE, format!("没有叫“{}”的时区", config.timezone()))
                    .cause("文章到哪一天发布、哪一天下线，要按门户所在时区的日期来定。")
                    .cure("中国各地都写 timezone = \"Asia/Shanghai\"。"),
            ),
        );
        fallback()
    });
    let now = match clock {
        Clock::Date(date) => return *date,
        Clock::Epoch(seconds) => Timestamp::from_second(*seconds).unwrap_or_default(),
        Clock::System | Clock::Shared(_) => clock.goes().unwrap_or_default(),
    };
    now.to_zoned_datetime(zone).date()
}

/// How long [`today`] holds; for ever by a clock that stands.
pub(crate) fn until_midnight(clock: &Clock, config: &Config) -> Option<Duration> {
    let now = clock.goes()?.to_zoned_datetime(zone(config).unwrap_or_else(fallback));
    let midnight = now.checked_add(1.day()).and_then(|tomorrow| tomorrow.start_of_day()).ok()?;
    Duration::try_from(now.duration_until(&midnight)).ok()
}

/// The portal's zone for some years around `today`: from which second in UTC on its clocks are how many seconds ahead of
/// UTC. Changes with the year alone.
pub(crate) fn offsets(config: &Config, today: Date) -> Vec<(i64, i32)> {
    let zone = zone(config).unwrap_or_else(fallback);
    let year = |year: i16| {
        let day = Date::new(year, 1, 1).unwrap_or(today);
        day.to_zoned_datetime(TimeZone::UTC).map_or(0, |day| day.timestamp().as_second())
    };
    let (first, last) = (year(today.year() - 1), year(today.year() + 4));
    let first = Timestamp::from_second(first).unwrap_or_default();
    let begin = (first.as_second(), zone.to_offset(first).seconds());
    let turns = zone.following(first).map(|turn| (turn.timestamp().as_second(), turn.offset().seconds()));
    std::iter::once(begin).chain(turns.take_while(|(at, _)| *at < last)).collect()
}

/// The portal's zone; UTC+8 where there is no portal, or it names none that is known.
pub fn portal_zone(config: Option<&Config>) -> TimeZone {
    config.and_then(zone).unwrap_or_else(fallback)
}

fn zone(config: &Config) -> Option<TimeZone> {
    TimeZone::get(config.timezone()).ok()
}

fn fallback() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(8))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(now: &str, zone: &str) -> Option<Duration> {
        let seconds = now.parse::<Timestamp>().unwrap().as_second();
        let config = super::super::read_config("zhendi.toml", &format!("timezone = \"{zone}\""), &mut Vec::new());
        until_midnight(&Clock::Shared(Arc::new(AtomicI64::new(seconds))), &config)
    }

    #[test]
    fn midnight_is_that_of_the_portals_zone() {
        let hours = |n: u64| Some(Duration::from_secs(n * 3600));
        assert_eq!(at("2026-11-24T15:00:00Z", "Asia/Shanghai"), hours(1));
        assert_eq!(at("2026-11-24T16:00:00Z", "Asia/Shanghai"), hours(24));
        assert_eq!(at("2026-10-24T22:00:00Z", "Europe/Berlin"), hours(25), "the day that has 25 hours");
        assert_eq!(at("2026-11-24T15:00:00Z", "Nirgends"), hours(1), "an unknown zone counts as UTC+8");
        assert_eq!(until_midnight(&Clock::Epoch(0), &super::super::read_config("", "", &mut Vec::new())), None);
    }
}
