//! CSV as WPS, Excel and people write it: any of the encodings that Notepad saves, commas or tabs.

use std::sync::Arc;

use super::Sheet;
use crate::content::{Encoding, decode};
use crate::diag::{DATA_COMMA, DATA_FILE, DATA_QUOTE, DATA_ROW, Diagnostic, Span};

/// Ragged rows that are told one by one.
const TOLD: usize = 5;

/// The one sheet of a CSV file.
pub(super) fn read(path: &Arc<str>, extension: &str, bytes: &[u8], problems: &mut Vec<Diagnostic>) -> Vec<Sheet> {
    let decoded = decode(bytes);
    if decoded.encoding == Encoding::NotText {
        problems.push(
            Diagnostic::error(DATA_FILE, "这不是 CSV 文件")
                .in_file(path)
                .cause("文件里有文本不会有的字节，多半是 Excel 工作簿改了扩展名。")
                .cure("在 WPS 或 Excel 里打开它，另存为“CSV UTF-8（*.csv）”；或者把扩展名改回 .xlsx。"),
        );
        return Vec::new();
    }
    problems.extend(decoded.problem(path));
    let text = &*decoded.text;
    let head = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    if !head.contains([',', '\t', ';']) && head.contains('，') {
        let at = text.find('，').unwrap_or_default();
        problems.push(
            Diagnostic::error(DATA_COMMA, "列和列之间是中文逗号")
                .at(path, Span::new(at, at + '，'.len_utf8()))
                .label("中文逗号不能分列")
                .cause("CSV 用英文逗号分列；这样写，整行会当作一格。")
                .cure("用记事本打开，把“，”全部替换成“,”；文字里要留的中文逗号不用换。"),
        );
    }
    let delimiter = match extension {
        "tsv" => b'\t',
        _ if head.contains(',') => b',',
        _ if head.contains('\t') => b'\t',
        _ if head.contains(';') => b';',
        _ => b',',
    };
    let mut reader =
        ::csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut rows: Vec<Vec<Box<str>>> = Vec::new();
    let mut width = None;
    let mut ragged = 0;
    let mut last = 0;
    // The text is UTF-8 and flexible: nothing can fail.
    for record in reader.records().map_while(Result::ok) {
        let from = record.position().map_or(0, |at| usize::try_from(at.byte()).unwrap_or_default());
        last = from;
        let mut row: Vec<Box<str>> = record.iter().map(|cell| cell.trim().into()).collect();
        if row.iter().all(|cell| cell.is_empty()) {
            continue;
        }
        let columns = *width.get_or_insert(row.len());
        // What is empty at the end is no column.
        let used = row.iter().rposition(|cell| !cell.is_empty()).map_or(0, |at| at + 1);
        if used > columns || row.len() < columns {
            ragged += 1;
            if ragged <= TOLD {
                problems.push(ragged_row(path, text, from, row.len().max(used), columns));
            }
        }
        row.truncate(columns);
        rows.push(row);
    }
    if ragged > TOLD {
        problems.push(
            Diagnostic::error(DATA_ROW, format!("还有 {} 行的格数和第一行不一样", ragged - TOLD))
                .in_file(path)
                .cause("格数不一样，后面的数就会错到别的列里。")
                .cure("照上面几行的办法逐行改。"),
        );
    }
    if text.matches('"').count() % 2 == 1 {
        problems.push(
            Diagnostic::error(DATA_QUOTE, "有一个英文引号没有配对")
                .at(path, line(text, last))
                .label("从这一行往下，都当成了一格里的文字")
                .cause("CSV 里英文双引号成对使用，把带逗号的一格括起来。")
                .cure("补上另一半；文字里本来就有的双引号，写成两个：\"\"，或者改用中文引号“”。"),
        );
    }
    vec![Sheet::new("", rows, path, problems)]
}

fn ragged_row(path: &Arc<str>, text: &str, from: usize, has: usize, wants: usize) -> Diagnostic {
    Diagnostic::error(DATA_ROW, format!("这一行有 {has} 格，第一行有 {wants} 格"))
        .at(path, line(text, from))
        .label(if has > wants { "多了几格" } else { "少了几格" })
        .cause("格数不一样，后面的数就会错到别的列里。")
        .cure(if has > wants {
            "数一数逗号：一格的文字里有英文逗号的，把整格用英文双引号括起来，如 \"1,200\"。"
        } else {
            "缺的格补上；没有内容的也要留逗号。"
        })
}

/// The line that begins at byte `from`.
fn line(text: &str, from: usize) -> Span {
    let rest = text.get(from..).unwrap_or_default();
    let from = from + rest.len() - rest.trim_start_matches(['\r', '\n']).len();
    let rest = text.get(from..).unwrap_or_default();
    Span::new(from, from + rest.find(['\r', '\n']).unwrap_or(rest.len()))
}
