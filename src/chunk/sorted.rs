//! Values in an order that whoever holds them knows.

use std::cmp::Ordering;
use std::ops::Index;
use std::sync::Arc;
use std::{iter, slice};

use rayon::prelude::*;

use super::{SIZE, pieces};

/// Values in order.
#[derive(Clone)]
pub struct Sorted<T> {
    /// None of them empty.
    chunks: Vec<Arc<Vec<T>>>,
    len: usize,
}

impl<T> Default for Sorted<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), len: 0 }
    }
}

impl<T: PartialEq> PartialEq for Sorted<T> {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().eq(other.iter())
    }
}

impl<T: std::fmt::Debug> std::fmt::Debug for Sorted<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<T> FromIterator<T> for Sorted<T> {
    /// The values have to come in order.
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let (chunks, len) = pieces(values);
        Self { chunks, len }
    }
}

/// How one goes through all values.
pub type Iter<'a, T> =
    iter::FlatMap<slice::Iter<'a, Arc<Vec<T>>>, slice::Iter<'a, T>, fn(&'a Arc<Vec<T>>) -> slice::Iter<'a, T>>;

impl<'a, T> IntoIterator for &'a Sorted<T> {
    type Item = &'a T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        self.chunks.iter().flat_map(|chunk| chunk.iter())
    }
}

impl<T> Index<usize> for Sorted<T> {
    type Output = T;

    /// By its place; goes through the pieces.
    fn index(&self, mut at: usize) -> &T {
        for chunk in &self.chunks {
            match chunk.get(at) {
                Some(value) => return value,
                None => at -= chunk.len(),
            }
        }
        &self.chunks[self.chunks.len()][at]
    }
}

/// A value of an older list and one of a newer that stand at the same place of the order, or one that only one list has.
pub type Pair<'a, T> = (Option<&'a T>, Option<&'a T>);

impl<T> Sorted<T> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The values in order.
    pub fn iter(&self) -> Iter<'_, T> {
        self.into_iter()
    }

    /// Piece and place in it of the first value that is not before what is looked for.
    fn place(&self, is_before: impl Fn(&T) -> bool) -> (usize, usize) {
        let chunk = self.chunks.partition_point(|chunk| chunk.last().is_some_and(&is_before));
        (chunk, self.chunks.get(chunk).map_or(0, |chunk| chunk.partition_point(is_before)))
    }

    /// The values from there on that are not before what is looked for.
    pub fn from(&self, is_before: impl Fn(&T) -> bool) -> impl Iterator<Item = &T> {
        let (chunk, at) = self.place(is_before);
        self.chunks[chunk.min(self.chunks.len())..].iter().flat_map(|chunk| chunk.iter()).skip(at)
    }

    /// The last value before what is looked for.
    pub fn before(&self, is_before: impl Fn(&T) -> bool) -> Option<&T> {
        let (chunk, at) = self.place(is_before);
        match at.checked_sub(1) {
            Some(at) => self.chunks[chunk].get(at),
            None => self.chunks[..chunk].last()?.last(),
        }
    }

    /// The first value that stands where `order` says.
    pub fn find(&self, order: impl Fn(&T) -> Ordering) -> Option<&T> {
        self.from(|one| order(one).is_lt()).next().filter(|one| order(one).is_eq())
    }

    /// Both lists side by side, but for the pieces that they share.
    pub fn unshared<'a>(&'a self, newer: &'a Self, order: impl Fn(&T, &T) -> Ordering) -> Vec<Pair<'a, T>> {
        let (mut old, mut new) = (Walk::new(&self.chunks), Walk::new(&newer.chunks));
        let mut pairs = Vec::new();
        loop {
            // Where both are at the beginning of the same piece, it is passed over.
            if let (Some(a), Some(b)) = (old.piece(), new.piece())
                && Arc::ptr_eq(a, b)
            {
                old.pass();
                new.pass();
                continue;
            }
            let side = match (old.value(), new.value()) {
                (Some(a), Some(b)) => order(a, b),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => return pairs,
            };
            pairs.push((old.next_if(side.is_le()), new.next_if(side.is_ge())));
        }
    }
}

impl<T: Send + Sync> Sorted<T> {
    /// The values, for all threads.
    pub fn par_iter(&self) -> impl ParallelIterator<Item = &T> {
        self.chunks.par_iter().flat_map_iter(|chunk| chunk.iter())
    }
}

impl<T: Clone> Sorted<T> {
    /// The values, to have.
    pub fn into_values(self) -> Vec<T> {
        self.chunks.into_iter().flat_map(Arc::unwrap_or_clone).collect()
    }

