//! The texts of a random portal: front matter, a body of pieces, and the headings in it that links aim at.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{ASSETS, DATES, KINDS, TERMS, pick};
use crate::support::Random;

/// A text: lines of the front matter by key, and pieces of the body.
#[derive(Clone, Default)]
pub struct Page {
    pub front: BTreeMap<&'static str, String>,
    pub body: Vec<String>,
    pub unclosed: bool,
    /// Whether it is no text at all.
    pub garbled: bool,
}

fn some(random: &mut Random, from: &[&str], most: u64) -> String {
    let count = random.below(most + 1);
    let found: Vec<&str> = (0..count).map(|_| pick(random, from)).collect();
    format!("[{}]", found.join(", "))
}

impl Page {
    /// As a file.
    pub fn text(&self) -> String {
        let mut text = "---\n".to_owned();
        for (key, value) in &self.front {
            let _ = writeln!(text, "{key}: {value}");
        }
        text.push_str(if self.unclosed { "\n" } else { "---\n\n" });
        text.push_str(&self.body.join("\n\n"));
        text.push_str(if self.garbled { "\0\u{1}\0" } else { "\n" });
        text
    }

    /// One random edit of the front matter.
    pub fn set(&mut self, random: &mut Random, site: &[String]) {
        let link = |random: &mut Random| match site {
            [] => "甲.md".to_owned(),
            _ => format!("@/{}", site[random.below(site.len() as u64) as usize]),
        };
        let word = || ["一", "二", "三", "四"];
        let n = random.below(4) as usize;
        let (key, value) = match random.below(26) {
            24 => ("audience", ["public", "internal", "public", "public"][n].to_owned()),
            25 => (
                "kiosk",
                ["false", "{ weight: 2 }", "{ until: 2026-12-01 }", "{ screens: [m], show: [cover] }"][n].into(),
            ),
            0 | 1 => ("title", format!("题{}", word()[n])),
            2 | 3 => ("date", pick(random, DATES).to_owned()),
            4 => ("updated", pick(random, DATES).to_owned()),
            5 => ("expires", pick(random, DATES).to_owned()),
            6 => ("draft", (n == 0).to_string()),
            7 | 8 => ("tags", some(random, TERMS, 3)),
            9 => ("topics", some(random, TERMS, 2)),
            10 => ("series", ["r", "q", "序", "r"][n].to_owned()),
            11 => ("weight", n.to_string()),
            12 => ("offices", ["[o0]", "[o1]", "[o0, o1]", "[o2]"][n].to_owned()),
            13 => ("kind", pick(random, KINDS).to_owned()),
            14 => ("slug", ["x", "y", "jia", "z"][n].to_owned()),
            15 => ("aliases", ["[old]", "[a/old]", "[x]", "[]"][n].to_owned()),
            16 => ("template", ["case", "own", "nowhere", "page"][n].to_owned()),
            17 => ("cover", format!("\"@/{}\"", ASSETS[n])),
            18 => ("attachments", format!("[\"@/{}\"]", ASSETS[n])),
            19 => ("supersedes", format!("\"{}\"", link(random))),
            20 => ("extra", ["{ x: 1 }", "{ x: 二, lead: true }", "{ y: 1 }", "{ lead: true }"][n].to_owned()),
            21 => ("summary", format!("摘要{}", word()[n])),
            22 => (["author", "source", "editor", "short"][n], word()[n].to_owned()),
            _ => ("cascade", ["{ tags: [食品] }", "{ offices: [o1] }", "{ kind: case }", "{ author: 丁 }"][n].into()),
        };
        if random.below(4) == 0 {
            self.front.remove(key);
        } else {
            self.front.insert(key, value);
        }
    }

    /// One random edit of the body.
    pub fn write(&mut self, random: &mut Random, site: &[String]) {
        let n = random.below(4) as usize;
        let link = match site {
            [] => "甲.md".to_owned(),
            _ => site[random.below(site.len() as u64) as usize].clone(),
        };
        let piece = match random.below(12) {
            0 | 1 => format!("一段文字{n}。再一句。"),
            2 => format!("## 小节{n}"),
            3 => format!("[见](<@/{link}>)"),
            4 => format!("[见](<@/{link}#小节{n}>)"),
            5 => format!("![图](<@/{}>)", ASSETS[n]),
            6 => "`x` $a$ <u>下</u> <b>粗</b>".to_owned(),
            7 => "```rust\nfn x() {}\n```".to_owned(),
            8 => format!(":::{} 题{n} k={n}\n[见](<@/{link}>)\n\n- 甲：乙{n}\n:::", ["card", "卡", "own", "提示"][n]),
            9 => format!("::::card\n:::卡 键={n}\n内\n:::\n::::"),
            10 => format!(":::own 题\n一段{n}{}", ["", "\n:::", "\n：：：", "\n:::"][n]),
            _ if n == 0 => format!("[夹](<@/a/b/_index.md#小节{}>)", random.below(4)),
            _ => "[夹](@/a/b/_index.md) [文](@/e/t.csv) [照](@/d/r.jpg)".to_owned(),
        };
        if self.body.is_empty() || random.below(2) == 0 {
            self.body.push(piece);
        } else {
            let at = random.below(self.body.len() as u64) as usize;
            if random.below(4) == 0 {
                self.body.remove(at);
            } else {
                self.body[at] = piece;
            }
        }
    }

