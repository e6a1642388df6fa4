//! What may be typed, with its help in Chinese, and the first step of every run: from the words to a [`Command`].

use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::error::ErrorKind;
use clap::{Arg, Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use zhendi::diag::Format;
use zhendi::source::Names;
use zhendi::watch::How;

use super::console::{Console, Failure};
use super::usage;

const TOP: &str = "{about}\n\n用法：{usage}\n\n命令：\n{subcommands}\n\n选项：\n{options}{after-help}\n";
const WITH_OPTIONS: &str = "{about}\n\n用法：{usage}\n\n选项：\n{options}{after-help}\n";
const WITH_WORDS: &str = "{about}\n\n用法：{usage}\n\n参数：\n{positionals}\n\n选项：\n{options}{after-help}\n";

/// What a run is to do.
#[derive(Debug)]
pub enum Ask {
    /// Only to say this: help or version.
    Text(String),
    /// Nothing was typed at all, as when the program is double-clicked; with the help, for when nobody sits there.
    Start(String),
    /// To carry out a command.
    Do(Command),
}

#[derive(Debug, Parser)]
#[command(
    name = "zhendi",
    version,
    about = "阵地：把一个文件夹的文章生成为各办公区的宣传网站",
    override_usage = "zhendi 命令 [选项]",
    help_template = TOP,
    after_help = "只输入 zhendi（或者双击它）：找到门户，打开预览；没有门户的，帮您建一个。\n每个命令的详细用法：zhendi 命令 --help",
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[arg(short, long, global = true, action = clap::ArgAction::Help, help = "显示这份说明", display_order = 100)]
    help: (),
    #[arg(short = 'V', long, action = clap::ArgAction::Version, help = "显示版本号", display_order = 101)]
    version: (),
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    #[command(
        about = "新建一个小门户，马上就能生成",
        override_usage = "zhendi init [DIR]",
        help_template = WITH_WORDS,
        after_help = "例子：\n  zhendi init 宣传门户      在当前位置建一个叫“宣传门户”的文件夹\n  zhendi init               就建在当前文件夹里"
    )]
    Init(Init),
    #[command(
        about = "按模板新建一篇文章（先是草稿）",
        override_usage = "zhendi new KIND/NAME [选项]",
        help_template = WITH_WORDS,
        after_help = "例子：\n  zhendi new 通知/十二月集中学习安排\n  zhendi new case/刷出来的好评\n  zhendi new notices/征稿/冬季征稿\n\n已有的文章不会被覆盖。门户里有 archetypes/KIND.md 的，用它作模板。"
    )]
    New(New),
    #[command(
        about = "生成网站",
        override_usage = "zhendi build [选项]",
        help_template = WITH_OPTIONS,
        after_help = "有任何错误时什么都不发布，原来的网站原样保留。\n退出码：0 已生成，1 门户里有错误，2 命令写错了。"
    )]
    Build(BuildArgs),
    #[command(
        about = "边写边看：生成、预览，保存后网页自动更新",
        override_usage = "zhendi serve [选项]",
        help_template = WITH_OPTIONS,
        mut_args(previewed),
        after_help = "预览不写 public 文件夹，正式网站保持原样。按 Ctrl+C 结束。\n例子：\n  zhendi serve --open          启动并打开浏览器\n  zhendi serve -i 0.0.0.0      让同一网络里的人也能看"
    )]
    Serve(Serve),
    #[command(
        about = "生成网站，并且一有改动就更新它",
        override_usage = "zhendi watch [选项]",
        help_template = WITH_OPTIONS,
        after_help = "给办公室的网站服务器或展示屏用：输出文件夹总是最新、总是完整的。\n改动里有错误时，网站保持上一次的样子，改好后自动更新。按 Ctrl+C 结束。"
    )]
    Watch(WatchArgs),
    #[command(
        about = "列出没有发布的文章：草稿、未到日期的、已下线的",
        override_usage = "zhendi list [选项]",
        help_template = WITH_OPTIONS,
        after_help = "不写 --drafts、--future、--expired 时，三类都列出。"
    )]
    List(List),
    #[command(
        about = "删除生成的网站，不动别人放的文件",
        override_usage = "zhendi clean [选项]",
        help_template = WITH_OPTIONS
    )]
    Clean(Clean),
    #[command(
        about = "从网页服务器的日志看各块屏幕是否正常",
        override_usage = "zhendi screens LOG… [选项]",
        help_template = WITH_WORDS,
        after_help = "例子：\n  zhendi screens /var/log/nginx/access.log\n  zhendi screens access.log access.log.1 access.log.2.gz\n\n屏幕要先在 zhendi.toml 里写 beacon 才会报平安。在门户的文件夹里运行，还会列出从没有消息的屏幕。"
    )]
    Screens(Screens),
    #[command(
        about = "写出一块屏幕的机器要用的安装文件",
        override_usage = "zhendi kiosk-setup SCREEN [选项]",
        help_template = WITH_WORDS,
        after_help = "例子：\n  zhendi kiosk-setup east/lobby                                  用 U 盘送文件\n  zhendi kiosk-setup east/lobby --from web@10.0.0.1:/srv/portal/east/kiosk/lobby\n  zhendi kiosk-setup east/lobby --url http://10.0.0.1/east/kiosk/lobby/\n\n已有的文件不会被覆盖。"
    )]
    KioskSetup(KioskSetup),
}

