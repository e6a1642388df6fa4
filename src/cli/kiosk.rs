//! `zhendi kiosk-setup`: everything that the machine of one screen needs, filled in: how the browser is started and kept alive, what
//! it may not do, and how a new version gets there. The files stand in `kiosk/`, with marks where something belongs.

use std::path::Path;
use std::sync::Arc;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use zhendi::diag::{Diagnostic, KIOSK_SCREEN_UNKNOWN_HERE, KIOSK_SETUP_EXISTS, nearest};
use zhendi::source::{Office, Options, Orientation, Screen, Sources};

use super::console::{Console, Failure, shown};
use super::{args, files, place};

const LINUX: [(&str, &str); 12] = [
    ("install.sh", include_str!("kiosk/linux/install.sh")),
    ("zhendi-kiosk.sh", include_str!("kiosk/linux/zhendi-kiosk.sh")),
    ("zhendi-kiosk.service", include_str!("kiosk/linux/zhendi-kiosk.service")),
    ("zhendi-kiosk.desktop", include_str!("kiosk/linux/zhendi-kiosk.desktop")),
    ("zhendi-watchdog.sh", include_str!("kiosk/linux/zhendi-watchdog.sh")),
    ("zhendi-watchdog.service", include_str!("kiosk/linux/zhendi-watchdog.service")),
    ("zhendi-watchdog.timer", include_str!("kiosk/linux/zhendi-watchdog.timer")),
    ("hardware-watchdog.conf", include_str!("kiosk/linux/hardware-watchdog.conf")),
    ("zhendi-copy.sh", include_str!("kiosk/linux/zhendi-copy.sh")),
    ("zhendi-copy.service", include_str!("kiosk/linux/zhendi-copy.service")),
    ("zhendi-copy.timer", include_str!("kiosk/linux/zhendi-copy.timer")),
    ("policy.json", include_str!("kiosk/linux/policy.json")),
];

const WINDOWS: [(&str, &str); 3] = [
    ("zhendi-kiosk.bat", include_str!("kiosk/windows/zhendi-kiosk.bat")),
    ("zhendi-copy.bat", include_str!("kiosk/windows/zhendi-copy.bat")),
    ("policy.reg", include_str!("kiosk/windows/policy.reg")),
];

const TOLD: (&str, &str) = ("安装说明.txt", include_str!("kiosk/安装说明.txt"));

/// Runs the command.
pub fn kiosk_setup(args: &args::KioskSetup, console: &Console) -> Result<(), Failure> {
    let (root, config) = place::portal(&args.portal)?;
    let sources = Sources::read(&root, Options { config, ..Options::default() });
    let (office, screen) = find(sources.config().offices(), &args.screen)?;
    let setup = Setup::new(office, screen, args);
    let folder = place::whole(args.output.as_deref().unwrap_or(Path::new(&setup.folder_name)));
    let all: Vec<(String, String)> = setup.files().collect();
    if let Some((name, _)) = all.iter().find(|(name, _)| files::exists(&folder.join(name))) {
        return Err(exists(&folder, name));
    }
    for (name, text) in &all {
        files::create(&folder.join(name), text)?;
    }
    console.say(&format!(
        "“{}”的安装文件写好了：{}\n\n  安装说明.txt   先看这一份\n  linux/         Debian、统信 UOS：在那台机器上运行 sudo sh install.sh\n  windows/       Windows 的快捷方式、复制脚本和浏览器规定\n",
        setup.name,
        shown(&folder),
    ));
    Ok(())
}

/// The screen that is meant: by `office/screen`, or by id or name where only one bears it.
fn find<'c>(offices: &'c [Arc<Office>], wanted: &str) -> Result<(&'c Office, &'c Screen), Failure> {
    let all = || offices.iter().flat_map(|office| office.screens.iter().map(move |screen| (&**office, &**screen)));
    let id = |(office, screen): (&Office, &Screen)| format!("{}/{}", office.id, screen.id);
    let is_it = |(office, screen): &(&Office, &Screen)| {
        id((office, screen)) == wanted || *screen.id == *wanted || *screen.name == *wanted
    };
    let found: Vec<_> = all().filter(is_it).collect();
    if let [one] = found[..] {
        return Ok(one);
    }
    let ids: Vec<String> = all().map(id).collect();
    let (message, cause) = match found.len() {
        0 => (format!("没有叫“{wanted}”的屏幕"), "屏幕写在 zhendi.toml 的 [[offices.screens]] 里。"),
        _ => (format!("不止一块屏幕叫“{wanted}”"), "几个办公区都有这个编号，不知道是哪一块。"),
    };
    let near = nearest(wanted, ids.iter().map(String::as_str));
    let cure = match near.first() {
        Some(near) if found.is_empty() => format!("是否想写 {near}？"),
        _ => "写成 办公区/屏幕，例如 east/lobby。".to_owned(),
    };
    let known = if ids.is_empty() { "一块也没有".to_owned() } else { ids.join("、") };
    let diagnostic = Diagnostic::error(KIOSK_SCREEN_UNKNOWN_HERE, message).cause(cause).cure(cure);
    Err(Failure::Usage(Box::new(diagnostic.with_note(format!("门户里的屏幕：{known}")))))
}

