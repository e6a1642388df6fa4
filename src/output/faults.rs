//! What `output` says to people: each way that writing can fail, with its cause and cure.

use std::io::{self, ErrorKind};
use std::sync::Arc;

use super::manifest::Foreign;
use crate::diag::{
    Diagnostic, OUTPUT_ASSET_CHANGED, OUTPUT_BUSY, OUTPUT_DENIED, OUTPUT_DISK_FULL, OUTPUT_EDITED, OUTPUT_FAILED,
    OUTPUT_FILE_IN_USE, OUTPUT_FOREIGN_IN_WAY, OUTPUT_FOREIGN_KEPT, OUTPUT_HALF_DONE, OUTPUT_IN_SOURCES,
    OUTPUT_IS_DRIVE, OUTPUT_NO_RECORD, OUTPUT_NOT_FOLDER, OUTPUT_PATH_TOO_LONG, OUTPUT_PATH_UNSAFE, OUTPUT_PATHS_CLASH,
    OUTPUT_RESUMED,
};

/// A fault is boxed, so that the common, good result stays small.
pub(super) type Fault = Box<Diagnostic>;

/// What kept the system from doing something to `what` (a path as people know it).
pub(super) fn system(what: &str, error: &io::Error) -> Fault {
    let file: Arc<str> = what.into();
    let diagnostic = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            Diagnostic::error(OUTPUT_DISK_FULL, "磁盘空间不够，网站没有写完")
                .cause("存放输出文件夹的磁盘已满，或者超出了分配给您的空间。")
                .cure("删掉一些不用的文件，或者用 -o 把网站生成到另一个磁盘，然后重新生成。")
        }
        ErrorKind::FileTooLarge => Diagnostic::error(OUTPUT_FAILED, "文件太大，这个磁盘存不下单个这么大的文件")
            .cause("有些 U 盘（FAT32 格式）不能存放 4 GB 以上的文件。")
            .cure("换一个磁盘，或者把大文件压缩、拆分后再放进文章。"),
        ErrorKind::PermissionDenied if cfg!(windows) => in_use(),
        ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy => in_use(),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            Diagnostic::error(OUTPUT_DENIED, "没有权限写入输出文件夹")
                .cause("这个位置不允许当前用户新建或修改文件，可能是只读的，或者属于别的用户。")
                .cure("请管理员开放写入权限，或者用 -o 另选一个您能写入的文件夹。")
        }
        ErrorKind::InvalidFilename => Diagnostic::error(OUTPUT_PATH_TOO_LONG, "文件名或路径太长，系统存不下")
            .cause("每一级名字一般最多 255 个字节（约 85 个汉字），整个路径也有长度限制。")
            .cure("给文章写一个较短的 slug，或者把素材文件的名字改短；也可以用 -o 选一个层级较浅的输出文件夹。"),
        ErrorKind::NotFound | ErrorKind::StaleNetworkFileHandle => {
            Diagnostic::error(OUTPUT_FAILED, "写到一半，输出位置不见了")
                .cause("生成期间文件夹被移走或删除，或者网络磁盘、U 盘断开了连接。")
                .cure("确认磁盘已连接、文件夹还在，然后重新生成。")
        }
        ErrorKind::NotADirectory | ErrorKind::IsADirectory | ErrorKind::AlreadyExists => clash(),
        _ => Diagnostic::error(OUTPUT_FAILED, "写入输出文件夹时系统报告了错误")
            .with_note(format!("系统的说明：{error}"))
            .cause("可能是磁盘或网络出了问题。")
            .cure("确认磁盘能正常使用，然后重新生成；如果反复出现，请把上面这句话告诉管理员。"),
    };
    Box::new(diagnostic.in_file(&file))
}

fn in_use() -> Diagnostic {
    Diagnostic::error(OUTPUT_FILE_IN_USE, "文件正被别的程序使用，无法替换")
        .cause("可能有人用 WPS、浏览器或看图软件打开着它，也可能是没有写入权限。")
        .cure("关闭打开它的程序，然后重新生成。")
}

fn clash() -> Diagnostic {
    Diagnostic::error(OUTPUT_PATHS_CLASH, "两项内容要写到同一个位置")
        .cause("一个位置只能放一个文件；同一个名字也不能既是文件又是文件夹。有些磁盘不区分字母大小写。")
        .cure("给其中一项换一个 slug 或文件名。")
}

