//! Photographs on their way into the site: the real program on real files. What the camera wrote is in no published
//! file, each page offers what it says, pictures stand upright, and what is kept for the next build changes no byte.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may fail, and may touch folders")]

#[path = "support/photograph.rs"]
mod photograph;
mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use photograph::{SECRET, decoded, inks, jpeg, png, webp};
use support::{difference, succeed, tree, zhendi_build};
use tempfile::TempDir;
use zhendi::darkroom::Darkroom;
use zhendi::output::Cache;
use zhendi::outputs::{Body, Outputs};
use zhendi::source::{Clock, Names, Options, Sources};

const CONFIG: &str =
    "title = \"门户\"\n[[offices]]\nid = \"east\"\nname = \"城东\"\n[[offices]]\nid = \"south\"\nname = \"城南\"\n";

/// A portal in a folder of its own, beside which outputs go.
struct Portal(TempDir);

impl Portal {
    fn new(pages: &[(&str, &str)], pictures: &[(&str, Vec<u8>)]) -> Self {
        let portal = Self(tempfile::tempdir().unwrap());
        portal.write("zhendi.toml", CONFIG.as_bytes());
        for (path, body) in pages {
            portal.page(path, body);
        }
        for (path, bytes) in pictures {
            portal.write(&format!("content/{path}"), bytes);
        }
        portal
    }

    fn root(&self) -> PathBuf {
        self.0.path().join("portal")
    }

    fn out(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let full = self.root().join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, bytes).unwrap();
    }

    /// Front matter, if any, and body.
    fn page(&self, path: &str, text: &str) {
        let (front, body) = text.split_once("---\n").unwrap_or(("", text));
        self.write(
            &format!("content/{path}"),
            format!("---\ntitle: 题\ndate: 2026-11-01\n{front}---\n{body}\n").as_bytes(),
        );
    }

    /// Builds with plain names into the folder `name`.
    fn build(&self, name: &str, more: &[&str]) -> BTreeMap<String, Option<Vec<u8>>> {
        let out = self.out(name);
        succeed(zhendi_build(&self.root(), &out).args(["--names", "plain"]).args(more));
        tree(&out)
    }

    /// Where the build into the folder `name` keeps pictures.
    fn kept(&self, name: &str) -> PathBuf {
        self.out(".zhendi").join(name).join("pictures")
    }
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn file<'t>(tree: &'t BTreeMap<String, Option<Vec<u8>>>, path: &str) -> &'t [u8] {
    tree.get(path).and_then(Option::as_deref).unwrap_or_else(|| panic!("no {path} in {:?}", tree.keys()))
}

fn text(tree: &BTreeMap<String, Option<Vec<u8>>>, path: &str) -> String {
    String::from_utf8(file(tree, path).to_vec()).unwrap()
}

