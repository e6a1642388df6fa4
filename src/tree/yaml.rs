//! YAML into the neutral tree, by the events of a YAML parser and under a budget: a file that somebody else wrote must
//! cost neither memory nor time, whatever it says.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span as Range, Tag};

use super::colon::Mapped;
use super::{Fault, Key, Node, Scalar, Tree, Value, repeated};
use crate::diag::Span;

/// No front matter written by hand is larger.
const MOST_BYTES: usize = 64 * 1024;
/// How deep lists and keys may nest.
const MOST_DEPTH: usize = 32;
/// How many nodes all aliases together may bring.
const MOST_ALIASED: usize = 1000;

/// Reads `text`, which stands at byte `offset` of its file.
///
/// # Errors
/// What YAML does not allow, a key that stands twice, and what goes over the budget, each fault with its place.
pub fn read_yaml(text: &str, offset: usize) -> Result<Tree, Vec<Fault>> {
    if text.len() > MOST_BYTES {
        return Err(vec![Fault::new(
            "文件头超过 64 KB",
            "文件头只写标题、日期这类简短信息，正文请放到第二个 --- 之后",
            Span::new(offset, offset),
        )]);
    }
    let mapped = Mapped::new(text);
    let mut builder = Builder {
        text,
        offset,
        mapped: &mapped,
        open: Vec::new(),
        root: None,
        anchors: HashMap::new(),
        aliased: 0,
        documents: 0,
        faults: Vec::new(),
    };
    let mut parser = Parser::new_from_str(&mapped.text);
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, range)) => {
                if !builder.event(event, range) {
                    break;
                }
            }
            Err(error) => {
                builder.faults.push(builder.explain(error.info(), error.marker().index()));
                break;
            }
        }
    }
    if !builder.faults.is_empty() {
        return Err(builder.faults);
    }
    let root = builder.root.unwrap_or(Node {
        value: Value::Scalar(String::new(), Scalar::Null),
        span: Span::new(offset, offset + text.len()),
    });
    let full_width_colons =
        mapped.colons.iter().map(|&at| Span::new(offset + at, offset + at + '：'.len_utf8())).collect();
    Ok(Tree { root, full_width_colons })
}

/// A list or mapping whose end has not come yet.
struct Open {
    start: usize,
    anchor: usize,
    /// Nodes inside so far, itself included.
    size: usize,
    items: Items,
}

enum Items {
    List(Vec<Node>),
    Map { entries: Vec<(Key, Node)>, key: Option<Key>, seen: HashMap<String, Span> },
}

struct Builder<'t> {
    text: &'t str,
    offset: usize,
    mapped: &'t Mapped,
    open: Vec<Open>,
    root: Option<Node>,
    /// Anchored nodes with their sizes.
    anchors: HashMap<usize, (Node, usize)>,
    aliased: usize,
    documents: usize,
    faults: Vec<Fault>,
}

