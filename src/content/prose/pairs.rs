//! What is wrong with `:::` lines, told once comrak's tree is there to compare them with: a line in code means nothing,
//! and one that comrak paired otherwise stands in a list or a quotation of its own.

use std::cell::OnceCell;

use super::fences::{Fault, Fence};
use super::foreign::in_code;
use super::opening::{Opening, Wrong};
use super::render::Renderer;
use crate::diag::{self, Diagnostic};

/// Says what is wrong with the `:::` lines.
pub(super) fn report(renderer: &mut Renderer<'_>) {
    if renderer.prepared.fences.is_empty() {
        return;
    }
    renderer.met.sort_unstable();
    renderer.odd.sort_unstable();
    let mut found = Vec::new();
    let told = Told { renderer, list: renderer.prepared.fences.list(), last: OnceCell::new() };
    for index in 0..told.list.len() {
        found.extend(told.of(index));
    }
    found.extend(told.typed());
    renderer.problems.extend(found);
}

impl Renderer<'_> {
    /// The line of a fence from its colons on.
    pub fn line_of(&self, fence: &Fence) -> &str {
        self.body.get(fence.start..fence.end).unwrap_or_default()
    }
}

struct Told<'a, 'r> {
    renderer: &'a Renderer<'r>,
    list: &'a [Fence],
    /// Number of the body's last line with a word on it, from 0; seldom asked for.
    last: OnceCell<usize>,
}

impl Told<'_, '_> {
    /// Everything there is to say about line `index`.
    fn of(&self, index: usize) -> Vec<Diagnostic> {
        if self.is_code(index) {
            return Vec::new();
        }
        let mut all: Vec<Diagnostic> = self.fault(index).into_iter().collect();
        if self.renderer.odd.binary_search(&index).is_ok() {
            all.extend(self.arguments(index));
        }
        all
    }

    fn fault(&self, index: usize) -> Option<Diagnostic> {
        let fence = &self.list[index];
        match fence.fault {
            Some(Fault::Stray) => Some(self.stray(index)),
            Some(Fault::Short(opening)) => {
                // The line that it was meant to close is told of, and names this one.
                let told = matches!(self.list[opening].fault, Some(Fault::Unclosed(_))) && !self.is_code(opening);
                (!told).then(|| self.short(index, opening))
            }
            Some(Fault::Unclosed(_)) if !fence.hidden && self.end_of(index).is_none() => Some(self.no_block(index)),
            Some(Fault::Unclosed(short)) => Some(self.unclosed(index, short)),
            Some(Fault::Long(outer)) => {
                let told = matches!(self.list[outer].fault, Some(Fault::Unclosed(_))) && !self.is_code(outer);
                (!told).then(|| self.long(index, outer))
            }
            Some(Fault::Crossed(close)) => Some(self.crossed(index, close)),
            Some(Fault::TooDeep) => Some(self.too_deep(index)),
            None if fence.hidden => None,
            None if fence.opens => match self.end_of(index) {
                None => Some(self.no_block(index)),
                Some(end) => {
                    let partner = fence.partner?;
                    let parted = self.end_of(partner).is_some() || end != self.list[partner].line;
                    parted.then(|| self.parted(index, partner))
                }
            },
            // comrak began a block here: the line that it closes is told of, unless that is code.
            None => {
                let alone = self.end_of(index).is_some() && fence.partner.is_none_or(|opening| self.is_code(opening));
                alone.then(|| self.stray(index))
            }
        }
    }

    /// The line at which comrak saw the end of the block that line `index` began, if it did begin one.
    fn end_of(&self, index: usize) -> Option<usize> {
        let met = &self.renderer.met;
        met.binary_search_by_key(&index, |&(one, _)| one)
            .ok()
            .map(|at| self.renderer.prepared.fences.line_of_row(met[at].1))
    }

    fn is_code(&self, index: usize) -> bool {
        let prepared = self.renderer.prepared;
        let end = prepared.line_end(prepared.at(self.list[index].row + 1, 1));
        in_code(&self.renderer.code, end.saturating_sub(1))
    }

    fn at(&self, diagnostic: Diagnostic, index: usize) -> Diagnostic {
        let fence = &self.list[index];
        let end = fence.start + self.renderer.line_of(fence).trim_end().len();
        diagnostic.at(self.renderer.file, self.renderer.prepared.body_span(fence.start, end))
    }

