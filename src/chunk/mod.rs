//! Long lists that one build hands on to the next: in pieces, of which those that nothing new touches are shared. So a
//! copy costs as little as the pieces are many, a change as much as one piece, and a comparison passes over what is
//! shared. Own, and small, since what is known of persistent collections (`imbl`) holds single values in trees: a clean
//! build goes through these lists again and again, and here it goes through plain memory.

mod slots;
mod sorted;
pub use slots::Slots;
pub use sorted::Sorted;

use std::sync::Arc;

/// So many values are one piece, about.
const SIZE: usize = 64;

/// Values in pieces of [`SIZE`], none of them empty, and how many there are.
fn pieces<T>(values: impl IntoIterator<Item = T>) -> (Vec<Arc<Vec<T>>>, usize) {
    let mut values = values.into_iter();
    let (mut chunks, mut len) = (Vec::new(), 0);
    loop {
        let chunk: Vec<T> = values.by_ref().take(SIZE).collect();
        if chunk.is_empty() {
            return (chunks, len);
        }
        len += chunk.len();
        chunks.push(Arc::new(chunk));
    }
}
