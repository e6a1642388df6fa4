//! `table()` of a component's template: the figures of a file beside the page, or of the table that stands in the block,
//! as typed columns and rows. What the author asks for and the figures do not have is told at the component's line.

use std::sync::Arc;

use minijinja::value::{Enumerator, Kwargs, Object, ObjectRepr, Value, ValueKind, from_args};
use minijinja::{Error, State};

use super::file::FileView;
use super::fill::Text;
use super::view::{map, or_none, viewed};
use crate::content::sheet::{Flaw, Sheet, Sort, Table};
use crate::content::{Component, PartKind, plain};
use crate::diag::{DATA_ASKED, Diagnostic, nearest};

/// `table(file, sheet=…, header=…, columns=…, sort=…)` of component number `n`.
#[derive(Debug)]
pub(super) struct MakeTable {
    pub text: Arc<Text>,
    pub n: u32,
}

impl Object for MakeTable {
    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }

    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        let (file, named): (Option<Value>, Kwargs) = from_args(args)?;
        let words = |key: &str| -> Result<Option<String>, Error> {
            let value: Option<Value> = named.get(key)?;
            let value = value.filter(|value| !matches!(value.kind(), ValueKind::Undefined | ValueKind::None));
            Ok(value.map(|value| value.to_string()))
        };
        let (sheet, header) = (words("sheet")?, words("header")?);
        let (columns, sort) = (words("columns")?, words("sort")?);
        let (filter, total) = (words("filter")?, words("total")?);
        named.assert_all_used()?;
        let file = file.filter(|file| !matches!(file.kind(), ValueKind::Undefined | ValueKind::None));
        let Some(sheet) = self.sheet(file.as_ref(), sheet.as_deref()) else { return Ok(().into()) };
        let header = match header.as_deref().map(str::trim) {
            None | Some("") => 1,
            Some(text) => match text.parse::<usize>().ok().filter(|n| (1..100).contains(n)) {
                Some(n) => n,
                None => {
                    let cure = "写成一个数，例如 表头行=2。";
                    self.tell(&flaw(&format!("表头行写成了“{text}”"), "这里要写列名在第几行。", cure));
                    1
                }
            },
        };
        let (mut table, flaws) = Table::new(&sheet, header);
        for flaw in &flaws {
            self.tell(flaw);
        }
        if let Some(sort) = sort {
            let (name, descending) = order(&sort);
            if let Some(column) = self.column(&table, name) {
                table = table.sorted(column, descending);
            }
        }
        if let Some(columns) = columns {
            let columns: Vec<usize> = names(&columns).filter_map(|name| self.column(&table, name)).collect();
            table = table.only(&columns);
        }
        let all = 0..table.columns.len();
        let filtered =
            filter.iter().flat_map(|filter| names(filter)).filter_map(|name| self.column(&table, name)).collect();
        let summed = match total.as_deref().map(str::trim) {
            None | Some("" | "否" | "no") => Vec::new(),
            Some("是" | "全部" | "yes" | "true") => all.collect(),
            Some(total) => names(total).filter_map(|name| self.column(&table, name)).collect(),
        };
        Ok(Value::from_object(TableView { table, filtered, summed }))
    }
}

/// The names in `甲、乙，丙`.
pub(super) fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(['、', ',', '，', ';', '；']).map(str::trim).filter(|name| !name.is_empty())
}

/// `项数 降`: the column's name, and whether the largest comes first.
fn order(text: &str) -> (&str, bool) {
    let text = text.trim();
    let cut = |end: &str| text.strip_suffix(end).map(|rest| rest.trim_end_matches([' ', '\u{3000}', '从', '按']));
    for end in ["降序", "降", "大到小", "desc", "↓"] {
        if let Some(name) = cut(end).filter(|name| !name.is_empty()) {
            return (name, true);
        }
    }
    for end in ["升序", "升", "小到大", "asc", "↑"] {
        if let Some(name) = cut(end).filter(|name| !name.is_empty()) {
            return (name, false);
        }
    }
    (text, false)
}

fn flaw(message: &str, cause: &str, cure: &str) -> Flaw {
    Flaw { message: message.to_owned(), cause: cause.to_owned(), cure: cure.to_owned() }
}

impl MakeTable {
    /// Tells of a flaw at the component's line.
    pub fn tell(&self, flaw: &Flaw) {
        let Some(Component { span, .. }) = self.text.component(self.n) else { return };
        let problem = Diagnostic::error(DATA_ASKED, &*flaw.message).at(self.text.prose().file(), *span);
        self.text.scope.tell(problem.cause(&*flaw.cause).cure(&*flaw.cure));
    }

    /// The column of that name; that there is none is told.
    pub fn column(&self, table: &Table, name: &str) -> Option<usize> {
        table.column(name).map_err(|flaw| self.tell(&flaw)).ok()
    }

