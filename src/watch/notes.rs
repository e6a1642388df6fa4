//! What a watch tells the user of itself.

use std::path::Path;

use super::sign::Deafness;
use crate::diag::{Diagnostic, WATCH_POLLING, WATCH_ROOT_BACK, WATCH_ROOT_GONE};

/// Changes are looked for, since nobody tells of them.
pub(super) fn polling(why: Deafness) -> Diagnostic {
    let (cause, cure) = match why {
        Deafness::Limit => (
            "系统能监视的文件夹数量已经用完，多半是别的程序（编辑器、网盘）占用了。",
            "不影响使用。想更快：关掉一些程序再启动，或者请管理员调大 fs.inotify.max_user_watches。",
        ),
        Deafness::Remote => (
            "门户在共享盘或挂载的文件夹里，别人在那里改了文件，系统不会通知本机。",
            "不影响使用，只是保存后要过一会儿才看到；想更快，把门户放到本机硬盘上写，写完再复制回去。",
        ),
        Deafness::Silent => (
            "刚才有文件变了，系统却没有通知，多半是共享盘、网盘或虚拟机里的文件夹。",
            "不影响使用，只是保存后要过一会儿才看到；想更快，把门户放到本机硬盘上写，写完再复制回去。",
        ),
        Deafness::Broken => {
            ("系统的文件监视功能出了错，用不了。", "不影响使用，只是保存后要过一会儿才看到；想恢复，重新启动本程序。")
        }
    };
    Diagnostic::note(WATCH_POLLING, "收不到文件改动的通知，改为每隔一会儿自己检查一遍").cause(cause).cure(cure)
}

/// The portal's folder is gone.
pub(super) fn gone(root: &Path) -> Diagnostic {
    Diagnostic::warning(WATCH_ROOT_GONE, format!("门户的文件夹 {} 不见了", root.display()))
        .cause("它被移走、改名或删除了，也可能是共享盘断开了。现在显示的还是它不见之前的内容。")
        .cure(
            "把文件夹放回原处，或者重新连上共享盘，就会自动接着更新；如果是有意移走的，关掉本程序，到新的位置再启动。",
        )
}

/// It is back.
pub(super) fn back(root: &Path) -> Diagnostic {
    Diagnostic::note(WATCH_ROOT_BACK, format!("门户的文件夹 {} 又在了，接着更新", root.display()))
        .cause("它不见了一阵子，期间的改动现在一并读取。")
        .cure("不用做什么。")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told() {
        use crate::diag::{Format, Report};
        let all = [Deafness::Limit, Deafness::Remote, Deafness::Silent, Deafness::Broken].map(polling);
        let root = Path::new("/srv/门户");
        let all = all.into_iter().chain([gone(root), back(root)]);
        let told: Vec<String> = all.map(|one| Report::new(vec![one], &|_| None).print(Format::Human, false)).collect();
        insta::assert_snapshot!(told.join("\n"));
    }
}
