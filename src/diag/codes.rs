//! The stable codes, one constant each. The first two digits name the stage: 01 files, 02 links and pictures, 03 front
//! matter, 04 Markdown, 05 the model (addresses, terms, offices), 06 themes, 07 output, 08 configuration, 09 command line.

use super::Code;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)*) => {
        $($(#[$doc])* pub const $name: Code = Code($code);)*
        /// Every code there is, for the tests and the handbook.
        pub const ALL_CODES: &[Code] = &[$($name),*];
    };
}

codes! {
    // 01: files
    /// Cannot be read at all.
    FILE_UNREADABLE = "E0101";
    /// Not text: has NUL bytes or no encoding fits.
    FILE_NOT_TEXT = "E0102";
    /// Larger than a text may be.
    FILE_TOO_LARGE = "E0103";
    /// A symbolic link that leaves the portal.
    FILE_LINK_OUTSIDE = "E0104";
    /// Two names that differ only in case or normal form.
    FILE_NAMES_CLASH = "E0105";
    /// A name that Windows reserves.
    FILE_NAME_RESERVED = "E0106";
    /// Read as GB18030 or UTF-16.
    FILE_ENCODING = "W0107";

    // 02: links and pictures
    /// The target file does not exist.
    LINK_MISSING = "E0201";
    /// The target page has no such anchor.
    ANCHOR_MISSING = "E0202";
    /// The picture does not exist.
    IMAGE_MISSING = "E0203";
    /// A root-absolute, extension-less or `.html` link to what is a page.
    LINK_FORM = "E0204";
    /// A path on somebody's own disk.
    LINK_LOCAL_DISK = "E0205";
    /// A host without `https://`.
    LINK_NO_SCHEME = "E0206";
    /// The target is a draft, expired, or dated in the future.
    LINK_UNPUBLISHED = "E0207";
    /// The target lives in another office's edition.
    LINK_OTHER_OFFICE = "N0208";
    /// A picture on another host.
    IMAGE_REMOTE = "W0209";
    /// A file that is no picture, or a damaged one.
    IMAGE_BROKEN = "W0210";
    /// A picture without words for those who cannot see it.
    IMAGE_NO_ALT = "W0211";
}
