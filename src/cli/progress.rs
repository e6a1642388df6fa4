//! A progress bar on standard error, for a terminal, when work takes over a second.

use std::io::{self, IsTerminal as _};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How long work may take in silence.
const PATIENCE: Duration = Duration::from_secs(1);

/// Counts finished pieces of work from any thread.
pub struct Progress {
    bar: ProgressBar,
    since: Instant,
    shown: AtomicBool,
    pictures: AtomicUsize,
}

impl Progress {
    /// A bar for `total` pieces of work that began at `since`, invisible until it is worth it.
    pub fn new(total: usize, since: Instant, wanted: bool) -> Self {
        let bar = ProgressBar::with_draw_target(Some(total as u64), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("正在生成 [{bar:32}] {pos}/{len} 个文件{msg}") {
            bar.set_style(style.progress_chars("=> "));
        }
        let shown = !wanted || !io::stderr().is_terminal();
        Self { bar, since, shown: AtomicBool::new(shown), pictures: AtomicUsize::new(0) }
    }

    /// The next one done is a picture, which takes as long as hundreds of pages.
    pub fn picture(&self) {
        let count = self.pictures.fetch_add(1, Ordering::Relaxed) + 1;
        self.bar.set_message(format!("，其中照片 {count} 个"));
    }

    /// One more is done.
    pub fn step(&self) {
        self.bar.inc(1);
        if !self.shown.load(Ordering::Relaxed)
            && self.since.elapsed() > PATIENCE
            && !self.shown.swap(true, Ordering::Relaxed)
        {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Does `work` of which nobody can say how much is left, and says what is being done when it takes over a second.
pub fn waited_for<T>(what: &'static str, work: impl FnOnce() -> T) -> T {
    if !io::stderr().is_terminal() {
        return work();
    }
    let (done, end) = channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            if end.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let bar = ProgressBar::new_spinner().with_message(what);
            bar.enable_steady_tick(Duration::from_millis(120));
            let _ = end.recv();
            bar.finish_and_clear();
        });
        let made = work();
        drop(done);
        made
    })
}
