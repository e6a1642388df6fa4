//! `zhendi screens`: when each screen was last heard of, which version it runs, and when it was away, out of the access logs of the
//! office's web server.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use jiff::tz::TimeZone;
use serde_json::json;
use zhendi::beacon::{Gap, Seen, Sign, Signs, moment};
use zhendi::diag::{Diagnostic, SCREENS_LOG, SCREENS_SILENT};
use zhendi::source::{Options, Sources, portal_zone};

use super::args;
use super::console::{Console, Failure, shown};
use super::place;
use super::table::table;

/// So many times away are listed of each screen, the newest.
const LISTED: usize = 10;

/// Runs the command.
pub fn screens(args: &args::Screens, console: &Console) -> Result<(), Failure> {
    let mut signs = Signs::default();
    for log in &args.logs {
        read(log, &mut signs).map_err(|error| unreadable(log, &error))?;
    }
    let portal = Portal::around(args)?;
    if signs.is_empty() {
        return Err(Failure::Fault(Box::new(silent(&args.logs))));
    }
    let seen = signs.screens();
    let missing: Vec<&String> = portal.names.keys().filter(|id| !signs.names().contains(id.as_str())).collect();
    let text = match console.is_json() {
        true => as_json(&seen, &missing, &portal),
        false => as_table(&seen, &missing, &portal, signs.end()),
    };
    console.say(&text);
    Ok(())
}

/// What the portal says of its screens, if there is one.
struct Portal {
    zone: TimeZone,
    /// Names by `office/screen`, of those that are to give signs.
    names: BTreeMap<String, String>,
}

impl Portal {
    fn around(args: &args::Screens) -> Result<Self, Failure> {
        let found = match place::portal(&args.portal) {
            Ok(found) => Some(found),
            // Nobody need stand in a portal to read a log; but one that was named has to be there.
            Err(failure) if args.portal.root.is_some() || args.portal.config.is_some() => return Err(failure),
            Err(_) => None,
        };
        let Some((root, config)) = found else { return Ok(Self { zone: portal_zone(None), names: BTreeMap::new() }) };
        let sources = Sources::read(&root, Options { config, ..Options::default() });
        let config = sources.config();
        let offices = config.offices().iter();
        let names = offices.flat_map(|office| {
            let screens = office.screens.iter().filter(|screen| screen.beacon.is_some());
            screens.map(|screen| (format!("{}/{}", office.id, screen.id), format!("{} {}", office.short, screen.name)))
        });
        Ok(Self { names: names.collect(), zone: portal_zone(Some(config)) })
    }

    fn name<'a>(&'a self, id: &'a str) -> &'a str {
        self.names.get(id).map_or(id, String::as_str)
    }
}

/// Takes the signs of one log; `-` is the standard input, and what is packed as nginx's old logs are is unpacked.
fn read(log: &Path, signs: &mut Signs) -> io::Result<()> {
    let mut lines: Box<dyn BufRead> = match log.to_str() {
        Some("-") => Box::new(io::stdin().lock()),
        _ => Box::new(BufReader::new(open(log)?)),
    };
    if lines.fill_buf()?.starts_with(&[0x1f, 0x8b]) {
        lines = Box::new(BufReader::new(MultiGzDecoder::new(lines)));
    }
    let mut line = Vec::new();
    // A line without an end must not fill the memory.
    while lines.by_ref().take(1 << 16).read_until(b'\n', &mut line)? > 0 {
        if let Some(sign) = std::str::from_utf8(&line).ok().and_then(Sign::read) {
            signs.add(sign);
        }
        line.clear();
    }
    Ok(())
}

#[allow(clippy::disallowed_methods, reason = "a log is no source of the portal")]
fn open(log: &Path) -> io::Result<File> {
    File::open(log)
}

