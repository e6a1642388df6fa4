//! The stable codes, one constant each. The first two digits name the stage: 01 files, 02 links and pictures, 03 front
//! matter, 04 Markdown, 05 the model (addresses, terms, offices), 06 themes, 07 output, 08 configuration, 09 command line,
//! 10 watching.

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
    /// A page for everybody links to one for employees alone.
    LINK_INTERNAL = "E0212";
    /// A page for everybody shows a file that lies beside one for employees alone.
    IMAGE_INTERNAL = "E0213";
    /// A screen for everybody has read something of an internal page.
    SCREEN_INTERNAL = "E0214";

    // 03: front matter
    /// A fence that is never closed.
    FRONT_UNCLOSED = "E0301";
    /// Not YAML, not TOML.
    FRONT_SYNTAX = "E0302";
    /// A value of the wrong type.
    FRONT_TYPE = "E0303";
    /// No date, or a day that the calendar does not have.
    FRONT_DATE = "E0304";
    /// A title without a character.
    FRONT_TITLE_EMPTY = "E0305";
    /// One key in two spellings.
    FRONT_KEY_REPEATED = "E0306";
    /// A key that means nothing.
    FRONT_KEY_UNKNOWN = "W0307";
    /// A title that fits no list.
    FRONT_TITLE_LONG = "W0308";
    /// A full-width colon after a key, or what else a Chinese input method types there.
    FRONT_COLON = "N0309";
    /// No front matter at all.
    FRONT_ABSENT = "N0310";
    /// Another system's key that has no use here.
    FRONT_KEY_UNUSED = "N0311";
    /// A section's key in a page.
    FRONT_KEY_SECTION_ONLY = "W0312";
    /// None of the values that there are.
    FRONT_VALUE = "E0313";

    // 04: Markdown
    /// A `:::name` that no component has.
    COMPONENT_UNKNOWN = "E0401";
    /// Raw HTML that was left out.
    HTML_DROPPED = "W0402";
    /// What another system would have expanded.
    FOREIGN_SYNTAX = "W0403";
    /// Quotes or lists nested beyond reason.
    NESTED_TOO_DEEP = "W0404";
    /// Two headings that ask for one anchor.
    ANCHOR_REPEATED = "E0405";
    /// A link that runs a script or needs a program.
    LINK_SCHEME = "W0406";
    /// Brackets that were meant as a link.
    LINK_UNREAD = "W0407";
    /// A mark without its footnote.
    FOOTNOTE_MISSING = "W0408";
    /// A footnote without a mark.
    FOOTNOTE_UNUSED = "W0409";
    /// A web address that no browser can open, or none at all.
    LINK_ADDRESS = "W0410";
    /// What a component's template calls an error.
    COMPONENT_RULE = "E0411";
    /// What a component's template warns of.
    COMPONENT_ADVICE = "W0412";
    /// A `:::` that closes nothing.
    COMPONENT_STRAY = "E0413";
    /// A component that nothing closes.
    COMPONENT_UNCLOSED = "E0414";
    /// A component inside another with as many colons.
    COMPONENT_FENCE = "E0415";
    /// An outer component that is closed before the inner one.
    COMPONENT_CROSSED = "E0416";
    /// What a Chinese input method types in a `:::` line.
    COMPONENT_TYPED = "N0417";
    /// An argument that the component does not know.
    COMPONENT_ARGUMENT = "E0418";
    /// One argument twice.
    COMPONENT_ARGUMENT_REPEATED = "E0419";
    /// An argument with half a quote or without a value.
    COMPONENT_ARGUMENT_FORM = "E0420";
    /// A `:::name` that Markdown does not take for a block.
    COMPONENT_HIDDEN = "E0421";
    /// A picture that ends before its end, or is none.
    PICTURE_DAMAGED = "W0422";
    /// A picture with more pixels than are decoded.
    PICTURE_HUGE = "W0423";
    /// A picture that no browser shows.
    PICTURE_FOREIGN = "E0424";
    /// A picture of another format than its name says.
    PICTURE_MISNAMED = "W0425";
    /// A picture that only newer browsers show.
    PICTURE_NEW = "W0426";
    /// A picture some of whose data is damaged.
    PICTURE_GAPS = "W0427";
    /// Pictures that were made cannot be kept for the next build.
    PICTURE_CACHE = "N0428";
    /// A row of a file of figures with more or fewer cells than the first.
    DATA_ROW = "E0440";
    /// A quote without its other half in a CSV file.
    DATA_QUOTE = "E0441";
    /// A formula that came to nothing.
    DATA_CELL = "E0442";
    /// A file of figures that cannot be read.
    DATA_FILE = "E0443";
    /// A file of figures without any.
    DATA_EMPTY = "E0444";
    /// More rows, columns or bytes than a page can hold.
    DATA_LARGE = "E0445";
    /// Merged cells.
    DATA_MERGED = "W0446";
    /// Full-width commas between columns.
    DATA_COMMA = "E0447";
    /// A sheet, column or figure that a component asks for and the file does not have.
    DATA_ASKED = "E0448";
    /// An argument names as a file what is none.
    COMPONENT_FILE = "E0449";

    /// A component cites an article by what is no number.
    CITATION_FORM = "W0430";

    // 05: the model
    /// Two pages on one address.
    ADDRESS_CLASH = "E0501";
    /// `slug` or an alias leaves the folder, or cannot be a file name.
    ADDRESS_FORM = "E0502";
    /// An `index.md` beside other pages.
    INDEX_BESIDE_PAGES = "E0503";
    /// An office that `zhendi.toml` does not name.
    OFFICE_UNKNOWN = "E0504";
    /// A kind that is not defined.
    KIND_UNKNOWN = "E0505";
    /// A series that no file in `content/series` declares.
    SERIES_UNKNOWN = "E0506";
    /// A term that a closed taxonomy does not list.
    TERM_UNKNOWN = "E0507";
    /// The order or the plan of a series names a page that does not exist.
    SERIES_PAGE_MISSING = "E0508";
    /// A page and its section have no office in common.
    OFFICE_NONE = "E0509";
    /// A page has expired and is left out.
    PAGE_EXPIRED = "N0510";
    /// No office has a base address: no feeds and site maps.
    NO_BASE_URL = "N0511";
    /// A page that `supersedes` itself or another in a circle.
    SUPERSEDES_SELF = "E0512";
    /// A section's text in another language beside the one that is used.
    INDEX_SECOND = "W0513";
    /// A field that the page's kind asks for is missing.
    KIND_FIELD_MISSING = "W0514";
    /// A field that another kind has.
    KIND_FIELD_ELSEWHERE = "N0515";
    /// A heading that the page's kind asks for is missing, or stands in another order.
    KIND_HEADINGS = "W0516";

    /// The pages of a series are numbered with a gap.
    SERIES_GAP = "W0520";
    /// A month within the plan of a series has no study.
    SERIES_MONTH_EMPTY = "W0521";
    /// A page stands twice in the order, or in two months of the plan.
    SERIES_PAGE_TWICE = "W0522";
    /// A page is claimed by two series.
    SERIES_PAGE_CLAIMED = "E0523";
    /// The plan names a page that is not in the series.
    SERIES_PAGE_OUTSIDE = "E0524";
    /// A series without a page.
    SERIES_EMPTY = "W0525";
    /// A page names the series, whose order leaves it out.
    SERIES_LEFT_OUT = "W0526";
    /// Two series of one name.
    SERIES_NAME_TWICE = "E0527";
    /// A series without a name.
    SERIES_UNNAMED = "W0528";

    /// Two articles of one number in a statute.
    ARTICLE_REPEATED = "E0530";
    /// A statute without articles.
    ARTICLE_NONE = "W0531";
    /// An article that the cited law does not have.
    CITED_ARTICLE_MISSING = "E0532";
    /// Two statutes that go by one name.
    LAW_NAMES_CLASH = "W0533";
    /// An office claims a line of business that the taxonomy does not list.
    MAP_TERM_UNKNOWN = "E0534";
    /// A screen is to show a page that does not exist.
    KIOSK_PAGE_MISSING = "E0540";
    /// A title that no slide can hold.
    KIOSK_TITLE_LONG = "W0541";
    /// A screen chooses what no page is.
    KIOSK_CHOICE_EMPTY = "W0542";
    /// A page names a screen that does not exist.
    KIOSK_SCREEN_UNKNOWN = "E0543";

    // 06: themes
    /// No such theme.
    THEME_MISSING = "E0601";
    /// A template that does not exist.
    TEMPLATE_MISSING = "E0602";
    /// A template that cannot be read.
    TEMPLATE_SYNTAX = "E0603";
    /// A template that fails while it runs.
    TEMPLATE_FAILED = "E0604";
    /// A style sheet that cannot be read.
    STYLE_SYNTAX = "E0605";
    /// A template asks for a theme file that does not exist.
    ASSET_MISSING = "E0606";
    /// A style sheet asks for what is not a file of the theme: another host's, an inline one, one on a disk.
    ASSET_OUTSIDE = "E0607";
    /// Two component templates that claim one name.
    COMPONENT_CLAIMED = "E0608";

    // 07: output
    /// The output folder is a file, or a link that leads nowhere.
    OUTPUT_NOT_FOLDER = "E0701";
    /// The output folder is, contains or lies in a folder of sources.
    OUTPUT_IN_SOURCES = "E0702";
    /// A file that Zhendi does not own stands where one is planned.
    OUTPUT_FOREIGN_IN_WAY = "E0703";
    /// The disk is full, or a quota is used up.
    OUTPUT_DISK_FULL = "E0704";
    /// No right to write there.
    OUTPUT_DENIED = "E0705";
    /// The system takes no path that long.
    OUTPUT_PATH_TOO_LONG = "E0706";
    /// Two planned outputs that cannot stand beside each other.
    OUTPUT_PATHS_CLASH = "E0707";
    /// Another Zhendi writes the same output folder.
    OUTPUT_BUSY = "E0708";
    /// Any other failure that the system reports.
    OUTPUT_FAILED = "E0709";
    /// An asset changed between being read and being copied.
    OUTPUT_ASSET_CHANGED = "E0710";
    /// A drive or a share itself, not a folder in it.
    OUTPUT_IS_DRIVE = "E0711";
    /// Another program holds a file open that has to be replaced.
    OUTPUT_FILE_IN_USE = "E0712";
    /// A planned path that would leave the output folder.
    OUTPUT_PATH_UNSAFE = "E0713";
    /// Files that Zhendi does not own stay in the output folder.
    OUTPUT_FOREIGN_KEPT = "N0714";
    /// Somebody edited a generated file; the edited one was put aside.
    OUTPUT_EDITED = "W0715";
    /// An interrupted change of the output folder was completed.
    OUTPUT_RESUMED = "N0716";
    /// No record of what was written, so `clean` deletes nothing.
    OUTPUT_NO_RECORD = "N0717";
    /// A change file by file stopped on the way; the next build completes it.
    OUTPUT_HALF_DONE = "E0718";

    // 08: configuration
    /// No configuration, or a needed key is not there.
    CONFIG_MISSING = "E0801";
    /// Not TOML.
    CONFIG_SYNTAX = "E0802";
    /// A value of the wrong sort.
    CONFIG_TYPE = "E0803";
    /// A key that means nothing.
    CONFIG_UNKNOWN_KEY = "E0804";
    /// A value that cannot be.
    CONFIG_VALUE = "E0805";
    /// One id twice.
    CONFIG_DUPLICATE = "E0806";
    /// No office at all.
    CONFIG_NO_OFFICE = "E0807";
    /// Not a colour.
    CONFIG_ACCENT = "E0808";
    /// Not a time zone.
    CONFIG_TIMEZONE = "E0809";
    /// `--edition` names no office.
    CONFIG_EDITION = "E0810";

    /// A file of a series that is no TOML.
    SERIES_SYNTAX = "E0811";
    /// A key that a series does not have.
    SERIES_KEY_UNKNOWN = "E0812";
    /// A value in a series that cannot be.
    SERIES_VALUE = "E0813";
    /// A series that still stands in `zhendi.toml`.
    SERIES_IN_CONFIG = "E0814";
    /// One key of a series in two spellings.
    SERIES_KEY_REPEATED = "E0815";

    // 09: command line
    /// No such command.
    USAGE_UNKNOWN_COMMAND = "E0901";
    /// No such option, or a word too many.
    USAGE_UNKNOWN_OPTION = "E0902";
    /// An option's value that cannot be.
    USAGE_VALUE = "E0903";
    /// Something that has to be typed is missing.
    USAGE_INCOMPLETE = "E0904";
    /// Said twice, or not to be understood.
    USAGE_CONFLICT = "E0905";
    /// No `zhendi.toml` here or above.
    USAGE_NO_PORTAL = "E0906";
    /// `SOURCE_DATE_EPOCH` is no number.
    USAGE_EPOCH = "E0907";
    /// `init` where a portal is already.
    INIT_EXISTS = "E0908";
    /// `new` with neither a kind nor a section.
    NEW_KIND = "E0909";
    /// `new` with a title that cannot be a file name.
    NEW_NAME = "E0910";
    /// `new` with the name of a page that is there.
    NEW_EXISTS = "E0911";
    /// A file for authors cannot be made or read.
    NEW_FAILED = "E0912";
    /// The system gives no threads.
    USAGE_THREADS = "E0913";
    /// `serve` cannot listen on the address, or no port is free.
    SERVE_ADDRESS = "E0914";
    /// `serve` can be seen from other machines.
    SERVE_SHARED = "W0915";
    /// The wanted port is taken; another one serves.
    SERVE_PORT_TAKEN = "N0916";
    /// A log of a web server cannot be read.
    SCREENS_LOG = "E0917";
    /// A log without signs of any screen.
    SCREENS_SILENT = "E0918";
    /// `kiosk-setup` for a screen that is not there.
    KIOSK_SCREEN_UNKNOWN_HERE = "E0919";
    /// `kiosk-setup` where its files are already.
    KIOSK_SETUP_EXISTS = "E0920";

    // 10: watching
    /// The system does not tell of changes here: everything is looked at again and again.
    WATCH_POLLING = "N1001";
    /// The portal's folder is not there any more.
    WATCH_ROOT_GONE = "W1002";
    /// It is there again.
    WATCH_ROOT_BACK = "N1003";
}
