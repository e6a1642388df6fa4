//! An article on a screen leads nowhere but to what the screen holds: all other links stand as plain text. Works on the
//! HTML that the parser and the theme's templates wrote, whose tags are well formed.

/// What the address of a page that the screen holds begins with, until it becomes `data-key`.
pub(in super::super) const HELD: &str = "kiosk:";

/// `html` with only such links as the screen holds; buttons, forms and frames have nothing to do there.
pub(super) fn unlinked(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    // Whether the innermost open link was kept.
    let mut kept = Vec::new();
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        let tag = &rest[..end];
        if is(tag, "<a") {
            match attribute(tag, "href").and_then(|href| href.strip_prefix(HELD)) {
                Some(key) => {
                    out.push_str("<a data-key=\"");
                    out.push_str(key.split('#').next().unwrap_or(key));
                    out.push_str("\">");
                    kept.push(true);
                }
                None => kept.push(false),
            }
        } else if is(tag, "</a") {
            if kept.pop() == Some(true) {
                out.push_str("</a>");
            }
        } else {
            out.push_str(tag);
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

fn is(tag: &str, name: &str) -> bool {
    tag.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name))
        && tag[name.len()..].starts_with([' ', '>', '\n', '\t', '/'])
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let from = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let rest = tag.get(from..)?;
    rest.get(..rest.find('"')?)
}

#[cfg(test)]
mod tests {
    use super::unlinked;

    #[test]
    fn only_what_the_screen_holds_is_a_link() {
        let html = "<p><a href=\"kiosk:cases/x#y\">甲</a>、<a class=\"b\" href=\"http://x/\">乙</a><abbr>丙</abbr>\
            <a href=\"\">丁</a></p>";
        let plain = "<p><a data-key=\"cases/x\">甲</a>、乙<abbr>丙</abbr>丁</p>";
        assert_eq!(unlinked(html), plain);
    }
}