impl Builder<'_> {
    /// Takes one event in; false when there is no use in going on.
    fn event(&mut self, event: Event<'_>, range: Range) -> bool {
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.fault(
                        "文件头里又出现了一个分隔行",
                        "文件头只用一对 --- 围住，中间不要再写 --- 或 ...",
                        self.span(range),
                    );
                    return false;
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                let span = self.scalar_span(range, style);
                let scalar = looks(&text, style, tag.as_deref());
                self.put(Node { value: Value::Scalar(text.into_owned(), scalar), span }, 1, anchor);
            }
            Event::SequenceStart(anchor, _) => return self.enter(range, anchor, Items::List(Vec::new())),
            Event::MappingStart(anchor, _) => {
                let items = Items::Map { entries: Vec::new(), key: None, seen: HashMap::new() };
                return self.enter(range, anchor, items);
            }
            Event::SequenceEnd | Event::MappingEnd => self.leave(range),
            Event::Alias(id) => {
                let Some((node, size)) = self.anchors.get(&id).cloned() else {
                    let span = self.span(range);
                    self.fault("这里引用的 &名字 还没有写完", "直接把内容写在这里，不要用 * 引用", span);
                    return false;
                };
                self.aliased += size;
                if self.aliased > MOST_ALIASED {
                    let span = self.span(range);
                    self.fault("文件头里用 * 引用展开的内容太多", "不要用 & 和 * 反复引用，直接把内容写出来", span);
                    return false;
                }
                let span = self.span(range);
                self.put(Node { span, ..node }, size, 0);
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        true
    }

    fn enter(&mut self, range: Range, anchor: usize, items: Items) -> bool {
        if self.open.len() >= MOST_DEPTH {
            let span = self.span(range);
            self.fault("文件头里一层套一层，套得太深", "请检查缩进、方括号和花括号是否成对", span);
            return false;
        }
        self.open.push(Open { start: self.mapped.byte(range.start.index()), anchor, size: 1, items });
        true
    }

    fn leave(&mut self, range: Range) {
        let Some(open) = self.open.pop() else { return };
        let end = self.mapped.byte(range.end.index());
        let written = self.text.get(open.start..end).unwrap_or_default().trim_end().len();
        let span = Span::new(self.offset + open.start, self.offset + open.start + written);
        let value = match open.items {
            Items::List(items) => Value::List(items),
            Items::Map { entries, .. } => Value::Map(entries),
        };
        self.put(Node { value, span }, open.size, open.anchor);
    }

    fn put(&mut self, node: Node, size: usize, anchor: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), size));
        }
        let Some(parent) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        parent.size += size;
        match &mut parent.items {
            Items::List(items) => items.push(node),
            Items::Map { entries, key, seen } => match key.take() {
                Some(key) => {
                    // An absent value has no place of its own: its key stands for it.
                    let span = if node.span.start == node.span.end && node.is_null() { key.span } else { node.span };
                    entries.push((key, Node { span, ..node }));
                }
                None => {
                    let span = node.span;
                    let Value::Scalar(name, _) = node.value else {
                        *key = Some(Key { name: String::new(), span });
                        self.fault("冒号左边不是一个简单的名字", "冒号左边只写一个名字，例如 title: 通知", span);
                        return;
                    };
                    if let Some(first) = seen.insert(name.clone(), span) {
                        let fault = repeated(&name, first, span);
                        *key = Some(Key { name, span });
                        self.faults.push(fault);
                        return;
                    }
                    *key = Some(Key { name, span });
                }
            },
        }
    }

    fn span(&self, range: Range) -> Span {
        Span::new(
            self.offset + self.mapped.byte(range.start.index()),
            self.offset + self.mapped.byte(range.end.index()),
        )
    }

    /// The bytes of a scalar without blanks and line ends that the parser may count in.
    fn scalar_span(&self, range: Range, style: ScalarStyle) -> Span {
        let (start, end) = (self.mapped.byte(range.start.index()), self.mapped.byte(range.end.index()));
        let written = match style {
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => end.saturating_sub(start),
            _ => self.text.get(start..end).unwrap_or_default().trim_end().len(),
        };
        Span::new(self.offset + start, self.offset + start + written)
    }

    fn fault(&mut self, message: &str, cure: &str, span: Span) {
        self.faults.push(Fault::new(message, cure, span));
    }

    /// The parser's complaint at character `index` in plain Chinese.
    fn explain(&self, english: &str, index: usize) -> Fault {
        let mut at = self.mapped.byte(index).min(self.text.len());
        if english.contains("simple key expect") {
            at = self.line_without_colon(at);
        }
        let line = self.text.get(..at).and_then(|head| head.rfind('\n')).map_or(0, |end| end + 1);
        let line = self.text.get(line..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let value = line.split_once(": ").map_or("", |(_, value)| value.trim_start());
        let (message, cure) = if english.contains("tab") {
            ("缩进用了 Tab 键", "把行首的 Tab 换成两个空格")
        } else if english.contains("recursion") {
            ("文件头里一层套一层，套得太深", "请检查缩进、方括号和花括号是否成对")
        } else if value.starts_with(['"', '\'']) || english.contains("quoted scalar") {
            ("引号没有成对，或者引号后面还有别的字", "把整个值放在一对英文单引号里，例如 title: '关于“三品一械”的通知'")
        } else if value.starts_with(['[', '{']) || english.contains("flow") || english.contains("bracket") {
            (
                "方括号或花括号没有写好",
                "列表写成 [食品, 标签]，用英文括号和英文逗号；标题以方括号开头时，整个用英文单引号括起来，例如 title: '[转载] 通知'",
            )
        } else if english.contains("mapping values are not allowed") || english.contains("':' must be followed") {
            ("值里又有一个英文冒号，分不清哪个是名字", "把整个值用英文单引号括起来，例如 title: '通知: 关于…'")
        } else if english.contains("anchor") {
            ("& 和 * 在这里有特殊意思", "把整个值用英文单引号括起来")
        } else if english.contains("unexpected character") || english.contains("while scanning a tag") {
            ("值的第一个符号有特殊意思", "把整个值用英文单引号括起来，例如 title: '@全体人员'")
        } else if english.contains("indent") || english.contains("block collection") {
            ("缩进没有对齐", "同一层的各行从同一列开始，一行写一项")
        } else if english.contains("simple key") || english.contains("expected key") {
            ("这一行不是“名字: 值”的写法", "一行写一项：名字、英文冒号、一个空格、值，例如 title: 通知")
        } else {
            ("文件头这里看不懂", "一行写一项：名字、英文冒号、一个空格、值；值里有特殊符号时用英文单引号括起来")
        };
        let rest = self.text.get(at..).unwrap_or_default();
        let width = rest.chars().next().filter(|c| !c.is_control()).map_or(0, char::len_utf8);
        Fault::new(message, cure, Span::new(self.offset + at, self.offset + at + width))
    }

    /// The last line up to byte `at` that lacks its colon: the parser notices only where the next key should come.
    fn line_without_colon(&self, at: usize) -> usize {
        let mut start = 0;
        let mut found = at;
        for line in self.text.get(..at).unwrap_or_default().split_inclusive('\n') {
            let content = line.trim();
            if !content.is_empty() && !content.starts_with(['#', '-']) && !content.contains([':', '：']) {
                found = start + line.len() - line.trim_start().len();
            }
            start += line.len();
        }
        found
    }
}

/// What a scalar looks like by the core schema; a date is text.
fn looks(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Scalar {
    if style != ScalarStyle::Plain || tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str") {
        return Scalar::Text;
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "true" | "True" | "TRUE" => Scalar::Bool(true),
        "false" | "False" | "FALSE" => Scalar::Bool(false),
        _ if text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'))
            && text.bytes().any(|b| b.is_ascii_digit()) =>
        {
            text.parse().map(Scalar::Int).or_else(|_| text.parse().map(Scalar::Float)).unwrap_or(Scalar::Text)
        }
        _ => Scalar::Text,
    }
}
