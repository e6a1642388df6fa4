//! Columns that line up: a Chinese character is two columns wide on a terminal.

use unicode_width::UnicodeWidthStr as _;

/// Rows of cells as text, each line led by two blanks; the last column is not filled up.
pub fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.width().max(*width);
        }
    }
    let mut out = String::new();
    for row in rows {
        let mut line = String::from("  ");
        for (width, cell) in widths.iter().zip(row) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width - cell.width() + 2));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn chinese_and_latin_cells_line_up() {
        let rows = [["状态", "文件"], ["草稿", "a.md"], ["x", "b.md"]].map(|row| row.map(str::to_owned));
        assert_eq!(table(&rows), "  状态  文件\n  草稿  a.md\n  x     b.md\n");
    }
}
