//! Figures and files that components show: what is drawn of them, and what is said where a file has not what the
//! article asks for.

use std::io::{Cursor, Write as _};
use std::path::Path;
use std::sync::Arc;

use insta::assert_snapshot;
use zhendi::darkroom::Darkroom;
use zhendi::outputs::{Body, Outputs};
use zhendi::render::Content;
use zhendi::source::Sources;

use super::{options, report, write};

const CSV: &str = "改革方式,性质,首批,全覆盖,占比\n直接取消,不再审批,2,68,13.0%\n改为备案,不再审批,1,15,2.9%\n\
                   告知承诺,保留审批,19,37,7.1%\n优化服务,保留审批,84,\"1,403\",77.0%\n";

/// The portal of one article with that body, with `files` beside it.
fn portal(body: &str, files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let page = "-- templates/page.html --\n{{ page.content }}\n";
    write(
        folder.path(),
        &format!("-- content/study/a/index.md --\n---\ntitle: 甲\ndate: 2026-11-20\n---\n{body}\n{page}"),
    );
    for (name, bytes) in files {
        std::fs::write(folder.path().join("content/study/a").join(name), bytes).expect("a file");
    }
    folder
}

fn said(body: &str, files: &[(&str, &[u8])]) -> String {
    report(portal(body, files).path(), options())
}

/// What the article becomes.
fn shown(body: &str, files: &[(&str, &[u8])]) -> String {
    shown_in(portal(body, files).path())
}

fn shown_in(root: &Path) -> String {
    assert_eq!(report(root, options()), "");
    let build = zhendi::build(&Sources::read(root, options()), None);
    let job = build.jobs().iter().find(|job| &**job.path() == "east/study/a.html").expect("a job");
    let Content::Bytes(bytes) = build.worker().render(job).content else { panic!("it is made") };
    String::from_utf8(bytes).expect("text")
}

/// A workbook of one or two sheets: rows of cells as XML, `t` and all.
fn xlsx(sheets: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, text: &str| {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).expect("a file");
        archive.write_all(text.as_bytes()).expect("written");
    };
    let rels = "http://schemas.openxmlformats.org/package/2006/relationships";
    let doc = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    add(
        "_rels/.rels",
        &format!(
            "<Relationships xmlns=\"{rels}\"><Relationship Id=\"r\" Type=\"{doc}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
        ),
    );
    let (mut list, mut links) = (String::new(), String::new());
    for (at, (name, rows)) in sheets.iter().enumerate() {
        list += &format!("<sheet name=\"{name}\" sheetId=\"{0}\" r:id=\"s{0}\"/>", at + 1);
        links +=
            &format!("<Relationship Id=\"s{0}\" Type=\"{doc}/worksheet\" Target=\"worksheets/sheet{0}.xml\"/>", at + 1);
        let (rows, merged) = rows
            .split_once("<mergeCells>")
            .map_or((*rows, String::new()), |(rows, rest)| (rows, format!("<mergeCells>{rest}")));
        add(
            &format!("xl/worksheets/sheet{}.xml", at + 1),
            &format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData>{merged}</worksheet>"),
        );
    }
    links += &format!("<Relationship Id=\"st\" Type=\"{doc}/styles\" Target=\"styles.xml\"/>");
    add(
        "xl/styles.xml",
        &format!(
            "<styleSheet xmlns=\"{main}\"><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"yyyy/m/d\"/></numFmts><fonts><font/></fonts><fills><fill/></fills><borders><border/></borders><cellXfs count=\"4\"><xf numFmtId=\"0\"/><xf numFmtId=\"10\" applyNumberFormat=\"1\"/><xf numFmtId=\"164\" applyNumberFormat=\"1\"/><xf numFmtId=\"3\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>"
        ),
    );
    add("xl/workbook.xml", &format!("<workbook xmlns=\"{main}\" xmlns:r=\"{doc}\"><sheets>{list}</sheets></workbook>"));
    add("xl/_rels/workbook.xml.rels", &format!("<Relationships xmlns=\"{rels}\">{links}</Relationships>"));
    archive.finish().expect("an archive").into_inner()
}

/// Cells of text.
fn words(row: usize, cells: &[&str]) -> String {
    let cell = |(at, text): (usize, &&str)| {
        format!(
            "<c r=\"{}{row}\" t=\"inlineStr\"><is><t>{text}</t></is></c>",
            char::from(b'A' + u8::try_from(at).expect("few"))
        )
    };
    format!("<row r=\"{row}\">{}</row>", cells.iter().enumerate().map(cell).collect::<String>())
}