fn as_table(seen: &[Seen], missing: &[&String], portal: &Portal, end: i64) -> String {
    let time = |second| moment(second, &portal.zone);
    let head = ["屏幕", "最后消息", "版本", "正在放映", "状态"].map(str::to_owned);
    let row = |one: &Seen| {
        let state = if one.is_away { format!("从 {} 起没有消息", time(one.heard)) } else { "正常".to_owned() };
        let version = one.last.version.get(..8).unwrap_or(&one.last.version);
        [
            portal.name(&one.last.screen).to_owned(),
            time(one.last.given),
            version.to_owned(),
            words(&one.last.shown),
            state,
        ]
    };
    let silent = |id: &&String| {
        [portal.name(id).to_owned(), "—".to_owned(), "—".to_owned(), "—".to_owned(), "从没有消息".to_owned()]
    };
    let rows: Vec<[String; 5]> =
        std::iter::once(head).chain(seen.iter().map(row)).chain(missing.iter().map(silent)).collect();
    let mut out = table(&rows);
    for one in seen.iter().filter(|one| !one.gaps.is_empty() || one.ahead.is_some()) {
        out.push_str(&format!("\n{}：\n", portal.name(&one.last.screen)));
        if let Some(ahead) = one.ahead {
            out.push_str(&format!("  它的钟快了 {}，放映的钟点会跟着错；请校准电脑的时间。\n", span(ahead)));
        }
        let more = one.gaps.len().saturating_sub(LISTED);
        for gap in one.gaps.iter().skip(more) {
            let what = if gap.was_running { "断网，照常放映" } else { "没有运行" };
            out.push_str(&format!("  {} 到 {}　{what}，{}\n", time(gap.from), time(gap.to), span(gap.to - gap.from)));
        }
        if more > 0 {
            out.push_str(&format!("  更早的还有 {more} 次。\n"));
        }
    }
    out.push_str(&format!("\n日志到 {} 为止，共 {} 块屏幕。\n", time(end), seen.len()));
    out
}

/// What a screen shows, as people say it.
fn words(shown: &str) -> String {
    match shown {
        "-attract" => "轻触提示".to_owned(),
        "-browse" => "有人在看".to_owned(),
        "-night" => "休息".to_owned(),
        page => page.to_owned(),
    }
}

fn span(seconds: i64) -> String {
    match seconds / 60 {
        minutes @ ..60 => format!("{minutes} 分钟"),
        minutes @ ..2880 => format!("{} 小时 {} 分钟", minutes / 60, minutes % 60),
        minutes => format!("{} 天", minutes / 1440),
    }
}

fn as_json(seen: &[Seen], missing: &[&String], portal: &Portal) -> String {
    let gap = |gap: &Gap| json!({ "from": gap.from, "to": gap.to, "running": gap.was_running });
    let one = |one: &Seen| {
        json!({
            "screen": one.last.screen, "name": portal.names.get(&one.last.screen), "version": one.last.version,
            "shown": one.last.shown, "last": one.last.given, "heard": one.heard, "signs": one.signs, "away": one.is_away,
            "ahead": one.ahead, "gaps": one.gaps.iter().map(gap).collect::<Vec<_>>(),
        })
    };
    let silent = |id: &&String| json!({ "screen": id, "name": portal.names.get(*id), "last": null });
    let all: Vec<serde_json::Value> = seen.iter().map(one).chain(missing.iter().map(silent)).collect();
    format!("{}\n", json!({ "screens": all }))
}

fn unreadable(log: &Path, error: &io::Error) -> Failure {
    Failure::Usage(Box::new(
        Diagnostic::error(SCREENS_LOG, format!("读不了日志 {}", shown(log)))
            .with_note(format!("系统的说明：{error}"))
            .cause("文件不存在、没有权限，或者压缩包坏了。")
            .cure("核对文件名；nginx 的日志一般是 /var/log/nginx/access.log，要用能读它的账户。"),
    ))
}

fn silent(logs: &[std::path::PathBuf]) -> Diagnostic {
    let names: Vec<String> = logs.iter().map(|log| shown(log)).collect();
    Diagnostic::error(SCREENS_SILENT, format!("{} 里没有屏幕的消息", names.join("、")))
        .cause("屏幕报平安时请求一张小图片，网址里带着 ?s=办公区/屏幕；日志里没有一行是这样的。")
        .cure("在 zhendi.toml 的 [[offices.screens]] 里写 beacon = \"/b.gif\"，在网页服务器上放这张图片；再核对是不是这台服务器的日志，日志里要记下问号后面的部分。")
}