    /// Takes out the run of values that begins where `is_before` ends and goes on while `is_in`.
    pub fn take(&mut self, is_before: impl Fn(&T) -> bool, is_in: impl Fn(&T) -> bool) -> Vec<T> {
        let (mut at, mut from) = self.place(is_before);
        let mut taken = Vec::new();
        while let Some(chunk) = self.chunks.get_mut(at) {
            let run = chunk[from..].iter().take_while(|&one| is_in(one)).count();
            if run == 0 {
                break;
            }
            let chunk = Arc::make_mut(chunk);
            taken.extend(chunk.drain(from..from + run));
            let ends = from == chunk.len();
            if chunk.is_empty() {
                self.chunks.remove(at);
            } else {
                at += 1;
            }
            from = 0;
            if !ends {
                break;
            }
        }
        self.len -= taken.len();
        taken
    }

    /// Puts a value in, behind those that are before it.
    pub fn put(&mut self, value: T, is_before: impl Fn(&T) -> bool) {
        self.len += 1;
        let (mut at, mut place) = self.place(is_before);
        if place == 0 && at > 0 {
            // Behind the last of the piece before, which may have room.
            at -= 1;
            place = self.chunks[at].len();
        }
        let Some(chunk) = self.chunks.get_mut(at) else {
            self.chunks.push(Arc::new(vec![value]));
            return;
        };
        let chunk = Arc::make_mut(chunk);
        chunk.insert(place, value);
        if chunk.len() > 2 * SIZE {
            let rest = chunk.split_off(SIZE);
            self.chunks.insert(at + 1, Arc::new(rest));
        }
    }
}

/// A way through the pieces of a list.
struct Walk<'a, T> {
    chunks: &'a [Arc<Vec<T>>],
    at: usize,
}

impl<'a, T> Walk<'a, T> {
    fn new(chunks: &'a [Arc<Vec<T>>]) -> Self {
        Self { chunks, at: 0 }
    }

    /// The piece whose beginning is reached.
    fn piece(&self) -> Option<&'a Arc<Vec<T>>> {
        self.chunks.first().filter(|_| self.at == 0)
    }

    fn pass(&mut self) {
        self.chunks = &self.chunks[1..];
    }

    fn value(&self) -> Option<&'a T> {
        self.chunks.first()?.get(self.at)
    }

    /// The value that was reached, if it is wanted.
    fn next_if(&mut self, wanted: bool) -> Option<&'a T> {
        let value = self.value().filter(|_| wanted)?;
        self.at += 1;
        if self.at == self.chunks.first().map_or(0, |chunk| chunk.len()) {
            self.at = 0;
            self.pass();
        }
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(values: impl IntoIterator<Item = u32>) -> Sorted<u32> {
        values.into_iter().collect()
    }

    /// Numbers that look like chance and are the same each time.
    fn next(seed: &mut u32) -> u32 {
        *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *seed >> 8
    }

    #[test]
    fn edits_are_those_of_a_plain_list_and_comparing_finds_them() {
        let mut seed = 7;
        for _ in 0..40 {
            let mut plain: Vec<u32> = (0..next(&mut seed) % 600).map(|n| n * 2).collect();
            let mut sorted = list(plain.iter().copied());
            for _ in 0..30 {
                let (old, old_plain) = (sorted.clone(), plain.clone());
                for _ in 0..next(&mut seed) % 4 {
                    let value = next(&mut seed) % 1300;
                    if next(&mut seed).is_multiple_of(2) {
                        let end = value + next(&mut seed) % 200;
                        let taken = sorted.take(|&one| one < value, |&one| one < end);
                        let expected: Vec<u32> = plain.extract_if(.., |one| (value..end).contains(one)).collect();
                        assert_eq!(taken, expected);
                    } else if sorted.find(|one| one.cmp(&value)).is_none() {
                        sorted.put(value, |&one| one < value);
                        plain.insert(plain.partition_point(|&one| one < value), value);
                    }
                }
                assert_eq!(sorted.len(), plain.len());
                assert!(sorted.iter().eq(plain.iter()));
                assert!(sorted.chunks.iter().all(|chunk| !chunk.is_empty()));
                let near = next(&mut seed) % 1300;
                assert_eq!(sorted.before(|&one| one < near), plain.iter().rev().find(|&&one| one < near));
                assert_eq!(sorted.from(|&one| one < near).next(), plain.iter().find(|&&one| one >= near));
                let pairs = old.unshared(&sorted, u32::cmp);
                let gone: Vec<u32> =
                    pairs.iter().filter(|(_, b)| b.is_none()).filter_map(|(a, _)| a.copied()).collect();
                let come: Vec<u32> =
                    pairs.iter().filter(|(a, _)| a.is_none()).filter_map(|(_, b)| b.copied()).collect();
                assert!(gone.iter().eq(old_plain.iter().filter(|one| !plain.contains(one))));
                assert!(come.iter().eq(plain.iter().filter(|one| !old_plain.contains(one))));
            }
        }
    }

    #[test]
    fn what_is_shared_is_passed_over() {
        let old = list((0..1000).map(|n| n * 2));
        let mut new = old.clone();
        assert!(old.unshared(&new, u32::cmp).is_empty());
        new.put(501, |&one| one < 501);
        assert!(old.unshared(&new, u32::cmp).len() <= SIZE + 1);
    }
}
