//! Typed values out of the nodes of `zhendi.toml`, and the complaints about what does not fit.

use std::sync::Arc;

use super::Reader;
use crate::diag::{
    CONFIG_DUPLICATE, CONFIG_MISSING, CONFIG_TYPE, CONFIG_UNKNOWN_KEY, CONFIG_VALUE, Diagnostic, Span, nearest,
};
use crate::tree::{Key, Node, Scalar, Value};

impl Reader<'_> {
    /// The entries whose keys are `known`; the others are reported.
    pub(super) fn map<'n>(&mut self, node: &'n Node, what: &str, known: &[&str]) -> Vec<&'n (Key, Node)> {
        let entries = self.entries(node);
        for (key, _) in entries {
            if !known.contains(&key.name.as_str()) {
                let near = nearest(&key.name, known.iter().copied());
                let cure = match near.first() {
                    Some(near) => format!("是否想写 {near}？{what}里可以写的有：{}", known.join("、")),
                    None => format!("{what}里可以写的有：{}。自己的内容请放到 [extra] 下。", known.join("、")),
                };
                self.problems.push(
                    Diagnostic::error(CONFIG_UNKNOWN_KEY, format!("不认识配置项“{}”", key.name))
                        .at(&self.file, key.span)
                        .cause("写错的配置项不会起作用，所以宁可停下来，免得您以为它已经生效。")
                        .cure(cure),
                );
            }
        }
        entries.iter().filter(|(key, _)| known.contains(&key.name.as_str())).collect()
    }

    pub(super) fn entries<'n>(&mut self, node: &'n Node) -> &'n [(Key, Node)] {
        if let Value::Map(entries) = &node.value {
            return entries;
        }
        self.wrong(node, "一组“键 = 值”");
        &[]
    }

    pub(super) fn list<'n>(&mut self, node: &'n Node) -> &'n [Node] {
        if let Value::List(items) = &node.value {
            return items;
        }
        self.wrong(node, "一个列表，例如 [\"甲\", \"乙\"]");
        &[]
    }

    pub(super) fn text(&mut self, node: &Node) -> Option<Arc<str>> {
        if let Value::Scalar(text, _) = &node.value {
            return Some(text.as_str().into());
        }
        self.wrong(node, "一段文字");
        None
    }

    pub(super) fn set_text(&mut self, node: &Node, into: &mut Arc<str>) {
        if let Some(text) = self.text(node) {
            *into = text;
        }
    }

    pub(super) fn texts(&mut self, node: &Node) -> Vec<Arc<str>> {
        self.list(node).iter().filter_map(|one| self.text(one)).collect()
    }

    pub(super) fn bool(&mut self, node: &Node) -> Option<bool> {
        if let Value::Scalar(_, Scalar::Bool(value)) = &node.value {
            return Some(*value);
        }
        self.wrong(node, "true 或 false");
        None
    }

    pub(super) fn count(&mut self, node: &Node) -> Option<u32> {
        if let Value::Scalar(_, Scalar::Int(value @ 1..=10_000)) = &node.value {
            return u32::try_from(*value).ok();
        }
        self.wrong(node, "1 到 10000 之间的整数");
        None
    }

    pub(super) fn wrong(&mut self, node: &Node, wanted: &str) {
        self.problems.push(
            Diagnostic::error(CONFIG_TYPE, format!("这里应当是{wanted}"))
                .at(&self.file, node.span)
                .cause("写法不对，这一项就不知道是什么意思。")
                .cure("照使用手册“配置文件”一页的例子改。"),
        );
    }

    pub(super) fn missing(&mut self, span: Span, what: &str, key: &str) {
        self.problems.push(
            Diagnostic::error(CONFIG_MISSING, format!("这个{what}没有写 {key}"))
                .at(&self.file, Span { start: span.start, end: span.start })
                .cause(format!("{key} 决定它的文件夹和网址，不能省。"))
                .cure(format!("补上一行 {key} = \"…\"")),
        );
    }

    pub(super) fn unknown_name<'a>(
        &mut self,
        span: Span,
        what: &str,
        word: &str,
        known: impl Iterator<Item = &'a str> + Clone,
    ) {
        let near = nearest(word, known.clone());
        let all: Vec<&str> = known.collect();
        let guess = near.first().map(|near| format!("是否想写 {near}？")).unwrap_or_default();
        self.problems.push(
            Diagnostic::error(CONFIG_VALUE, format!("没有叫“{word}”的{what}"))
                .at(&self.file, span)
                .cause(format!("{what}要先定义才能用。"))
                .cure(format!("{guess}可以写的有：{}", all.join("、"))),
        );
    }

    /// The first of each id; the others are reported, and left out lest every page be said to clash.
    pub(super) fn unique<T>(&mut self, read: Vec<(T, Span)>, id: impl Fn(&T) -> &Arc<str>, what: &str) -> Vec<T> {
        let mut kept: Vec<T> = Vec::with_capacity(read.len());
        for (one, span) in read {
            if kept.iter().any(|other| id(other) == id(&one)) {
                let id = id(&one);
                self.problems.push(
                    Diagnostic::error(CONFIG_DUPLICATE, format!("有两个{what}的 id 都是“{id}”"))
                        .at(&self.file, span)
                        .cause("id 是文件夹名，两个一样就会互相覆盖。")
                        .cure("给其中一个换一个 id。"),
                );
            } else {
                kept.push(one);
            }
        }
        kept
    }
}