/// Which portal.
#[derive(Debug, Args)]
pub struct Portal {
    #[arg(short, long, value_name = "ROOT", help = "门户所在的文件夹（默认从当前文件夹往上找 zhendi.toml）")]
    pub root: Option<PathBuf>,
    #[arg(short, long, value_name = "CONFIG", help = "用另一个配置文件代替 zhendi.toml")]
    pub config: Option<PathBuf>,
}

/// What of a portal is wanted, and as of when: the same words wherever pages are made.
#[derive(Debug, Args)]
pub struct View {
    #[arg(long, value_name = "ID", num_args = 1.., value_delimiter = ',', help = "只生成这些办公区（写 zhendi.toml 里的 id，可写几个）")]
    pub edition: Vec<String>,
    #[arg(long, help = "草稿也生成出来，用来预览")]
    pub drafts: bool,
    #[arg(long, value_name = "DATE", value_parser = day, help = "当作这一天来生成，例如 2026-11-24（默认今天）")]
    pub date: Option<Date>,
    #[arg(
        long,
        value_name = "NAMES",
        value_enum,
        default_value = "hashed",
        hide_default_value = true,
        hide_possible_values = true,
        help = "图片等文件的名字：hashed 带校验码（默认），plain 保持原名"
    )]
    pub names: NamesArg,
}

/// To whom a command talks.
#[derive(Debug, Args)]
pub struct Told {
    #[arg(
        long,
        value_name = "FORMAT",
        value_enum,
        default_value = "human",
        hide_default_value = true,
        hide_possible_values = true,
        help = "输出给谁看：human 给人看（默认），json 给程序读"
    )]
    pub format: FormatArg,
}

/// How changes are noticed, by `serve` and `watch`.
#[derive(Debug, Default, Args)]
pub struct Notice {
    #[arg(long, help = "定时查看文件有没有改动，不等系统通知（文章在网络盘上、改了不更新时用）")]
    poll: bool,
}

impl Notice {
    /// What was asked for.
    pub fn how(&self) -> How {
        if self.poll { How::Poll } else { How::Auto }
    }
}

/// `init`.
#[derive(Debug, Args)]
pub struct Init {
    #[arg(
        value_name = "DIR",
        default_value = ".",
        hide_default_value = true,
        help = "建在哪个文件夹（默认当前文件夹）"
    )]
    pub dir: PathBuf,
}

/// `new`.
#[derive(Debug, Args)]
pub struct New {
    #[arg(value_name = "KIND/NAME", help = "类型或栏目，斜杠，文章标题")]
    pub what: String,
    #[command(flatten)]
    pub portal: Portal,
}

/// `build`.
#[derive(Debug, Args)]
pub struct BuildArgs {
    #[command(flatten)]
    pub portal: Portal,
    #[arg(short, long, value_name = "DIR", help = "网站放在哪个文件夹（默认门户里的 public）")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub view: View,
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512), help = "同时用几个处理器核心（默认全部）")]
    pub jobs: Option<u16>,
    #[command(flatten)]
    pub told: Told,
}

/// `serve`.
#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    pub portal: Portal,
    #[arg(
        short,
        long,
        value_name = "PORT",
        default_value = "1111",
        hide_default_value = true,
        help = "网址里的端口（默认 1111；被占用时自动往后找）"
    )]
    pub port: u16,
    #[arg(
        short,
        long,
        value_name = "ADDR",
        default_value = "127.0.0.1",
        hide_default_value = true,
        help = "在哪个地址上预览（默认 127.0.0.1，只有本机能看；0.0.0.0 让别人也能看）"
    )]
    pub interface: IpAddr,
    #[arg(long, value_name = "NAME", num_args = 1.., value_delimiter = ',', help = "还允许用这些名字打开预览（主机名或域名，可写几个）")]
    pub allow_host: Vec<String>,
    #[arg(long, help = "启动后打开浏览器")]
    pub open: bool,
    #[command(flatten)]
    pub notice: Notice,
    #[command(flatten)]
    pub view: View,
    #[arg(long, help = "每次更新都写明时间花在哪里")]
    pub times: bool,
}

impl Serve {
    /// What `zhendi serve --open -r ROOT` asks for.
    pub fn open(root: PathBuf) -> Self {
        Self {
            portal: Portal { root: Some(root), config: None },
            port: 1111,
            interface: Ipv4Addr::LOCALHOST.into(),
            allow_host: Vec::new(),
            open: true,
            notice: Notice::default(),
            view: View { edition: Vec::new(), drafts: false, date: None, names: NamesArg(Names::Plain) },
            times: false,
        }
    }
}

/// `watch`.
#[derive(Debug, Args)]
pub struct WatchArgs {
    #[command(flatten)]
    pub build: BuildArgs,
    #[command(flatten)]
    pub notice: Notice,
}

