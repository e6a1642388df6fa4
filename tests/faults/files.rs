//! Files that cannot be read, must not be, or have names that travel badly.

use std::path::Path;
use std::process::Command;

use insta::assert_snapshot;

use super::{options, report, told, told_after, write};

const PAGE: &str = "---\ntitle: 标题\ndate: 2026-11-20\n---\n正文。\n";

#[test]
fn names_that_differ_only_by_case() {
    let text = told(&format!("-- content/study/Jia.md --\n{PAGE}-- content/study/jia.md --\n{PAGE}"));
    assert_snapshot!("names_by_case", text);
    let text = told(&format!("-- content/Study/a.md --\n{PAGE}-- content/study/b.md --\n{PAGE}"));
    assert_snapshot!("folders_by_case", text);
}

#[test]
fn names_that_differ_only_by_normal_form() {
    let text = told(&format!("-- content/study/caf\u{e9}.md --\n{PAGE}-- content/study/cafe\u{301}.md --\n{PAGE}"));
    assert_snapshot!("names_by_form", text);
}

#[test]
fn reserved_names() {
    let text = told(&format!(
        "-- content/study/con.md --\n{PAGE}-- content/nul/a.md --\n{PAGE}-- content/study/com1.pdf --\nx\n"
    ));
    assert_snapshot!("names_reserved", text);
}

#[test]
fn large_file() {
    let text = told_after(&format!("-- content/study/录像.md --\n{PAGE}"), |root| {
        let file = std::fs::File::options().write(true).open(root.join("content/study/录像.md")).expect("there");
        file.set_len(50 << 20).expect("sparse");
    });
    assert_snapshot!("file_large", text);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn links() {
        let outside = tempfile::tempdir().expect("a folder");
        std::fs::write(outside.path().join("秘密.md"), PAGE).expect("a file");
        let text = told_after(&format!("-- content/study/a.md --\n{PAGE}-- content/policy/b.md --\n{PAGE}"), |root| {
            symlink(outside.path().join("秘密.md"), root.join("content/study/外面.md")).expect("a link");
            symlink("../policy", root.join("content/study/政策")).expect("a link");
            symlink("没有.md", root.join("content/study/断了.md")).expect("a link");
            symlink("../policy/b.md", root.join("content/study/里面.md")).expect("a link");
        });
        assert_snapshot!("symlinks", text);
    }

    #[test]
    fn a_content_folder_that_is_a_link_outside() {
        let outside = tempfile::tempdir().expect("a folder");
        std::fs::write(outside.path().join("秘密.md"), PAGE).expect("a file");
        let text = told_after("", |root| symlink(outside.path(), root.join("content")).expect("a link"));
        assert_snapshot!("symlink_content", text);
    }

    #[test]
    fn name_that_is_no_text() {
        let text = told_after(&format!("-- content/study/a.md --\n{PAGE}"), |root| {
            let name = std::ffi::OsStr::from_bytes(b"\xd6\xd0.md");
            std::fs::write(root.join("content/study").join(name), PAGE).expect("a file");
        });
        assert_snapshot!("name_not_text", text);
    }

    fn forbid(path: &Path) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o0)).expect("permissions");
    }

    #[test]
    fn unreadable() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        write(
            root,
            &format!(
                "-- content/study/a.md --\n{PAGE}-- content/study/图.png --\nx\n-- content/study/附件.docx --\nx\n\
                 -- content/policy/b.md --\n{PAGE}-- static/css/own.css --\na{{}}\n"
            ),
        );
        std::fs::set_permissions(root, std::fs::Permissions::from_mode(0o755)).expect("permissions");
        let paths = ["study/a.md", "study/图.png", "study/附件.docx", "policy"];
        for path in paths {
            forbid(&root.join("content").join(path));
        }
        forbid(&root.join("static/css/own.css"));
        let text = as_somebody(root);
        std::fs::set_permissions(root.join("content/policy"), std::fs::Permissions::from_mode(0o755))
            .expect("permissions");
        assert_snapshot!("unreadable", text);
        forbid(&root.join("zhendi.toml"));
        assert_snapshot!("config_unreadable", as_somebody(root));
    }

    /// The report as somebody sees it whom permissions bind. The superuser reads everything, so for him this runs
    /// [`helper`] in a process of a user without rights.
    fn as_somebody(root: &Path) -> String {
        let superuser = std::fs::read(root.join("content/study/a.md")).is_ok();
        if !superuser {
            return report(root, options());
        }
        let program = root.join("helper");
        if !program.exists() {
            std::fs::copy(std::env::current_exe().expect("this program"), &program).expect("a copy");
        }
        let ran = Command::new("setpriv")
            .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
            .arg(&program)
            .args(["--ignored", "--exact", "--nocapture", "files::unix::helper"])
            .env("ZHENDI_FAULTS_ROOT", root)
            .output()
            .expect("setpriv is there");
        let text = String::from_utf8(ran.stdout).expect("text");
        let (_, text) = text.split_once("<<<").expect("the helper's report");
        text.split_once(">>>").expect("the helper's report").0.to_owned()
    }

    #[test]
    #[ignore = "run by `unreadable` as another user"]
    fn helper() {
        if let Some(root) = std::env::var_os("ZHENDI_FAULTS_ROOT") {
            println!("<<<{}>>>", report(Path::new(&root), options()));
        }
    }
}
