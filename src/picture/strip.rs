//! A picture's file without what the camera or a program wrote into it, pixels untouched: the parts of a file that make
//! the picture are kept by name, all others go, known or not.

use super::{Format, jpeg};

/// A chunk of a PNG file.
pub(super) struct Chunk<'a> {
    pub name: &'a [u8],
    /// With its length, name and check sum.
    whole: &'a [u8],
}

/// The chunks of a PNG file that are there whole, up to its end.
pub(super) fn chunks(bytes: &[u8]) -> impl Iterator<Item = Chunk<'_>> {
    let mut rest = bytes.get(8..).unwrap_or_default();
    std::iter::from_fn(move || {
        let length = rest.get(..4)?.try_into().ok().map(u32::from_be_bytes)?;
        let whole = rest.get(..usize::try_from(length).ok()?.checked_add(12)?)?;
        let name = &whole[4..8];
        rest = if name == b"IEND" { &[] } else { &rest[whole.len()..] };
        Some(Chunk { name, whole })
    })
}

/// What makes a PNG's picture, its colours and its frames (PNG, third edition, section 11).
const PNG: [&[u8]; 16] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"bKGD",
    b"pHYs", b"acTL", b"fcTL", b"fdAT",
];

/// The file in `bytes` without what is no part of the picture; as it is, if it is of another format.
pub(super) fn strip(format: Format, bytes: Vec<u8>) -> Vec<u8> {
    match format {
        Format::Jpeg => jpeg::strip(&bytes),
        Format::Png => {
            let mut out = Vec::with_capacity(bytes.len());
            out.extend_from_slice(&bytes[..8.min(bytes.len())]);
            for chunk in chunks(&bytes).filter(|chunk| PNG.contains(&chunk.name)) {
                out.extend_from_slice(chunk.whole);
            }
            out
        }
        Format::WebP => webp(&bytes),
        _ => bytes,
    }
}

/// Whether nothing is in the file in `bytes` that would be taken out of it.
pub(super) fn is_bare(format: Format, bytes: &[u8]) -> bool {
    // A camera's remarks stand at the beginning, so most photographs need not be gone through.
    (format != Format::Jpeg || !jpeg::has_remarks(bytes)) && strip(format, bytes.to_vec()) == bytes
}

/// Flags of an extended WebP file for chunks that go: Exif and XMP (RFC 9649, section 2.7).
const NOTES: u8 = 0x0c;

fn webp(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    out.extend_from_slice(b"RIFF\0\0\0\0WEBP");
    for (name, whole) in riff(bytes) {
        let from = out.len();
        if matches!(name, b"VP8 " | b"VP8L" | b"VP8X" | b"ALPH" | b"ANIM" | b"ANMF" | b"ICCP") {
            out.extend_from_slice(whole);
        }
        if name == b"VP8X"
            && let Some(flags) = out.get_mut(from + 8)
        {
            *flags &= !NOTES;
        }
    }
    close(&mut out);
    out
}

/// The chunks of a WebP file: name, and all of it with its padding.
fn riff(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let said = bytes.get(4..8).and_then(|n| n.try_into().ok()).map_or(0, u32::from_le_bytes) as usize;
    let mut rest = bytes.get(12..said.saturating_add(8).clamp(12, bytes.len().max(12))).unwrap_or_default();
    std::iter::from_fn(move || {
        let length = rest.get(4..8)?.try_into().ok().map(u32::from_le_bytes)? as usize;
        let whole = rest.get(..length.checked_add(8 + length % 2)?).unwrap_or(rest);
        rest = &rest[whole.len()..];
        Some((&whole[..4], whole))
    })
}

/// Writes the length of all into the head of a WebP file.
fn close(out: &mut [u8]) {
    let length = u32::try_from(out.len().saturating_sub(8)).unwrap_or(u32::MAX);
    if let Some(said) = out.get_mut(4..8) {
        said.copy_from_slice(&length.to_le_bytes());
    }
}

/// The WebP file in `bytes`, of that size, with the colour profile `icc`.
pub(super) fn with_profile(bytes: &[u8], (width, height): (u32, u32), alpha: bool, icc: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + icc.len() + 40);
    out.extend_from_slice(b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0");
    out.extend_from_slice(&[0x20 | if alpha { 0x10 } else { 0 }, 0, 0, 0]);
    for side in [width, height] {
        out.extend_from_slice(&side.saturating_sub(1).to_le_bytes()[..3]);
    }
    out.extend_from_slice(b"ICCP");
    out.extend_from_slice(&u32::try_from(icc.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend_from_slice(icc);
    if icc.len() % 2 == 1 {
        out.push(0);
    }
    for (_, whole) in riff(bytes).filter(|(name, _)| *name != b"VP8X") {
        out.extend_from_slice(whole);
    }
    close(&mut out);
    out
}
