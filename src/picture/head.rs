//! What a picture's file says of itself at its head, so that a page reserves its place before it loads, and so that
//! what cannot be shown is known before anything is decoded: its true format, its size when it stands upright, whether
//! it breaks off.

use super::{Flaw, Format, MEMORY_LIMIT, PIXEL_LIMIT, Picture, Turn, jpeg, strip};

/// Width and height in CSS pixels of the drawing in `bytes`, whose name ends in `extension` (lower case).
pub fn dimensions(extension: &str, bytes: &[u8]) -> Option<(u32, u32)> {
    if extension == "svg" { svg(bytes) } else { None }
}

/// Whether a file with this extension is a picture that browsers show in `<img>`.
pub fn is_picture(extension: &str) -> bool {
    matches!(extension, "png" | "jpg" | "jpeg" | "jfif" | "gif" | "webp" | "svg" | "bmp" | "avif")
}

/// Whether the head of a file with this extension says something.
pub fn is_read(extension: &str) -> bool {
    is_picture(extension) || matches!(extension, "heic" | "heif" | "tif" | "tiff")
}

/// What the picture in `bytes` is, if its name ends like one of pixels. `bytes` may be the beginning of a file that has
/// `size` of them.
pub fn inspect(extension: &str, bytes: &[u8], size: u64) -> Option<Picture> {
    if !is_read(extension) || extension == "svg" {
        return None;
    }
    let format = format(bytes);
    let mut picture = Picture {
        format,
        width: 0,
        height: 0,
        turn: Turn::default(),
        moves: false,
        inks: false,
        bare: false,
        flaw: None,
    };
    if let Ok(raw) = imagesize::blob_size(bytes) {
        let cut = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        (picture.width, picture.height) = (cut(raw.width), cut(raw.height));
    }
    let is_whole = bytes.len() as u64 == size;
    // Bytes of memory that a decoded pixel takes.
    let mut depth = 4;
    let mut ends = true;
    match format {
        Format::Jpeg => {
            let head = jpeg::head(bytes);
            picture.turn = Turn::new(head.orientation);
            picture.inks = head.components == 4;
            (picture.width, picture.height) = picture.turn.swap((picture.width, picture.height));
            ends = head.ends;
        }
        Format::Png => {
            // A row of sixteen-bit samples is twice as long until it is made one of eight.
            depth = if bytes.get(24) == Some(&16) { 8 } else { 4 };
            for chunk in strip::chunks(bytes) {
                picture.moves |= chunk.name == b"acTL";
            }
            ends = strip::chunks(bytes).any(|chunk| chunk.name == b"IEND");
        }
        Format::WebP => {
            picture.moves = bytes.get(12..16) == Some(b"VP8X") && bytes.get(20).is_some_and(|flags| flags & 2 != 0);
            let said = bytes.get(4..8).and_then(|n| n.try_into().ok()).map_or(0, u32::from_le_bytes);
            ends = u64::from(said) + 8 <= size;
        }
        _ => {}
    }
    let area = u64::from(picture.width) * u64::from(picture.height);
    picture.flaw = match format {
        Format::Heic | Format::Tiff => Some(Flaw::Foreign),
        Format::Avif => None,
        _ if picture.size().is_none() => Some(Flaw::Garbled),
        _ if area > PIXEL_LIMIT || area.saturating_mul(depth) > MEMORY_LIMIT => Some(Flaw::Huge),
        _ if is_whole && !ends => Some(Flaw::Cut),
        _ => None,
    };
    picture.bare = is_whole && picture.is_cleaned() && strip::is_bare(format, bytes);
    Some(picture)
}

/// The format of a file by its first bytes.
fn format(bytes: &[u8]) -> Format {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Format::Jpeg,
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Format::Png,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Format::WebP,
        [b'G', b'I', b'F', b'8', ..] => Format::Gif,
        [b'B', b'M', ..] => Format::Bmp,
        [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => Format::Tiff,
        [_, _, _, length, b'f', b't', b'y', b'p', ..] => {
            // The brands of ISO/IEC 23008-12: the main one, a version, then those that it is compatible with.
            let brands = bytes.get(8..usize::from(*length).clamp(12, bytes.len().max(12))).unwrap_or_default();
            let has = |wanted: &[&[u8]]| brands.chunks(4).any(|brand| wanted.contains(&brand));
            if has(&[b"avif", b"avis"]) {
                Format::Avif
            } else if has(&[b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1"]) {
                Format::Heic
            } else {
                Format::Unknown
            }
        }
        _ => Format::Unknown,
    }
}

/// SVG 2, section 8.2: `width` and `height` of the root element in px, else the size of its `viewBox`.
fn svg(bytes: &[u8]) -> Option<(u32, u32)> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(8192)]);
    let from = head.find("<svg")?;
    let tag = &head[from..from + head[from..].find('>')?];
    let attribute = |name: &str| -> Option<&str> {
        let mut rest = tag;
        loop {
            let at = rest.find(name)?;
            let before = rest[..at].chars().next_back()?;
            let after = rest[at + name.len()..].trim_start();
            if before.is_ascii_whitespace() && after.starts_with('=') {
                let value = after[1..].trim_start();
                let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
                return value[1..].split(quote).next();
            }
            rest = &rest[at + name.len()..];
        }
    };
    let pixels = |text: &str| -> Option<f64> {
        text.trim().trim_end_matches("px").parse::<f64>().ok().filter(|n| n.is_finite() && *n >= 1.0)
    };
    let whole = |w: f64, h: f64| Some((w.round().min(1e6) as u32, h.round().min(1e6) as u32));
    if let (Some(w), Some(h)) = (attribute("width").and_then(pixels), attribute("height").and_then(pixels)) {
        return whole(w, h);
    }
    let numbers: Vec<f64> =
        attribute("viewBox")?.split([' ', ',']).filter(|n| !n.is_empty()).filter_map(|n| n.parse().ok()).collect();
    match numbers[..] {
        [_, _, w, h] if w >= 1.0 && h >= 1.0 => whole(w, h),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn svg_sizes() {
        assert_eq!(
            svg(b"<?xml version='1.0'?><svg xmlns='x' stroke-width='3' width='120' height=\"80px\">"),
            Some((120, 80))
        );
        assert_eq!(svg(b"<svg width='100%' viewBox='0 0 1200 630'>"), Some((1200, 630)));
        assert_eq!(svg(b"<svg>"), None);
        assert_eq!(svg(b"no picture"), None);
    }
}
