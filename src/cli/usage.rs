//! Wrong usage in plain Chinese: what clap found is told as a diagnostic of our own, with what was probably meant.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use zhendi::diag::{
    Diagnostic, Format, USAGE_CONFLICT, USAGE_INCOMPLETE, USAGE_UNKNOWN_COMMAND, USAGE_UNKNOWN_OPTION, USAGE_VALUE,
    nearest,
};

/// Every command by name, as it stands in the help.
const COMMANDS: [&str; 9] = ["init", "new", "build", "serve", "watch", "list", "clean", "screens", "kiosk-setup"];

/// What is wrong with `args`.
pub fn explain(error: &clap::Error, args: &[OsString]) -> Diagnostic {
    let command = args.iter().skip(1).filter_map(|arg| arg.to_str()).find(|arg| COMMANDS.contains(arg));
    let help = command.map_or_else(|| "zhendi --help".to_owned(), |command| format!("zhendi {command} --help"));
    let look = format!("运行 {help} 看可以怎么写。");
    let option = word(error, ContextKind::InvalidArg).unwrap_or_default();
    let option = option.split(' ').next().unwrap_or_default();
    let other = word(error, ContextKind::PriorArg).unwrap_or_default();
    let other = other.split(' ').next().unwrap_or_default();
    let value = word(error, ContextKind::InvalidValue).unwrap_or_default();
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let typed = word(error, ContextKind::InvalidSubcommand).unwrap_or_default();
            let near = nearest(&typed, COMMANDS);
            let guess = near.first().map(|near| format!("是否想写 zhendi {near}？")).unwrap_or_default();
            Diagnostic::error(USAGE_UNKNOWN_COMMAND, format!("没有叫“{typed}”的命令"))
                .cause(format!("可以用的命令是 {}。", COMMANDS.join("、")))
                .cure(format!("{guess}{look}"))
        }
        ErrorKind::MissingSubcommand => Diagnostic::error(USAGE_INCOMPLETE, "没有写要做什么")
            .cause(format!("zhendi 后面要写一个命令：{}。", COMMANDS.join("、")))
            .cure(look),
        ErrorKind::UnknownArgument if command.is_some_and(|name| before(args, option, name)) => {
            let command = command.unwrap_or_default();
            Diagnostic::error(USAGE_UNKNOWN_OPTION, format!("{option} 写在了命令 {command} 的前面"))
                .cause("zhendi 后面先写命令，再写这个命令的选项。")
                .cure(format!("例如写成 zhendi {command} {option} …… 。{look}"))
        }
        ErrorKind::UnknownArgument => unknown(error, option, command, &look),
        ErrorKind::InvalidValue | ErrorKind::NoEquals | ErrorKind::TooFewValues if value.is_empty() => {
            Diagnostic::error(USAGE_INCOMPLETE, format!("{option} 后面没有写内容"))
                .cause(meaning(option))
                .cure(format!("{}{look}", example(option)))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let near = match error.get(ContextKind::ValidValue) {
                Some(ContextValue::Strings(known)) => nearest(&value, known.iter().map(String::as_str))
                    .first()
                    .map(|near| format!("是否想写 {option} {near}？")),
                _ => None,
            };
            Diagnostic::error(USAGE_VALUE, format!("{option} 后面不能写“{value}”"))
                .cause(meaning(option))
                .cure(format!("{}{look}", near.unwrap_or_else(|| example(option))))
        }
        ErrorKind::MissingRequiredArgument => {
            let what = if option.is_empty() { "必要的内容" } else { option };
            Diagnostic::error(USAGE_INCOMPLETE, format!("命令没有写完，缺少 {what}"))
                .cause(meaning(option))
                .cure(format!("{}{look}", example(option)))
        }
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues => {
            Diagnostic::error(USAGE_VALUE, format!("{option} 后面多写了“{value}”"))
                .cause("这个选项后面不用写内容，写上它就起作用。")
                .cure(format!("只写 {option} 。"))
        }
        ErrorKind::ArgumentConflict if !other.is_empty() && other != option => {
            Diagnostic::error(USAGE_CONFLICT, format!("{option} 和 {other} 不能一起写"))
                .cause("两个选项说的是两种做法，不知道该听哪一个。")
                .cure("只留一个。")
        }
        ErrorKind::ArgumentConflict => Diagnostic::error(USAGE_CONFLICT, format!("{option} 写了不止一次"))
            .cause("同一个选项写几次，不知道该听哪一个。")
            .cure("只留一个。"),
        ErrorKind::InvalidUtf8 => Diagnostic::error(USAGE_VALUE, "命令里有认不出的文字")
            .cause("命令里的文字要用 UTF-8 编码。")
            .cure("重新输入一遍命令，不要从别的程序里粘贴。"),
        _ => Diagnostic::error(USAGE_CONFLICT, "这条命令看不懂").cause("写法与任何一个命令都对不上。").cure(look),
    }
}

