//! `zhendi list`: what is not published, and why, in a table.

use zhendi::diag::Counts;
use zhendi::source::{Options, Sources};

use super::args;
use super::console::{Console, Failure};
use super::place;
use super::summary::{Why, absent};
use super::table::table;

/// Runs the command.
pub fn list(args: &args::List, console: &Console) -> Result<(), Failure> {
    let (root, config) = place::portal(&args.portal)?;
    let clock = place::clock(args.date)?;
    let output = Some(place::output(&root, None));
    let sources = Sources::read(&root, Options { config, clock, output, ..Options::default() });
    // Where the configuration cannot be read, what is a page and what its day is are guesses.
    let broken: Vec<_> =
        sources.problems().iter().filter(|one| one.is_error() && one.code.0.starts_with("E08")).cloned().collect();
    if !broken.is_empty() {
        console.report(broken, &root);
        return Err(Failure::Said(1));
    }
    let build = zhendi::build(&sources, None);
    let all = !(args.drafts || args.future || args.expired);
    let wanted = |why| {
        all || match why {
            Why::Draft => args.drafts,
            Why::Future => args.future,
            Why::Expired => args.expired,
        }
    };
    let pages: Vec<_> = absent(&build).into_iter().filter(|page| wanted(page.why)).collect();
    if pages.is_empty() {
        console.say("没有这样的文章。\n");
    } else {
        let head = ["状态", "日期", "标题", "文件"].map(str::to_owned);
        let rows: Vec<_> = std::iter::once(head).chain(pages.iter().map(|page| page.row())).collect();
        console.say(&format!("{}\n共 {} 篇。\n", table(&rows), pages.len()));
    }
    let errors = Counts::of(build.diagnostics()).errors;
    if errors > 0 {
        console.mind(&format!("门户里还有 {errors} 个错误，上面的列表可能不全。运行 zhendi build 看是哪些。\n"));
    }
    Ok(())
}
