//! A photograph's file to what is published of it: decoded once for all renditions.

use super::pixels::{Pixels, decode};
use super::{Format, Picture, Rendition, encode, strip};

/// What came of a picture's file.
#[derive(Debug)]
pub enum Developed {
    /// The files, in the order in which they were asked for.
    Made {
        /// Their bytes.
        files: Vec<Vec<u8>>,
        /// Whether some of the file's data made no sense, and what stands there is a guess.
        has_gaps: bool,
    },
    /// Nothing can be made of it.
    Damaged,
}

/// Makes `wanted` renditions of the picture in `bytes`.
pub fn develop(picture: &Picture, bytes: Vec<u8>, wanted: &[Rendition]) -> Developed {
    if let [rendition] = wanted
        && picture.is_copied(*rendition)
    {
        return Developed::Made { files: vec![strip::strip(picture.format, bytes)], has_gaps: false };
    }
    if picture.flaw.is_some() {
        return Developed::Damaged;
    }
    let Some(pixels) = decode(picture.format, &bytes) else { return Developed::Damaged };
    if picture.turn.swap((pixels.width, pixels.height)) != (picture.width, picture.height) {
        return Developed::Damaged;
    }
    let made = wanted.iter().map(|&rendition| {
        if picture.is_copied(rendition) {
            return Some(strip::strip(picture.format, bytes.clone()));
        }
        let (size, format) = match rendition {
            Rendition::Original { whole } => (picture.reduced(whole), picture.format),
            Rendition::Width(width) => (picture.scaled(width), Format::WebP),
        };
        let (width, height) = picture.turn.swap(size);
        let turned;
        let upright: &Pixels = if (width, height) == (pixels.width, pixels.height) && picture.turn.is_none() {
            &pixels
        } else {
            turned = pixels.scaled(width, height)?.turned(picture.turn);
            &turned
        };
        encode::encode(upright, format)
    });
    match made.collect::<Option<Vec<_>>>() {
        Some(files) => Developed::Made { files, has_gaps: pixels.has_gaps },
        None => Developed::Damaged,
    }
}

/// What stands where a picture cannot: a pale field with a red stroke through it, in the picture's proportions. Browsers
/// know a picture by its bytes, so it may stand under any picture's name.
pub fn placeholder(picture: &Picture) -> Vec<u8> {
    let (width, height) = picture.size().unwrap_or((4, 3));
    // 240 pixels wide, but never a thread.
    let (w, h) = (240_u32, (u64::from(height) * 240 / u64::from(width)).clamp(24, 480) as u32);
    let mut bytes = Vec::with_capacity((w * h * 3) as usize);
    for y in 0..h {
        for x in 0..w {
            let edge = x < 2 || y < 2 || x + 2 >= w || y + 2 >= h;
            let stroke = (x * h).abs_diff((h - 1 - y) * w) < 2 * w.max(h);
            bytes.extend_from_slice(if stroke {
                &[0xb3, 0x2d, 0x1f]
            } else if edge {
                &[0xa8, 0x9f, 0x92]
            } else {
                &[0xf1, 0xec, 0xe3]
            });
        }
    }
    let pixels = Pixels { width: w, height: h, alpha: false, bytes, icc: None, has_gaps: false };
    encode::encode(&pixels, Format::Png).unwrap_or_default()
}
