//! TOML into the neutral tree.

use ::toml::de::{DeTable, DeValue};

use super::{Fault, Key, Node, Scalar, Value, line_of, repeated};
use crate::diag::Span;

/// No configuration written by hand is larger.
const MOST_BYTES: usize = 1 << 20;

/// More faults of one file help nobody.
const MOST_FAULTS: usize = 20;

/// Reads `text`, which stands at byte `offset` of its file. Chinese keys need no quotes.
///
/// # Errors
/// Everything that TOML does not allow, each fault with its place.
pub fn read_toml(text: &str, offset: usize) -> Result<Node, Vec<Fault>> {
    let whole = Span::new(offset, offset + text.len());
    if text.len() > MOST_BYTES {
        let fault = Fault::new("文件太大，超过 1 MB", "请检查是不是把别的内容贴进来了", Span::new(offset, offset));
        return Err(vec![fault]);
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut faults: Vec<Fault> = errors
        .iter()
        .filter_map(|error| fault(text, offset, error.message(), error.span()))
        .take(MOST_FAULTS)
        .collect();
    faults.sort_by_key(|fault| fault.span);
    // One line that is wrong makes several complaints; the first says it.
    faults.dedup_by_key(|fault| line_of(text, (fault.span.start as usize).saturating_sub(offset)));
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut root = read_table(table.get_ref(), text, offset);
    root.span = whole;
    Ok(root)
}

fn read_table(table: &DeTable<'_>, text: &str, offset: usize) -> Node {
    let mut entries: Vec<(Key, Node)> = table
        .iter()
        .map(|(key, value)| {
            let span = key.span();
            let key = Key { name: key.get_ref().to_string(), span: Span::new(offset + span.start, offset + span.end) };
            (key, read_value(value.get_ref(), value.span(), text, offset))
        })
        .collect();
    entries.sort_by_key(|(key, _)| key.span);
    let span = entries
        .first()
        .zip(entries.last())
        .map(|((first, _), (_, last))| Span { start: first.span.start, end: last.span.end.max(first.span.start) });
    Node { value: Value::Map(entries), span: span.unwrap_or_default() }
}

fn read_value(value: &DeValue<'_>, range: std::ops::Range<usize>, text: &str, offset: usize) -> Node {
    let span = Span::new(offset + range.start, offset + range.end);
    let written = || text.get(range.clone()).unwrap_or_default().to_owned();
    let value = match value {
        DeValue::String(string) => Value::Scalar(string.to_string(), Scalar::Text),
        DeValue::Integer(number) => {
            let kind = i64::from_str_radix(number.as_str(), number.radix()).map_or(Scalar::Text, Scalar::Int);
            Value::Scalar(written(), kind)
        }
        DeValue::Float(number) => {
            let kind = number.as_str().parse().map_or(Scalar::Text, Scalar::Float);
            Value::Scalar(written(), kind)
        }
        DeValue::Boolean(flag) => Value::Scalar(written(), Scalar::Bool(*flag)),
        DeValue::Datetime(_) => Value::Scalar(written(), Scalar::Text),
        DeValue::Array(items) => {
            Value::List(items.iter().map(|item| read_value(item.get_ref(), item.span(), text, offset)).collect())
        }
        DeValue::Table(table) => {
            let node = read_table(table, text, offset);
            return Node { span: if range.is_empty() { node.span } else { span }, ..node };
        }
    };
    Node { value, span }
}

/// The crate's complaint in plain Chinese; nothing where it only minds a Chinese key without quotes.
fn fault(text: &str, offset: usize, english: &str, range: Option<std::ops::Range<usize>>) -> Option<Fault> {
    let range = range.unwrap_or(0..0);
    if english.starts_with("invalid unquoted key") && is_letter(text, range.start) {
        return None;
    }
    let span = Span::new(offset + range.start, offset + range.end);
    let about = english.split(", expected").next().unwrap_or(english);
    if about == "duplicate key" {
        let name = text.get(range.clone()).unwrap_or_default();
        let first = first_key(text, name, range.start);
        let first = Span::new(offset + first, offset + first + name.len());
        return Some(repeated(name.trim_matches(['"', '\'']), first, span));
    }
    let written = text.get(range.start..).and_then(|rest| rest.lines().next()).unwrap_or_default().trim();
    let (message, cure) = match about {
        _ if written.len() >= 8
            && written.starts_with(|c: char| c.is_ascii_digit())
            && written.contains(['-', ':']) =>
        {
            ("这不是一个真实的日期或时间", "检查年、月、日，例如 date = 2026-11-20")
        }
        _ if written.starts_with([':', '：']) => {
            ("名字后面要用英文等号，不是冒号", "写成 名字 = 值，例如 title = \"通知\"")
        }
        "string values must be quoted" if written.is_empty() => {
            ("这一项没有值", "在等号后面写上值，例如 title = \"通知\"；用不到就删掉这一行")
        }
        "string values must be quoted" | "missing opening quote" | "invalid value" | "missing escaped value" => {
            ("这个值没有用英文引号括好", "文字要用英文双引号括起来，例如 title = \"通知\"")
        }
        "key with no value" | "missing value for key" | "missing value" => {
            ("这一项没有值", "在等号后面写上值，例如 title = \"通知\"；用不到就删掉这一行")
        }
        "invalid unquoted key" | "unquoted keys cannot be empty" => (
            "等号左边的名字里有不能用的符号",
            "名字只写汉字、英文字母、数字、- 和 _，后面跟英文等号，例如 title = \"通知\"",
        ),
        "missing assignment between key-value pairs"
        | "invalid key-value pair"
        | "extra `=`"
        | "unexpected key or value" => {
            ("这一行不是“名字 = 值”的写法", "一行写一项：名字、英文等号、值，例如 title = \"通知\"")
        }
        "unclosed array"
        | "missing comma between array elements"
        | "extra comma in array"
        | "missing array opening" => {
            ("方括号里的列表没有写好", "各项之间用英文逗号隔开，最后用英文 ] 结束，例如 tags = [\"食品\", \"标签\"]")
        }
        "unclosed inline table" | "missing comma between key-value pairs" | "extra comma in inline table" => {
            ("花括号里的内容没有写好", "写成 { 名字 = 值, 名字 = 值 }，各项之间用英文逗号隔开")
        }
        "unclosed table" | "unclosed array table" | "missing table open" => {
            ("方括号标题没有写完整", "标题单独占一行，写成 [extra] 或 [[offices]]，方括号要成对")
        }
        "cannot recurse further; max recursion depth met" | "recursion limit" => {
            ("一层套一层，套得太深", "请检查方括号和花括号是否成对")
        }
        _ => ("这一行不符合 TOML 的写法", "一行写一项：名字、英文等号、值；文字用英文双引号括起来"),
    };
    Some(Fault::new(message, cure, span))
}

/// Whether the character that byte `at` belongs to is a letter or digit beyond ASCII.
fn is_letter(text: &str, at: usize) -> bool {
    let start = text.floor_char_boundary(at);
    text.get(start..).and_then(|rest| rest.chars().next()).is_some_and(|c| !c.is_ascii() && c.is_alphanumeric())
}

/// The byte of the line on which `name` stood before, as near as a line by itself can tell.
fn first_key(text: &str, name: &str, before: usize) -> usize {
    let mut at = 0;
    let mut found = 0;
    for line in text.get(..before).unwrap_or_default().split_inclusive('\n') {
        let key = line.trim_start().trim_start_matches('[').trim_start();
        if key.starts_with(name) {
            found = at + line.len() - key.len();
        }
        at += line.len();
    }
    found
}
