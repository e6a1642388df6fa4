//! What a file beside a page is to see or to hear, by its name.

/// The kinds of media.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaKind {
    /// To be looked at.
    Picture,
    /// To be watched.
    Film,
    /// To be heard.
    Sound,
}

impl MediaKind {
    /// The kind and the media type of a file of that name; `None` if it is neither.
    pub fn of(name: &str) -> Option<(Self, &'static str)> {
        let media = mime_guess::from_path(name).first_raw()?;
        let kind = match media.split('/').next()? {
            "image" => Self::Picture,
            "video" => Self::Film,
            "audio" => Self::Sound,
            _ => return None,
        };
        Some((kind, media))
    }
}
