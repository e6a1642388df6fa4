//! `chart()` of a component's template: a table's figures as places in percent, so that the template can draw them in an
//! `svg` without a view box. What is drawn so keeps the size of its letters and the thickness of its lines however wide
//! the page is, on a phone as on a wall.

use std::sync::Arc;

use minijinja::value::{Enumerator, Kwargs, Object, Value, from_args};
use minijinja::{Error, State};

use super::table::{MakeTable, TableView, names};
use super::view::map;
use crate::content::sheet::{Flaw, Sort, Table, plain_number};

/// Most series: more than that nobody can tell apart without colour.
const SERIES: usize = 4;

/// Most categories of bars or lines, and of shares of a whole.
const GROUPS: usize = 36;
const SHARES: usize = 8;

/// `chart(table, kind, label=…, values=…)`.
#[derive(Debug)]
pub(super) struct MakeChart {
    pub table: MakeTable,
}

/// How figures are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Bars,
    Lines,
    Share,
}

impl Object for MakeChart {
    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }

    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        let (table, kind, named): (Value, &str, Kwargs) = from_args(args)?;
        let (label, values): (Option<String>, Option<String>) = (named.get("label")?, named.get("values")?);
        named.assert_all_used()?;
        let Some(TableView { table, .. }) = table.downcast_object_ref::<TableView>() else { return Ok(().into()) };
        let kind = match kind {
            "lines" => Kind::Lines,
            "share" => Kind::Share,
            _ => Kind::Bars,
        };
        Ok(self.chart(table, kind, label.as_deref(), values.as_deref()).map_or_else(|| ().into(), |chart| chart.show()))
    }
}

/// What a chart shows.
struct Chart {
    kind: Kind,
    label: Box<str>,
    series: Vec<Series>,
    /// The categories, or the places of lines.
    labels: Vec<Box<str>>,
}

struct Series {
    name: Box<str>,
    /// By category: the figure, and as it is written; `None` where there is none.
    figures: Vec<Option<(f64, Box<str>)>>,
}

impl MakeChart {
    fn tell(&self, message: impl Into<String>, cause: &str, cure: impl Into<String>) {
        self.table.tell(&Flaw { message: message.into(), cause: cause.to_owned(), cure: cure.into() });
    }

    fn chart(&self, table: &Table, kind: Kind, label: Option<&str>, values: Option<&str>) -> Option<Chart> {
        let label = match label.map(str::trim).filter(|name| !name.is_empty()) {
            Some(name) => self.table.column(table, name)?,
            None => table.columns.iter().position(|column| column.sort != Sort::Number).unwrap_or(0),
        };
        let wanted: Vec<usize> = match values.filter(|names| !names.trim().is_empty()) {
            Some(values) => names(values).filter_map(|name| self.table.column(table, name)).collect(),
            None => {
                let numbers = table.columns.iter().enumerate();
                let numbers = numbers.filter(|(at, column)| *at != label && column.total.is_some());
                numbers.map(|(at, _)| at).take(if kind == Kind::Share { 1 } else { SERIES }).collect()
            }
        };
        if wanted.is_empty() {
            let all = table.columns.iter().map(|column| &*column.name).collect::<Vec<_>>().join("、");
            self.tell(
                "没有一列是数，画不出图",
                "图上的长短要从数来。",
                format!("用 数值=列名 写明用哪一列；表里有这些列：{all}。"),
            );
            return None;
        }
        if wanted.len() > SERIES || kind == Kind::Share && wanted.len() > 1 {
            let most = if kind == Kind::Share { 1 } else { SERIES };
            let cure = format!("在 数值=… 里只留 {most} 列，其余的另画一张图。");
            self.tell(format!("一张图里有 {} 列数，太多了", wanted.len()), "不靠颜色，读者分不清这么多组。", cure);
        }
        let most = if kind == Kind::Share { SHARES } else { GROUPS };
        if table.rows.len() > most {
            let cure = format!("只留最要紧的 {most} 项，其余的合成一项“其他”，或者改用 :::数据表。");
            self.tell(format!("一张图里有 {} 项，太多了", table.rows.len()), "项数太多，字会挤在一起。", cure);
        }
        let rows = table.rows.len().min(most);
        let text = |row: usize, column: usize| {
            table.rows.get(row).and_then(|row| row.get(column)).cloned().unwrap_or_default()
        };
        let figure = |row: usize, column: usize| {
            let value = table.figure(row, column);
            let cell = text(row, column);
            let is_said = !matches!(&*cell, "" | "-" | "—" | "——" | "/" | "无");
            if value.is_none() && is_said {
                let name = table.columns.get(column).map_or("", |column| &*column.name);
                self.tell(
                    format!("“{name}”这一列的“{cell}”不是数"),
                    "图上的长短要从数来，单位写在列名里。",
                    "格里只写数；确实没有的，留空或者写“—”。",
                );
            }
            if value.is_some_and(|value| value < 0.0) && kind != Kind::Lines {
                let cure = "改用折线：类型=线；或者改用 :::数据表。";
                self.tell(format!("“{cell}”是负数，不能画成条"), "条的长短从零算起。", cure);
            }
            value.map(|value| (value, cell))
        };
        let series = wanted.iter().take(if kind == Kind::Share { 1 } else { SERIES }).map(|&column| Series {
            name: table.columns.get(column).map(|column| column.name.clone()).unwrap_or_default(),
            figures: (0..rows).map(|row| figure(row, column)).collect(),
        });
        Some(Chart {
            kind,
            label: table.columns.get(label).map(|column| column.name.clone()).unwrap_or_default(),
            series: series.collect(),
            labels: (0..rows).map(|row| text(row, label)).collect(),
        })
    }
}