    /// The number of a line in the file, as people count.
    fn number(&self, line: usize) -> usize {
        self.renderer.first_line + line
    }

    fn line(&self, index: usize) -> usize {
        self.number(self.list[index].line)
    }

    /// The line as it was written, cut where it is long.
    fn written(&self, index: usize) -> String {
        let line = self.renderer.line_of(&self.list[index]).trim_end();
        if line.chars().count() > 24 {
            format!("{}…", line.chars().take(24).collect::<String>())
        } else {
            line.to_owned()
        }
    }

    fn colons(&self, index: usize) -> String {
        ":".repeat(self.list[index].colons.min(40))
    }

    fn stray(&self, index: usize) -> Diagnostic {
        let diagnostic = Diagnostic::error(diag::COMPONENT_STRAY, "有一行多余的 :::")
            .cause("这样的一行用来结束一个组件，而前面没有还没结束的组件")
            .cure("删掉这一行；如果前面漏写了组件的第一行，把 :::名称 补上");
        self.at(diagnostic, index)
    }

    fn short(&self, index: usize, opening: usize) -> Diagnostic {
        let (line, colons) = (self.line(opening), self.colons(opening));
        let diagnostic = Diagnostic::error(diag::COMPONENT_STRAY, "有一行多余的 :::")
            .label(format!("冒号比第 {line} 行的少，结束不了它"))
            .with_note(format!("第 {line} 行是 {}", self.written(opening)))
            .cause("结束的一行要和开头的一行有同样多的冒号")
            .cure(format!("要结束第 {line} 行的组件，写成 {colons}；否则删掉这一行"));
        self.at(diagnostic, index)
    }

    fn unclosed(&self, index: usize, short: Option<usize>) -> Diagnostic {
        let fence = &self.list[index];
        let body = self.renderer.body;
        let last = *self.last.get_or_init(|| body.trim_end().lines().count().saturating_sub(1));
        let last = self.number(last);
        let end = match self.end_of(index) {
            Some(end) if self.number(end) < last => {
                format!("它所在的列表或引用到第 {} 行就结束了", self.number(end) - 1)
            }
            _ => format!("文件到第 {last} 行就结束了"),
        };
        let colons = self.colons(index);
        let mut diagnostic = Diagnostic::error(diag::COMPONENT_UNCLOSED, format!("组件没有结束：{end}"))
            .label("从这里开始，后面没有配对的一行")
            .cause("不知道它到哪里为止，后面的文字都会算作它的内容");
        if let Some(short) = short {
            let line = self.line(short);
            diagnostic = diagnostic
                .with_note(format!("第 {line} 行是 {}，冒号只有 {} 个", self.written(short), self.list[short].colons))
                .cure(format!("把第 {line} 行改成 {colons}，冒号和开头的一行一样多"));
        } else if fence.quotes > 0 {
            diagnostic = diagnostic.cure(format!("在它的内容后面另起一行写上 > {colons}，与开头的一行在同一段引用里"));
        } else {
            diagnostic = diagnostic.cure(format!("在它的内容后面另起一行，单独写上 {colons}"));
        }
        self.at(diagnostic, index)
    }

    fn long(&self, index: usize, outer: usize) -> Diagnostic {
        let more = ":".repeat((self.list[index].colons + 1).min(40));
        let line = self.line(outer);
        let (here, there) = (self.list[index].colons, self.list[outer].colons);
        let how = if here == there { "一样多" } else { "还多" };
        let diagnostic = Diagnostic::error(diag::COMPONENT_FENCE, "里层组件的冒号不比外层的少")
            .label(format!("冒号和第 {line} 行的{how}"))
            .with_note(format!("第 {line} 行是 {}", self.written(outer)))
            .cause("冒号一样多时，分不清后面的 ::: 结束的是里层还是外层")
            .cure(format!("外层的两行各加冒号，写成 {more}"));
        let diagnostic = if here == there { diagnostic } else { self.longer(diagnostic, line) };
        self.at(diagnostic, index)
    }

    fn longer(&self, diagnostic: Diagnostic, line: usize) -> Diagnostic {
        diagnostic
            .label(format!("冒号比第 {line} 行的还多"))
            .cause("外层的冒号要比里层的多，才分得清后面的 ::: 结束的是哪一层")
    }

