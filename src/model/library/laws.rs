//! The statutes that the portal holds, by every name that others may call them by.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Library, Pairing};
use crate::content::{Clause, ClauseKind};
use crate::diag::{Diagnostic, LAW_NAMES_CLASH};
use crate::model::record::{PageId, Record};

/// The statutes that are live, in order of their paths.
#[derive(Debug, Default)]
pub(in super::super) struct Laws {
    all: Vec<Law>,
    by_name: BTreeMap<Arc<str>, PageId>,
}

#[derive(Debug)]
struct Law {
    id: PageId,
    names: Vec<Arc<str>>,
}

impl Laws {
    /// Gathers them; two of one name are complained about.
    pub fn new(library: &Library, problems: &mut Vec<Diagnostic>) -> Self {
        let kinds: Vec<bool> = library.config.kinds().iter().map(|kind| kind.articles).collect();
        let mut laws = Self::default();
        if !kinds.contains(&true) {
            return laws;
        }
        for &id in library.order.ids() {
            let (at, row) = (id.at(), &library.rows[id.at()]);
            if !row.is_live || kinds.get(usize::from(row.kind)) != Some(&true) {
                continue;
            }
            let page = &library.pages[at];
            let names = names(page);
            for name in &names {
                match laws.by_name.get(name).map(|first| &library.pages[first.at()]) {
                    None => drop(laws.by_name.insert(name.clone(), id)),
                    Some(first) => problems.push(clash(name, first, page)),
                }
            }
            laws.all.push(Law { id, names });
        }
        laws
    }

    /// The one that is called so.
    pub fn find(&self, name: &str) -> Option<PageId> {
        self.by_name.get(&*normal(name)).copied()
    }

    /// Whether the same statutes go by the same names and have the same articles as in `old`.
    pub fn are_as(&self, library: &Library, old: &Library, pairing: &Pairing) -> bool {
        let before = &old.laws.all;
        self.all.len() == before.len()
            && before.iter().zip(&self.all).all(|(a, b)| {
                let (x, y) = (&old.pages[a.id.at()], &library.pages[b.id.at()]);
                pairing.new_of(a.id) == Some(b.id)
                    && (Arc::ptr_eq(x, y) || (a.names == b.names && faces(x).eq(faces(y))))
            })
    }
}

impl Record {
    /// Whether it is a statute.
    pub(in crate::model) fn is_law(&self) -> bool {
        self.kind.as_ref().is_some_and(|kind| kind.articles)
    }
}

/// What the articles of a statute are and by which anchors.
fn faces(record: &Record) -> impl Iterator<Item = (ClauseKind, &Arc<str>)> {
    record.document.body.clauses.iter().map(Clause::face)
}

/// The names of a statute: its title, its short title, and those that its front matter gives as `aliases`.
fn names(page: &Record) -> Vec<Arc<str>> {
    let front = &page.document.front;
    let short = front.short.as_ref().map(|short| &*short.value);
    let aliases = front.aliases.iter().filter_map(|alias| {
        let last = alias.value.trim_end_matches('/').rsplit('/').next()?;
        Some(last.strip_suffix(".html").unwrap_or(last))
    });
    let mut names: Vec<Arc<str>> = Vec::new();
    for name in std::iter::once(&*page.title).chain(short).chain(aliases) {
        let name: Arc<str> = normal(name).into();
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Whether an alias of a statute is an old address, and not only an old name.
pub(super) fn is_address(alias: &str) -> bool {
    alias.contains(['/', '.'])
}

/// A law's name without what may be left out: 《》, 中华人民共和国, blanks, what stands in brackets behind it.
fn normal(name: &str) -> String {
    let bare: String = name.chars().filter(|c| !c.is_whitespace() && !"《》〈〉“”\"".contains(*c)).collect();
    let bare = bare.strip_prefix("中华人民共和国").unwrap_or(&bare);
    let open = bare.ends_with(['）', ')']).then(|| bare.find(['（', '('])).flatten();
    bare[..open.filter(|&at| at > 0).unwrap_or(bare.len())].to_owned()
}

fn clash(name: &str, first: &Record, second: &Record) -> Diagnostic {
    Diagnostic::warning(LAW_NAMES_CLASH, format!("两部法规都叫“{name}”"))
        .in_file(&second.document.path)
        .with_note(format!("另一部是：{}", first.document.path))
        .cause("文章里引用这个名称时，只会连到前面那一部。")
        .cure("改其中一部的标题、短题或 aliases；已经废止的那一部，请写上下线日期（expires）。")
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn what_may_be_left_out_of_a_name() {
        for name in ["《中华人民共和国计量法》", "计量法", "计量法（2018年修正）", "中华人民共和国 计量法"]
        {
            assert_eq!(normal(name), "计量法", "{name}");
        }
        assert_eq!(normal("计量法实施细则"), "计量法实施细则");
        assert_eq!(normal("（试行）"), "（试行）");
    }
}