impl Chart {
    fn show(&self) -> Value {
        let series = self.series.iter().map(|series| map([("name", (*series.name).into())])).collect();
        let common = [("label", (*self.label).into()), ("series", series)];
        let (key, shown) = match self.kind {
            Kind::Bars => ("groups", self.groups()),
            Kind::Lines => return self.lines(common),
            Kind::Share => ("parts", self.parts()),
        };
        Value::from_pairs(common.into_iter().chain([(key, shown)]))
    }

    fn figures(&self) -> impl Iterator<Item = f64> {
        self.series.iter().flat_map(|series| &series.figures).flatten().map(|(value, _)| *value)
    }

    /// Bars, each as wide as its share of the longest.
    fn groups(&self) -> Value {
        let most = self.figures().fold(0.0, f64::max);
        let group = |(row, label): (usize, &str)| {
            let bars = self.series.iter().enumerate().map(|(n, series)| {
                let figure = series.figures.get(row).and_then(Option::as_ref);
                let width =
                    figure.map_or(0.0, |(value, _)| if most > 0.0 { value.max(0.0) / most * 100.0 } else { 0.0 });
                map([
                    ("series", (n + 1).into()),
                    ("name", (*series.name).into()),
                    ("text", figure.map_or("—", |(_, text)| text).into()),
                    ("width", percent(width).into()),
                ])
            });
            map([("label", label.into()), ("bars", bars.collect())])
        };
        self.labels.iter().map(|label| &**label).enumerate().map(group).collect()
    }

    /// Parts of a whole, one after the other.
    fn parts(&self) -> Value {
        let whole: f64 = self.figures().filter(|value| *value > 0.0).sum();
        let mut at = 0.0;
        let mut parts = Vec::with_capacity(self.labels.len());
        for (row, label) in self.labels.iter().enumerate() {
            let figure = self.series.first().and_then(|series| series.figures.get(row)).and_then(Option::as_ref);
            let share = figure.map_or(0.0, |(value, _)| if whole > 0.0 { value.max(0.0) / whole * 100.0 } else { 0.0 });
            parts.push(map([
                ("series", (row + 1).into()),
                ("label", (**label).into()),
                ("text", figure.map_or("—", |(_, text)| text).into()),
                ("share", format!("{share:.1}%").into()),
                ("from", percent(at).into()),
                ("width", percent(share).into()),
            ]));
            at += share;
        }
        parts.into()
    }

    /// Lines over a scale of round numbers.
    fn lines(&self, common: [(&'static str, Value); 2]) -> Value {
        let (low, high) = self.figures().fold((0.0, f64::MIN), |(low, high), value| (value.min(low), value.max(high)));
        let step = round_step((high.max(low + 1e-9) - low) / 4.0);
        let (from, to) = ((low / step).floor() * step, (high / step).ceil() * step);
        let span = (to - from).max(step);
        let count = self.labels.len().max(1) as f64;
        let x = |row: usize| (row as f64 + 0.5) / count * 100.0;
        let y = |value: f64| 100.0 - (value - from) / span * 100.0;
        let steps = (span / step).round() as usize;
        let ticks = (0..=steps.min(12)).map(|n| {
            let value = from + step * n as f64;
            map([("y", percent(y(value)).into()), ("text", plain_number(value).into())])
        });
        // So many labels fit side by side on a phone.
        let every = self.labels.len().div_ceil(8);
        let labels = self.labels.iter().enumerate().map(|(row, label)| {
            let shown = row % every.max(1) == 0;
            map([("x", percent(x(row)).into()), ("text", (**label).into()), ("shown", shown.into())])
        });
        let lines = self.series.iter().enumerate().map(|(n, series)| {
            let places = || series.figures.iter().enumerate().filter_map(|(row, figure)| Some((row, figure.as_ref()?)));
            let points = places().map(|(row, (value, text))| {
                map([
                    ("x", percent(x(row)).into()),
                    ("y", percent(y(*value)).into()),
                    ("text", (**text).into()),
                    ("label", self.labels.get(row).map_or("", |label| label).into()),
                ])
            });
            // A gap in the figures is a gap in the line.
            let segments = places().zip(places().skip(1)).filter(|((a, _), (b, _))| a + 1 == *b);
            let segments = segments.map(|((a, (from, _)), (b, (to, _)))| {
                map([
                    ("x1", percent(x(a)).into()),
                    ("y1", percent(y(*from)).into()),
                    ("x2", percent(x(b)).into()),
                    ("y2", percent(y(*to)).into()),
                ])
            });
            map([
                ("series", (n + 1).into()),
                ("name", (*series.name).into()),
                ("points", points.collect()),
                ("segments", segments.collect()),
            ])
        });
        let own = [("ticks", ticks.collect()), ("labels", labels.collect()), ("lines", lines.collect())];
        Value::from_pairs(common.into_iter().chain(own))
    }
}

/// A place in percent, to a hundredth.
fn percent(n: f64) -> String {
    format!("{}%", plain_number((n * 100.0).round() / 100.0))
}

/// The least of 1, 2, 5, 10 … that is no smaller than `least`.
fn round_step(least: f64) -> f64 {
    let scale = 10f64.powf(least.max(1e-9).log10().floor());
    [1.0, 2.0, 5.0].into_iter().map(|n| n * scale).find(|step| *step >= least - scale * 1e-9).unwrap_or(scale * 10.0)
}

#[cfg(test)]
mod tests {
    use super::{percent, round_step};

    #[test]
    fn scales_are_round() {
        assert_eq!([0.3, 1.0, 3.1, 26.0, 51.0, 100.0].map(round_step), [0.5, 1.0, 5.0, 50.0, 100.0, 100.0]);
        assert_eq!([0.0, 33.333, 99.999].map(percent), ["0%", "33.33%", "100%"]);
    }
}