/// The paths below `folder`, without it.
fn names(tree: &BTreeMap<String, Option<Vec<u8>>>, folder: &str) -> Vec<String> {
    tree.keys()
        .filter_map(|path| path.strip_prefix(folder))
        .filter(|path| !path.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn nothing_that_a_camera_wrote_is_published() {
    let portal = Portal::new(
        &[(
            "s/a/index.md",
            "cover: cover.jpg\nattachments: [attached.jpg]\n---\n![照](shown.jpg)\n\n![照](turned.jpg)\n\n![截图](shot.png)\n\n![照](w.webp)\n\n[看](linked.jpg)",
        )],
        &[
            ("s/a/shown.jpg", jpeg(1200, 700, 1)),
            ("s/a/turned.jpg", jpeg(700, 500, 8)),
            ("s/a/cover.jpg", jpeg(700, 500, 1)),
            ("s/a/attached.jpg", jpeg(2200, 2000, 1)),
            ("s/a/linked.jpg", jpeg(300, 200, 3)),
            ("s/a/beside.jpg", jpeg(300, 200, 1)),
            ("s/a/shot.png", png(900, 300)),
            ("s/a/w.webp", webp(900, 300)),
            ("s/a/never.heic", photograph::heic()),
        ],
    );
    let site = portal.build("out", &[]);
    let whole = |name: &str| names(&site, "east/s/a/").contains(&name.to_owned());
    for name in
        ["shown.jpg", "turned.jpg", "cover.jpg", "attached.jpg", "linked.jpg", "beside.jpg", "shot.png", "w.webp"]
    {
        assert!(whole(name), "{name} is published");
    }
    assert!(!whole("never.heic"), "what cannot be cleaned goes out only if asked for");
    let told: Vec<&String> = site
        .iter()
        .filter(|(_, bytes)| bytes.as_deref().is_some_and(|bytes| has(bytes, SECRET)))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(told, Vec::<&String>::new());
    for entry in fs::read_dir(portal.kept("out")).unwrap() {
        assert!(!has(&fs::read(entry.unwrap().path()).unwrap(), SECRET));
    }
    // Where nothing but notes goes, the pixels are the same ones.
    for name in ["attached.jpg", "beside.jpg", "shot.png", "w.webp"] {
        let source = fs::read(portal.root().join("content/s/a").join(name)).unwrap();
        assert!(has(&source, SECRET), "the test's own file");
        assert!(decoded(file(&site, &format!("east/s/a/{name}"))) == decoded(&source), "{name}");
    }
}

#[test]
fn every_photograph_stands_upright() {
    // How the left, red half of the file lies when it stands as each number says.
    let sides =
        [(1, "left"), (2, "right"), (3, "right"), (4, "left"), (5, "top"), (6, "top"), (7, "bottom"), (8, "bottom")];
    let body: String = sides.iter().map(|(n, _)| format!("![照](p{n}.jpg)\n\n")).collect();
    let pictures: Vec<(String, Vec<u8>)> =
        sides.iter().map(|&(n, _)| (format!("s/a/p{n}.jpg"), jpeg(900, 600, n))).collect();
    let pictures: Vec<(&str, Vec<u8>)> = pictures.iter().map(|(path, bytes)| (&**path, bytes.clone())).collect();
    let portal = Portal::new(&[("s/a/index.md", &body)], &pictures);
    let site = portal.build("out", &[]);
    let html = text(&site, "east/s/a.html");
    for (number, red) in sides {
        let (w, h) = if number < 5 { (900, 600) } else { (600, 900) };
        assert!(html.contains(&format!("src=\"a/p{number}.jpg\" width=\"{w}\" height=\"{h}\"")), "{number}: {html}");
        for name in [format!("p{number}.jpg"), format!("p{number}.jpg.480.webp")] {
            let (width, height, pixels) = decoded(file(&site, &format!("east/s/a/{name}")));
            assert_eq!((width > height, width * h), (w > h, height * w), "{name}: {width}×{height}");
            let (mid_x, mid_y) = (width / 2, height / 2);
            let spot = match red {
                "left" => (mid_x / 2, mid_y),
                "right" => (mid_x + mid_x / 2, mid_y),
                "top" => (mid_x, mid_y / 2),
                _ => (mid_x, mid_y + mid_y / 2),
            };
            let other = (width - 1 - spot.0, height - 1 - spot.1);
            let at = |(x, y): (u32, u32)| pixels[(y * width + x) as usize];
            assert!(at(spot)[0] > 150 && at(spot)[2] < 110, "{name}: red at the {red}: {:?}", at(spot));
            assert!(at(other)[2] > 150 && at(other)[0] < 110, "{name}: blue at the other side: {:?}", at(other));
        }
    }
}

#[test]
fn a_page_offers_each_width_and_each_is_there() {
    let portal = Portal::new(
        &[
            ("s/a/index.md", "![大](large.jpg \"图注\")\n\n![长](long.jpg)\n\n![小](small.jpg)\n\n![中](middle.jpg)"),
            ("s/b/index.md", "![大](large.jpg)\n\n[下载](large.jpg)"),
            ("s/c/index.md", "[只是下载](large.jpg)"),
        ],
        &[
            ("s/a/large.jpg", jpeg(3000, 2400, 1)),
            ("s/a/long.jpg", jpeg(700, 17_000, 1)),
            ("s/a/small.jpg", jpeg(400, 300, 1)),
            ("s/a/middle.jpg", jpeg(1000, 300, 1)),
            ("s/b/large.jpg", jpeg(3000, 2400, 1)),
            ("s/c/large.jpg", jpeg(3000, 2400, 1)),
        ],
    );
    let site = portal.build("out", &[]);
    let html = text(&site, "east/s/a.html");
    let wanted = "<figure><picture><source type=\"image/webp\" srcset=\"a/large.jpg.480.webp 480w, a/large.jpg.960.webp 960w, \
                  a/large.jpg.1600.webp 1600w\" sizes=\"(min-width:60em) 56rem, 94vw\"><img src=\"a/large.jpg\" width=\"3000\" \
                  height=\"2400\" alt=\"大\" loading=\"lazy\" decoding=\"async\"></picture><figcaption>图注</figcaption></figure>";
    assert!(html.contains(wanted), "{html}");
    assert!(html.contains("<img src=\"a/small.jpg\" width=\"400\" height=\"300\" alt=\"小\" loading"), "{html}");
    assert_eq!(
        names(&site, "east/s/a/"),
        [
            "large.jpg",
            "large.jpg.1600.webp",
            "large.jpg.480.webp",
            "large.jpg.960.webp",
            "long.jpg",
            "middle.jpg",
            "middle.jpg.1000.webp",
            "middle.jpg.480.webp",
            "small.jpg"
        ],
        "a picture of 17,000 rows has no WebP, a small one needs none"
    );
    let size = |path: &str| {
        let (width, height, _) = decoded(file(&site, path));
        (width, height)
    };
    assert_eq!(size("east/s/a/large.jpg.480.webp"), (480, 384));
    assert_eq!(size("east/s/a/large.jpg.1600.webp"), (1600, 1280));
    assert_eq!(size("east/s/a/middle.jpg.1000.webp"), (1000, 300));
    assert_eq!(size("east/s/a/large.jpg"), (2400, 1920), "only shown: as large as a screen needs");
    assert_eq!(size("east/s/a/long.jpg"), (700, 17_000), "its words can still be read");
    assert_eq!(size("east/s/b/large.jpg"), (3000, 2400), "offered too: as it is");
    assert_eq!(names(&site, "east/s/c/"), ["large.jpg"], "not shown: nothing else is made of it");
    assert_eq!(size("east/s/c/large.jpg"), (3000, 2400));
    for (path, bytes) in &site {
        let Some(bytes) = bytes.as_deref().filter(|_| path.ends_with(".html")) else { continue };
        let html = String::from_utf8_lossy(bytes);
        for address in html.split("srcset=\"").skip(1).flat_map(|rest| rest.split('"').next().unwrap().split(", ")) {
            let target = address.split(' ').next().unwrap();
            let folder = Path::new(path).parent().unwrap();
            assert!(site.contains_key(&folder.join(target).display().to_string()), "{path}: {target}");
        }
    }
}

#[test]
fn four_inks_become_three_lights() {
    let portal = Portal::new(&[("s/a/index.md", "![照](p.jpg)")], &[("s/a/p.jpg", inks(700, 400))]);
    let site = portal.build("out", &[]);
    for name in ["p.jpg", "p.jpg.700.webp"] {
        let (width, _, pixels) = decoded(file(&site, &format!("east/s/a/{name}")));
        let [red, blue] = [pixels[(200 * width + 100) as usize], pixels[(200 * width + 600) as usize]];
        assert!(red[0] > 150 && red[2] < 110 && blue[2] > 150 && blue[0] < 110, "{name}: {red:?} {blue:?}");
    }
}

#[test]
fn what_is_kept_changes_no_byte() {
    let portal = Portal::new(
        &[("s/a/index.md", "![照](p.jpg)\n\n![图](q.png)"), ("s/b/index.md", "cover: p.jpg\n---\n文。")],
        &[("s/a/p.jpg", jpeg(1700, 900, 6)), ("s/a/q.png", png(1000, 400)), ("s/b/p.jpg", jpeg(2100, 1999, 1))],
    );
    let first = portal.build("first", &["--jobs", "1"]);
    let same = |other: &BTreeMap<_, _>, what: &str| {
        assert_eq!(difference(&first, other), Vec::<String>::new(), "{what}");
    };
    same(&portal.build("second", &["--jobs", "8"]), "eight threads");
    let kept: Vec<PathBuf> = fs::read_dir(portal.kept("first")).unwrap().map(|entry| entry.unwrap().path()).collect();
    // Two widths and the turned original; two of the PNG; three and the smaller original.
    assert_eq!(kept.len(), 3 + 2 + 4, "{kept:?}");
    let anew = |what: &str| {
        fs::remove_dir_all(portal.out("first")).unwrap();
        same(&portal.build("first", &[]), what);
    };
    let times =
        || -> Vec<SystemTime> { kept.iter().map(|path| path.metadata().unwrap().modified().unwrap()).collect() };
    let before = times();
    anew("from what was kept");
    assert_eq!(times(), before, "nothing was made again");
    for (at, path) in kept.iter().enumerate() {
        let mut bytes = fs::read(path).unwrap();
        match at % 3 {
            0 => bytes.truncate(bytes.len() / 2),
            1 => *bytes.last_mut().unwrap() ^= 1,
            _ => bytes.clear(),
        }
        fs::write(path, bytes).unwrap();
    }
    anew("damaged");
    fs::remove_dir_all(portal.kept("first")).unwrap();
    anew("deleted");
    assert_eq!(fs::read_dir(portal.kept("first")).unwrap().count(), kept.len());
    // A file where the folder should be: nothing can be kept.
    fs::remove_dir_all(portal.kept("first")).unwrap();
    fs::write(portal.kept("first"), "").unwrap();
    fs::remove_dir_all(portal.out("first")).unwrap();
    let run = zhendi_build(&portal.root(), &portal.out("first")).args(["--names", "plain"]).output().unwrap();
    assert!(run.status.success());
    assert!(String::from_utf8_lossy(&run.stderr).contains("N0428"), "{}", String::from_utf8_lossy(&run.stderr));
    same(&tree(&portal.out("first")), "nothing kept");
}

#[test]
fn the_oldest_go_first_and_cleaning_takes_all() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("public");
    let key = |n: u8| blake3::hash(&[n]);
    let cache = || Cache::beside(&out, folder.path()).limited(1000);
    let kept = folder.path().join(".zhendi/public/pictures");
    for n in 0..20 {
        // Each a run of its own: what a run uses itself it does not throw away.
        let cache = cache();
        cache.put(&key(n), &[n; 100]);
        drop(cache);
        let path = kept.join(key(n).to_hex().as_str());
        let time = SystemTime::now() - Duration::from_secs(100_000 - u64::from(n) * 100);
        fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
    }
    let all: u64 = fs::read_dir(&kept).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).sum();
    assert!(all <= 1000, "{all} bytes are kept");
    assert_eq!(cache().get(&key(19)), Some(vec![19; 100]));
    assert_eq!(cache().get(&key(0)), None);

    let portal = Portal::new(&[("s/a/index.md", "![照](p.jpg)")], &[("s/a/p.jpg", jpeg(700, 400, 1))]);
    portal.build("out", &[]);
    fs::write(portal.kept("out").join("mine.txt"), "x").unwrap();
    let mut clean = std::process::Command::new(env!("CARGO_BIN_EXE_zhendi"));
    succeed(clean.args(["clean", "-r"]).arg(portal.root()).arg("-o").arg(portal.out("out")));
    let left: Vec<_> = fs::read_dir(portal.kept("out")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["mine.txt"], "what Zhendi did not write stays");
}