#[test]
fn a_table_of_a_csv_file() {
    let body = ":::数据表 四类 文件=四类.csv 筛选=性质 合计=是 排序=\"全覆盖 降\" 来源=某局\n:::\n";
    assert_snapshot!("table", shown(body, &[("四类.csv", CSV.as_bytes())]));
    // The same table, whatever it was saved as.
    let plain = shown(":::数据表 文件=t.csv\n:::\n", &[("t.csv", CSV.as_bytes())]);
    let (old, _, _) = encoding_rs::GB18030.encode(CSV);
    let folder = portal(":::数据表 文件=t.csv\n:::\n", &[("t.csv", &old)]);
    assert!(report(folder.path(), options()).contains("不是 UTF-8"));
    let tabs = CSV.replace("\"1,403\"", "1403").replace(',', "\t");
    let tabs = shown(":::数据表 文件=t.csv\n:::\n", &[("t.csv", tabs.as_bytes())]);
    let strip = |html: &str| {
        html.split("<figcaption>").next().unwrap_or_default().replace("1,403", "1403").replace(" data-v=\"1403\"", "")
    };
    assert_eq!(strip(&tabs), strip(&plain));
}

#[test]
fn a_table_in_the_article() {
    let body = ":::数据表 列=\"乙、甲\"\n| 甲 | 乙 |\n|---|---|\n| **1** | 二 |\n| 3 | 四 |\n:::\n";
    assert_snapshot!("table_inside", shown(body, &[]));
}

#[test]
fn a_table_of_a_workbook() {
    let rows = words(1, &["抽检情况表"])
        + &words(2, &["品种", "批次", "合格率", "日期"])
        + "<row r=\"3\"><c r=\"A3\" t=\"inlineStr\"><is><t>大米</t></is></c><c r=\"B3\" s=\"3\"><v>1200</v></c><c r=\"C3\" s=\"1\"><v>0.9875</v></c><c r=\"D3\" s=\"2\"><v>46000</v></c></row>\
           <row r=\"4\"><c r=\"A4\" t=\"inlineStr\"><is><t>食用油</t></is></c><c r=\"B4\"><v>0.30000000000000004</v></c><c r=\"C4\" s=\"1\"><v>1</v></c></row>";
    let book = xlsx(&[("说明", &words(1, &["见下一张"])), ("明细", &rows)]);
    let body = ":::数据表 文件=抽检.xlsx 工作表=明细 表头行=2\n:::\n";
    assert_snapshot!("workbook", shown(body, &[("抽检.xlsx", &book)]));
    let title = said(":::数据表 文件=抽检.xlsx 工作表=明细\n:::\n", &[("抽检.xlsx", &book)]);
    assert_snapshot!("title_for_header", title);
    assert_snapshot!("no_such_sheet", said(":::数据表 文件=抽检.xlsx 工作表=明知\n:::\n", &[("抽检.xlsx", &book)]));
}

#[test]
fn broken_workbooks() {
    let rows = words(1, &["甲", "乙"])
        + "<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\" t=\"e\"><f>A2/0</f><v>#DIV/0!</v></c></row><row r=\"3\"><c r=\"A3\"><v>2</v></c></row>\
           <mergeCells><mergeCell ref=\"A2:A3\"/></mergeCells>";
    assert_snapshot!("formula", said(":::数据表 文件=a.xlsx\n:::\n", &[("a.xlsx", &xlsx(&[("表一", &rows)]))]));
    assert_snapshot!("no_workbook", said(":::数据表 文件=a.xlsx\n:::\n", &[("a.xlsx", b"PK not at all")]));
    assert_snapshot!("old_format", said(":::数据表 文件=a.xls\n:::\n", &[("a.xls", b"\xD0\xCF\x11\xE0")]));
    // A word in the last cell of all costs no more than its place.
    let corner =
        words(1, &["甲", "乙"]) + &words(2, &["1", "2"]) + "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>";
    assert_eq!(said(":::数据表 文件=a.xlsx\n:::\n", &[("a.xlsx", &xlsx(&[("表一", &corner)]))]), "");
}

#[test]
fn broken_csv_files() {
    let of = |text: &str| said(":::数据表 文件=a.csv\n:::\n", &[("a.csv", text.as_bytes())]);
    assert_snapshot!("ragged", of("甲,乙\n1,2\n3\n4,5,6\n"));
    assert_snapshot!("half_quoted", of("甲,乙\n1,\"二\n3,4\n"));
    assert_snapshot!("wide_commas", of("甲，乙\n1，2\n"));
    assert_snapshot!("empty", of("\n\n"));
    assert_snapshot!("no_names", of("甲,,甲\n1,2,3\n"));
    assert_snapshot!("no_text", of("甲\0\u{1}\u{2}"));
    let long: String = (0..5_001).map(|n| format!("{n},{n}\n")).collect();
    assert_snapshot!("too_long", of(&format!("甲,乙\n{long}")));
}

