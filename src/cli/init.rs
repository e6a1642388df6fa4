//! `zhendi init`: a small portal that builds at once, with one page of each kind to write over.

use std::path::Path;

use zhendi::diag::{Diagnostic, INIT_EXISTS};
use zhendi::source::{read_config, today};

use super::archetype::fill;
use super::args;
use super::console::{Console, Failure, shown};
use super::{files, place};

const CONFIG: &str = include_str!("starter/zhendi.toml");

const CONTENT: [(&str, &str); 8] = [
    ("content/study/_index.md", include_str!("starter/study/_index.md")),
    ("content/study/怎样写一篇学习资料.md", include_str!("starter/study/page.md")),
    ("content/cases/_index.md", include_str!("starter/cases/_index.md")),
    ("content/cases/怎样写一个典型案例.md", include_str!("starter/cases/page.md")),
    ("content/policy/_index.md", include_str!("starter/policy/_index.md")),
    ("content/policy/怎样写一篇政策解读.md", include_str!("starter/policy/page.md")),
    ("content/notices/_index.md", include_str!("starter/notices/_index.md")),
    ("content/notices/门户开通.md", include_str!("starter/notices/page.md")),
];

/// Runs the command.
pub fn init(args: &args::Init, console: &Console) -> Result<(), Failure> {
    let folder = place::whole(&args.dir);
    let had_content = make(&folder)?;
    let content = if had_content {
        "  content/       原来就有的，没有动\n"
    } else {
        "  content/       文章：学习 study、案例 cases、政策 policy、通知 notices，各有一篇样例\n"
    };
    let go = match shown(&args.dir) {
        here if here == "." => String::new(),
        there if there.contains(' ') => format!("  cd \"{there}\"\n"),
        there => format!("  cd {there}\n"),
    };
    console.say(&format!(
        "门户建好了：{}\n\n  zhendi.toml    门户的配置：单位名称、办公区、栏目\n{content}\n下一步：\n{go}  zhendi serve --open          打开预览：一边写，一边在浏览器里看\n  zhendi new 通知/文章标题     写一篇新通知\n  zhendi build                 写好了，生成网站\n",
        shown(&folder),
    ));
    Ok(())
}

/// Makes a portal in `folder`; says whether there was a `content` in it already, which then stays as it is.
pub fn make(folder: &Path) -> Result<bool, Failure> {
    let clock = place::clock(None)?;
    let had_content = files::exists(&folder.join("content"));
    if !files::create(&folder.join("zhendi.toml"), CONFIG)? {
        return Err(Failure::Usage(Box::new(
            Diagnostic::error(INIT_EXISTS, format!("{} 里已经有一个门户", shown(folder)))
                .cause("那里已有 zhendi.toml；再建一次会弄乱它，所以什么都没有改动。")
                .cure("要看它的样子，在那里运行 zhendi serve --open；要另建一个，换个文件夹，例如 zhendi init 新门户"),
        )));
    }
    let day = today(&clock, &read_config("zhendi.toml", CONFIG, &mut Vec::new()), &mut Vec::new());
    if !had_content {
        for (path, text) in CONTENT {
            files::create(&folder.join(path), &fill(text, "", day))?;
        }
    }
    Ok(had_content)
}
