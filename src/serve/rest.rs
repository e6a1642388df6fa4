//! Rendering what nobody has asked for, when nothing else is to do. It has threads of its own, so that neither a request
//! nor the next build ever waits behind it, and gives way between two outputs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use rayon::prelude::*;

use crate::outputs::Outputs;
use crate::render::Job;

/// Whoever waits for a page asks for it in this time, and gets it without competition.
const HEAD_START: Duration = Duration::from_millis(20);

/// The renderer of what is left.
#[derive(Clone)]
pub struct Rest {
    pool: Arc<rayon::ThreadPool>,
    /// Goes up with each order to begin or to give way; work of an older order ends.
    order: Arc<AtomicU64>,
}

impl Rest {
    /// With `threads` threads; as many as there are processors for 0.
    pub fn new(threads: usize) -> Result<Self, rayon::ThreadPoolBuildError> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
        Ok(Self { pool: Arc::new(pool), order: Arc::default() })
    }

    /// Gives way: what is being rendered is finished, nothing more is begun.
    pub fn pause(&self) {
        self.order.fetch_add(1, Ordering::Relaxed);
    }

    /// Begins to render what is missing of `outputs`, instead of what it was at. `done` hears whether all is rendered.
    pub fn begin(&self, outputs: Arc<Outputs>, done: impl FnOnce(bool) + Send + 'static) {
        let order = self.order.fetch_add(1, Ordering::Relaxed) + 1;
        let current = self.order.clone();
        self.pool.spawn(move || {
            let is_current = || current.load(Ordering::Relaxed) == order;
            thread::sleep(HEAD_START);
            let build = outputs.build();
            // `None` stops all threads.
            // Pictures wait until a browser asks for one: making them would take the processor from whoever writes.
            let left: Vec<&Job> = outputs.missing().into_iter().filter(|job| !job.is_picture()).collect();
            let all = left.into_par_iter().try_for_each_init(
                || build.worker(),
                |worker, job| {
                    is_current().then(|| {
                        // Somebody may have asked for it meanwhile.
                        if outputs.hash(job.path()).is_none() {
                            outputs.make(job, worker);
                        }
                    })
                },
            );
            done(all.is_some());
        });
    }
}
