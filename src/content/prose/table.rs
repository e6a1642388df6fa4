//! Tables: wrapped so that they scroll on narrow screens, header cells with their scope, alignment by class.

use comrak::nodes::{Node, NodeTable, NodeValue, TableAlignment};

use super::escape;
use super::render::{Renderer, Step, plain_text};

/// The table that is being written; tables do not nest.
#[derive(Default)]
pub(super) struct Table {
    alignments: Vec<TableAlignment>,
    /// Whether the first column names its rows: its header cell is empty and others are not.
    names_rows: bool,
    /// Whether the header row has a word in it.
    has_header: bool,
    /// Whether the body has begun.
    in_body: bool,
    in_header: bool,
    column: usize,
    /// What closes the open cell.
    cell_end: &'static str,
}

impl Renderer<'_> {
    pub fn open_table(&mut self, node: Node<'_>, table: &NodeTable) -> Step {
        let header: Vec<bool> =
            node.first_child().map(|row| row.children().map(|cell| !is_empty(cell)).collect()).unwrap_or_default();
        let has_header = header.iter().any(|&filled| filled);
        self.table = Some(Table {
            alignments: table.alignments.clone(),
            names_rows: has_header && header.first() == Some(&false),
            has_header,
            ..Table::default()
        });
        self.tables += 1;
        if !self.out.ends_with('\n') && !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out.push_str("<div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"表格");
        if let Some(heading) = self.headings.last() {
            self.out.push('：');
            let text = heading.text.clone();
            escape::text(&mut self.out, &text);
        }
        if self.tables > 1 {
            self.out.push_str(&format!("（{}）", self.tables));
        }
        self.out.push_str("\">\n<table>\n");
        self.summary.pause();
        Step::Into
    }

    pub fn end_table(&mut self) {
        self.summary.resume();
        if self.table.take().is_some_and(|table| table.in_body) {
            self.out.push_str("</tbody>\n");
        }
        self.out.push_str("</table>\n</div>\n");
    }

    pub fn open_row(&mut self, header: bool) -> Step {
        let Some(table) = &mut self.table else { return Step::Into };
        table.column = 0;
        table.in_header = header;
        if header {
            if !table.has_header {
                return Step::Done;
            }
            self.out.push_str("<thead>\n");
        } else if !table.in_body {
            table.in_body = true;
            self.out.push_str("<tbody>\n");
        }
        self.out.push_str("<tr>\n");
        Step::Into
    }

    pub fn end_row(&mut self, header: bool) {
        self.out.push_str(if header { "</tr>\n</thead>\n" } else { "</tr>\n" });
    }

    pub fn open_cell(&mut self, node: Node<'_>) -> Step {
        let Some(table) = &mut self.table else { return Step::Into };
        let is_name = table.in_header || (table.names_rows && table.column == 0);
        let head = is_name && !is_empty(node);
        self.out.push_str(match (head, table.in_header) {
            (true, true) => "<th scope=\"col\"",
            (true, false) => "<th scope=\"row\"",
            (false, _) => "<td",
        });
        self.out.push_str(match table.alignments.get(table.column) {
            Some(TableAlignment::Right) => " class=\"num\">",
            Some(TableAlignment::Center) => " class=\"center\">",
            Some(TableAlignment::Left | TableAlignment::None) | None => ">",
        });
        table.cell_end = if head { "</th>\n" } else { "</td>\n" };
        table.column += 1;
        self.opening = true;
        self.last = '\n';
        Step::Into
    }

    pub fn end_cell(&mut self) {
        self.opening = false;
        let end = self.table.as_ref().map_or("</td>\n", |table| table.cell_end);
        self.out.push_str(end);
    }
}

fn is_empty(cell: Node<'_>) -> bool {
    let Some(first) = cell.first_child() else { return true };
    matches!(first.data().value, NodeValue::Text(_)) && plain_text(cell).trim().is_empty()
}
