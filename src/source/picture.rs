//! The size of a picture in pixels, read from the file's own head, so that a page reserves its place before it loads.

/// Width and height in CSS pixels of the picture in `bytes`, whose name ends in `extension` (lower case).
/// `None` when the file is no picture of that sort.
pub fn dimensions(extension: &str, bytes: &[u8]) -> Option<(u32, u32)> {
    if extension == "svg" {
        return svg(bytes);
    }
    let size = imagesize::blob_size(bytes).ok()?;
    Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?)).filter(|&(w, h)| w > 0 && h > 0)
}

/// Whether a file with this extension is a picture that browsers show in `<img>`.
pub fn is_picture(extension: &str) -> bool {
    matches!(extension, "png" | "jpg" | "jpeg" | "gif" | "webp" | "svg" | "bmp" | "avif")
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