/// `list`.
#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    pub portal: Portal,
    #[arg(long, help = "只列草稿")]
    pub drafts: bool,
    #[arg(long, help = "只列未到发布日期的")]
    pub future: bool,
    #[arg(long, help = "只列已下线的")]
    pub expired: bool,
    #[arg(long, value_name = "DATE", value_parser = day, help = "当作这一天来看，例如 2026-11-24（默认今天）")]
    pub date: Option<Date>,
}

/// `clean`.
#[derive(Debug, Args)]
pub struct Clean {
    #[command(flatten)]
    pub portal: Portal,
    #[arg(short, long, value_name = "DIR", help = "网站在哪个文件夹（默认门户里的 public）")]
    pub output: Option<PathBuf>,
}

/// `screens`.
#[derive(Debug, Args)]
pub struct Screens {
    #[arg(value_name = "LOG", required = true, num_args = 1.., help = "访问日志（可写几个，.gz 也行；- 是标准输入）")]
    pub logs: Vec<PathBuf>,
    #[command(flatten)]
    pub portal: Portal,
    #[command(flatten)]
    pub told: Told,
}

/// `kiosk-setup`.
#[derive(Debug, Args)]
pub struct KioskSetup {
    #[arg(value_name = "SCREEN", help = "哪一块屏幕：办公区/屏幕，写 zhendi.toml 里的 id")]
    pub screen: String,
    #[arg(short, long, value_name = "DIR", help = "写到哪个文件夹（默认 kiosk-办公区-屏幕）")]
    pub output: Option<PathBuf>,
    #[arg(
        long,
        value_name = "SOURCE",
        conflicts_with = "url",
        help = "机器从哪里取新的一版：rsync 的来源，或者挂上的共享盘"
    )]
    pub from: Option<String>,
    #[arg(long, value_name = "URL", help = "不放在本机，直接从网页服务器放映：屏幕的网址")]
    pub url: Option<String>,
    #[command(flatten)]
    pub portal: Portal,
}

/// `--names`.
#[derive(Clone, Copy, Debug)]
pub struct NamesArg(pub Names);

impl ValueEnum for NamesArg {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self(Names::Hashed), Self(Names::Plain)]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self.0 {
            Names::Hashed => "hashed",
            Names::Plain => "plain",
        }))
    }
}

/// `--format`.
#[derive(Clone, Copy, Debug)]
pub struct FormatArg(pub Format);

impl ValueEnum for FormatArg {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self(Format::Human), Self(Format::Json)]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self.0 {
            Format::Human => "human",
            Format::Json => "json",
        }))
    }
}

/// The words of [`View`] as the preview means them; names stay there while a file changes.
fn previewed(arg: Arg) -> Arg {
    match arg.get_id().as_str() {
        "edition" => arg.help("只看这些办公区（写 zhendi.toml 里的 id，可写几个）"),
        "drafts" => arg.help("草稿也生成出来"),
        "date" => arg.help("当作这一天来看，例如 2026-11-24（默认今天）"),
        "names" => arg.default_value("plain").help("图片等文件的名字：plain 保持原名（默认），hashed 带校验码"),
        _ => arg,
    }
}

/// A date as it is typed. What is wrong with one is said by [`usage`], so no words are lost on it here.
fn day(text: &str) -> Result<Date, &'static str> {
    let plain = text.replace(['/', '.'], "-");
    plain.trim().parse().map_err(|_| "")
}

/// What is asked for, and where to say the answer.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> (Result<Ask, Failure>, Console) {
    let args: Vec<OsString> = args.into_iter().collect();
    match Cli::try_parse_from(&args) {
        Ok(cli) => {
            let format = match &cli.command {
                Command::Build(options) => options.told.format.0,
                Command::Watch(options) => options.build.told.format.0,
                Command::Screens(options) => options.told.format.0,
                _ => Format::Human,
            };
            (Ok(Ask::Do(cli.command)), Console::new(format))
        }
        Err(error) => {
            let ask = match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Ok(Ask::Text(error.to_string())),
                ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => Ok(Ask::Start(error.to_string())),
                _ => Err(Failure::Usage(Box::new(usage::explain(&error, &args)))),
            };
            (ask, Console::new(usage::format(&args)))
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn clap_finds_nothing_wrong_with_the_definition() {
        Cli::command().debug_assert();
    }

    #[test]
    fn what_a_double_click_asks_for_is_serve_open() {
        let (ask, _) = parse(["zhendi", "serve", "--open", "-r", "门户"].map(OsString::from));
        let Ok(Ask::Do(Command::Serve(typed))) = ask else { panic!("{ask:?}") };
        assert_eq!(format!("{:?}", Serve::open("门户".into())), format!("{typed:?}"));
    }

    #[test]
    fn a_date_may_be_typed_with_strokes_or_dots() {
        for text in ["2026-11-24", "2026/11/24", "2026.11.24"] {
            assert_eq!(day(text), Ok(jiff::civil::date(2026, 11, 24)), "{text}");
        }
        assert!(day("2026-02-30").is_err());
        assert!(day("明天").is_err());
    }
}
