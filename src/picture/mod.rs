//! Pictures as files and what is published of them: what a file's head says ([`Picture`]), which renditions of it there
//! are ([`Rendition`]), and how those are made of its bytes ([`develop`]). Pure: bytes in, bytes out, the same on every
//! machine and in any number of threads, since nothing here takes a path that depends on the processor's abilities.

mod develop;
mod encode;
mod head;
mod jpeg;
mod pixels;
mod strip;

pub use develop::{Developed, develop, placeholder};
pub use head::{dimensions, inspect, is_picture, is_read};

use std::sync::Arc;

/// Changes whenever the same picture would become other bytes: part of the names of outputs and of the cache's keys.
const RECIPE: &[u8] = b"zhendi picture 1";

/// Larger files are not read whole, and so not published as pictures.
pub const FILE_LIMIT: u64 = 64 << 20;

/// Pictures with more pixels are not decoded. The largest that phones take by default have 50 million.
pub const PIXEL_LIMIT: u64 = 120_000_000;

/// What a decoded picture may take in memory.
const MEMORY_LIMIT: u64 = 480 << 20;

/// Widths in which a photograph is published beside its original: a phone, a column on a dense screen, a whole screen.
const WIDTHS: [u32; 3] = [480, 960, 1600];

/// The shorter side of a published original. A long picture (一图读懂) keeps the width in which it can be read.
const SHORT_SIDE: u32 = 1920;

/// WebP knows no larger side (RFC 9649, section 2.6).
const WEBP_SIDE: u32 = 16383;

/// Below that a picture is small as it is: a photograph in bytes, and a drawing or a screen shot, which is better left
/// without loss.
const SMALL_PHOTOGRAPH: u64 = 40 << 10;
const SMALL_DRAWING: u64 = 300 << 10;

/// What a file is by its first bytes, whatever its name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG, animated or not.
    Png,
    /// WebP, animated or not.
    WebP,
    /// GIF.
    Gif,
    /// Windows bitmap.
    Bmp,
    /// AVIF: browsers show it from Chromium 85 on.
    Avif,
    /// HEIC, as Apple's phones save: no browser shows it.
    Heic,
    /// TIFF: no browser shows it.
    Tiff,
    /// Nothing that is known.
    Unknown,
}

impl Format {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::WebP => "WebP",
            Self::Gif => "GIF",
            Self::Bmp => "BMP",
            Self::Avif => "AVIF",
            Self::Heic => "HEIC",
            Self::Tiff => "TIFF",
            Self::Unknown => "",
        }
    }

    /// The endings that a file of it may have, the usual one first.
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Jpeg => &["jpg", "jpeg", "jfif"],
            Self::Png => &["png"],
            Self::WebP => &["webp"],
            Self::Gif => &["gif"],
            Self::Bmp => &["bmp"],
            Self::Avif => &["avif"],
            Self::Heic => &["heic", "heif"],
            Self::Tiff => &["tif", "tiff"],
            Self::Unknown => &[],
        }
    }
}

/// Why a picture cannot be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// It ends before its end.
    Cut,
    /// Its head makes no sense.
    Garbled,
    /// More pixels than may be decoded.
    Huge,

    /// A format that browsers do not show.
    Foreign,
}

/// How a picture has to be turned to stand upright (Exif 2.32, tag 0x0112).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turn(u8);

impl Turn {
    fn new(orientation: u16) -> Self {
        Self(u8::try_from(orientation).ok().filter(|n| (2..=8).contains(n)).unwrap_or(0))
    }

    fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Whether width and height change places.
    fn swaps(self) -> bool {
        self.0 >= 5
    }

    fn swap<T>(self, (width, height): (T, T)) -> (T, T) {
        if self.swaps() { (height, width) } else { (width, height) }
    }
}

/// A picture as its file's head tells of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picture {
    format: Format,
    /// Upright.
    width: u32,
    height: u32,
    turn: Turn,
    /// More than one frame.
    moves: bool,
    /// Four printing inks instead of three lights.
    inks: bool,
    /// Nothing but the picture is in its file.
    bare: bool,
    flaw: Option<Flaw>,
}

/// The media type of a picture's bytes, by how they begin.
pub fn media_type(bytes: &[u8]) -> &'static str {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [b'R', b'I', b'F', b'F', ..] => "image/webp",
        [b'G', b'I', b'F', ..] => "image/gif",
        [b'<', ..] => "image/svg+xml",
        _ => "image/jpeg",
    }
}

/// One of the files that are published of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rendition {
    /// In its own format, without what the camera wrote into it.
    Original {
        /// In its full size, because somebody links to it or attaches it; else no larger than a screen needs.
        whole: bool,
    },
    /// WebP of that width.
    Width(u32),
}

impl Picture {
    /// What it is.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Width and height when it stands upright; `None` if the head does not say.
    pub fn size(&self) -> Option<(u32, u32)> {
        (self.width > 0 && self.height > 0).then_some((self.width, self.height))
    }

