//! Screens: what `zhendi.toml` and front matter may get wrong, and what must never reach a lobby.

use insta::assert_snapshot;

use super::{CONFIG, told};

fn told_with(screen: &str, content: &str) -> String {
    told(&format!("-- zhendi.toml --\n{CONFIG}\n[[offices.screens]]\n{screen}\n{content}"))
}

const PAGE: &str = "-- content/study/a.md --\n---\ntitle: 甲\ndate: 2026-11-20\n---\n正文。\n";

#[test]
fn a_screen_that_is_right_is_silent() {
    let screen = "id = \"hall\"\norientation = \"竖屏\"\naudience = \"公开\"\nahead = 0\nquiet = [\"2027-01-01\"]\n\
                  hours = { workdays = \"08:30-12:00、14:00-18:00\", sunday = \"\" }\nbeacon = \"/b.gif\"";
    assert_snapshot!("kiosk_right", told_with(screen, PAGE));
}

#[test]
fn keys_of_a_screen_are_wrong() {
    let screen = "id = \"hall\"\norientaton = \"portrait\"\naudience = \"everybody\"\nseconds = \"12 秒\"\nhours = \"8:30 到 18:00\"\n\
                  quiet = [\"元旦\"]\nbeacon = \"b.gif\"\nahead = 1000";
    assert_snapshot!("kiosk_keys", told_with(screen, PAGE));
}

#[test]
fn a_screen_has_no_id_or_the_id_of_another() {
    let screen = "name = \"大厅\"\n[[offices.screens]]\nid = \"a\"\n[[offices.screens]]\nid = \"a\"\n[[offices.screens]]\nid = \"大厅\"";
    assert_snapshot!("kiosk_ids", told_with(screen, PAGE));
}

#[test]
fn a_pinned_page_does_not_exist() {
    assert_snapshot!("kiosk_pinned", told_with("id = \"hall\"\npages = [\"study/b.md\"]", PAGE));
}

#[test]
fn a_screen_chooses_what_is_not_there() {
    let screen = "id = \"hall\"\nsections = [\"study\", \"studdy\"]\nkinds = [\"案例\"]\ntopics = [\"食品\"]\nbusiness = [\"药品\"]";
    assert_snapshot!("kiosk_choice", told_with(screen, PAGE));
}

#[test]
fn a_page_names_a_screen_that_is_not_there() {
    let page =
        "-- content/study/a.md --\n---\ntitle: 甲\ndate: 2026-11-20\nkiosk: { screens: [hal, 大厅] }\n---\n正文。\n";
    assert_snapshot!("kiosk_screen_unknown", told_with("id = \"hall\"\nname = \"大厅\"", page));
}

#[test]
fn what_a_page_says_of_screens_is_wrong() {
    let front = "kiosk:\n  show: [封面, 海报]\n  seconds: 1\n  from: 明天\n  until: 2026-11-20 25:00\n  hours: 早上\n  weigth: 2\n";
    let page = format!("-- content/study/a.md --\n---\ntitle: 甲\ndate: 2026-11-20\n{front}---\n正文。\n");
    assert_snapshot!("kiosk_front_matter", told_with("id = \"hall\"", &page));
}

#[test]
fn a_page_is_over_before_it_begins() {
    let page = "-- content/study/a.md --\n---\ntitle: 甲\n投屏: { 开始: 2026-12-02, 结束: 2026-12-01 }\n---\n正文。\n";
    assert_snapshot!("kiosk_over", told_with("id = \"hall\"", page));
}

#[test]
fn a_title_is_too_long_for_any_cover() {
    let title = "某家装公司以“全包一口价”招揽客户、开工后又以增项名义反复加收费用，被责令限期改正并处以罚款一案的办理经过与同业经营提示以及消费者签约时应当注意的几处";
    let page = format!("-- content/study/a.md --\n---\ntitle: {title}\ndate: 2026-11-20\n---\n正文。\n");
    assert_snapshot!("kiosk_title_long", told_with("id = \"hall\"", &page));
}

#[test]
fn a_template_shows_internal_pages_on_a_public_screen() {
    let pages = "-- templates/kiosk/article.html --\n{{ page.content }}{% for p in page.section.pages %}<p>{{ p.title }}</p>{% endfor %}\n\
                 -- content/study/a.md --\n---\ntitle: 公开的\ndate: 2026-11-20\naudience: public\n---\n正文。\n\
                 -- content/study/b.md --\n---\ntitle: 内部的\ndate: 2026-11-19\n---\n正文。\n";
    assert_snapshot!("kiosk_screen_reads", told_with("id = \"hall\"\nname = \"大厅\"\naudience = \"public\"", pages));
    let internal = told_with("id = \"hall\"\nname = \"大厅\"", pages);
    assert!(!internal.contains("E0214"), "{internal}");
}

#[test]
fn a_public_page_leads_to_internal_ones_and_shows_their_files() {
    let text = told(
        "-- content/policy/_index.md --\n---\ntitle: 政策\naudience: public\n---\n\
         -- content/policy/a.md --\n---\ntitle: 公开的\ndate: 2026-11-20\nattachments: [\"../study/inner/b.txt\"]\n---\n\
         见[内部的](../study/inner/index.md)和[自己的](b.md)。\n\n![图](../study/inner/p.svg)\n\
         -- content/policy/b.md --\n---\ntitle: 也公开\ndate: 2026-11-20\n---\n见[公开的](a.md)。\n\
         -- content/policy/c.md --\n---\ntitle: 例外\ndate: 2026-11-20\n范围: 内部\n---\n见[内部的](../study/inner/index.md)。\n\
         -- content/study/inner/index.md --\n---\ntitle: 内部的\ndate: 2026-11-20\n---\n见[公开的](../../policy/a.md)。\n\
         -- content/study/inner/p.svg --\n<svg width=\"1\" height=\"1\"></svg>\n-- content/study/inner/b.txt --\n字\n",
    );
    assert_snapshot!("kiosk_internal", text);
}
