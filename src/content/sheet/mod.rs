//! A file of figures beside a page, CSV or XLSX, as the rows of text that its author sees in it. Pure, like all parsing:
//! the bytes come from the snapshot, and what is wrong stands in its problems. What the columns mean is asked later, by
//! the component that shows them ([`Table`]).

mod csv;
mod figure;
mod table;
mod xlsx;

use std::sync::Arc;

pub use self::figure::{Figure, plain_number};
pub use self::table::{Column, Flaw, Sort, Table};
use crate::diag::{DATA_EMPTY, DATA_FILE, DATA_LARGE, Diagnostic};

/// Largest file of figures that is read, in bytes.
pub const LIMIT: u64 = 4 << 20;

/// Most rows and columns of one sheet: more than that is no page that anybody reads.
const ROWS: usize = 5_000;
const COLUMNS: usize = 60;

/// One file of figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workbook {
    /// Its sheets in order; a CSV file has one without a name.
    pub sheets: Vec<Sheet>,
    /// Everything wrong with the file by itself.
    pub problems: Vec<Diagnostic>,
}

/// The rows of one sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Its name; empty in a CSV file.
    pub name: Arc<str>,
    /// Its rows from the first that holds anything, each with as many cells; empty ones left out.
    pub rows: Vec<Vec<Box<str>>>,
}

/// Whether a file with that extension (lower case) holds figures.
pub fn is_workbook(extension: &str) -> bool {
    matches!(extension, "csv" | "tsv" | "xlsx" | "xls" | "et" | "ods")
}

impl Workbook {
    /// Reads a file's bytes by its extension (lower case).
    pub fn read(path: &Arc<str>, extension: &str, bytes: &[u8]) -> Self {
        let mut problems = Vec::new();
        let sheets = match extension {
            _ if bytes.len() as u64 > LIMIT => {
                problems.push(
                    Diagnostic::error(DATA_LARGE, format!("这个数据文件有 {} MB，太大了", bytes.len() >> 20))
                        .in_file(path)
                        .cause(format!("网页上的表格要能在旧电脑上打开，数据文件的上限是 {} MB。", LIMIT >> 20))
                        .cure("只留要给读者看的行和列，另存一份；整份数据可以作为附件提供下载。"),
                );
                Vec::new()
            }
            "xlsx" => xlsx::read(path, bytes, &mut problems),
            "csv" | "tsv" => csv::read(path, extension, bytes, &mut problems),
            _ => {
                problems.push(
                    Diagnostic::error(DATA_FILE, format!("读不了 .{extension} 格式的表格"))
                        .in_file(path)
                        .cause("数据表和图表只能从 CSV 和 XLSX 文件里取数。")
                        .cure("在 WPS 或 Excel 里打开它，另存为“Excel 工作簿（*.xlsx）”或者“CSV UTF-8（*.csv）”。"),
                );
                Vec::new()
            }
        };
        let is_empty = sheets.iter().all(|sheet| sheet.rows.is_empty());
        if is_empty && problems.iter().all(|problem| !problem.is_error()) {
            problems.push(
                Diagnostic::error(DATA_EMPTY, "这个数据文件是空的")
                    .in_file(path)
                    .cause("里面没有一格有字。")
                    .cure("第一行写列名，从第二行起一行一条；写好后保存。"),
            );
        }
        Self { sheets, problems }
    }
}

impl Sheet {
    /// A sheet of rows as they stand in a file: rows and columns without a word are left out, and so is what is too much.
    fn new(name: &str, mut rows: Vec<Vec<Box<str>>>, path: &Arc<str>, problems: &mut Vec<Diagnostic>) -> Self {
        rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
        let used = |row: &Vec<Box<str>>| row.iter().rposition(|cell| !cell.is_empty()).map_or(0, |at| at + 1);
        let width = rows.iter().map(used).max().unwrap_or_default();
        if rows.len() > ROWS || width > COLUMNS {
            let sheet = if name.is_empty() { String::new() } else { format!("工作表“{name}”") };
            problems.push(
                Diagnostic::error(DATA_LARGE, format!("{sheet}有 {} 行 {width} 列，太多了", rows.len()))
                    .in_file(path)
                    .cause(format!("一张网页上的表最多 {ROWS} 行、{COLUMNS} 列，再多旧电脑就打不开了。"))
                    .cure("拆成几张表，或者只留要给读者看的行和列；整份数据可以作为附件提供下载。"),
            );
            rows.truncate(ROWS);
        }
        for row in &mut rows {
            row.resize(width.min(COLUMNS), Box::default());
        }
        Self { name: name.into(), rows }
    }

    /// A sheet of rows that stand in an article.
    pub fn of_rows(mut rows: Vec<Vec<Box<str>>>) -> Self {
        let width = rows.iter().map(Vec::len).max().unwrap_or_default();
        for row in &mut rows {
            row.resize(width, Box::default());
        }
        Self { name: Arc::default(), rows }
    }
}
