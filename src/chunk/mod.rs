//! Long lists that one build hands on to the next: in pieces, of which those that nothing new touches are shared. So a
//! copy costs as little as the pieces are many, a change as much as one piece, and a comparison passes over what is
//! shared. Own, and small, since what is known of persistent collections (`imbl`) holds single values in trees: a clean
//! build goes through these lists again and again, and here it goes through plain memory.

mod slots;
mod sorted;

pub use slots::Slots;
pub use sorted::Sorted;

/// So many values are one piece, about.
const SIZE: usize = 64;
