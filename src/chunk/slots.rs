//! Values by number.

use std::ops::Index;
use std::sync::Arc;

use super::{SIZE, pieces};

/// A value for each number from 0 on.
#[derive(Clone, Debug)]
pub struct Slots<T> {
    /// All of [`SIZE`] values but the last.
    chunks: Vec<Arc<Vec<T>>>,
    len: usize,
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), len: 0 }
    }
}

impl<T> Index<usize> for Slots<T> {
    type Output = T;

    fn index(&self, at: usize) -> &T {
        &self.chunks[at / SIZE][at % SIZE]
    }
}

impl<T> FromIterator<T> for Slots<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let (chunks, len) = pieces(values);
        Self { chunks, len }
    }
}

impl<T> Slots<T> {
    /// How many numbers have a value.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether no number has a value.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The value at a number, if it has one.
    pub fn get(&self, at: usize) -> Option<&T> {
        self.chunks.get(at / SIZE)?.get(at % SIZE)
    }

    /// The values, in order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flat_map(|chunk| chunk.iter())
    }

    /// The numbers whose values may be others than in `other`: all but those of pieces that both share.
    pub fn unshared<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = usize> + 'a {
        (0..self.chunks.len().max(other.chunks.len()))
            .filter(|&at| match (self.chunks.get(at), other.chunks.get(at)) {
                (Some(a), Some(b)) => !Arc::ptr_eq(a, b),
                _ => true,
            })
            .flat_map(|at| at * SIZE..(at + 1) * SIZE)
            .take_while(|&at| at < self.len.max(other.len))
    }
}

impl<T: Clone> Slots<T> {
    /// Puts a value at a number that has one.
    pub fn set(&mut self, at: usize, value: T) {
        *self.get_mut(at) = value;
    }

    /// The value at a number, to be changed.
    pub fn get_mut(&mut self, at: usize) -> &mut T {
        &mut Arc::make_mut(&mut self.chunks[at / SIZE])[at % SIZE]
    }

    /// Puts a value at a number; where numbers before it have none, they get it too.
    pub fn put(&mut self, at: usize, value: T) {
        if at < self.len {
            self.set(at, value);
        } else {
            self.grow(at + 1, &value);
        }
    }

    /// Gives so many numbers a value, the new ones this.
    pub fn grow(&mut self, len: usize, value: &T) {
        while self.len < len {
            match self.chunks.last_mut().filter(|chunk| chunk.len() < SIZE) {
                Some(chunk) => Arc::make_mut(chunk).push(value.clone()),
                None => self.chunks.push(Arc::new(vec![value.clone()])),
            }
            self.len += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_copy_shares_the_rest() {
        let old: Slots<usize> = (0..200).collect();
        let mut new = old.clone();
        assert_eq!(new.unshared(&old).count(), 0);
        new.set(70, 7);
        new.grow(201, &9);
        assert_eq!((old[70], new[70], new[200], new.len()), (70, 7, 9, 201));
        let unshared: Vec<usize> = new.unshared(&old).collect();
        assert_eq!(unshared, (64..128).chain(192..201).collect::<Vec<_>>());
        assert!(new.iter().copied().eq((0..70).chain([7]).chain(71..200).chain([9])));
    }
}
