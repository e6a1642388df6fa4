//! What a link's or a picture's target is, by its text alone.

use std::net::{Ipv4Addr, Ipv6Addr};

/// What a target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A page on another host, to write as it stands.
    Web,
    /// The same without its scheme (`//host/…`).
    WebWithoutScheme,
    /// Something that is no page but that browsers know: mail, telephone.
    Known,
    /// Within the portal, or what the author took for it: for the model to resolve.
    Internal,
    /// A script or data.
    Forbidden,
    /// A scheme that browsers do not know.
    Unknown,
    /// A web address that is none.
    BadHost,
    /// Nothing.
    Empty,
}

/// What `url` is.
pub(super) fn kind(url: &str) -> Target {
    let url = url.trim();
    if url.is_empty() {
        return Target::Empty;
    }
    if let Some(rest) = url.strip_prefix("//") {
        return if is_host(rest) { Target::WebWithoutScheme } else { Target::Internal };
    }
    let Some((scheme, rest)) = url.split_once(':') else {
        return Target::Internal;
    };
    let is_scheme = scheme.len() > 1
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    if !is_scheme {
        // Blanks and control characters inside a scheme are how scripts hide.
        let bare: String = scheme.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
        return if is_script(&bare) { Target::Forbidden } else { Target::Internal };
    }
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" | "ftp" => match rest.strip_prefix("//") {
            Some(rest) if is_host(rest) => Target::Web,
            _ => Target::BadHost,
        },
        "mailto" | "tel" | "sms" if !rest.is_empty() => Target::Known,
        "file" => Target::Internal,
        script if is_script(script) => Target::Forbidden,
        // `附件.md:3` or `host:8080/x`: no scheme after all.
        host if host.contains('.') || rest.starts_with(|c: char| c.is_ascii_digit()) => Target::Internal,
        _ => Target::Unknown,
    }
}

fn is_script(scheme: &str) -> bool {
    ["javascript", "vbscript", "data", "livescript"].iter().any(|bad| scheme.eq_ignore_ascii_case(bad))
}

/// Whether `rest`, what follows `//`, begins with a host that a browser can look up.
fn is_host(rest: &str) -> bool {
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if let Some(inner) = host.strip_prefix('[') {
        return inner.split_once(']').is_some_and(|(ip, port)| ip.parse::<Ipv6Addr>().is_ok() && is_port(port));
    }
    let (name, port) = host.find(':').map_or((host, ""), |at| host.split_at(at));
    let is_name = !name.is_empty()
        && !name.starts_with(['.', '-'])
        && !name.contains("..")
        && !name.to_ascii_lowercase().contains("xn--")
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '_'));
    let last = name.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
    let is_number = last.bytes().all(|b| b.is_ascii_digit()) || last.starts_with("0x");
    let user = authority.rsplit_once('@').is_none_or(|(user, _)| user.bytes().all(|b| b.is_ascii_alphanumeric()));
    is_name && user && is_port(port) && (!is_number || name.parse::<Ipv4Addr>().is_ok())
}

fn is_port(port: &str) -> bool {
    port.is_empty() || port.strip_prefix(':').is_some_and(|n| n.is_empty() || n.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::{Target, kind};

    #[test]
    fn targets_are_told_apart() {
        for (url, want) in [
            ("https://www.gov.cn/a?b#c", Target::Web),
            ("HTTP://10.1.2.3:8080", Target::Web),
            ("http://[::1]:80/", Target::Web),
            ("//cdn.example.cn/x.js", Target::WebWithoutScheme),
            ("mailto:a@b.cn", Target::Known),
            ("tel:12315", Target::Known),
            ("../policy/a.md#b", Target::Internal),
            ("@/policy/a.md", Target::Internal),
            ("/policy/a.html", Target::Internal),
            ("#节", Target::Internal),
            ("file:///D:/a.docx", Target::Internal),
            ("D:\\资料\\a.docx", Target::Internal),
            ("\\\\server\\share", Target::Internal),
            ("www.gov.cn", Target::Internal),
            ("localhost:8080/x", Target::Internal),
            ("关于：说明.md", Target::Internal),
            ("javascript:alert(1)", Target::Forbidden),
            ("java\tscript:alert(1)", Target::Forbidden),
            ("DATA:text/html,x", Target::Forbidden),
            ("weixin://dl/chat", Target::Unknown),
            ("http://", Target::BadHost),
            ("https:///a", Target::BadHost),
            ("http://a b/", Target::BadHost),
            ("http://1.2.3.4.5/", Target::BadHost),
            ("http://a:99999/", Target::BadHost),
            (" ", Target::Empty),
        ] {
            assert_eq!(kind(url), want, "{url}");
        }
    }
}
