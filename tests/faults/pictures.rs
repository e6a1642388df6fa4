//! Pictures that cannot be shown, and what a clerk reads about each.

use insta::assert_snapshot;

use super::photograph;
use super::told_after;

/// What is said of a page that shows the file `name`, and of nothing else.
fn told_of(name: &str, bytes: &[u8]) -> String {
    told_used(&format!("![说明]({name})"), "", name, bytes)
}

fn told_used(body: &str, front: &str, name: &str, bytes: &[u8]) -> String {
    let page = format!("-- content/study/a.md --\n---\ntitle: 甲\ndate: 2026-11-20\n{front}---\n{body}\n");
    told_after(&page, |root| std::fs::write(root.join("content/study").join(name), bytes).expect("a file"))
}

#[test]
fn a_sound_photograph_draws_no_word() {
    assert_eq!(told_of("照片.JPG", &photograph::jpeg(700, 300, 6)), "");
    assert_eq!(told_of("照片.jfif", &photograph::jpeg(700, 300, 1)), "");
    assert_eq!(told_of("印刷.jpg", &photograph::inks(700, 300)), "");
    assert_eq!(told_of("截图.png", &photograph::png(700, 300)), "");
    assert_eq!(told_of("照片.webp", &photograph::webp(700, 300)), "");
}

#[test]
fn a_picture_that_breaks_off() {
    let whole = photograph::jpeg(700, 300, 1);
    assert_snapshot!("picture_cut", told_of("照片.jpg", &whole[..whole.len() / 2]));
    let whole = photograph::png(700, 300);
    assert_snapshot!("picture_cut_png", told_of("截图.png", &whole[..whole.len() / 2]));
    let whole = photograph::webp(700, 300);
    let text = told_used("正文。", "attachments: [照片.webp]\n", "照片.webp", &whole[..whole.len() / 2]);
    assert_snapshot!("picture_cut_attached", text);
}

#[test]
fn what_is_no_picture() {
    assert_snapshot!("picture_none", told_of("照片.jpg", "这是一段文字".as_bytes()));
    assert_snapshot!("picture_empty", told_of("照片.png", b""));
}

#[test]
fn a_picture_of_sixty_thousand_by_sixty_thousand() {
    let bomb = photograph::bomb();
    assert!(bomb.len() < 4 << 20, "{}", bomb.len());
    assert_snapshot!("picture_huge", told_of("全市地图.png", &bomb));
    // Who only downloads it is not harmed.
    assert_eq!(told_used("[地图](全市地图.png)", "", "全市地图.png", &bomb), "");
}

#[test]
fn a_phones_format_that_no_browser_knows() {
    assert_snapshot!("picture_heic_named_jpg", told_of("IMG_0001.jpg", &photograph::heic()));
    assert_snapshot!("picture_heic", told_used("[看](IMG_0001.HEIC)", "", "IMG_0001.HEIC", &photograph::heic()));
    assert_snapshot!("picture_tiff", told_of("扫描.tif", b"II*\0\x08\0\0\0\0\0"));
    assert_eq!(told_used("[看](扫描.tif)", "", "扫描.tif", b"II*\0\x08\0\0\0\0\0"), "");
    assert_snapshot!("picture_avif", told_of("图.avif", b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf"));
}

#[test]
fn a_picture_under_another_formats_name() {
    assert_snapshot!("picture_misnamed", told_of("截图.jpg", &photograph::png(700, 300)));
    let text = told_used("正文。", "cover: 封面.png\n", "封面.png", &photograph::jpeg(700, 300, 1));
    assert_snapshot!("picture_misnamed_cover", text);
}

#[test]
fn a_picture_damaged_inside() {
    let mut file = photograph::jpeg(700, 300, 1);
    // Far behind the head, and before the end.
    let middle = file.len() / 2;
    file[middle..middle + 4000].fill(0xff);
    assert_snapshot!("picture_gaps", told_of("照片.jpg", &file));
    let mut file = photograph::png(900, 400);
    let middle = file.len() / 2;
    file[middle..middle + 40].fill(0);
    assert_snapshot!("picture_damaged_png", told_of("截图.png", &file));
}