/// Two planned outputs on one place.
pub(super) fn planned_twice(shown: &str) -> Fault {
    Box::new(clash().in_file(&shown.into()))
}

/// A planned path that is not simply a way down from the output folder.
pub(super) fn unsafe_path(path: &str) -> Fault {
    let shown: String = path.chars().take(200).collect();
    Box::new(
        Diagnostic::error(OUTPUT_PATH_UNSAFE, format!("输出路径“{shown}”不能用"))
            .cause("输出路径必须从输出文件夹往下走，不能以 / 开头，也不能含有 .. 、反斜杠或空的一级。")
            .cure("检查文章里的 slug 和 aliases，去掉这些写法。"),
    )
}

/// The output folder, or something above it, is no folder.
pub(super) fn not_folder(shown: &str, obstacle: &str) -> Fault {
    let message = if shown == obstacle {
        format!("输出位置 {shown} 是一个文件，不是文件夹")
    } else {
        format!("输出位置 {shown} 建不了，因为 {obstacle} 是一个文件，不是文件夹")
    };
    Box::new(
        Diagnostic::error(OUTPUT_NOT_FOLDER, message)
            .cause("生成的网站由许多文件组成，要放在一个文件夹里。")
            .cure("把这个文件改名或移走，或者用 -o 指定另一个文件夹。"),
    )
}

/// The output folder is a symbolic link that leads nowhere.
pub(super) fn dangling(shown: &str) -> Fault {
    Box::new(
        Diagnostic::error(OUTPUT_NOT_FOLDER, format!("输出位置 {shown} 是一个失效的链接"))
            .cause("它指向的文件夹不存在，可能已被移走，或者所在的磁盘没有连接。")
            .cure("恢复它指向的文件夹，或者删掉这个链接再重新生成。"),
    )
}

/// How an output folder can stand to a folder of sources.
#[derive(Clone, Copy, Debug)]
pub(super) enum Overlap {
    Same,
    Inside,
    Contains,
    /// The folder where Zhendi keeps its own records.
    OwnRecords,
}

/// The output folder would mix with what people wrote.
pub(super) fn in_sources(shown: &str, source: &str, overlap: Overlap) -> Fault {
    let message = match overlap {
        Overlap::Same => format!("输出文件夹 {shown} 就是{source}"),
        Overlap::Inside => format!("输出文件夹 {shown} 在{source}里面"),
        Overlap::Contains => format!("输出文件夹 {shown} 里面有{source}"),
        Overlap::OwnRecords => format!("输出文件夹 {shown} 在{source}里面，那是 Zhendi 存放生成记录的地方"),
    };
    Box::new(
        Diagnostic::error(OUTPUT_IN_SOURCES, message)
            .cause("生成时会整理输出文件夹里的文件；和文章、模板放在一起，会互相混淆。")
            .cure("用 -o 指定一个单独的文件夹，例如 -o public。"),
    )
}

/// A drive, a share or the root of everything.
pub(super) fn is_drive(shown: &str) -> Fault {
    Box::new(
        Diagnostic::error(OUTPUT_IS_DRIVE, format!("输出位置 {shown} 是整个磁盘，不是一个文件夹"))
            .cause("生成时要在输出文件夹旁边存放记录，磁盘的最上层没有“旁边”。")
            .cure("在里面建一个文件夹，用 -o 指定它，例如在末尾加上 public。"),
    )
}

/// Somebody else holds the lock.
pub(super) fn busy(shown: &str) -> Fault {
    Box::new(
        Diagnostic::error(OUTPUT_BUSY, format!("另一个 Zhendi 正在写 {shown}"))
            .cause("两个程序同时写一个输出文件夹，网站会混成一团。")
            .cure("等它结束再生成；如果另一个窗口里开着 zhendi watch，先把它关掉。"),
    )
}

/// Something foreign stands where a file or a folder of ours is planned.
pub(super) fn foreign_in_way(file: &str, planned: &str) -> Fault {
    let (message, note) = if file == planned {
        ("输出文件夹里有一个不是 Zhendi 生成的文件，占了网页的位置", None)
    } else {
        ("输出文件夹里有一个不是 Zhendi 生成的文件，挡住了网页", Some(format!("要写的是 {planned}")))
    };
    let mut diagnostic = Diagnostic::error(OUTPUT_FOREIGN_IN_WAY, message).in_file(&file.into());
    diagnostic.notes.extend(note);
    Box::new(
        diagnostic.cause("Zhendi 不会覆盖别人放的文件，所以什么都没有改动。").cure(
            "需要保留它，就把它移到别处；不需要，就删掉。如果整个输出文件夹都是以前生成的，可以把它整个删掉再生成。",
        ),
    )
}

