//! `zhendi` alone, as a double-click starts it: finds the portal or offers to make one, then does what `serve --open`
//! does. A double-clicked window closes with its program, so whatever ends it is left to be read until Enter is pressed.

use std::path::{Path, PathBuf};

use super::args::Serve;
use super::console::{Console, Failure, shown};
use super::{init, place, serve};

/// Runs until it is broken off; where nobody can be asked, `help` is the answer.
pub fn start(help: String, console: &Console) -> Result<(), Failure> {
    if !console.can_ask() {
        return Err(Failure::Help(help));
    }
    let ended = open(console).map_err(|failure| Failure::Said(console.fail(failure)));
    console.ask("\n按回车键结束。");
    ended
}

fn open(console: &Console) -> Result<(), Failure> {
    let root = match place::around() {
        Some(root) => root,
        None => match offer(console)? {
            Some(root) => root,
            None => return Ok(()),
        },
    };
    console.say(&format!("门户：    {}\n", shown(&root)));
    serve(&Serve::open(root), console)
}

/// Makes a portal if that is wanted.
fn offer(console: &Console) -> Result<Option<PathBuf>, Failure> {
    let here = place::whole(Path::new("."));
    let folder = here.join(place::OFFERED);
    console.say(&format!(
        "没有找到门户：{} 和它上面的各级文件夹里都没有 zhendi.toml。\n\n要新建一个吗？会建在 {}，每个栏目里有一篇样例。\n",
        shown(&here),
        shown(&folder),
    ));
    loop {
        let answer = console.ask("按回车键新建；不建，输入 n 再按回车键：").map(|answer| answer.to_lowercase());
        match answer.as_deref() {
            Some("" | "y" | "yes" | "是") => break,
            Some("n" | "no" | "不" | "否") | None => {
                console.say(
                    "\n什么都没有建。\n已经有门户的，把本程序放进门户的文件夹（有 zhendi.toml 的那一个）再启动；想建在别处，把本程序放到那里再启动。\n",
                );
                return Ok(None);
            }
            Some(_) => {}
        }
    }
    init::make(&folder)?;
    console.say("\n门户建好了。文章在里面的 content 文件夹，用记事本就能改。\n\n");
    Ok(Some(folder))
}