    /// Why it cannot be shown.
    pub fn flaw(&self) -> Option<Flaw> {
        self.flaw
    }

    /// Whether it is of a format whose originals are published without what the camera wrote into them. Others are
    /// published as they are.
    pub fn is_cleaned(&self) -> bool {
        matches!(self.format, Format::Jpeg | Format::Png | Format::WebP)
    }

    /// Whether its published original has to be made, because it is not the file itself.
    pub fn is_made(&self, whole: bool) -> bool {
        self.is_cleaned() && !(self.bare && self.is_copied(Rendition::Original { whole }))
    }

    /// The widths in which it is published as WebP, if its file has so many bytes; none for what is small already.
    pub fn widths(&self, bytes: u64) -> impl Iterator<Item = u32> + use<> {
        let small = if self.format == Format::Jpeg { SMALL_PHOTOGRAPH } else { SMALL_DRAWING };
        let suits = self.is_cleaned() && self.flaw.is_none() && !self.moves && bytes >= small && self.width > WIDTHS[0];
        let last = WIDTHS[2].min(self.width);
        // One that is so tall that only small ones could be had is better shown as it is.
        let suits = suits && self.scaled(last).1 <= WEBP_SIDE;
        // Two widths that are nearly alike are one.
        let steps = WIDTHS.into_iter().filter(move |&step| step * 5 <= last * 4).chain([last]);
        steps.filter(move |_| suits)
    }

    /// The size of its published original.
    fn reduced(&self, whole: bool) -> (u32, u32) {
        let short = self.width.min(self.height);
        if whole || self.moves || short <= SHORT_SIDE {
            return (self.width, self.height);
        }
        if self.width <= self.height {
            self.scaled(SHORT_SIDE)
        } else {
            let width = u64::from(self.width) * u64::from(SHORT_SIDE) / u64::from(self.height.max(1));
            (u32::try_from(width).unwrap_or(self.width), SHORT_SIDE)
        }
    }

    /// Its size at that width.
    fn scaled(&self, width: u32) -> (u32, u32) {
        let (from, height) = (u64::from(self.width.max(1)), u64::from(self.height));
        let height = (height * u64::from(width) + from / 2) / from;
        (width, u32::try_from(height).unwrap_or(u32::MAX).max(1))
    }

    /// Whether a rendition can be had from the file's bytes without decoding them.
    fn is_copied(&self, rendition: Rendition) -> bool {
        match rendition {
            Rendition::Original { whole } => {
                let is_left = self.moves || self.flaw.is_some();
                is_left || self.turn.is_none() && !self.inks && self.reduced(whole) == (self.width, self.height)
            }
            Rendition::Width(_) => false,
        }
    }

    /// Whether so much memory is needed to decode it that others should wait.
    pub fn is_large(&self) -> bool {
        u64::from(self.width) * u64::from(self.height) > 24_000_000
    }
}

/// One rendition of one file, wanted.
#[derive(Clone, Debug)]
pub struct Order {
    /// The file's path from the portal's root.
    pub source: Arc<str>,
    /// Hash of its bytes.
    pub hash: blake3::Hash,
    /// Its size in bytes.
    pub size: u64,
    /// What it is.
    pub picture: Picture,
    /// What is wanted of it.
    pub rendition: Rendition,
    /// Whether its original is published in full size.
    pub whole: bool,
}

impl Order {
    /// Everything that is best made along with it, since the file has to be decoded only once; itself included.
    pub fn set(&self) -> Vec<Rendition> {
        if self.is_copied() {
            return vec![self.rendition];
        }
        let original = Rendition::Original { whole: self.whole };
        let original = Some(original).filter(|&original| !self.picture.is_copied(original));
        let all = original.into_iter().chain(self.picture.widths(self.size).map(Rendition::Width));
        let mut set: Vec<Rendition> = all.collect();
        if !set.contains(&self.rendition) {
            set.push(self.rendition);
        }
        set
    }

    /// Whether it is had without decoding anything.
    pub fn is_copied(&self) -> bool {
        self.picture.is_copied(self.rendition)
    }

    /// What tells a rendition's bytes from all others that there ever were.
    pub fn key(&self, rendition: Rendition) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        hasher.update(mark(self.hash).as_bytes());
        hasher.update(format!("{rendition:?}").as_bytes());
        hasher.finalize()
    }
}

/// What stands for a file's bytes in the name of its published original, and in the cache: what it becomes depends on
/// [`RECIPE`] too.
pub fn mark(hash: blake3::Hash) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(RECIPE);
    hasher.update(hash.as_bytes());
    hasher.finalize()
}

/// The path, or the address, of a rendition whose original has this one.
pub fn path(original: &str, width: u32) -> String {
    format!("{original}.{width}.webp")
}
