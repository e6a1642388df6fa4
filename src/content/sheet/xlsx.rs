//! XLSX: each cell as Excel shows it. Cells are read one by one, so that a sheet with something in its last corner costs
//! no more than its cells.

use std::io::Cursor;
use std::sync::Arc;

use calamine::{Data, DataRef, Reader as _, SheetType, SheetVisible, Xlsx};

use super::{COLUMNS, ROWS, Sheet, figure};
use crate::diag::{DATA_CELL, DATA_FILE, DATA_MERGED, Diagnostic};

/// Broken formulas that are told one by one.
const TOLD: usize = 5;

/// The sheets of a workbook that are not hidden.
pub(super) fn read(path: &Arc<str>, bytes: &[u8], problems: &mut Vec<Diagnostic>) -> Vec<Sheet> {
    let broken = |what: &str| {
        Diagnostic::error(DATA_FILE, "这个 XLSX 文件读不出来")
            .in_file(path)
            .label(what)
            .cause("文件可能已经损坏、加了密码，或者是别的格式改了扩展名。")
            .cure("在 WPS 或 Excel 里打开它，去掉打开密码，另存为“Excel 工作簿（*.xlsx）”。")
    };
    let mut book = match Xlsx::new(Cursor::new(bytes)) {
        Ok(book) => book,
        Err(_) => {
            problems.push(broken("打不开"));
            return Vec::new();
        }
    };
    let shown = |sheet: &&calamine::Sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible;
    let names: Vec<String> = book.sheets_metadata().iter().filter(shown).map(|sheet| sheet.name.clone()).collect();
    let mut sheets = Vec::with_capacity(names.len());
    for name in &names {
        let mut faults = Faults::default();
        match rows(&mut book, name, &mut faults) {
            Ok(rows) => {
                faults.tell(path, name, problems);
                let merged = book.merge_cells_by_sheet_name(name).unwrap_or_default();
                // A title over the whole table is merged as a matter of course.
                if let Some(first) = merged.iter().find(|region| region.start.0 > 0) {
                    problems.push(merged_cells(path, name, first, merged.len()));
                }
                sheets.push(Sheet::new(name, rows, path, problems));
            }
            Err(_) => problems.push(broken(&format!("工作表“{name}”读到一半出错"))),
        }
    }
    sheets
}

fn merged_cells(path: &Arc<str>, sheet: &str, first: &calamine::Dimensions, count: usize) -> Diagnostic {
    Diagnostic::warning(DATA_MERGED, format!("工作表“{sheet}”里有 {count} 处合并的单元格"))
        .in_file(path)
        .label(format!("第一处从 {} 起", place(first.start)))
        .cause("合并以后只有第一格有内容，其余是空的；按列排序、筛选时，空的那几行就分错了地方。")
        .cure("在 WPS 或 Excel 里选中它，点“取消合并单元格”，把内容填到每一格。")
}

/// Cells that hold an error instead of a value.
#[derive(Default)]
struct Faults(Vec<((u32, u32), String)>);

impl Faults {
    fn tell(&self, path: &Arc<str>, sheet: &str, problems: &mut Vec<Diagnostic>) {
        for (at, error) in self.0.iter().take(TOLD) {
            problems.push(
                Diagnostic::error(DATA_CELL, format!("工作表“{sheet}”的 {} 格是公式错误 {error}", place(*at)))
                    .in_file(path)
                    .cause("公式没有算出来，读者会看到这个错误代号。")
                    .cure("在 WPS 或 Excel 里把这一格的公式改对，或者直接写上数，再保存。"),
            );
        }
        if self.0.len() > TOLD {
            let rest = self.0.len() - TOLD;
            problems.push(
                Diagnostic::error(DATA_CELL, format!("工作表“{sheet}”里还有 {rest} 格是公式错误"))
                    .in_file(path)
                    .cause("公式没有算出来，读者会看到错误代号。")
                    .cure("照上面的办法逐格改。"),
            );
        }
    }
}

type Rows = Vec<Vec<Box<str>>>;

fn rows<R: std::io::Read + std::io::Seek>(
    book: &mut Xlsx<R>,
    name: &str,
    faults: &mut Faults,
) -> Result<Rows, calamine::XlsxError> {
    let mut reader = book.worksheet_cells_reader(name)?;
    let formats: Vec<figure::Format> = reader
        .styles()
        .iter()
        .map(|style| {
            style.number_format.as_ref().map_or_else(Default::default, |f| figure::Format::read(&f.format_code))
        })
        .collect();
    let mut rows: Rows = Vec::new();
    while let Some((cell, style)) = reader.next_cell_with_style_id()? {
        let at @ (row, column) = cell.get_position();
        let format = formats.get(style).copied().unwrap_or_default();
        let text = show(cell.get_value(), format, at, faults);
        let (row, column) = (row as usize, column as usize);
        // One more of each than there may be, so that it is told.
        if text.is_empty() || row > ROWS * 2 || column > COLUMNS {
            continue;
        }
        if rows.len() <= row {
            rows.resize_with(row + 1, Vec::new);
        }
        if let Some(cells) = rows.get_mut(row) {
            if cells.len() <= column {
                cells.resize(column + 1, Box::default());
            }
            if let Some(cell) = cells.get_mut(column) {
                *cell = text;
            }
        }
    }
    Ok(rows)
}

/// A cell as Excel shows it, near enough.
fn show(value: &DataRef<'_>, format: figure::Format, at: (u32, u32), faults: &mut Faults) -> Box<str> {
    match Data::from(value.clone()) {
        Data::Int(n) => format.show(n as f64).into(),
        Data::Float(n) => format.show(n).into(),
        Data::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" ").into(),
        Data::Bool(yes) => if yes { "是" } else { "否" }.into(),
        Data::DateTime(time) => {
            let (year, month, day, hour, minute, ..) = time.to_ymd_hms_milli();
            match (time.as_f64() < 1.0, hour == 0 && minute == 0) {
                (true, _) => format!("{hour}:{minute:02}"),
                (false, true) => format!("{year}-{month:02}-{day:02}"),
                (false, false) => format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}"),
            }
            .into()
        }
        Data::DateTimeIso(text) | Data::DurationIso(text) => text.replace('T', " ").into(),
        Data::Error(error) => {
            faults.0.push((at, error.to_string()));
            error.to_string().into()
        }
        _ => Box::default(),
    }
}

/// `C5`, as a spreadsheet names the cell.
fn place((row, column): (u32, u32)) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    format!("{}{}", letters.iter().rev().collect::<String>(), row + 1)
}

#[cfg(test)]
mod tests {
    #[test]
    fn cells_are_named_as_in_a_spreadsheet() {
        let names: Vec<_> = [0, 25, 26, 27, 701, 702].iter().map(|&column| super::place((4, column))).collect();
        assert_eq!(names, ["A5", "Z5", "AA5", "AB5", "ZZ5", "AAA5"]);
    }
}
