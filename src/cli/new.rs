//! `zhendi new KIND/NAME`: an article from its kind's archetype, in that kind's section, as a draft of today.

use std::path::Path;

use zhendi::diag::{Diagnostic, NEW_EXISTS, NEW_KIND, NEW_NAME, nearest};
use zhendi::source::{Config, Options, Sources, is_reserved, today};

use super::args;
use super::console::{Console, Failure};
use super::{archetype, files, place};

/// Bytes that a name may have so that `NAME.md` fits every file system.
const LONGEST: usize = 200;

/// Runs the command.
pub fn new(args: &args::New, console: &Console) -> Result<(), Failure> {
    let (root, config) = place::portal(&args.portal)?;
    let clock = place::clock(None)?;
    let output = Some(place::output(&root, None));
    let sources = Sources::read(&root, Options { config, clock: clock.clone(), output, ..Options::default() });
    let config = sources.config();
    let broken: Vec<_> =
        sources.problems().iter().filter(|one| one.is_error() && one.code.0.starts_with("E08")).cloned().collect();
    if !broken.is_empty() {
        console.report(broken, &root);
        return Err(Failure::Said(1));
    }

    let what = args.what.replace('\\', "/");
    let (words, title) = what.rsplit_once('/').unwrap_or(("", &what));
    let title = title.trim().trim_end_matches(".md");
    let spot = locate(config, &sources, words).ok_or_else(|| no_kind(config, words, title))?;
    check_name(title, words)?;
    let path = format!("content/{}/{title}.md", spot.folder);
    if let Some(there) = taken(&root, &spot.folder, title) {
        return Err(exists(&there));
    }
    let text = archetype::of_kind(&root, &spot.kind)?;
    let text = archetype::fill(&text, title, today(&clock, config, &mut Vec::new()));
    if !files::create(&root.join(&path), &text)? {
        return Err(exists(&path));
    }
    console.say(&format!(
        "已新建 {path}\n\n用编辑器打开它，照里面的提示写。现在是草稿，网站上还看不到：\n  边写边看：  zhendi serve --open --drafts\n  写好要发布：删掉“草稿: true”那一行，再运行 zhendi build\n"
    ));
    Ok(())
}

/// Where an article goes.
struct Spot {
    /// Folder below `content/`.
    folder: String,
    kind: String,
}