/// What stands in the place of the marks.
struct Setup {
    name: String,
    folder_name: String,
    marks: Vec<(&'static str, String)>,
}

/// What may not stand in the path of an address.
const PATH: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'<').add(b'>').add(b'?').add(b'`').add(b'\'');

impl Setup {
    fn new(office: &Office, screen: &Screen, args: &args::KioskSetup) -> Self {
        let id = format!("{}/kiosk/{}", office.id, screen.id);
        let name = format!("{} {}", office.short, screen.name);
        let local = format!("{}-{}", office.id, screen.id);
        let (folder, windows_folder) = (format!("/var/lib/zhendi/{local}"), format!("C:\\zhendi\\{local}"));
        let encoded = |path: &str| utf8_percent_encode(path, PATH).to_string();
        let online = args.url.as_deref().map(|url| url.trim_end_matches("index.html").trim_end_matches('/').to_owned());
        let (base, windows_base) = match &online {
            Some(url) => (url.clone(), url.clone()),
            None => (
                format!("file://{}", encoded(&folder)),
                format!("file:///{}", encoded(&windows_folder.replace('\\', "/"))),
            ),
        };
        let from = args.from.clone().unwrap_or_default();
        let timed = online.is_none() && !from.is_empty();
        let (way, linux_copy, windows_copy) = match (&online, from.is_empty()) {
            (Some(url), _) => (
                format!("它直接从网页服务器放映：{url}/；断网时照放已经打开的那一版。"),
                "不用复制文件。".to_owned(),
                "不用复制文件。".to_owned(),
            ),
            (None, false) => (
                format!("它从本机的文件夹放映，不需要网络；有网络时每五分钟从 {from} 取新的一版。"),
                "先运行一次 sudo /usr/local/lib/zhendi/zhendi-copy.sh，看到 version.js 就行了；以后它自己取。"
                    .to_owned(),
                format!(
                    "运行一次 zhendi-copy.bat，文件到了 {windows_folder}；在“任务计划程序”里让它每五分钟运行一次。"
                ),
            ),
            (None, true) => (
                "它从本机的文件夹放映，不需要网络；新的一版用 U 盘送去。".to_owned(),
                format!(
                    "用 U 盘带来 public/{id} 文件夹，运行：sudo /usr/local/lib/zhendi/zhendi-copy.sh /media/…/{id}"
                ),
                format!(
                    "用 U 盘带来 public\\{} 文件夹，运行：zhendi-copy.bat 来源；文件到了 {windows_folder}。",
                    id.replace('/', "\\")
                ),
            ),
        };
        let rotate = if screen.orientation == Orientation::Portrait { "left" } else { "" };
        let copying = match timed {
            true => "systemctl enable --now zhendi-copy.timer",
            false => "# 没有可以自己去取的来源：用 zhendi-copy.sh 从 U 盘复制。",
        };
        let marks = vec![
            ("@NAME@", quoted(&name)),
            ("@ID@", id.clone()),
            ("@PAGE@", format!("{base}/index.html")),
            ("@ALLOW@", format!("{base}/")),
            ("@ROTATE@", rotate.to_owned()),
            ("@FROM@", quoted(&from)),
            ("@FOLDER@", folder),
            ("@COPYING@", copying.to_owned()),
            ("@WAY@", way),
            ("@LINUX_COPY@", linux_copy),
            ("@WINDOWS_COPY@", windows_copy),
            // A batch file reads a percent sign twice as one.
            ("@WINDOWS_PAGE@", format!("{windows_base}/index.html").replace('%', "%%")),
            ("@WINDOWS_ALLOW@", format!("{windows_base}/")),
            ("@WINDOWS_FROM@", from.replace('%', "%%")),
            ("@WINDOWS_FOLDER@", windows_folder),
            ("@WINDOWS_ID@", id.replace('/', "\\")),
        ];
        Self { name, folder_name: format!("kiosk-{local}"), marks }
    }

    /// Path and text of each file.
    fn files(&self) -> impl Iterator<Item = (String, String)> {
        let fill =
            |text: &str| self.marks.iter().fold(text.to_owned(), |text, (mark, value)| text.replace(mark, value));
        let crlf = |text: String| text.replace('\n', "\r\n");
        let linux = LINUX.iter().map(move |(name, text)| (format!("linux/{name}"), fill(text)));
        let windows = WINDOWS.iter().map(move |(name, text)| (format!("windows/{name}"), crlf(fill(text))));
        linux.chain(windows).chain(std::iter::once((TOLD.0.to_owned(), crlf(fill(TOLD.1)))))
    }
}

/// A text that stands between single quotes of a shell, on one line.
fn quoted(text: &str) -> String {
    text.replace(char::is_control, " ").replace('\'', "’")
}

fn exists(folder: &Path, name: &str) -> Failure {
    Failure::Usage(Box::new(
        Diagnostic::error(KIOSK_SETUP_EXISTS, format!("{} 里已经有 {name}", shown(folder)))
            .cause("可能有人改过它；再写一次会盖掉，所以什么都没有动。")
            .cure("不要了就删去那个文件夹，或者用 -o 换一个文件夹。"),
    ))
}
