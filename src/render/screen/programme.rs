//! `programme.js`: everything that the browser needs to know which slide is due, at any moment, without a network.

use jiff::civil::DateTime;
use serde_json::{Value, json};

use super::super::scope::Scope;
use super::key;
use crate::content::{Audience, Window, initials};
use crate::source::Screen;

/// The minute of the night at which the browser loads the whole page anew.
const RELOAD: u16 = 3 * 60 + 10;

/// The data of screen number `at`.
pub(super) fn json(scope: &Scope, at: usize) -> Value {
    let read = scope.read(0);
    let Some(programme) = read.programme(at) else { return Value::Null };
    let screen = programme.screen();
    let (_, office) = read.office();
    let mut kinds: Vec<Value> = Vec::new();
    let entries: Vec<Value> = programme
        .entries()
        .iter()
        .map(|entry| {
            let page = read.page(entry.page);
            let kind = page.kind();
            if let Some(kind) = kind
                && !kinds.iter().any(|one| one["id"] == *kind.id)
            {
                kinds.push(json!({ "id": &*kind.id, "name": &*kind.name, "seal": &*kind.seal }));
            }
            let airing = &entry.airing;
            let topics = page.terms().iter().map(|&id| read.term(id));
            let topic =
                topics.filter(|term| is_topic(scope, term.taxonomy())).map(|term| term.name().to_string()).next();
            let seconds = entry.deck.slides.iter().map(|slide| slide.seconds.unwrap_or(airing.seconds));
            json!({
                "key": key(page.path().0),
                "title": &**page.title(),
                "short": &**page.short(),
                "kind": kind.map(|kind| &*kind.id),
                "topic": topic,
                "minutes": page.reading_time(),
                "date": page.dates()[0].map(|date| &**date),
                "initials": initials(page.title()),
                "from": airing.from.map(moment),
                "until": airing.until.map(moment),
                "hours": windows(&airing.hours),
                "weight": airing.weight,
                "pin": airing.pin,
                "show": airing.show,
                "slides": seconds.collect::<Vec<u32>>(),
            })
        })
        .collect();
    let order: Vec<String> = read.kinds().iter().map(|kind| kind.id.to_string()).collect();
    kinds.sort_by_key(|kind| order.iter().position(|id| kind["id"] == **id));
    json!({
        "title": &**read.config("title").title(),
        "office": { "id": &*office.id, "name": &*office.name, "short": &*office.short, "contact": &*office.contact },
        "screen": face(screen),
        "zone": programme.zone(),
        "hours": screen.hours.iter().map(|day| windows(day)).collect::<Vec<_>>(),
        "quiet": screen.quiet.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "kinds": kinds,
        "entries": entries,
    })
}

fn is_topic(scope: &Scope, taxonomy: usize) -> bool {
    scope.read(0).taxonomies().get(taxonomy).is_some_and(|one| &*one.id == "topics")
}

fn face(screen: &Screen) -> Value {
    json!({
        "id": &*screen.id,
        "name": &*screen.name,
        "orientation": screen.orientation.id(),
        "audience": if screen.audience == Audience::Public { "public" } else { "internal" },
        "seconds": screen.seconds,
        "idle": screen.idle,
        "ticker": screen.ticker.as_deref(),
        "beacon": screen.beacon.as_deref(),
        "dim": windows(&screen.dim),
        "reload": RELOAD,
    })
}

fn windows(windows: &[Window]) -> Vec<[u16; 2]> {
    windows.iter().map(|window| [window.from, window.to]).collect()
}

/// `2026-11-18T08:30`, by the portal's clock.
fn moment(at: DateTime) -> String {
    let day = at.date();
    format!("{day}T{:02}:{:02}", at.hour(), at.minute())
}