/// What `words` mean: a kind's id or name, a section's path or menu word, each with folders below it.
fn locate(config: &Config, sources: &Sources, words: &str) -> Option<Spot> {
    let words = words.trim_matches('/');
    let words = words.strip_prefix("content/").unwrap_or(words);
    let parts: Vec<&str> = words.split('/').map(str::trim).collect();
    if parts.iter().any(|part| part.is_empty() || part.starts_with('.')) {
        return None;
    }
    let kind_of = |section: &zhendi::source::SectionConf| section.kind.as_deref().unwrap_or("notice").to_owned();
    let by_path = config
        .sections()
        .iter()
        .filter(|section| {
            words.strip_prefix(&*section.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
        .max_by_key(|section| section.path.len());
    if let Some(section) = by_path {
        return Some(Spot { folder: words.to_owned(), kind: kind_of(section) });
    }
    let (first, below) = parts.split_first()?;
    let kind = config.kind(first).map(|kind| kind.id.clone());
    let section = config
        .sections()
        .iter()
        .find(|section| kind.is_some() && section.kind == kind)
        .or_else(|| config.sections().iter().find(|section| section.nav.as_deref() == Some(first)));
    if let Some(section) = section {
        let folder = std::iter::once(&*section.path).chain(below.iter().copied()).collect::<Vec<_>>().join("/");
        return Some(Spot { folder, kind: kind_of(section) });
    }
    let prefix = format!("content/{words}/");
    let there = sources.files().iter().any(|file| file.path().starts_with(&prefix));
    there.then(|| Spot { folder: words.to_owned(), kind: "notice".to_owned() })
}

/// The page that has this name already, as a file or as a folder with `index.md`.
fn taken(root: &Path, folder: &str, title: &str) -> Option<String> {
    let stem = format!("content/{folder}/{title}");
    [format!("{stem}.md"), stem].into_iter().find(|path| files::exists(&root.join(path)))
}

fn no_kind(config: &Config, words: &str, title: &str) -> Failure {
    let names: Vec<String> = config
        .sections()
        .iter()
        .map(|section| match section.kind.as_deref().and_then(|kind| config.kind(kind)) {
            Some(kind) => format!("{}（{}）", section.path, kind.name),
            None => section.path.to_string(),
        })
        .collect();
    let known =
        config.sections().iter().map(|section| &*section.path).chain(config.kinds().iter().map(|kind| &*kind.name));
    let guess = nearest(words, known).first().map(|near| format!("是否想写 zhendi new {near}/{title}？"));
    let message = if words.is_empty() {
        format!("没有写“{title}”是哪一类文章")
    } else {
        format!("没有叫“{words}”的类型或栏目")
    };
    let cure = match (guess, names.first()) {
        (Some(guess), _) => guess,
        (None, Some(_)) => {
            let first = config.sections().first().map_or("notices", |section| &*section.path);
            format!("例如写成 zhendi new {first}/{title} ；要开新栏目，先在 zhendi.toml 里加一段 [[sections]]。")
        }
        (None, None) => "先在 zhendi.toml 里加一个栏目：[[sections]]  path = \"notices\"  kind = \"notice\"".to_owned(),
    };
    let cause = if names.is_empty() {
        "zhendi.toml 里还没有栏目，不知道放在哪里。".to_owned()
    } else {
        format!("斜杠前面要写类型或栏目。这个门户的栏目有：{}。", names.join("、"))
    };
    Failure::Usage(Box::new(Diagnostic::error(NEW_KIND, message).cause(cause).cure(cure)))
}

/// Characters that Windows does not allow in a name, and what looks like them.
const FORBIDDEN: [(char, char); 8] =
    [('<', '《'), ('>', '》'), (':', '：'), ('"', '”'), ('|', '｜'), ('?', '？'), ('*', '＊'), ('\t', ' ')];

fn check_name(title: &str, words: &str) -> Result<(), Failure> {
    let fault = |message: String, cause: &str, cure: String| {
        Err(Failure::Usage(Box::new(Diagnostic::error(NEW_NAME, message).cause(cause).cure(cure))))
    };
    if title.is_empty() {
        return fault(
            "斜杠后面没有写标题".to_owned(),
            "标题也是新文件的名字，不能空着。",
            format!("例如写成 zhendi new {words}/十二月集中学习安排 。"),
        );
    }
    if title.chars().any(|c| c.is_control() || FORBIDDEN.iter().any(|(bad, _)| *bad == c)) {
        let better: String = title
            .chars()
            .map(|c| FORBIDDEN.iter().find(|(bad, _)| *bad == c).map_or(c, |(_, good)| *good))
            .filter(|c| !c.is_control())
            .collect();
        return fault(
            format!("“{title}”不能作文件名"),
            "Windows 的文件名里不能有 < > : \" | ? * 这些英文符号。",
            format!("改用中文标点：zhendi new {words}/{better}"),
        );
    }
    if title.starts_with(['.', '~'])
        || title.ends_with('.')
        || is_reserved(title)
        || matches!(title, "index" | "_index")
    {
        return fault(
            format!("“{title}”不能作文章的名字"),
            "以点或波浪号开头、以点结尾的名字，index，以及 con、nul 这类 Windows 保留的名字，另有用处。",
            "换一个能说明内容的标题。".to_owned(),
        );
    }
    if title.len() > LONGEST {
        return fault(
            format!("标题有 {} 个字，作文件名太长", title.chars().count()),
            "文件名一般最多 255 个字节，大约 66 个汉字以内才稳妥。",
            "先用短一点的名字新建，再打开文件，在“标题”一行写全。".to_owned(),
        );
    }
    Ok(())
}

fn exists(path: &str) -> Failure {
    Failure::Usage(Box::new(
        Diagnostic::error(NEW_EXISTS, format!("{path} 已经有了"))
            .cause("新建不会覆盖已有的文章，什么都没有改动。")
            .cure("要接着写，直接打开它；要另写一篇，换一个标题。"),
    ))
}
