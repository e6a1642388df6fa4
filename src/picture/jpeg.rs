//! The marker segments of a JPEG file (ITU-T T.81, annex B): what its head says, and the file without what describes
//! the camera, the place and the hour. Segments are kept by name, never dropped by name, so what no one has thought of
//! goes too; and so does everything behind the picture's end, where phones put a second picture or a film with places
//! of their own.

use std::ops::Range;

/// What the head of a file says.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Head {
    /// Exif's number for it; 0 if nothing is said.
    pub orientation: u16,
    pub components: u8,
    /// Whether the picture's end is there.
    pub ends: bool,
}

/// A stretch of a file.
enum Piece {
    Segment {
        marker: u8,
        whole: Range<usize>,
        body: Range<usize>,
    },
    /// Coded pixels.
    Scan(Range<usize>),
    End,
}

/// Walks through a file up to its picture's end, or to where it makes no sense any more.
struct Pieces<'a> {
    bytes: &'a [u8],
    at: usize,
    in_scan: bool,
    over: bool,
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        if self.over {
            return None;
        }
        if std::mem::take(&mut self.in_scan) {
            let from = self.at;
            let rest = self.bytes.get(from..)?;
            // A marker ends it; stuffed bytes and restart markers belong to it.
            let is_end = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7 | 0xff);
            self.at = from + rest.windows(2).position(is_end).unwrap_or(rest.len());
            return Some(Piece::Scan(from..self.at));
        }
        loop {
            let rest = self.bytes.get(self.at..)?;
            let start = self.at + rest.iter().position(|&byte| byte == 0xff)?;
            let fill = self.bytes.get(start..)?.iter().take_while(|&&byte| byte == 0xff).count();
            let marker = *self.bytes.get(start + fill)?;
            let body = start + fill + 1;
            match marker {
                0xd9 => {
                    self.over = true;
                    return Some(Piece::End);
                }
                0x00 | 0x01 | 0xd0..=0xd8 => self.at = body,
                _ => {
                    let length = self.bytes.get(body..body + 2)?;
                    let end = body + usize::from(u16::from_be_bytes([length[0], length[1]])).max(2);
                    if end > self.bytes.len() {
                        return None;
                    }
                    self.at = end;
                    self.in_scan = marker == 0xda;
                    return Some(Piece::Segment { marker, whole: body - 2..end, body: body + 2..end });
                }
            }
        }
    }
}

fn pieces(bytes: &[u8]) -> Pieces<'_> {
    Pieces { bytes, at: 2, in_scan: false, over: false }
}

/// Reads what a file says of itself.
pub(super) fn head(bytes: &[u8]) -> Head {
    let mut head = Head::default();
    // Nearly all files end with the picture; only of others the pixels have to be gone through.
    let plain_end = bytes.trim_ascii_end().ends_with(&[0xff, 0xd9]);
    for piece in pieces(bytes) {
        match piece {
            Piece::Segment { marker: 0xe1, body, .. } => {
                if let Some(exif) = bytes[body].strip_prefix(b"Exif\0\0")
                    && head.orientation == 0
                {
                    head.orientation = orientation(exif).unwrap_or(0);
                }
            }
            // Start of frame, of whichever process.
            Piece::Segment { marker: 0xc0..=0xcf, body, .. } if head.components == 0 => {
                head.components = bytes[body].get(5).copied().unwrap_or(0);
            }
            Piece::Segment { marker: 0xda, .. } if plain_end => {
                head.ends = true;
                break;
            }
            Piece::End => head.ends = true,
            _ => {}
        }
    }
    head
}

/// The orientation in a TIFF structure's first directory.
fn orientation(tiff: &[u8]) -> Option<u16> {
    let big = match tiff.get(..4)? {
        b"II*\0" => false,
        b"MM\0*" => true,
        _ => return None,
    };
    let short = |at: usize| -> Option<u16> {
        let bytes = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    };
    let long = |at: usize| -> Option<u32> {
        let bytes = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    };
    let directory = usize::try_from(long(4)?).ok()?;
    let count = usize::from(short(directory)?);
    let entries = (0..count).filter_map(|n| directory.checked_add(2 + 12 * n));
    entries.take_while(|&at| short(at).is_some()).find(|&at| short(at) == Some(0x0112)).and_then(|at| short(at + 8))
}

/// Whether the head of a file holds a camera's or a program's remarks.
pub(super) fn has_remarks(bytes: &[u8]) -> bool {
    let mut head = pieces(bytes).take_while(|piece| !matches!(piece, Piece::Scan(_) | Piece::End));
    head.any(|piece| matches!(piece, Piece::Segment { marker: 0xe1 | 0xed | 0xfe, .. }))
}

/// The file without what is no part of the picture.
pub(super) fn strip(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    out.extend_from_slice(&[0xff, 0xd8]);
    for piece in pieces(bytes) {
        match piece {
            Piece::Segment { marker: 0xe0, body, .. } => {
                // JFIF says how the colours are meant; a small picture of the picture may follow it.
                if let Some(start) = bytes[body].get(..12).filter(|start| start.starts_with(b"JFIF\0")) {
                    out.extend_from_slice(&[0xff, 0xe0, 0, 16]);
                    out.extend_from_slice(start);
                    out.extend_from_slice(&[0, 0]);
                }
            }
            Piece::Segment { marker, whole, body } => {
                let is_kept = match marker {
                    0xe2 => bytes[body].starts_with(b"ICC_PROFILE\0"),
                    0xee => bytes[body].starts_with(b"Adobe"),
                    0xe1..=0xef | 0xfe => false,
                    // Frames, tables, scans, restart intervals.
                    0xc0..=0xdd => true,
                    _ => false,
                };
                if is_kept {
                    out.extend_from_slice(&bytes[whole]);
                }
            }
            Piece::Scan(range) => out.extend_from_slice(&bytes[range]),
            Piece::End => out.extend_from_slice(&[0xff, 0xd9]),
        }
    }
    out
}