    fn sheet(&self, file: Option<&Value>, wanted: Option<&str>) -> Option<Sheet> {
        let Some(file) = file else {
            let sheet = self.own();
            if sheet.is_none() {
                let cure = "写上 文件=数据.csv，文件放在文章旁边；或者在组件里面写一张表格。";
                self.tell(&flaw("没有写数据从哪里来", "没有数据，读者看到的是一块空白。", cure));
            }
            return sheet;
        };
        let file = viewed::<FileView>(file)?;
        let Some(workbook) = file.inside().and_then(|inside| inside.workbook.as_ref()) else {
            let cure = "数据文件用 CSV 或者 XLSX：在 WPS 或 Excel 里另存为其中一种，放在文章旁边。";
            self.tell(&flaw(&format!("“{}”不是数据文件", file.name()), "取不出行和列。", cure));
            return None;
        };
        for problem in &workbook.problems {
            self.text.scope.tell(problem.clone());
        }
        let named = workbook.sheets.iter().map(|sheet| &*sheet.name).filter(|name| !name.is_empty());
        let Some(wanted) = wanted.map(str::trim).filter(|name| !name.is_empty()) else {
            return workbook.sheets.iter().find(|sheet| !sheet.rows.is_empty()).cloned();
        };
        let found = workbook.sheets.iter().find(|sheet| *sheet.name == *wanted).cloned();
        if found.is_none() {
            let all = named.clone().collect::<Vec<_>>().join("、");
            let cure = match nearest(wanted, named).first() {
                Some(near) => format!("是否想写“{near}”？"),
                None if all.is_empty() => "CSV 文件只有一张表，去掉 工作表=…。".to_owned(),
                None => format!("有这些工作表：{all}。"),
            };
            self.tell(&flaw(&format!("“{}”里没有工作表“{wanted}”", file.name()), "名字要一字不差。", &cure));
        }
        found
    }

    /// The first table in the block.
    fn own(&self) -> Option<Sheet> {
        let component = self.text.component(self.n)?;
        let parts = &component.parts;
        let at = parts.iter().position(|part| part.kind == PartKind::Table)?;
        let mut rows: Vec<Vec<Box<str>>> = Vec::new();
        for part in parts.get(at + 1..parts.get(at)?.end as usize)? {
            match part.kind {
                PartKind::Row { .. } => rows.push(Vec::new()),
                PartKind::Cell => {
                    let text = plain::words(&self.text.cut(Some(self.n), part.inner()));
                    rows.last_mut()?.push(text.into());
                }
                _ => {}
            }
        }
        Some(Sheet::of_rows(rows))
    }
}

/// A table as a template sees it.
#[derive(Debug)]
pub(super) struct TableView {
    pub table: Table,
    /// Columns by whose values rows are to be chosen.
    filtered: Vec<usize>,
    /// Columns whose sum is to be shown.
    summed: Vec<usize>,
}

impl Object for TableView {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let table = &self.table;
        Some(match key.as_str()? {
            "count" => table.rows.len().into(),
            "totals" => {
                table.columns.iter().enumerate().any(|(at, c)| c.total.is_some() && self.summed.contains(&at)).into()
            }
            "columns" => {
                let columns = table.columns.iter().enumerate().map(|(at, column)| {
                    let total = column.total.as_deref().filter(|_| self.summed.contains(&at));
                    map([
                        ("name", (*column.name).into()),
                        ("sort", word(column.sort).into()),
                        ("filter", self.filtered.contains(&at).into()),
                        ("total", or_none(total)),
                    ])
                });
                columns.collect()
            }
            "rows" => {
                let cell = |(at, cell): (usize, &str)| {
                    let sort = table.columns.get(at).map_or(Sort::Text, |column| column.sort);
                    map([("text", cell.into()), ("key", or_none(sort.key(cell)))])
                };
                table
                    .rows
                    .iter()
                    .map(|row| row.iter().map(|cell| &**cell).enumerate().map(cell).collect::<Value>())
                    .collect()
            }
            _ => return None,
        })
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }

    fn is_true(self: &Arc<Self>) -> bool {
        !self.table.columns.is_empty()
    }
}

/// The word by which a template knows how a column is ordered.
fn word(sort: Sort) -> &'static str {
    match sort {
        Sort::Text => "text",
        Sort::Number => "number",
        Sort::Date => "date",
    }
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn an_order_is_a_column_and_a_direction() {
        assert_eq!(order("项数 降"), ("项数", true));
        assert_eq!(order("项数　从大到小"), ("项数", true));
        assert_eq!(order("日期升序"), ("日期", false));
        assert_eq!(order("名称"), ("名称", false));
        assert_eq!(order("降"), ("降", false));
    }
}