/// The source of a copied asset is not what it was when the build read it.
pub(super) fn asset_changed(shown: &str) -> Fault {
    Box::new(
        Diagnostic::error(OUTPUT_ASSET_CHANGED, "素材在生成期间被改动或移走了")
            .in_file(&shown.into())
            .cause("生成开始时记下的内容和复制时读到的不一样，可能有人正在保存它。")
            .cure("等它保存好，再生成一次。"),
    )
}

/// One note for all files that Zhendi leaves alone.
pub(super) fn foreign_kept(shown: &str, foreign: &Foreign) -> Option<Diagnostic> {
    if foreign.count == 0 {
        return None;
    }
    let mut diagnostic =
        Diagnostic::note(OUTPUT_FOREIGN_KEPT, format!("{shown} 里有 {} 个文件不归 Zhendi 管，原样保留", foreign.count));
    for example in &foreign.examples {
        diagnostic = diagnostic.with_note(example.clone());
    }
    if foreign.count > foreign.examples.len() {
        diagnostic = diagnostic.with_note("……");
    }
    Some(
        diagnostic
            .cause("它们不是 Zhendi 生成的，或者生成之后被人改过；Zhendi 只增删自己的文件。")
            .cure("不需要的可以自己删掉；需要发布的素材，建议放进 static 文件夹，由 Zhendi 一起生成。"),
    )
}

/// An output was edited by hand; the edited copy was put aside.
pub(super) fn edited(file: &str, kept: &str) -> Diagnostic {
    Diagnostic::warning(OUTPUT_EDITED, "输出文件夹里的这个文件被人改过，已换成新生成的")
        .in_file(&file.into())
        .with_note(format!("改过的那份存放在 {kept}"))
        .cause("输出文件夹里的文件每次都按 content 里的原稿生成，直接改它不会长久有效。")
        .cure("要修改网页，请改 content 里的原稿；那份旧文件不需要时可以删掉。")
}

/// A change file by file has come to a stop on the way, at `obstacle`.
pub(super) fn half_done(shown: &str, obstacle: &Diagnostic) -> Fault {
    let place = obstacle.place.as_ref().map_or(shown, |place| &place.file);
    Box::new(
        Diagnostic::error(OUTPUT_HALF_DONE, format!("{shown} 只更新了一部分"))
            .with_note(format!("停在 {place}：{}", obstacle.message))
            .cause("这个文件夹不能整个替换，只能一个文件一个文件地换，中途遇到了问题。网页现在有新有旧。")
            .cure(format!("{}重新生成时会先把剩下的做完。", obstacle.cure)),
    )
}

/// A change that was cut off has been completed.
pub(super) fn resumed(shown: &str) -> Diagnostic {
    Diagnostic::note(OUTPUT_RESUMED, format!("上次更新 {shown} 时中断了，现在已经接着做完"))
        .cause("上次可能断电、关机、强行关闭了窗口，或者有文件正被占用。")
        .cure("不需要做什么。")
}

/// `clean` found no record.
pub(super) fn no_record(shown: &str) -> Diagnostic {
    Diagnostic::note(OUTPUT_NO_RECORD, format!("没有 {shown} 的生成记录，什么都没有删除"))
        .cause("Zhendi 只删除有记录的、自己生成的文件；这里从没生成过，或者记录已经丢失。")
        .cure("如果确定整个文件夹都不需要，可以自己删掉它。")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Format, Report};

    /// What only a rare disk can bring about in earnest.
    #[test]
    fn rare_failures() {
        let kinds = [
            ErrorKind::FileTooLarge,
            ErrorKind::QuotaExceeded,
            ErrorKind::ReadOnlyFilesystem,
            ErrorKind::StaleNetworkFileHandle,
            ErrorKind::ExecutableFileBusy,
            ErrorKind::IsADirectory,
        ];
        let mut errors: Vec<io::Error> = kinds.into_iter().map(io::Error::from).collect();
        errors.push(io::Error::other("Input/output error (os error 5)"));
        let said: String = errors
            .iter()
            .map(|error| Report::new(vec![*system("public/east/a.html", error)], &|_| None).print(Format::Human, false))
            .collect();
        insta::assert_snapshot!(said);
    }
}
