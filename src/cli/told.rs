//! What was said already, so that whoever leaves the program running hears of each problem once, and again only if it
//! went and came back.

use std::collections::HashMap;

use zhendi::diag::{Diagnostic, Span, fold};

/// The problems that stood when they were last told of.
#[derive(Default)]
pub struct Told {
    /// By everything but the place in the file, which shifts with the lines above it: where each of them stood.
    spots: HashMap<String, Vec<Option<Span>>>,
}

/// What stands now.
pub struct Standing {
    /// What was not said yet.
    pub new: Vec<Diagnostic>,
    /// Errors that were said before.
    pub errors: Vec<Diagnostic>,
    /// Whether anything came or went.
    pub differs: bool,
}

impl Standing {
    /// What to say after a change: what is new, and every error, for that is what somebody is at.
    pub fn after_change(self) -> Vec<Diagnostic> {
        self.new.into_iter().chain(self.errors).collect()
    }
}

impl Told {
    /// Takes `problems` for what stands now and has been told of.
    pub fn take(&mut self, problems: &[Diagnostic]) -> Standing {
        let mut kinds: HashMap<String, Vec<Diagnostic>> = HashMap::new();
        for problem in fold(problems.to_vec()) {
            kinds.entry(kind(&problem)).or_default().push(problem);
        }
        let mut standing = Standing { new: Vec::new(), errors: Vec::new(), differs: kinds.len() != self.spots.len() };
        let mut spots = HashMap::with_capacity(kinds.len());
        for (kind, problems) in kinds {
            let before = self.spots.get(&kind).map_or(&[][..], Vec::as_slice);
            standing.differs |= before.len() != problems.len();
            spots.insert(kind, problems.iter().map(spot).collect());
            // Of several alike, those that stand where none stood are the new ones.
            let (mut known, mut moved): (Vec<_>, Vec<_>) =
                problems.into_iter().partition(|one| before.contains(&spot(one)));
            let others = before.len().saturating_sub(known.len()).min(moved.len());
            known.extend(moved.drain(..others));
            standing.errors.extend(known.into_iter().filter(Diagnostic::is_error));
            standing.new.extend(moved);
        }
        self.spots = spots;
        standing
    }
}

fn spot(problem: &Diagnostic) -> Option<Span> {
    problem.place.as_ref().and_then(|place| place.span)
}

fn kind(problem: &Diagnostic) -> String {
    let mut problem = problem.clone();
    if let Some(place) = &mut problem.place {
        place.span = None;
    }
    format!("{problem:?}")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use zhendi::diag::{IMAGE_NO_ALT, LINK_MISSING};

    use super::*;

    fn at(start: usize) -> Diagnostic {
        Diagnostic::warning(IMAGE_NO_ALT, "图片没有说明").at(&Arc::from("content/a.md"), Span::new(start, start + 3))
    }

    #[test]
    fn each_problem_is_new_once_until_it_went_and_came_back() {
        let mut told = Told::default();
        assert_eq!(told.take(&[at(1), at(5)]).new, [at(1), at(5)]);
        assert!(!told.take(&[at(5), at(1)]).differs);
        // Lines were put in above.
        let moved = told.take(&[at(11), at(15)]);
        assert!(moved.new.is_empty() && !moved.differs);
        // Only the one in the middle was not there.
        assert_eq!(told.take(&[at(11), at(13), at(15)]).new, [at(13)]);
        let gone = told.take(&[at(15)]);
        assert!(gone.new.is_empty() && gone.differs);
        assert!(told.take(&[]).differs);
        assert_eq!(told.take(&[at(15)]).new, [at(15)]);
    }

    #[test]
    fn an_error_is_said_after_each_change() {
        let mut told = Told::default();
        let error = Diagnostic::error(LINK_MISSING, "没有");
        assert_eq!(told.take(&[at(1), error.clone()]).new.len(), 2);
        assert_eq!(told.take(&[at(1), error.clone()]).after_change(), [error]);
    }
}
