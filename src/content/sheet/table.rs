//! A sheet as a component shows it: which row names the columns, what each column holds, which columns are wanted, in
//! which order the rows stand. Where what the author asks for is not there, that is a [`Flaw`].

use super::figure::grouped;
use super::{Figure, Sheet};
use crate::content::dates;
use crate::diag::nearest;

/// A table of typed columns.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows: a cell a column.
    pub rows: Vec<Vec<Box<str>>>,
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: Box<str>,
    /// How its cells are ordered.
    pub sort: Sort,
    /// The sum of its figures, as they are written; percentages have none.
    pub total: Option<Box<str>>,
}

/// How the cells of a column are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// As text.
    Text,
    /// As numbers.
    Number,
    /// As dates.
    Date,
}

/// What an author asked for and the sheet does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// One sentence.
    pub message: String,
    /// Why that matters.
    pub cause: String,
    /// What to write.
    pub cure: String,
}

impl Flaw {
    fn new(message: impl Into<String>, cause: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { message: message.into(), cause: cause.into(), cure: cure.into() }
    }
}

/// Whether a cell says nothing.
fn is_blank(cell: &str) -> bool {
    matches!(cell.trim(), "" | "-" | "—" | "——" | "/" | "无")
}

impl Table {
    /// The table in `sheet` whose row number `header` (from 1, of those that hold anything) names the columns.
    pub fn new(sheet: &Sheet, header: usize) -> (Self, Vec<Flaw>) {
        let mut flaws = Vec::new();
        let rows = &sheet.rows;
        let Some(head) = rows.get(header.saturating_sub(1)) else {
            flaws.push(Flaw::new(
                format!("表里没有第 {header} 行"),
                "列名要从这一行取。",
                format!("有字的行一共 {} 行，改小一点。", rows.len()),
            ));
            return (Self { columns: Vec::new(), rows: Vec::new() }, flaws);
        };
        let named = |row: &[Box<str>]| row.iter().filter(|cell| !cell.is_empty()).count();
        if head.len() > 1 && named(head) == 1 && rows.get(header).is_some_and(|next| named(next) > 1) {
            flaws.push(Flaw::new(
                format!(
                    "第 {header} 行只有一格“{}”，像是标题，不是列名",
                    head.iter().find(|c| !c.is_empty()).map_or("", |c| c)
                ),
                "表格要有一行写明每一列是什么。",
                format!("列名在第几行，就写 表头行=几，例如 表头行={}；或者把标题行从文件里删掉。", header + 1),
            ));
        } else {
            for (at, name) in head.iter().enumerate() {
                if name.is_empty() {
                    flaws.push(Flaw::new(
                        format!("第 {} 列没有列名", at + 1),
                        "读者不知道这一列是什么，排序、筛选也说不出名字。",
                        "在表头那一行补上这一列的名字；整列不要的，从文件里删掉。",
                    ));
                } else if head.get(..at).is_some_and(|before| before.contains(name)) {
                    flaws.push(Flaw::new(
                        format!("有两列都叫“{name}”"),
                        "说到这个名字时，不知道是哪一列。",
                        "把其中一列改个名字。",
                    ));
                }
            }
        }
        let body: Vec<Vec<Box<str>>> = rows.iter().skip(header.max(1)).cloned().collect();
        let columns = head.iter().enumerate().map(|(at, name)| Column::new(name, &body, at)).collect();
        (Self { columns, rows: body }, flaws)
    }

    /// The column that an author calls `name`.
    pub fn column(&self, name: &str) -> Result<usize, Flaw> {
        let name = name.trim();
        let found = self.columns.iter().position(|column| &*column.name == name);
        found.ok_or_else(|| {
            let known = self.columns.iter().map(|column| &*column.name);
            let all = known.clone().collect::<Vec<_>>().join("、");
            let near = nearest(name, known);
            let cure = match near.first() {
                Some(near) => format!("是否想写“{near}”？表里有这些列：{all}。"),
                None => format!("表里有这些列：{all}。"),
            };
            Flaw::new(format!("表里没有“{name}”这一列"), "列名要和数据文件里的一字不差。", cure)
        })
    }

    /// The same with these columns only, in that order.
    #[must_use]
    pub fn only(&self, columns: &[usize]) -> Self {
        let pick = |row: &Vec<Box<str>>| columns.iter().filter_map(|&at| row.get(at).cloned()).collect();
        Self {
            columns: columns.iter().filter_map(|&at| self.columns.get(at).cloned()).collect(),
            rows: self.rows.iter().map(pick).collect(),
        }
    }

    /// The same with its rows in the order of a column; those whose cell is empty come last.
    #[must_use]
    pub fn sorted(mut self, column: usize, descending: bool) -> Self {
        let Some(sort) = self.columns.get(column).map(|column| column.sort) else { return self };
        let cell = |row: &Vec<Box<str>>| row.get(column).cloned().unwrap_or_default();
        self.rows.sort_by(|a, b| {
            let (a, b) = (cell(a), cell(b));
            let order = sort.compare(&a, &b);
            is_blank(&a).cmp(&is_blank(&b)).then(if descending { order.reverse() } else { order })
        });
        self
    }