/// The outputs of the portal as it is now.
fn sources(portal: &Portal) -> Sources {
    let clock = Clock::Date("2026-11-24".parse().unwrap());
    Sources::read(&portal.root(), Options { clock, names: Names::Plain, ..Options::default() })
}

fn bytes(outputs: &Outputs, path: &str) -> Vec<u8> {
    match outputs.get(path).unwrap_or_else(|| panic!("no {path}")).body {
        Body::Bytes(bytes) => bytes.to_vec(),
        Body::File { .. } => panic!("{path} is a copy"),
    }
}

#[test]
fn a_rebuild_makes_what_a_clean_build_makes() {
    let portal = Portal::new(
        &[("s/a/index.md", "![照](p.jpg)"), ("s/b/index.md", "文。")],
        &[("s/a/p.jpg", jpeg(2500, 2000, 1)), ("s/b/q.jpg", jpeg(700, 400, 1))],
    );
    let darkroom = || Arc::new(Darkroom::new(&portal.root(), None));
    let clean = || Outputs::new(zhendi::build(&sources(&portal), None), usize::MAX, darkroom());
    let mut outputs = clean();
    let follow = |outputs: &mut Outputs, what: &str| -> usize {
        let (next, turn) = outputs.next(zhendi::build(&sources(&portal), Some(outputs.build())));
        let clean = clean();
        let paths = |outputs: &Outputs| outputs.build().jobs().iter().map(|job| job.path().clone()).collect::<Vec<_>>();
        assert_eq!(paths(&next), paths(&clean), "{what}");
        for path in paths(&clean) {
            assert_eq!(next.get(&path).unwrap().hash, clean.get(&path).unwrap().hash, "{what}: {path}");
        }
        assert_eq!(next.problems(), clean.problems(), "{what}");
        *outputs = next;
        turn.dropped
    };
    assert_eq!(follow(&mut outputs, "nothing"), 0);
    assert_eq!(decoded(&bytes(&outputs, "east/s/a/p.jpg")).0, 2400);
    // Another page offers it for download: the original grows, the widths stay.
    portal.page("s/b/index.md", "[下载](../a/p.jpg)");
    follow(&mut outputs, "offered");
    assert_eq!(decoded(&bytes(&outputs, "east/s/a/p.jpg")).0, 2500);
    // What several pages need it for is counted, each for itself.
    let widths = |outputs: &Outputs| {
        outputs.build().jobs().iter().filter(|job| job.path().starts_with("east/s/a/p.jpg.")).count()
    };
    for (page, body, what, width, smaller) in [
        ("s/b/index.md", "![又](../a/p.jpg)", "shown twice", 2400, 3),
        ("s/a/index.md", "文。", "shown by one", 2400, 3),
        ("s/b/index.md", "[下载](../a/p.jpg)", "only offered", 2500, 0),
        ("s/a/index.md", "![照](p.jpg)", "both", 2500, 3),
    ] {
        portal.page(page, body);
        follow(&mut outputs, what);
        let original = decoded(&bytes(&outputs, "east/s/a/p.jpg")).0;
        assert_eq!((original, widths(&outputs)), (width, smaller), "{what}");
    }
    // Another picture of the same size: its files alone are other ones, in each of two offices.
    portal.write("content/s/a/p.jpg", &jpeg(2500, 2000, 3));
    assert_eq!(follow(&mut outputs, "replaced"), 2 * 4);
    portal.write("content/s/a/p.jpg", &jpeg(800, 600, 1));
    follow(&mut outputs, "smaller");
    portal.write("content/s/a/p.jpg", &jpeg(800, 600, 1)[..9000]);
    follow(&mut outputs, "cut short");
    let html = String::from_utf8(bytes(&outputs, "east/s/a.html")).unwrap();
    assert!(html.contains("<span class=\"no-picture\">图片打不开：照</span>"), "{html}");
    portal.write("content/s/a/p.jpg", &jpeg(800, 600, 1));
    follow(&mut outputs, "whole again");
    portal.page("s/a/index.md", "文。");
    follow(&mut outputs, "not shown");
}

