//! The few files that a command makes for authors (`init`, `new`), and the archetypes they may keep. Never overwrites.
#![allow(clippy::disallowed_methods)] // these are sources, which neither `output` writes nor a build reads here

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use zhendi::diag::{Diagnostic, NEW_FAILED};

use super::console::{Failure, shown};

/// Makes a new file with the folders above it; says `false` if there is one already.
pub fn create(path: &Path, text: &str) -> Result<bool, Failure> {
    let made = || {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::File::create_new(path)?.write_all(text.as_bytes())
    };
    match made() {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_file() => Ok(false),
        Err(error) => Err(failed(path, &error)),
    }
}

/// Whether something of that name is there.
pub fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// The text of a file that need not be there.
pub fn read(path: &Path) -> Result<Option<String>, Failure> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(zhendi::content::decode(&bytes).text.into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(path, &error)),
    }
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::Fault(Box::new(
        Diagnostic::error(NEW_FAILED, format!("{} 建不了或读不出", shown(path)))
            .with_note(format!("系统的说明：{error}"))
            .cause("可能没有权限，磁盘已满，或者路径中间有一级是文件而不是文件夹。")
            .cure("换一个自己能写入的文件夹再试；共享盘上的，请管理员开放写入权限。"),
    ))
}