    /// A statute of a few articles.
    pub fn law(random: &mut Random) -> Self {
        let mut page = Self::default();
        page.front.insert("title", "中华人民共和国某法".to_owned());
        page.front.insert("kind", "law".to_owned());
        for _ in 0..4 {
            page.edit_law(random);
        }
        page
    }

    /// One random edit of a statute: what it is called, whether it is one, an article more or less.
    pub fn edit_law(&mut self, random: &mut Random) {
        let n = random.below(4) as usize;
        let article = |n: usize| ["第一条　甲", "**第二条** 乙", "第3条　丙", "第一章　总"][n].to_owned();
        match random.below(8) {
            0 => drop(self.front.insert("title", ["某法", "《某法》", "别的法", "某法（旧）"][n].to_owned())),
            1 => drop(self.front.insert("kind", ["law", "law", "study", "law"][n].to_owned())),
            2 => drop(self.front.insert("offices", ["[o0]", "[o1]", "[o0, o1, o2]", "[o2]"][n].to_owned())),
            3 => drop(self.front.insert("short", ["某法", "别法"][n % 2].to_owned())),
            4 if !self.body.is_empty() => drop(self.body.remove(random.below(self.body.len() as u64) as usize)),
            5 => drop(self.front.insert("draft", (n == 0).to_string())),
            _ => self.body.push(article(n)),
        }
    }

    /// Cites an article of the statute at `law`, by name or by a link, or cites no more.
    pub fn cite(&mut self, random: &mut Random, law: &str) {
        let n = random.below(4) as usize;
        let number = ["第一条", "2", "第三条", "一、二"][n];
        let piece = match random.below(3) {
            0 => format!("[条](<@/{law}#{}>)", ["第一条", "第二条", "第三条", "第一章"][n]),
            1 => format!(":::card 题\n:::\n\n:::法条 法律={} 条={number}\n文{n}\n:::", ["某法", "别法"][n % 2]),
            _ => format!(":::法条 法律=《中华人民共和国某法》 条={number}\n文\n:::"),
        };
        let cites = |piece: &String| piece.contains(":::法条") || piece.starts_with("[条]");
        match self.body.iter().position(cites).filter(|_| random.below(2) == 0) {
            Some(at) => drop(self.body.remove(at)),
            None => self.body.push(piece),
        }
    }

    /// A new text with a title and a date.
    pub fn new(random: &mut Random, site: &[String]) -> Self {
        let mut page = Self::default();
        page.front.insert("title", format!("题{}", random.below(9)));
        page.front.insert("date", pick(random, DATES).to_owned());
        for _ in 0..random.below(6) {
            page.set(random, site);
        }
        for _ in 0..1 + random.below(3) {
            page.write(random, site);
        }
        page
    }

    /// The headings that links in this text aim at, by the path of their page; `own` is that of this one.
    pub fn aims(&self, own: &str) -> Vec<(String, String)> {
        let aim = |piece: &String| {
            let (path, anchor) = match piece.strip_prefix("[见](<@/") {
                Some(rest) => rest.strip_suffix(">)")?.split_once('#')?,
                None => (own, piece.strip_prefix("[上面](#")?.strip_suffix(')')?),
            };
            Some((path.to_owned(), anchor.to_owned()))
        };
        self.body.iter().filter_map(aim).collect()
    }

    /// An anchor to link to: mostly that of a heading here, which comes to be if there is none.
    pub fn some_anchor(&mut self, random: &mut Random) -> String {
        let anchors: Vec<String> = self.body.iter().filter_map(|piece| anchor_of(piece)).map(str::to_owned).collect();
        match anchors.get(random.below(anchors.len() as u64 + 1) as usize) {
            Some(anchor) => anchor.clone(),
            None => {
                let anchor = format!("小节{}", random.below(4));
                self.body.push(format!("## {anchor}"));
                // The second of the same name.
                if random.below(4) == 0 { format!("{anchor}-1") } else { anchor }
            }
        }
    }

    /// Gives the heading with `anchor` another name, another anchor or another place, or takes it away; where there is
    /// none it comes back.
    pub fn edit_heading(&mut self, anchor: &str, random: &mut Random) {
        let Some(at) = self.body.iter().position(|piece| anchor_of(piece) == Some(anchor)) else {
            let at = random.below(self.body.len() as u64 + 1) as usize;
            let name = anchor.trim_end_matches("-1");
            self.body.insert(at, format!("## {name}"));
            return;
        };
        let n = random.below(4);
        match random.below(6) {
            0 => self.body[at] = format!("## 小节{n}"),
            1 => self.body[at] = format!("## 另名{n} {{#{anchor}}}"),
            2 => self.body[at] = format!("## {anchor} {{#节{n}}}"),
            3 => {
                let heading = self.body.remove(at);
                self.body.insert(random.below(self.body.len() as u64 + 1) as usize, heading);
            }
            _ => drop(self.body.remove(at)),
        }
    }
}

/// The anchor of a piece that is a heading, if no heading before it has the same.
fn anchor_of(piece: &str) -> Option<&str> {
    let text = piece.strip_prefix("## ")?;
    let explicit = text.split_once(" {#").and_then(|(_, id)| id.strip_suffix('}'));
    Some(explicit.unwrap_or(text))
}