    /// The figure in a cell.
    pub fn figure(&self, row: usize, column: usize) -> Option<f64> {
        Figure::read(self.rows.get(row)?.get(column)?).map(|figure| figure.value)
    }
}

impl Column {
    fn new(name: &str, rows: &[Vec<Box<str>>], at: usize) -> Self {
        let cells = || rows.iter().filter_map(|row| row.get(at)).filter(|cell| !is_blank(cell));
        let figures: Option<Vec<Figure>> = cells().map(|cell| Figure::read(cell)).collect();
        let (sort, total) = match figures {
            Some(figures) if !figures.is_empty() => {
                let decimals = figures.iter().map(|figure| figure.decimals).max().unwrap_or_default();
                let sum: f64 = figures.iter().map(|figure| figure.value).sum();
                let is_share = figures.iter().any(|figure| figure.percent);
                let total = format!("{sum:.*}", usize::from(decimals));
                let total = if cells().any(|cell| cell.contains([',', '，'])) { grouped(&total) } else { total };
                (Sort::Number, (!is_share).then(|| total.into()))
            }
            _ if cells().next().is_some() && cells().all(|cell| date_key(cell).is_some()) => (Sort::Date, None),
            _ => (Sort::Text, None),
        };
        Self { name: name.into(), sort, total }
    }
}

/// A date or a month as a key that sorts; `None` for what is neither.
fn date_key(text: &str) -> Option<String> {
    if let Ok(date) = dates::read(text) {
        return Some(date.to_string());
    }
    let (year, rest) = text.split_once(['-', '/', '.', '年'])?;
    let month = rest.strip_suffix('月').unwrap_or(rest);
    let digits = |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    let month: u8 =
        if digits(month, 2) && year.len() == 4 && digits(year, 4) { month.parse().ok()? } else { return None };
    (1..=12).contains(&month).then(|| format!("{year}-{month:02}"))
}

impl Sort {
    /// What a cell is ordered by where that is not its text.
    pub fn key(self, cell: &str) -> Option<String> {
        let key = match self {
            Self::Text => return None,
            Self::Number => Figure::read(cell).map(|figure| super::plain_number(figure.value)),
            Self::Date => date_key(cell),
        };
        Some(key.unwrap_or_default()).filter(|key| key != cell)
    }

    fn compare(self, a: &str, b: &str) -> std::cmp::Ordering {
        match self {
            Self::Text => a.cmp(b),
            Self::Number => {
                let value = |cell: &str| Figure::read(cell).map_or(f64::NEG_INFINITY, |figure| figure.value);
                value(a).total_cmp(&value(b))
            }
            Self::Date => date_key(a).cmp(&date_key(b)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Sort, Table};
    use crate::content::sheet::Sheet;

    fn table(rows: &[&[&str]]) -> Table {
        let rows = rows.iter().map(|row| row.iter().map(|&cell| cell.into()).collect()).collect();
        Table::new(&Sheet::of_rows(rows), 1).0
    }

    #[test]
    fn columns_are_what_their_cells_are() {
        let table = table(&[
            &["名称", "项数", "占比", "日期", "月份", "电话"],
            &["甲", "1,068", "13.0%", "2026年3月1日", "2026-03", "0571"],
            &["乙", "—", "2.9%", "2025-12-31", "2025年12月", "0572"],
            &["丙", "37.5", "", "", "", ""],
        ]);
        let sorts: Vec<_> = table.columns.iter().map(|column| column.sort).collect();
        assert_eq!(sorts, [Sort::Text, Sort::Number, Sort::Number, Sort::Date, Sort::Date, Sort::Text]);
        let totals: Vec<_> = table.columns.iter().map(|column| column.total.as_deref()).collect();
        assert_eq!(totals, [None, Some("1,105.5"), None, None, None, None]);
        let names = |table: Table| table.rows.iter().map(|row| row[0].to_string()).collect::<Vec<_>>().concat();
        assert_eq!(names(table.clone().sorted(1, false)), "丙甲乙");
        assert_eq!(names(table.clone().sorted(1, true)), "甲丙乙");
        assert_eq!(names(table.clone().sorted(3, false)), "乙甲丙");
        assert_eq!(names(table.sorted(4, true)), "甲乙丙");
    }

    #[test]
    fn a_title_is_no_header() {
        let rows = [vec!["抽检情况表", "", ""], vec!["品种", "批次", "合格"], vec!["米", "3", "3"]];
        let rows = rows.iter().map(|row| row.iter().map(|&cell| cell.into()).collect()).collect();
        let sheet = Sheet::of_rows(rows);
        assert_eq!(Table::new(&sheet, 1).1.len(), 1);
        let (table, flaws) = Table::new(&sheet, 2);
        assert_eq!((flaws.len(), table.rows.len(), table.columns[1].total.as_deref()), (0, 1, Some("3")));
        assert!(table.column("批数").is_err_and(|flaw| flaw.cure.contains("批次")));
    }
}
