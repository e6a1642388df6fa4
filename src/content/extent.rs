//! How long a document beside a page is, where it says so: pages of a PDF or Word file, slides of a presentation. It is a
//! help to whoever decides whether to download it, so what is not found at the usual place is left unsaid; a whole PDF
//! reader would be a heavy thing for one number.

use std::io::{Cursor, Read as _};

/// Pages or slides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Pages of paper.
    Pages(u32),
    /// Slides.
    Slides(u32),
}

/// Largest part of an archive or compressed stream that is looked at, in bytes.
const LIMIT: u64 = 16 << 20;

impl Extent {
    /// Whether a file with that extension (lower case) may tell.
    pub fn is_told_by(extension: &str) -> bool {
        matches!(extension, "pdf" | "docx" | "pptx")
    }

    /// What the file's bytes tell.
    pub fn read(extension: &str, bytes: &[u8]) -> Option<Self> {
        match extension {
            "pdf" => pdf(bytes).map(Self::Pages),
            "docx" => property(bytes, "Pages").map(Self::Pages),
            "pptx" => property(bytes, "Slides").map(Self::Slides),
            _ => None,
        }
        .filter(|(Self::Pages(n) | Self::Slides(n))| (1..100_000).contains(n))
    }
}

/// A number among the extended properties of an Office file (ECMA-376 Part 1, section 22.2).
fn property(bytes: &[u8], name: &str) -> Option<u32> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut xml = String::new();
    archive.by_name("docProps/app.xml").ok()?.take(LIMIT).read_to_string(&mut xml).ok()?;
    let rest = xml.split_once(&format!("<{name}>"))?.1;
    rest.split_once('<')?.0.trim().parse().ok()
}

/// The pages of a PDF: the largest `/Count` of its page tree's nodes (ISO 32000-1, section 7.7.3), in the open or in
/// compressed object streams (section 7.5.7). Of an encrypted file nothing is said.
fn pdf(bytes: &[u8]) -> Option<u32> {
    if !bytes.starts_with(b"%PDF") || find(bytes, b"/Encrypt").is_some() {
        return None;
    }
    let mut most = counted(bytes);
    let mut rest = bytes;
    while let Some(at) = find(rest, b"/ObjStm") {
        rest = rest.get(at + 7..)?;
        let Some(data) = find(rest.get(..1024.min(rest.len()))?, b"stream").and_then(|at| rest.get(at + 6..)) else {
            continue;
        };
        let data = data.strip_prefix(b"\r\n").or_else(|| data.strip_prefix(b"\n")).unwrap_or(data);
        let mut objects = Vec::new();
        // A stream that breaks off has still given what came before.
        let _ = flate2::read::ZlibDecoder::new(data).take(LIMIT).read_to_end(&mut objects);
        most = most.max(counted(&objects));
    }
    most
}

fn counted(bytes: &[u8]) -> Option<u32> {
    let mut most = None;
    let mut from = 0;
    while let Some(at) = bytes.get(from..).and_then(|rest| find(rest, b"/Pages")) {
        let place = from + at;
        from = place + 6;
        let before = bytes.get(place.saturating_sub(12)..place).unwrap_or_default();
        if find(before, b"/Type").is_none() {
            continue;
        }
        // The node's dictionary: from the `<<` before to the end of the object after.
        let open = bytes.get(..place).and_then(|head| head.windows(2).rposition(|pair| pair == b"<<")).unwrap_or(0);
        let after = bytes.get(place..(place + 65_536).min(bytes.len())).unwrap_or_default();
        let close = place + find(after, b">>").unwrap_or(after.len());
        let node = bytes.get(open..close).unwrap_or_default();
        if let Some(count) = find(node, b"/Count").and_then(|at| node.get(at + 6..)) {
            let digits: Vec<u8> =
                count.iter().copied().skip_while(|b| *b == b' ').take_while(u8::is_ascii_digit).take(9).collect();
            most = most.max(std::str::from_utf8(&digits).ok().and_then(|digits| digits.parse().ok()));
        }
    }
    most
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::Extent;

    #[test]
    fn pages_of_a_pdf_are_counted() {
        let open = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 12 >>\nendobj\n3 0 obj<</Type/Pages/Count 5/Kids[]>>endobj";
        assert_eq!(Extent::read("pdf", open), Some(Extent::Pages(12)));
        let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(b"2 0 3 60 <</Type/Pages/Count 7/Kids[4 0 R]>> <</Type/Page>>").unwrap();
        let mut closed = b"%PDF-1.5\n5 0 obj<</Type/ObjStm/N 2/First 8/Length 60>>stream\r\n".to_vec();
        closed.extend(packed.finish().unwrap());
        closed.extend(b"\r\nendstream endobj");
        assert_eq!(Extent::read("pdf", &closed), Some(Extent::Pages(7)));
        assert_eq!(Extent::read("pdf", b"%PDF-1.4 /Type/Pages/Count 3 /Encrypt 9 0 R"), None);
        assert_eq!(Extent::read("pdf", b"no pdf"), None);
    }

    #[test]
    fn an_office_file_says_it() {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        archive.start_file("docProps/app.xml", zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(b"<Properties><Pages>4</Pages><Slides>9</Slides></Properties>").unwrap();
        let bytes = archive.finish().unwrap().into_inner();
        assert_eq!(Extent::read("docx", &bytes), Some(Extent::Pages(4)));
        assert_eq!(Extent::read("pptx", &bytes), Some(Extent::Slides(9)));
        assert_eq!(Extent::read("docx", b"PK"), None);
    }
}