#[test]
fn what_a_table_is_asked_for_and_has_not() {
    let files: &[(&str, &[u8])] = &[("四类.csv", CSV.as_bytes())];
    assert_snapshot!(
        "no_such_column",
        said(":::数据表 文件=四类.csv 列=\"改革方法、首批\" 筛选=类 表头行=头\n:::\n", files)
    );
    assert_snapshot!("no_data", said(":::数据表\n没有表。\n:::\n", files));
    assert_snapshot!("no_such_file", said(":::数据表 文件=四累.csv\n:::\n", files));
    assert_snapshot!("a_page_is_no_file", said(":::附件 文件=index.md\n:::\n", files));
    assert_snapshot!("no_data_file", said(":::数据表 文件=a.txt\n:::\n", &[("a.txt", b"text")]));
}

#[test]
fn charts() {
    let files: &[(&str, &[u8])] = &[("四类.csv", CSV.as_bytes())];
    assert_snapshot!("bars", shown(":::图表 两批 文件=四类.csv 数值=\"首批、全覆盖\" 单位=项\n:::\n", files));
    assert_snapshot!("share", shown(":::图表 占多少 类型=份额 文件=四类.csv 数值=首批\n:::\n", files));
    let months = "| 月份 | 件数 |\n|---|---|\n| 1月 | 120 |\n| 2月 | — |\n| 3月 | 168 |\n| 4月 | 152 |\n";
    assert_snapshot!("lines", shown(&format!(":::图表 受理量 类型=线\n{months}:::\n"), &[]));
}

#[test]
fn what_cannot_be_drawn() {
    let files: &[(&str, &[u8])] = &[("四类.csv", CSV.as_bytes())];
    assert_snapshot!("no_title_no_kind", said(":::图表 文件=四类.csv 类型=雷达\n:::\n", files));
    assert_snapshot!(
        "no_figures",
        said(":::图表 题 文件=四类.csv 数值=性质\n:::\n\n:::图表 题\n| 甲 | 乙 |\n|--|--|\n| a | b |\n:::\n", files)
    );
    assert_snapshot!(
        "too_many",
        said(
            ":::图表 题 类型=份额\n| 甲 | 乙 |\n|--|--|\n| 1a | 1 |\n| 2a | -2 |\n| 3a | 3 |\n| 4a | 4 |\n| 5a | 5 |\n| 6a | 6 |\n| 7a | 7 |\n| 8a | 8 |\n| 9a | 9 |\n:::\n",
            &[]
        )
    );
}

#[test]
fn media_and_attachments() {
    let pdf = b"%PDF-1.4\n1 0 obj<</Type/Pages/Count 12/Kids[]>>endobj";
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"3\"/>";
    let files: &[(&str, &[u8])] = &[
        ("演练.mp4", b"film"),
        ("封面.svg", svg),
        ("字幕.vtt", b"WEBVTT"),
        ("讲座.mp3", b"tone"),
        ("申请表.pdf", pdf),
    ];
    let body = ":::视频 演练 文件=演练.mp4 封面=封面.svg 字幕=字幕.vtt\n文字稿。\n:::\n\n:::音频 讲座 文件=讲座.mp3\n文字稿。\n:::\n\n\
                :::附件 申请表 文件=申请表.pdf\n窗口用。\n:::\n\n:::图集 两张\n![甲](封面.svg \"图一\")\n\n![乙](封面.svg \"图二\")\n:::\n\n:::二维码 扫一扫 地址=http://a.test/\n:::\n";
    let html = shown(body, files);
    let (head, code) = html.split_once("<rect").expect("a code");
    let (_, tail) = code.split_once("</svg>").expect("its end");
    assert_snapshot!("media", format!("{head}…</svg>{tail}"));
    let bad: &[(&str, &[u8])] = &[("录像.avi", b"film"), ("录音.wma", b"tone")];
    assert_snapshot!(
        "unplayable",
        said(":::视频 文件=录像.avi\n:::\n\n:::音频 文件=录音.wma\n:::\n\n:::视频\n:::\n\n:::附件\n:::\n", bad)
    );
    assert_snapshot!("bare_gallery", said(":::图集\n没有图。\n:::\n\n:::图集\n![甲](封面.svg)\n:::\n", files));
}

