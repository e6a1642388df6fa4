//! What the operating system says of a file that cannot be read, in plain Chinese: it stands in messages beside the
//! file's name.

use std::io::{Error, ErrorKind};

/// Why, in a few words.
pub(super) fn why(error: &Error) -> String {
    // Windows: ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION.
    if cfg!(windows) && matches!(error.raw_os_error(), Some(32 | 33)) {
        return "正被别的程序占用".to_owned();
    }
    let known = match error.kind() {
        ErrorKind::NotFound => "没有这个文件",
        ErrorKind::PermissionDenied => "没有读取权限",
        ErrorKind::IsADirectory => "这是文件夹，不是文件",
        ErrorKind::NotADirectory => "路径中间有一段不是文件夹",
        ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy => "正被别的程序占用",
        ErrorKind::TimedOut => "等了太久没有回应，可能是共享盘断开了",
        ErrorKind::StaleNetworkFileHandle
        | ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::NetworkDown
        | ErrorKind::ConnectionAborted
        | ErrorKind::ConnectionReset
        | ErrorKind::NotConnected => "共享盘断开了",
        ErrorKind::InvalidFilename => "文件名太长，或者有不能用的字",
        ErrorKind::OutOfMemory => "内存不够",
        _ => "",
    };
    match (known, error.raw_os_error()) {
        ("", Some(number)) => format!("系统读取时出错，错误号 {number}"),
        ("", None) => "系统读取时出错".to_owned(),
        (known, _) => known.to_owned(),
    }
}
