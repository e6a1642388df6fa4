//! `zhendi clean`: takes the generated site away, and nothing that Zhendi did not write.

use zhendi::output::{Portal, Target};

use super::args;
use super::console::{Console, Failure, shown};
use super::place;

/// Runs the command.
pub fn clean(args: &args::Clean, console: &Console) -> Result<(), Failure> {
    let (root, _) = place::portal(&args.portal)?;
    let output = place::output(&root, args.output.as_deref());
    let folders = place::sources(&root);
    let target = Target::open(&output, &Portal { root: &root, sources: &folders }).map_err(Failure::Fault)?;
    let cleaned = target.clean().map_err(Failure::Fault)?;
    console.report(cleaned.notes, &root);
    console.say(&match cleaned.deleted {
        0 => format!("{} 里没有 Zhendi 生成的文件，什么都没有删。\n", shown(&output)),
        deleted => {
            format!("已从 {} 删除 Zhendi 生成的 {deleted} 个文件。要恢复，再运行一次 zhendi build。\n", shown(&output))
        }
    });
    Ok(())
}