#[test]
fn a_poster() {
    let body = ":::一图读懂 四种方式 来源=某文件\n### 各多少\n- 68项：取消\n- 15项：备案\n\n### 怎么办\n1. 对照清单\n2. 再经营\n:::\n";
    assert_snapshot!("poster", shown(body, &[]));
    let long = "字".repeat(520);
    assert_snapshot!(
        "poster_faults",
        said(&format!(":::一图读懂 题\n没有小标题。\n:::\n\n:::一图读懂 题\n### 块\n{long}\n:::\n"), &[])
    );
}

#[test]
fn another_file_is_another_page() {
    let body = ":::数据表 文件=t.csv\n:::\n\n:::附件 文件=t.pdf\n:::\n";
    let folder = portal(body, &[("t.csv", b"a,b\n1,2\n"), ("t.pdf", b"%PDF /Type/Pages/Count 2")]);
    let read = || Sources::read(folder.path(), options());
    let darkroom = Arc::new(Darkroom::new(folder.path(), None));
    let mut outputs = Outputs::new(zhendi::build(&read(), None), usize::MAX, darkroom);
    let shown = |outputs: &Outputs| match outputs.get("east/study/a.html").expect("it is planned").body {
        Body::Bytes(bytes) => String::from_utf8(bytes.to_vec()).expect("text"),
        Body::File { .. } => panic!("it is made"),
    };
    for (name, bytes, wanted) in [("t.csv", "a,b\n1,9\n", ">9<"), ("t.pdf", "%PDF /Type/Pages/Count 7", "7 页")] {
        assert!(!shown(&outputs).contains(wanted), "{name}");
        std::fs::write(folder.path().join("content/study/a").join(name), bytes).expect("a file");
        outputs = outputs.next(zhendi::build(&read(), Some(outputs.build()))).0;
        assert!(shown(&outputs).contains(wanted), "{name}");
    }
}

/// The handbook's examples of components: what an author writes, in order. Beside each stands the same once more, not as
/// code, or the reader would see the result of something else; what shows only on a screen has a picture under it.
fn examples() -> Vec<String> {
    let page = include_str!("../../content/handbook/组件/index.md");
    let (_, page) = page.split_once("\n## 提示").expect("the first component");
    let mut lines = page.lines();
    let mut sources = Vec::new();
    while let Some(line) = lines.next() {
        let Some(colons) = line.strip_suffix("示范").filter(|colons| colons.starts_with(':')) else { continue };
        let showcase = lines.by_ref().take_while(|line| *line != colons).collect::<Vec<_>>().join("\n");
        let (fence, rest) = showcase.split_once("markdown\n").expect("a code block");
        let (source, result) = rest.split_once(&format!("\n{fence}\n\n")).expect("a result");
        assert!(result.starts_with(source), "{showcase}");
        sources.push(source.to_owned());
    }
    sources
}

#[test]
fn every_shipped_component_as_the_handbook_shows_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut met: Vec<String> = Vec::new();
    for (at, block) in examples().into_iter().enumerate() {
        let folder = portal(&block, &[]);
        let here = folder.path().join("content/study");
        for (from, to) in [("content/handbook/组件", here.join("a")), ("content/study", here.clone())] {
            for entry in std::fs::read_dir(root.join(from)).expect("a folder").map(|entry| entry.expect("an entry")) {
                if entry.path().is_file() && entry.path().extension().is_none_or(|extension| extension != "md") {
                    std::fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
                }
            }
        }
        let names = block.lines().filter_map(|line| {
            line.trim_start_matches(':').split_whitespace().next().filter(|_| line.starts_with(":::"))
        });
        met.extend(names.map(str::to_owned));
        let html = shown_in(folder.path());
        // Of a code only that it is there: the crate for it may choose another mask.
        let html = match html
            .split_once("<svg class=\"qr\"")
            .and_then(|(head, rest)| Some((head, rest.split_once("</svg>")?.1)))
        {
            Some((head, tail)) => format!("{head}<svg class=\"qr\"…</svg>{tail}"),
            None => html,
        };
        assert_snapshot!(format!("handbook_{at:02}"), format!("{block}\n\n{}", html.trim()));
    }
    // None is left out.
    let sources = Sources::read(root, options());
    let known = sources.theme().components();
    let shown: std::collections::BTreeSet<_> =
        met.iter().filter_map(|name| known.get(name)).map(|kind| kind.stem().to_string()).collect();
    let all: std::collections::BTreeSet<_> = known.all().map(|(_, kind)| kind.stem().to_string()).collect();
    assert_eq!(shown, all);
}
