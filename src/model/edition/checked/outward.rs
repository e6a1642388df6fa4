//! What a page for everybody must not do: lead to a page for employees alone, or show a file that belongs to one. The
//! link itself would already tell that such a page exists.

use std::sync::Arc;

use super::Said;
use crate::content::Audience;
use crate::diag::{Diagnostic, IMAGE_INTERNAL, LINK_INTERNAL, Span};
use crate::model::library::Library;
use crate::model::place::{Target, Targets};
use crate::model::record::{AssetId, PageId, Record};

/// What is to be said of the links and files of a public page.
pub(super) fn check(library: &Library, page: &Record, id: PageId, targets: &Targets) -> Vec<Said> {
    let document = &page.document;
    let is_internal = |to: PageId| to != id && library.pages[to.at()].audience == Audience::Internal;
    let owner = |asset: AssetId| library.owners.get(asset.at()).copied().flatten().filter(|&owner| is_internal(owner));
    let mut said = Vec::new();
    for (link, target) in document.body.links.iter().zip(&targets.links) {
        match target {
            Target::Page(to, _) if is_internal(*to) => {
                said.push(Said { problem: leads(library, &document.path, link.span, *to), to: *to });
            }
            Target::Asset(asset) => {
                let found = owner(*asset).map(|to| Said { problem: holds(library, &document.path, link.span, to), to });
                said.extend(found);
            }
            _ => {}
        }
    }
    let images = document.body.images.iter().zip(&targets.images);
    let images = images.filter_map(|(image, asset)| Some(((*asset)?, image.span)));
    let cover = page.cover.zip(document.front.cover.as_ref().map(|cover| cover.span));
    let attachments = page.attachments.iter().copied().zip(document.front.attachments.iter().map(|one| one.span));
    for (asset, span) in images.chain(cover).chain(attachments) {
        said.extend(owner(asset).map(|to| Said { problem: holds(library, &document.path, span, to), to }));
    }
    said
}

fn leads(library: &Library, file: &Arc<str>, span: Span, to: PageId) -> Diagnostic {
    let page = &library.pages[to.at()];
    Diagnostic::error(LINK_INTERNAL, format!("公开的文章链接到了内部的“{}”", page.title))
        .at(file, span)
        .label("那一篇只给干部职工看")
        .cause("公开的文章会放到大厅的屏幕上，谁都能看；内部的文章连标题也不能出现在那里。")
        .cure(format!(
            "去掉这个链接；那一篇可以公开的，在 {} 的文件头里写 audience: public；这一篇不该公开的，去掉它的 audience: public。",
            page.document.path
        ))
}

fn holds(library: &Library, file: &Arc<str>, span: Span, owner: PageId) -> Diagnostic {
    let page = &library.pages[owner.at()];
    Diagnostic::error(IMAGE_INTERNAL, format!("公开的文章用了内部文章“{}”的文件", page.title))
        .at(file, span)
        .label("这个文件放在内部文章的文件夹里")
        .cause("放在一篇文章文件夹里的图片和附件，和那篇文章一样只给内部看。")
        .cure("可以公开的，把文件复制到这一篇旁边，再写它在这里的名字；不能公开的，从这一篇里去掉。")
}