    fn crossed(&self, index: usize, close: usize) -> Diagnostic {
        let line = self.line(close);
        let diagnostic = Diagnostic::error(diag::COMPONENT_CROSSED, "里层组件还没有结束，外层先结束了")
            .label("这个组件没有结束")
            .with_note(format!("第 {line} 行是 {}，它结束的是外层", self.written(close)))
            .cause("里层的组件要在外层结束之前结束")
            .cure(format!("在第 {line} 行的前面另起一行，单独写上 {}", self.colons(index)));
        self.at(diagnostic, index)
    }

    fn too_deep(&self, index: usize) -> Diagnostic {
        let diagnostic = Diagnostic::error(diag::COMPONENT_FENCE, "组件套得太深")
            .cause("一层套一层，页面上放不下")
            .cure("减少层数，一般不超过两层；多半是前面有组件忘了用 ::: 结束");
        self.at(diagnostic, index)
    }

    fn no_block(&self, index: usize) -> Diagnostic {
        let diagnostic = Diagnostic::error(diag::COMPONENT_HIDDEN, "这一行 ::: 没有当作组件")
            .cause("它在 HTML 标签里面，或者前面的空格太多，读者会看到冒号原样")
            .cure("在它前面空一行，从行首写起；在列表里的，与列表项的文字对齐");
        self.at(diagnostic, index)
    }

    fn parted(&self, index: usize, partner: usize) -> Diagnostic {
        let line = self.line(partner);
        let diagnostic =
            Diagnostic::error(diag::COMPONENT_UNCLOSED, format!("组件没有结束：第 {line} 行的 ::: 在另一段里"))
                .label("这一行在列表或引用里")
                .with_note(format!("第 {line} 行是 {}", self.written(partner)))
                .cause("组件的开头和结尾要在同一个列表项或同一段引用里")
                .cure(format!("把这一行和第 {line} 行之间的各行写成同样的缩进（引用里的，每行都以 > 开头）"));
        self.at(diagnostic, index)
    }

    /// What is wrong with arguments by themselves; what they mean only the theme knows.
    fn arguments(&self, index: usize) -> Vec<Diagnostic> {
        let opening = Opening::read(self.renderer.body, &self.list[index]);
        let mut all = Vec::new();
        if opening.name.is_empty() {
            let diagnostic = Diagnostic::error(diag::COMPONENT_UNKNOWN, "组件没有写名称")
                .cause("不知道要把下面的文字排成什么样子")
                .cure("在冒号后面写上名称，例如 :::提示");
            all.push(self.at(diagnostic, index));
        }
        for word in opening.args.iter() {
            let Some(fault) = word.fault else { continue };
            let key = word.key;
            let diagnostic = match fault {
                Wrong::HalfQuoted => Diagnostic::error(diag::COMPONENT_ARGUMENT_FORM, format!("“{key}”的引号只有一半"))
                    .cause("不知道它的值到哪里为止")
                    .cure(format!("在值的后面补上引号，再空一格，例如 {key}=\"内容\"")),
                Wrong::NoValue => Diagnostic::error(diag::COMPONENT_ARGUMENT_FORM, format!("“{key}”后面没有写值"))
                    .cause("等号后面紧接着是空格")
                    .cure(format!("写成 {key}=内容，等号两边不空格；值里有空格的，写成 {key}=\"内容\"")),
            };
            let span = self.renderer.prepared.body_span(word.key_at, word.value_at + word.value.len());
            all.push(diagnostic.at(self.renderer.file, span));
        }
        all
    }

    /// What was taken as meant: one note a file.
    fn typed(&self) -> Option<Diagnostic> {
        let mut places = self.renderer.typed.clone();
        let closing = self
            .list
            .iter()
            .enumerate()
            .filter(|(index, fence)| fence.is_wide && !fence.opens && !fence.hidden && !self.is_code(*index));
        places.extend(closing.map(|(_, fence)| (fence.start, fence.rest)));
        places.sort_unstable();
        let &(start, end) = places.first()?;
        let many = if places.len() > 1 { format!("（本文件共 {} 处）", places.len()) } else { String::new() };
        let diagnostic = Diagnostic::note(diag::COMPONENT_TYPED, format!("组件的行里用了中文符号，已按英文的读{many}"))
            .cause("中文输入法打出的 ：：：、＝、“” 和全角空格，别的软件可能不认")
            .cure("有空时改成英文的 :::、=、\"\" 和半角空格");
        Some(diagnostic.at(self.renderer.file, self.renderer.prepared.body_span(start, end)))
    }
}
