//! Drives the real program as a clerk would: each command, each way to type one wrong, and what it says about it.
#![allow(clippy::disallowed_methods)] // a test is no part of a build

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use insta::assert_snapshot;
use tempfile::TempDir;

/// What a run of the program came to.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    /// Everything it said, standard error first, without the folder, the time, and how many files a theme has.
    fn said(&self, folder: &Folder) -> String {
        let text = format!("{}{}", self.err, self.out).replace(&folder.text(), "‹文件夹›").replace('\\', "/");
        let mut out = String::new();
        for line in text.lines() {
            out.push_str(&hide(&hide(&hide(line, "用时 ", " 秒"), "文件：", " 个写入"), "Zhendi 生成的 ", " 个文件"));
            out.push('\n');
        }
        out
    }
}

/// Puts a mark for what stands between two texts.
fn hide(line: &str, from: &str, to: &str) -> String {
    let found = line.split_once(from).and_then(|(head, rest)| Some((head, rest.split_once(to)?.1)));
    found.map_or_else(|| line.to_owned(), |(head, tail)| format!("{head}{from}‹›{to}{tail}"))
}

/// A folder of its own for one test.
struct Folder {
    temp: TempDir,
}

impl Folder {
    fn new() -> Self {
        Self { temp: TempDir::new().expect("a folder") }
    }

    /// One in which `init` has run.
    fn portal() -> Self {
        let folder = Self::new();
        assert_eq!(folder.run(&["init"]).code, 0);
        folder
    }

    fn text(&self) -> String {
        self.root().display().to_string()
    }

    fn root(&self) -> PathBuf {
        let path = self.temp.path();
        if cfg!(windows) { path.to_owned() } else { path.canonicalize().expect("there") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("inside")).expect("made");
        fs::write(path, text).expect("written");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect(name)
    }

    fn run(&self, args: &[&str]) -> Ran {
        self.run_in("", args)
    }

    /// On 24 November 2026, in `folder` below.
    fn run_in(&self, folder: &str, args: &[&str]) -> Ran {
        let output = command(&self.path(folder)).args(args).output().expect("runs");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Ran { code: output.status.code().expect("ended"), out: text(output.stdout), err: text(output.stderr) }
    }
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zhendi"));
    command.current_dir(folder).env("SOURCE_DATE_EPOCH", "1795478400").stdin(Stdio::null());
    command
}

/// Every file below a folder with its bytes, sorted.
fn tree(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(|entry| entry.expect("readable"));
    files
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| (entry.path().to_owned(), fs::read(entry.path()).expect("readable")))
        .collect()
}

