//! Times of the day as people write them: `08:30-12:00、14:00-18:00`.

/// A stretch of a day, in minutes from midnight; it ends before `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    /// First minute.
    pub from: u16,
    /// First minute after it, at most [`Window::MIDNIGHT`].
    pub to: u16,
}

impl Window {
    /// Minutes of a day.
    pub const MIDNIGHT: u16 = 24 * 60;
    /// All day.
    pub const DAY: Self = Self { from: 0, to: Self::MIDNIGHT };

    /// The stretches that a text names, in order; `None` if it says anything else, or two of them overlap. One over
    /// midnight (`22:00-06:00`) is two.
    pub fn read_all(text: &str) -> Option<Vec<Self>> {
        let mut found = Vec::new();
        for part in text.split([',', '，', '、', ';', '；']).map(str::trim).filter(|part| !part.is_empty()) {
            let (from, to) = part.split_once(['-', '－', '–', '—', '~', '～', '至'])?;
            let to = to.trim_start_matches(['-', '－', '–', '—']);
            let (from, to) = (minute(from)?, minute(to)?);
            if from < to {
                found.push(Self { from, to });
            } else if to < from {
                found.push(Self { from, to: Self::MIDNIGHT });
                found.extend((to > 0).then_some(Self { from: 0, to }));
            } else {
                return None;
            }
        }
        found.sort_unstable();
        let apart = found.windows(2).all(|pair| pair[0].to <= pair[1].from);
        (apart && !found.is_empty()).then_some(found)
    }
}

/// `8:30`, `08：30`, `24:00`.
pub(super) fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once([':', '：'])?;
    let number = |text: &str| {
        let text = text.trim();
        (!text.is_empty() && text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse())
    };
    let (hour, minute): (u16, u16) = (number(hour)?.ok()?, number(minute)?.ok()?);
    let whole = hour * 60 + minute;
    (minute < 60 && whole <= Window::MIDNIGHT).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::Window;

    #[test]
    fn times_are_read_as_people_write_them() {
        let read =
            |text: &str| Window::read_all(text).map(|all| all.iter().map(|one| (one.from, one.to)).collect::<Vec<_>>());
        assert_eq!(read("08:30-18:00"), Some(vec![(510, 1080)]));
        assert_eq!(read("14：00至17：30，8:30—12:00"), Some(vec![(510, 720), (840, 1050)]));
        assert_eq!(read("22:00-06:00"), Some(vec![(0, 360), (1320, 1440)]));
        assert_eq!(read("00:00-24:00"), Some(vec![(0, 1440)]));
        for wrong in
            ["", "8:30", "8:30-8:30", "8:30-25:00", "8:60-9:00", "8:30-12:00、11:00-13:00", "上午", "+8:30-9:00"]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