#[test]
fn a_damaged_picture_keeps_its_place_and_the_site_goes_out() {
    let mut damaged = png(900, 400);
    let middle = damaged.len() / 2;
    damaged[middle..middle + 40].fill(0);
    let portal = Portal::new(
        &[("s/a/index.md", "![一张说明](p.png)\n\n![地图](bomb.png)")],
        &[("s/a/p.png", damaged), ("s/a/bomb.png", photograph::bomb())],
    );
    let site = portal.build("out", &[]);
    let html = text(&site, "east/s/a.html");
    assert!(html.contains("src=\"a/p.png\" width=\"900\" height=\"400\" alt=\"一张说明\""), "{html}");
    let (width, height, _) = decoded(file(&site, "east/s/a/p.png.480.webp"));
    assert_eq!((width * 4 / 9).abs_diff(height), 0, "a place of its proportions: {width}×{height}");
    assert!(html.contains("<span class=\"no-picture\">图片打不开：地图</span>"), "{html}");
}

#[test]
fn templates_have_covers_in_the_width_that_they_want() {
    let portal = Portal::new(
        &[("s/a/index.md", "cover: p.jpg\n---\n:::gallery\n![甲](q.jpg)\n:::")],
        &[("s/a/p.jpg", jpeg(1700, 900, 1)), ("s/a/q.jpg", jpeg(700, 500, 1))],
    );
    portal.write(
        "templates/components/gallery.html",
        "{% for p in parts %}{{ p.small }}|{{ p.srcset }}|{{ picture(p, sizes=\"9rem\") }}|{{ p.html }}{% endfor %}"
            .as_bytes(),
    );
    portal.write(
        "templates/page.html",
        "{{ page.cover.small }}|{{ page.cover.srcset }}|{{ picture(page.cover, alt=\"<封面>\", loading=\"eager\") }}|{{ picture(page.supersedes) }}\n{{ page.content }}".as_bytes(),
    );
    let site = portal.build("out", &[]);
    let set = |name: &str, widths: &[u32]| {
        let all: Vec<String> = widths.iter().map(|width| format!("a/{name}.{width}.webp {width}w")).collect();
        all.join(", ")
    };
    let source = |name: &str, widths: &[u32], sizes: &str| {
        format!(
            "<picture><source type=\"image/webp\" srcset=\"{}\" sizes=\"{sizes}\"><img src=\"a/{name}\"",
            set(name, widths)
        )
    };
    let usual = "(min-width:60em) 56rem, 94vw";
    let (p, q) = ([480, 960, 1600], [480, 700]);
    let figure = format!(
        "{} width=\"700\" height=\"500\" alt=\"甲\" loading=\"lazy\" decoding=\"async\"></picture>",
        source("q.jpg", &q, usual)
    );
    assert_eq!(
        text(&site, "east/s/a.html").trim_end(),
        format!(
            "a/p.jpg.480.webp|{}|{} width=\"1700\" height=\"900\" alt=\"&lt;封面&gt;\" decoding=\"async\"></picture>|\n\
             a/q.jpg.480.webp|{}|{} width=\"700\" height=\"500\" alt=\"甲\" loading=\"lazy\" decoding=\"async\"></picture>|<figure>{figure}</figure>",
            set("p.jpg", &p),
            source("p.jpg", &p, usual),
            set("q.jpg", &q),
            source("q.jpg", &q, "9rem"),
        )
    );
}