/// Whether an option stands before the command.
fn before(args: &[OsString], option: &str, command: &str) -> bool {
    let at =
        |word: &str| args.iter().position(|arg| arg.to_str().is_some_and(|arg| arg.split('=').next() == Some(word)));
    option.starts_with('-') && matches!((at(option), at(command)), (Some(option), Some(command)) if option < command)
}

fn unknown(error: &clap::Error, option: &str, command: Option<&str>, look: &str) -> Diagnostic {
    if !option.starts_with('-') {
        let cure = match command {
            Some("new") => "标题里有空格时，用英文双引号把整个“类型/标题”括起来。".to_owned(),
            Some("serve") => "想指定门户的文件夹，写成 -r 文件夹；想换端口，写成 -p 端口。".to_owned(),
            Some("build" | "watch" | "list" | "clean") => {
                "想指定门户的文件夹，写成 -r 文件夹；想指定网站的文件夹，写成 -o 文件夹。".to_owned()
            }
            _ => "文件夹的名字里有空格时，用英文双引号把它括起来。".to_owned(),
        };
        return Diagnostic::error(USAGE_UNKNOWN_OPTION, format!("多写了“{option}”"))
            .cause("这个命令到这里已经写完了，不知道这一段是什么意思。")
            .cure(format!("{cure}{look}"));
    }
    let guess = word(error, ContextKind::SuggestedArg).map(|near| format!("是否想写 {near}？")).unwrap_or_default();
    let of = command.map_or_else(|| "zhendi".to_owned(), |command| format!("zhendi {command}"));
    Diagnostic::error(USAGE_UNKNOWN_OPTION, format!("{of} 没有 {option} 这个选项"))
        .cause("选项的名字要与说明里的一字不差。")
        .cure(format!("{guess}{look}"))
}

/// What has to stand after an option.
fn meaning(option: &str) -> &'static str {
    match option {
        "--date" => "这里要写日历上有的一天：四位年、两位月、两位日，用减号隔开。",
        "--jobs" => "这里要写 1 到 512 之间的整数，表示同时用几个处理器核心。",
        "--names" => "这里只能写 hashed（带校验码）或 plain（保持原名）。",
        "--format" => "这里只能写 human（给人看）或 json（给程序读）。",
        "--edition" => "这里要写办公区的编号，也就是 zhendi.toml 里 [[offices]] 的 id。",
        "--port" => "这里要写 0 到 65535 之间的整数，就是网址里冒号后面的数。",
        "--interface" => "这里要写本机的一个 IP 地址，不能写名字。",
        "--allow-host" => "这里要写别人打开预览时用的主机名或域名。",
        "--root" => "这里要写门户所在的文件夹。",
        "--output" => "这里要写存放网站的文件夹。",
        "--config" => "这里要写配置文件的位置。",
        "--from" => "这里要写机器从哪里取新的一版：rsync 的来源，或者挂上的共享盘里的文件夹。",
        "--url" => "这里要写屏幕在网页服务器上的网址。",
        "<LOG>..." => "要写明看哪个日志文件。",
        "<SCREEN>" => "要写明是哪一块屏幕：办公区的编号、斜杠、屏幕的编号。",
        "<KIND/NAME>" => "新建文章要写明类型（或栏目）和标题，中间用斜杠隔开。",
        _ => "少了这一项，不知道要做什么。",
    }
}

fn example(option: &str) -> String {
    let line = match option {
        "--date" => "--date 2026-11-24",
        "--jobs" => "--jobs 2",
        "--names" => "--names plain",
        "--format" => "--format json",
        "--edition" => "--edition east",
        "--port" => "-p 8000",
        "--interface" => "-i 0.0.0.0",
        "--allow-host" => "--allow-host yulan.example.gov.cn",
        "--root" => "-r 宣传门户",
        "--output" => "-o public",
        "--config" => "-c zhendi.toml",
        "--from" => "--from web@10.0.0.1:/srv/portal/east/kiosk/lobby",
        "--url" => "--url http://10.0.0.1/east/kiosk/lobby/",
        "<LOG>..." => "zhendi screens /var/log/nginx/access.log",
        "<SCREEN>" => "zhendi kiosk-setup east/lobby",
        "<KIND/NAME>" => "zhendi new 通知/十二月集中学习安排",
        _ => return String::new(),
    };
    format!("例如写成 {line} 。")
}

fn word(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => texts.first().cloned(),
        _ => None,
    }
}

/// The wanted format, as far as it can be told from words that do not parse.
pub fn format(args: &[OsString]) -> Format {
    let mut words = args.iter().filter_map(|arg| arg.to_str());
    let json = words.any(|word| word == "--format=json")
        || args.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json");
    if json { Format::Json } else { Format::Human }
}