#[test]
fn a_new_portal_builds_and_is_cleaned_away() {
    let folder = Folder::new();
    let ran = folder.run(&["init", "门户"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_snapshot!(ran.said(&folder), @r"
    门户建好了：‹文件夹›/门户

      zhendi.toml    门户的配置：单位名称、办公区、栏目
      content/       文章：学习 study、案例 cases、政策 policy、通知 notices，各有一篇样例

    下一步：
      cd 门户
      zhendi serve --open          打开预览：一边写，一边在浏览器里看
      zhendi new 通知/文章标题     写一篇新通知
      zhendi build                 写好了，生成网站
    ");
    let ran = folder.run_in("门户", &["build"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_snapshot!(ran.said(&folder), @r#"
    提示 N0511：没有写 base_url，这次不生成订阅（atom.xml）和站点地图（sitemap.xml）
    原因：这两样要用完整的网址；站点本身不受影响，复制到哪里都能打开。
    怎么改：知道站点在内网的地址后，在 zhendi.toml 每个 [[offices]] 里加一行 base_url = "http://…/"。

    共有 1 个提示。

    网站已生成，用时 ‹› 秒。

      示例办公区  4 篇

    文件：‹› 个写入。
    发布方式：新网站整个换上，一次完成。

    用浏览器打开看看：‹文件夹›/门户/public/index.html
    "#);
    assert!(folder.path("门户/public/index.html").is_file());

    let first = tree(&folder.path("门户/public"));
    let ran = folder.run_in("门户/content/study", &["build"]);
    assert_eq!(ran.code, 0);
    assert_snapshot!(ran.said(&folder), @r#"
    提示 N0511：没有写 base_url，这次不生成订阅（atom.xml）和站点地图（sitemap.xml）
    原因：这两样要用完整的网址；站点本身不受影响，复制到哪里都能打开。
    怎么改：知道站点在内网的地址后，在 zhendi.toml 每个 [[offices]] 里加一行 base_url = "http://…/"。

    共有 1 个提示。

    内容没有变化，网站已是最新（检查用时 ‹› 秒）。

      示例办公区  4 篇

    用浏览器打开看看：‹文件夹›/门户/public/index.html
    "#);
    assert_eq!(tree(&folder.path("门户/public")), first);

    folder.write("门户/public/别人的.txt", "留着");
    let ran = folder.run_in("门户", &["clean"]);
    assert_eq!(ran.code, 0);
    assert_snapshot!(ran.said(&folder), @r"
    提示 N0714：public 里有 1 个文件不归 Zhendi 管，原样保留
      public/别人的.txt
    原因：它们不是 Zhendi 生成的，或者生成之后被人改过；Zhendi 只增删自己的文件。
    怎么改：不需要的可以自己删掉；需要发布的素材，建议放进 static 文件夹，由 Zhendi 一起生成。

    共有 1 个提示。
    已从 ‹文件夹›/门户/public 删除 Zhendi 生成的 ‹› 个文件。要恢复，再运行一次 zhendi build。
    ");
    assert_eq!(tree(&folder.path("门户/public")).len(), 1);
    let ran = folder.run_in("门户", &["list"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "没有这样的文章。\n"));
}

#[test]
fn init_leaves_alone_what_is_there() {
    let folder = Folder::portal();
    folder.write("zhendi.toml", "title = \"我的\"\n");
    let ran = folder.run(&["init", "."]);
    assert_eq!(ran.code, 2);
    assert_snapshot!(ran.said(&folder), @r"
    错误 E0908：‹文件夹› 里已经有一个门户
    原因：那里已有 zhendi.toml；再建一次会弄乱它，所以什么都没有改动。
    怎么改：要看它的样子，在那里运行 zhendi serve --open；要另建一个，换个文件夹，例如 zhendi init 新门户
    ");
    assert_eq!(folder.read("zhendi.toml"), "title = \"我的\"\n");

    let folder = Folder::new();
    folder.write("content/笔记.md", "# 笔记\n");
    assert_eq!(folder.run(&["init"]).code, 0);
    assert_eq!(tree(&folder.path("content")).len(), 1);
}

#[test]
fn each_kind_starts_from_its_archetype_and_builds() {
    let folder = Folder::portal();
    for (what, file) in [
        ("study/称准一两", "content/study/称准一两.md"),
        ("典型案例/少给的“一两”", "content/cases/少给的“一两”.md"),
        ("政策/明码标价", "content/policy/明码标价.md"),
        ("notices/征稿/冬季 征稿", "content/notices/征稿/冬季 征稿.md"),
        ("content/notices/true.md", "content/notices/true.md"),
        ("通知\\学习安排", "content/notices/学习安排.md"),
    ] {
        let ran = folder.run(&["new", what]);
        assert_eq!(ran.code, 0, "{what}: {}", ran.err);
        assert!(folder.read(file).contains("日期: 2026-11-24"), "{what}");
    }
    assert_snapshot!(folder.run(&["new", "通知/停电"]).said(&folder), @r"
    已新建 content/notices/停电.md

    用编辑器打开它，照里面的提示写。现在是草稿，网站上还看不到：
      边写边看：  zhendi serve --open --drafts
      写好要发布：删掉“草稿: true”那一行，再运行 zhendi build
    ");
    assert!(folder.read("content/notices/true.md").contains("标题: \"true\""));

    let ran = folder.run(&["list", "--drafts"]);
    assert_snapshot!(ran.said(&folder), @r"
      状态  日期  标题          文件
      草稿        少给的“一两”  content/cases/少给的“一两”.md
      草稿        true          content/notices/true.md
      草稿        停电          content/notices/停电.md
      草稿        学习安排      content/notices/学习安排.md
      草稿        冬季 征稿     content/notices/征稿/冬季 征稿.md
      草稿        明码标价      content/policy/明码标价.md
      草稿        称准一两      content/study/称准一两.md

    共 7 篇。
    ");
    let ran = folder.run(&["build", "--drafts"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(!ran.err.contains("警告"), "{}", ran.err);
}

#[test]
fn the_portals_own_archetype_comes_first() {
    let folder = Folder::portal();
    folder.write("archetypes/notice.md", "+++\ntitle = {{ title }}\ndate = {{ date }}\n+++\n\n本单位的格式。\n");
    assert_eq!(folder.run(&["new", "通知/停水"]).code, 0);
    assert_eq!(
        folder.read("content/notices/停水.md"),
        "+++\ntitle = \"停水\"\ndate = 2026-11-24\n+++\n\n本单位的格式。\n"
    );
}

#[test]
fn new_refuses_what_cannot_be_and_never_overwrites() {
    let folder = Folder::portal();
    folder.write("content/notices/停电.md", "我写的\n");
    folder.write("content/notices/停水/index.md", "我写的\n");
    let long = format!("通知/{}", "长".repeat(90));
    let mut said = String::new();
    for what in [
        "通知/停电",
        "通知/停水",
        "通之/停电",
        "停电",
        "通知/",
        "通知/谁来?",
        "通知/con",
        "通知/index",
        "../x/y",
        &long,
    ] {
        let ran = folder.run(&["new", what]);
        assert_eq!(ran.code, 2, "{what}");
        said.push_str(&ran.said(&folder));
        said.push('\n');
    }
    assert_snapshot!(said, @r#"
    错误 E0911：content/notices/停电.md 已经有了
    原因：新建不会覆盖已有的文章，什么都没有改动。
    怎么改：要接着写，直接打开它；要另写一篇，换一个标题。

    错误 E0911：content/notices/停水 已经有了
    原因：新建不会覆盖已有的文章，什么都没有改动。
    怎么改：要接着写，直接打开它；要另写一篇，换一个标题。

    错误 E0909：没有叫“通之”的类型或栏目
    原因：斜杠前面要写类型或栏目。这个门户的栏目有：study（学习资料）、cases（典型案例）、policy（政策解读）、notices（通知）。
    怎么改：是否想写 zhendi new 通知/停电？

    错误 E0909：没有写“停电”是哪一类文章
    原因：斜杠前面要写类型或栏目。这个门户的栏目有：study（学习资料）、cases（典型案例）、policy（政策解读）、notices（通知）。
    怎么改：例如写成 zhendi new study/停电 ；要开新栏目，先在 zhendi.toml 里加一段 [[sections]]。

    错误 E0910：斜杠后面没有写标题
    原因：标题也是新文件的名字，不能空着。
    怎么改：例如写成 zhendi new 通知/十二月集中学习安排 。

    错误 E0910：“谁来?”不能作文件名
    原因：Windows 的文件名里不能有 < > : " | ? * 这些英文符号。
    怎么改：改用中文标点：zhendi new 通知/谁来？

    错误 E0910：“con”不能作文章的名字
    原因：以点或波浪号开头、以点结尾的名字，index，以及 con、nul 这类 Windows 保留的名字，另有用处。
    怎么改：换一个能说明内容的标题。

    错误 E0910：“index”不能作文章的名字
    原因：以点或波浪号开头、以点结尾的名字，index，以及 con、nul 这类 Windows 保留的名字，另有用处。
    怎么改：换一个能说明内容的标题。

    错误 E0909：没有叫“../x”的类型或栏目
    原因：斜杠前面要写类型或栏目。这个门户的栏目有：study（学习资料）、cases（典型案例）、policy（政策解读）、notices（通知）。
    怎么改：例如写成 zhendi new study/y ；要开新栏目，先在 zhendi.toml 里加一段 [[sections]]。

    错误 E0910：标题有 90 个字，作文件名太长
    原因：文件名一般最多 255 个字节，大约 66 个汉字以内才稳妥。
    怎么改：先用短一点的名字新建，再打开文件，在“标题”一行写全。
    "#);
    assert_eq!(folder.read("content/notices/停电.md"), "我写的\n");
    assert_eq!(tree(&folder.path("content/notices")).len(), 4);
}

#[test]
fn list_tells_why_each_page_is_not_published() {
    let folder = Folder::portal();
    folder.write("content/notices/a.md", "---\n标题: 没写完\n草稿: true\n---\n正文。\n");
    folder.write("content/notices/b.md", "---\n标题: 下月 meeting 安排\n日期: 2026-12-01\n---\n正文。\n");
    folder.write("content/notices/c.md", "---\n标题: 过期\n日期: 2026-01-01\n下线: 2026-10-01\n---\n正文。\n");
    assert_snapshot!(folder.run(&["list"]).said(&folder), @r"
      状态      日期             标题               文件
      草稿                       没写完             content/notices/a.md
      未到日期  2026-12-01 发布  下月 meeting 安排  content/notices/b.md
      已下线    2026-10-01 下线  过期               content/notices/c.md

    共 3 篇。
    ");
    assert_snapshot!(folder.run(&["list", "--future"]).said(&folder), @r"
      状态      日期             标题               文件
      未到日期  2026-12-01 发布  下月 meeting 安排  content/notices/b.md

    共 1 篇。
    ");
    assert_snapshot!(folder.run(&["list", "--expired", "--date", "2026-09-01"]).said(&folder), @r"
    没有这样的文章。
    ");
    let ran = folder.run(&["build"]);
    assert_eq!(ran.code, 0);
    assert_snapshot!(ran.said(&folder), @r#"
    提示 N0511：没有写 base_url，这次不生成订阅（atom.xml）和站点地图（sitemap.xml）
    原因：这两样要用完整的网址；站点本身不受影响，复制到哪里都能打开。
    怎么改：知道站点在内网的地址后，在 zhendi.toml 每个 [[offices]] 里加一行 base_url = "http://…/"。

    提示 N0510：“过期”已过下线日期，没有放进站点
      ┌─ content/notices/c.md
    原因：它的下线日期是 2026-10-01。
    怎么改：还要继续用，就改 expires；不再用，可以删去。

    共有 2 个提示。

    网站已生成，用时 ‹› 秒。

      示例办公区  4 篇

    没有发布的 3 篇：

      草稿                       没写完             content/notices/a.md
      未到日期  2026-12-01 发布  下月 meeting 安排  content/notices/b.md
      已下线    2026-10-01 下线  过期               content/notices/c.md

    文件：‹› 个写入。
    发布方式：新网站整个换上，一次完成。

    用浏览器打开看看：‹文件夹›/public/index.html
    "#);
}

#[test]
fn the_help_is_in_chinese() {
    let folder = Folder::new();
    let mut said = String::new();
    for args in ["--help", "init", "new", "build", "serve", "watch", "list", "clean"] {
        let args = if args == "--help" { vec![args] } else { vec![args, "-h"] };
        let ran = folder.run(&args);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        said.push_str(&format!("$ zhendi {}\n{}\n", args.join(" "), ran.out));
    }
    assert_snapshot!("help", said);
    let ran = folder.run(&[]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("用法：zhendi 命令"));
    assert_eq!(folder.run(&["-V"]).out, format!("zhendi {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn wrong_usage_is_explained_in_chinese() {
    let folder = Folder::portal();
    let mut said = String::new();
    for args in [
        &["biuld"] as &[_],
        &["build", "--fromat", "json"],
        &["build", "content"],
        &["build", "--edition"],
        &["build", "--date", "2026-13-01"],
        &["build", "--date", "2026-01-01", "--date", "2026-01-02"],
        &["build", "--jobs", "0"],
        &["build", "--jobs"],
        &["build", "--names", "hased"],
        &["build", "--drafts=yes"],
        &["build", "--edition", "est"],
        &["-r", "x", "build"],
        &["new"],
        &["new", "通知/冬季", "征稿"],
        &["clean", "--drafts"],
        &["serve", "public"],
        &["serve", "--port", "70000"],
        &["serve", "-i", "localhost"],
        &["serve", "--allow-host"],
    ] {
        let ran = folder.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}");
        said.push_str(&format!("$ zhendi {}\n{}\n", args.join(" "), ran.err));
    }
    assert_snapshot!("usage", said);
    assert!(!folder.path("public").exists());
}

#[test]
fn a_missing_portal_is_explained() {
    let folder = Folder::new();
    let ran = folder.run(&["build"]);
    assert_eq!(ran.code, 2);
    assert_snapshot!(ran.said(&folder), @r"
    错误 E0906：当前文件夹和它上面的各级文件夹里都没有 zhendi.toml
    原因：zhendi.toml 是门户的配置文件，有它的文件夹才是一个门户。
    怎么改：先用 cd 进到门户的文件夹，或者用 -r 指明它，例如 -r D:/宣传门户；还没有门户的，运行 zhendi init 新建一个。
    ");
    let ran = folder.run(&["list", "-r", "没有"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.starts_with("错误 E0906：文件夹 没有 里没有 zhendi.toml"), "{}", ran.err);
}

#[test]
fn a_clock_that_is_no_number_is_explained() {
    let folder = Folder::portal();
    let output = command(&folder.root()).arg("build").env("SOURCE_DATE_EPOCH", "今天").output().expect("runs");
    assert_eq!(output.status.code(), Some(2));
    assert_snapshot!(String::from_utf8_lossy(&output.stderr), @r"
    错误 E0907：环境变量 SOURCE_DATE_EPOCH 不能是“今天”
    原因：它应当是一个整数：从 1970 年算起的秒数。不认识它，就不知道今天是哪一天。
    怎么改：删掉这个环境变量，或者用 --date 2026-11-24 直接写明日期。
    ");
}

#[test]
fn with_an_error_the_site_stands_as_it_was() {
    let folder = Folder::portal();
    assert_eq!(folder.run(&["build"]).code, 0);
    let before = tree(&folder.path("public"));
    folder.write("content/notices/a.md", "---\n标题: 甲\n日期: 2026-02-30\n---\n正文。\n");
    folder.write("content/notices/b.md", "---\n标题:\n  - 乙\n---\n正文。\n");
    let ran = folder.run(&["build"]);
    assert_eq!(ran.code, 1);
    assert_snapshot!(ran.said(&folder), @r#"
    提示 N0511：没有写 base_url，这次不生成订阅（atom.xml）和站点地图（sitemap.xml）
    原因：这两样要用完整的网址；站点本身不受影响，复制到哪里都能打开。
    怎么改：知道站点在内网的地址后，在 zhendi.toml 每个 [[offices]] 里加一行 base_url = "http://…/"。

    错误 E0304：2026 年 2 月没有 30 日
      ┌─ content/notices/a.md:3:5
    3 │ 日期: 2026-02-30
      │       ^^^^^^^^^^
    原因：日历上没有这一天
    怎么改：按 日期: 2026-11-20 的样子写

    错误 E0303：“标题”应当是一行文字（以方括号开头的标题，要整个放在引号里），这里是列表
      ┌─ content/notices/b.md:3:3
    3 │   - 乙
      │   ^^^^
    原因：写成这样，读不出这一项的意思
    怎么改：按 标题: 通知 的样子写

    共有 2 个错误、1 个提示。
    什么都没有发布，原来的内容原样保留。改好上面的错误，再生成一次。
    "#);
    assert_eq!(tree(&folder.path("public")), before);

    fs::remove_file(folder.path("content/notices/a.md")).expect("removed");
    fs::remove_file(folder.path("content/notices/b.md")).expect("removed");
    assert!(folder.run(&["build"]).out.contains("内容没有变化"));
}

#[test]
fn programs_get_one_object_a_line() {
    let folder = Folder::portal();
    folder.write("content/notices/a.md", "---\n标题: 甲\n日期: 2026-11-01\n表题: x\n---\n正文。\n");
    for (unchanged, jobs) in [(false, "1"), (true, "2")] {
        let ran = folder.run(&["build", "--format", "json", "--jobs", jobs]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        let lines: Vec<serde_json::Value> =
            ran.out.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
        let warning = lines.iter().find(|line| line["severity"] == "warning").expect("a warning");
        assert_eq!((warning["code"].as_str(), warning["line"].as_u64()), (Some("W0307"), Some(4)));
        let summary = &lines.last().expect("a summary")["summary"];
        assert_eq!(summary["published"], true);
        assert_eq!(summary["warnings"], 1);
        assert_eq!(summary["unchanged"], unchanged);
    }
    folder.write("content/notices/b.md", "---\n标题: 乙\n日期: 明天\n---\n正文。\n");
    let ran = folder.run(&["build", "--format=json"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    let last: serde_json::Value = serde_json::from_str(ran.out.lines().last().expect("a line")).expect("JSON");
    assert_eq!(last["summary"]["published"], false);
    assert_eq!(last["summary"]["errors"], 1);
    let ran = folder.run(&["build", "--format", "json", "--nope"]);
    assert_eq!((ran.code, ran.err.as_str()), (2, ""));
    let line: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(line["code"], "E0902");
}

#[test]
fn a_page_appears_on_its_day_and_as_a_draft_on_demand() {
    let folder = Folder::portal();
    folder.write("content/notices/b.md", "---\n标题: 下月安排\n日期: 2026-12-01\n---\n正文。\n");
    let pages = |args: &[&str]| {
        let ran = folder.run(&[&["build", "--format", "json"], args].concat());
        let last: serde_json::Value = serde_json::from_str(ran.out.lines().last().expect("a line")).expect("JSON");
        last["summary"]["offices"][0]["pages"].as_u64().expect("a number")
    };
    let today = pages(&[]);
    assert_eq!(pages(&["--date", "2026/12/01"]), today + 1);
    folder.write("content/notices/c.md", "---\n标题: 没写完\n日期: 2026-11-01\n草稿: true\n---\n正文。\n");
    assert_eq!(pages(&[]), today);
    assert_eq!(pages(&["--drafts"]), today + 1);
}

#[test]
fn another_output_folder_and_configuration() {
    let folder = Folder::portal();
    let config = folder.read("zhendi.toml").replace("示例办公区", "另一个办公区");
    folder.write("conf/other.toml", &config);
    let ran =
        folder.run(&["build", "-c", "conf/other.toml", "-o", "out/site", "--names", "plain", "--edition", "main"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("另一个办公区"), "{}", ran.out);
    assert!(folder.path("out/site/index.html").is_file());
    assert!(!folder.path("public").exists());
}
