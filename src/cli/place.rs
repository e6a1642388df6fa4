//! Where things are and what day it is: the portal's root, the folder for the output, the clock. The one place that
//! reads the environment.
#![allow(clippy::disallowed_methods)] // the environment is input here, and handed on as plain values

use std::env;
use std::net::{IpAddr, Ipv4Addr, UdpSocket};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use zhendi::diag::{Diagnostic, USAGE_EPOCH, USAGE_NO_PORTAL};
use zhendi::source::{Clock, Options, find_root};

use super::args::{Portal, View};
use super::console::{Failure, shown};

/// What a portal is called that is made for somebody who named none.
pub const OFFERED: &str = "宣传门户";

/// The portal's folder, and its configuration where it is not the usual one.
pub fn portal(options: &Portal) -> Result<(PathBuf, Option<PathBuf>), Failure> {
    let config = options.config.as_deref().map(whole);
    if let Some(given) = &options.root {
        let root = whole(given);
        if config.is_none() && find_root(&root).is_none_or(|found| found != root) {
            return Err(no_portal(&format!("文件夹 {} 里没有 zhendi.toml", shown(given))));
        }
        return Ok((root, config));
    }
    let here = whole(Path::new("."));
    match (find_root(&here), &config) {
        (Some(root), _) => Ok((root, config)),
        (None, Some(file)) => Ok((file.parent().map_or(here, Path::to_owned), config)),
        (None, None) => Err(no_portal("当前文件夹和它上面的各级文件夹里都没有 zhendi.toml")),
    }
}

/// The portal that is meant by starting the program without a word: that of the working folder, else that of the
/// folder where the program lies; in each, one that was made there as [`OFFERED`] counts too.
pub fn around() -> Option<PathBuf> {
    let here = whole(Path::new("."));
    let own = env::current_exe().ok().and_then(|file| file.parent().map(Path::to_owned));
    [Some(here), own]
        .into_iter()
        .flatten()
        .find_map(|folder| find_root(&folder).or_else(|| find_root(&folder.join(OFFERED))))
}

/// A portal as it is asked for.
pub struct Asked {
    /// Its folder.
    pub root: PathBuf,
    /// Where the site is or would be.
    pub output: PathBuf,
    /// What of it is wanted.
    pub options: Options,
}

/// What the words of a command that makes pages mean.
pub fn asked(portal: &Portal, view: &View, output: Option<&Path>) -> Result<Asked, Failure> {
    let (root, config) = self::portal(portal)?;
    let output = self::output(&root, output);
    let options = Options {
        config,
        drafts: view.drafts,
        names: view.names.0,
        editions: view.edition.clone(),
        clock: clock(view.date)?,
        output: Some(output.clone()),
    };
    Ok(Asked { root, output, options })
}

fn no_portal(message: &str) -> Failure {
    Failure::Usage(Box::new(
        Diagnostic::error(USAGE_NO_PORTAL, message)
            .cause("zhendi.toml 是门户的配置文件，有它的文件夹才是一个门户。")
            .cure("先用 cd 进到门户的文件夹，或者用 -r 指明它，例如 -r D:\\宣传门户；还没有门户的，运行 zhendi init 新建一个。"),
    ))
}

/// The output folder.
pub fn output(root: &Path, given: Option<&Path>) -> PathBuf {
    given.map_or_else(|| root.join("public"), whole)
}

/// The folders of a portal that an output folder must not mix with.
pub fn sources(root: &Path) -> Vec<PathBuf> {
    ["content", "themes", "templates", "static", "archetypes"].iter().map(|name| root.join(name)).collect()
}

/// An absolute path without detours.
pub fn whole(path: &Path) -> PathBuf {
    let plain = || std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    // On Windows `absolute` resolves `..` by itself, and `canonicalize` gives a form that nobody can read.
    if cfg!(windows) { plain() } else { path.canonicalize().unwrap_or_else(|_| plain()) }
}

/// Where today's date comes from.
pub fn clock(date: Option<Date>) -> Result<Clock, Failure> {
    if let Some(date) = date {
        return Ok(Clock::Date(date));
    }
    let Some(epoch) = env::var_os("SOURCE_DATE_EPOCH").filter(|value| !value.is_empty()) else {
        return Ok(Clock::System);
    };
    let seconds = epoch.to_str().and_then(|text| text.trim().parse().ok());
    seconds.map(Clock::Epoch).ok_or_else(|| {
        Failure::Usage(Box::new(
            Diagnostic::error(USAGE_EPOCH, format!("环境变量 SOURCE_DATE_EPOCH 不能是“{}”", epoch.to_string_lossy()))
                .cause("它应当是一个整数：从 1970 年算起的秒数。不认识它，就不知道今天是哪一天。")
                .cure("删掉这个环境变量，或者用 --date 2026-11-24 直接写明日期。"),
        ))
    })
}

/// What tells this program from any other: its version, and size and time of its file, so that a newer one is never
/// taken for this one.
pub fn program() -> String {
    let file = env::current_exe().and_then(std::fs::metadata);
    let stamp = file.and_then(|meta| Ok((meta.len(), meta.modified()?)));
    format!("{} {stamp:?}", env!("CARGO_PKG_VERSION"))
}

/// The machine's name, under which others on the network know it.
pub fn machine() -> Option<String> {
    gethostname::gethostname().into_string().ok().filter(|name| !name.is_empty())
}

/// The address by which this machine is on the network. Nothing is sent: connecting only looks up the way.
pub fn network_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    socket.local_addr().ok().map(|at| at.ip()).filter(|ip| !ip.is_loopback())
}
