//! Where the time of a rebuild went, part by part, in the order in which the parts came.

use std::time::{Duration, Instant};

use zhendi::watch::Spent;

/// A part of a rebuild.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// From the first sign of a change until nothing more happened.
    Wait,
    /// Reading what has changed.
    Look,
    /// Texts to documents.
    Parse,
    /// Documents to models.
    Model,
    /// Models to the list of outputs.
    Plan,
    /// Until it was certain that nothing more follows, as far as the build had not filled the time.
    Quiet,
    /// Which outputs meet a changed fact.
    Compare,
    /// Rendering those, and bringing them into a stage.
    Render,
    /// Putting the new version in the place of the old one.
    Swap,
}

impl Part {
    /// Its name for programs, and its word.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Wait => ("wait", "等待"),
            Self::Look => ("look", "查看"),
            Self::Parse => ("parse", "解析"),
            Self::Model => ("model", "建模"),
            Self::Plan => ("plan", "排定"),
            Self::Quiet => ("quiet", "等静"),
            Self::Compare => ("compare", "比较"),
            Self::Render => ("render", "渲染"),
            Self::Swap => ("swap", "替换"),
        }
    }
}

/// The parts so far.
#[derive(Clone, Debug)]
pub struct Times {
    parts: Vec<(Part, Duration)>,
    since: Instant,
}

impl Times {
    /// Begins where the watch has handed a snapshot out.
    pub fn after(spent: Spent) -> Self {
        Self { parts: vec![(Part::Wait, spent.waited), (Part::Look, spent.looked)], since: Instant::now() }
    }

    /// `part` is over.
    pub fn lap(&mut self, part: Part) {
        let now = Instant::now();
        self.parts.push((part, now - self.since));
        self.since = now;
    }

    /// A build is over: it knows its own parts.
    pub fn build(&mut self, spent: zhendi::Spent) {
        self.parts.extend([(Part::Parse, spent.parse), (Part::Model, spent.model), (Part::Plan, spent.plan)]);
        self.since = Instant::now();
    }

    /// “等待 10.2 毫秒、查看 1.2 毫秒”
    pub fn human(&self) -> String {
        let parts =
            self.parts.iter().map(|(part, time)| format!("{} {:.1} 毫秒", part.names().1, time.as_secs_f64() * 1e3));
        parts.collect::<Vec<_>>().join("、")
    }

    /// The parts in seconds by name.
    pub fn json(&self) -> serde_json::Value {
        let by_name =
            |(part, time): &(Part, Duration)| (part.names().0.to_owned(), serde_json::json!(time.as_secs_f64()));
        serde_json::Value::Object(self.parts.iter().map(by_name).collect())
    }
}
