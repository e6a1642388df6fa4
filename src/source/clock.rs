//! Today's date, the only thing of the clock that a build may know: given on the command line, by
//! `SOURCE_DATE_EPOCH` (reproducible-builds.org), or read from the system in the portal's time zone.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

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
}

/// The date by `clock` in the time zone of `config`. An unknown zone is reported and counts as UTC+8.
pub fn today(clock: &Clock, config: &Config, problems: &mut Vec<Diagnostic>) -> Date {
    let zone = TimeZone::get(config.timezone()).unwrap_or_else(|_| {
        problems.push(
            config.at_timezone(
                Diagnostic::error(CONFIG_TIMEZONE, format!("没有叫“{}”的时区", config.timezone()))
                    .cause("文章到哪一天发布、哪一天下线，要按门户所在时区的日期来定。")
                    .cure("中国各地都写 timezone = \"Asia/Shanghai\"。"),
            ),
        );
        TimeZone::fixed(jiff::tz::offset(8))
    });
    let now = match clock {
        Clock::Date(date) => return *date,
        Clock::Epoch(seconds) => Timestamp::from_second(*seconds).unwrap_or_default(),
        Clock::System => Timestamp::now(),
    };
    now.to_zoned_datetime(zone).date()
}
