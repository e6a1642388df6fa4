//! Links and pictures: those within the portal become holes for the model to fill, all others are written here.

use comrak::nodes::{Node, NodeLink};

use super::escape;
use super::render::{Renderer, plain_text};
use super::target::{self, Target};
use crate::content::{Fill, Hole, Image, Link};
use crate::diag::{self, Diagnostic, Span};

impl Renderer<'_> {
    pub fn open_link(&mut self, node: Node<'_>, link: &NodeLink) {
        self.begin_text();
        let url = escape::restore(&link.url);
        let span = self.target_span(node, &link.url);
        // `http://ip:port/`: an example in a sentence, not a link that somebody got wrong.
        let is_example = self.is_bare(node) && target::kind(&url) == Target::BadHost;
        let written = !is_example && self.open_anchor(&url, &link.title, span);
        self.anchors_open.push(written);
        if written && plain_text(node).trim().is_empty() && !shows_picture(node) {
            escape::text(&mut self.out, &url);
        }
    }

    pub fn close_link(&mut self) {
        if self.anchors_open.pop() == Some(true) {
            self.out.push_str("</a>");
        }
    }

    /// Writes `<a …>` for a target; false if the link cannot be one, which is said.
    pub fn open_anchor(&mut self, url: &str, title: &str, span: Span) -> bool {
        if self.anchors_open.iter().any(|&open| open) {
            return false;
        }
        let url = url.trim();
        match target::kind(url) {
            Target::Internal => {
                self.out.push_str("<a href=\"");
                self.hole(Fill::Link(count(self.links.len())));
                self.links.push(Link { target: url.into(), span });
                self.out.push('"');
            }
            kind @ (Target::Web | Target::WebWithoutScheme) => {
                self.out.push_str("<a href=\"");
                if kind == Target::WebWithoutScheme {
                    self.out.push_str("https:");
                }
                escape::address(&mut self.out, url);
                self.out.push_str("\" rel=\"noopener\"");
            }
            Target::Known => {
                self.out.push_str("<a href=\"");
                escape::address(&mut self.out, url);
                self.out.push('"');
            }
            kind => {
                self.refuse(kind, url, span);
                return false;
            }
        }
        if !title.is_empty() {
            self.out.push_str(" title=\"");
            escape::text(&mut self.out, title);
            self.out.push('"');
        }
        self.out.push('>');
        true
    }

    fn refuse(&mut self, kind: Target, url: &str, span: Span) {
        let scheme = url.split(':').next().unwrap_or_default();
        let diagnostic = match kind {
            Target::Forbidden => {
                Diagnostic::warning(diag::LINK_SCHEME, format!("链接以 {}: 开头，已去掉", scheme.trim()))
                    .cause("这种链接会在读者的浏览器里运行程序，页面上不允许")
                    .cure("改成网页或文件的地址；不需要链接就只留文字")
            }
            Target::Unknown => {
                Diagnostic::warning(diag::LINK_SCHEME, format!("浏览器打不开以 {scheme}: 开头的地址，已去掉链接"))
                    .cause("它需要专门的软件，读者点了没有反应")
                    .cure(if matches!(scheme, "mail" | "email") {
                        "邮箱地址前写 mailto:，例如 [写信](mailto:xuanjiao@example.cn)"
                    } else {
                        "改成 https:// 开头的网址，或者只留文字"
                    })
            }
            Target::BadHost => Diagnostic::warning(diag::LINK_ADDRESS, "网址写得不完整，已去掉链接")
                .cause("浏览器认不出要打开哪个网站")
                .cure("从浏览器的地址栏复制完整的网址，例如 https://www.gov.cn/"),
            _ => Diagnostic::warning(diag::LINK_ADDRESS, "链接没有写地址")
                .cause("读者看到的只是普通文字，点不动")
                .cure("在圆括号里写上地址，例如 [办事指南](banshi.md)；不需要链接就去掉方括号和圆括号"),
        };
        self.problems.push(diagnostic.at(self.file, span));
    }

    /// A picture alone in its paragraph, with its title as caption; false if the paragraph is something else.
    pub fn figure(&mut self, node: Node<'_>) -> bool {
        let Some(child) = node.first_child().filter(|child| child.next_sibling().is_none()) else { return false };
        let data = child.data();
        let comrak::nodes::NodeValue::Image(link) = &data.value else { return false };
        if target::kind(&link.url) != Target::Internal {
            return false;
        }
        self.out.push_str("<figure>");
        self.picture(child, link);
        if !link.title.trim().is_empty() {
            self.out.push_str("<figcaption>");
            escape::text(&mut self.out, link.title.trim());
            self.out.push_str("</figcaption>");
        }
        self.out.push_str("</figure>\n");
        true
    }

    pub fn image(&mut self, node: Node<'_>, link: &NodeLink) {
        self.begin_text();
        self.last = ' ';
        match target::kind(&link.url) {
            Target::Internal => self.picture(node, link),
            Target::Web | Target::WebWithoutScheme => {
                let url = escape::restore(&link.url);
                let span = self.target_span(node, &link.url);
                self.remote_image(&url, plain_text(node).trim(), span);
            }
            kind => {
                let span = self.target_span(node, &link.url);
                self.refuse(kind, &link.url, span);
                let alt = plain_text(node);
                escape::text(&mut self.out, &alt);
            }
        }
    }

    fn picture(&mut self, node: Node<'_>, link: &NodeLink) {
        let url = escape::restore(&link.url);
        let alt = plain_text(node);
        let span = self.target_span(node, &link.url);
        if alt.trim().is_empty() {
            self.missing_alt(&url, self.span_of(node));
        }
        self.open_image(&url, alt.trim(), span);
    }

    /// `<img …>` with its hole.
    pub fn open_image(&mut self, url: &str, alt: &str, span: Span) {
        self.hole(Fill::Image(count(self.images.len())));
        self.out.push_str("<img");
        self.images.push(Image { target: url.trim().into(), span });
        self.out.push_str(" alt=\"");
        escape::text(&mut self.out, alt);
        self.out.push_str("\" loading=\"lazy\" decoding=\"async\">");
    }

    pub fn missing_alt(&mut self, url: &str, span: Span) {
        self.problems.push(
            Diagnostic::warning(diag::IMAGE_NO_ALT, "图片没有文字说明")
                .at(self.file, span)
                .cause("看不见图的人靠这段说明知道图里是什么；图片打不开时也显示它")
                .cure(format!("在方括号里写上图的内容，例如 ![窗口受理流程]({url})")),
        );
    }

    /// A picture on another host: a link with its words.
    pub fn remote_image(&mut self, url: &str, alt: &str, span: Span) {
        self.problems.push(
            Diagnostic::warning(diag::IMAGE_REMOTE, "图片在别的网站上，已改成链接")
                .at(self.file, span)
                .cause("内网电脑连不到那个网站，读者只会看到一个空框")
                .cure("把图片下载到文章所在的文件夹，改成 ![说明](文件名.jpg)"),
        );
        let written = self.open_anchor(url, "", span);
        escape::text(&mut self.out, if alt.is_empty() { "查看图片" } else { alt });
        if written {
            self.out.push_str("</a>");
        }
    }

    /// Whether comrak made a link of an address that stands in the text by itself.
    fn is_bare(&self, node: Node<'_>) -> bool {
        let (start, _) = self.range_of(node);
        self.prepared.text.get(start..).is_some_and(|text| !text.starts_with(['[', '<']))
    }

    pub fn hole(&mut self, fill: Fill) {
        self.holes.push(Hole { offset: count(self.out.len()), fill });
    }

    /// Where in the file a link's target stands: within the link, else (a reference) the link itself.
    pub fn target_span(&self, node: Node<'_>, url: &str) -> Span {
        let (start, end) = self.range_of(node);
        let written = self.prepared.text.get(start..end).unwrap_or_default();
        match written.rfind(url).filter(|_| !url.is_empty()) {
            Some(at) => self.prepared.span(start + at, start + at + url.len()),
            None => self.prepared.span(start, end),
        }
    }
}

fn shows_picture(node: Node<'_>) -> bool {
    node.descendants().any(|node| matches!(node.data().value, comrak::nodes::NodeValue::Image(_)))
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
