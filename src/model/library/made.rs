//! Records: what each page is by itself, from its front matter and that of the sections above. What the front matter names
//! is looked up here, and complained about.

use std::sync::Arc;

use rayon::prelude::*;

use super::*;

impl Maker<'_> {
    pub(super) fn status(&self, draft: bool, document: &Document) -> Status {
        let day = |date: &Option<At<Date>>| date.as_ref().map(|at| at.value);
        if draft && !self.sources.options().drafts {
            Status::Draft
        } else if day(&document.front.date).is_some_and(|day| day > self.today) {
            Status::Future
        } else if day(&document.front.expires).is_some_and(|day| day <= self.today) {
            Status::Expired
        } else {
            Status::Live
        }
    }

    /// Makes the records of the pages `anew`, whose terms have these names.
    pub(super) fn records(
        &self,
        anew: &[PageId],
        names: Vec<Raw>,
        assets: &Arc<[AssetRecord]>,
        problems: &mut Vec<Diagnostic>,
    ) -> Vec<(PageId, Made)> {
        let known = Known { roster: self.roster, order: self.order, assets };
        let work: Vec<(PageId, Raw)> = anew.iter().copied().zip(names).collect();
        let made: Vec<_> = work.into_par_iter().map(|(id, raw)| (id, self.record(id, raw, &known))).collect();
        // Searching for what was meant comes after, in order of the files, so that the same ones get it in every build.
        let budget = place::Budget::new(place::SEARCHES);
        let finish = |(id, (record, replaces, mut found)): (PageId, (Arc<Record>, _, Vec<Diagnostic>))| {
            if budget.get() > 0 && found.iter().any(place::is_searched) {
                found.retain(|problem| !place::is_searched(problem));
                self.named(&record.document, &known, &budget, &mut found);
            }
            let is_sound = found.is_empty();
            problems.extend(found);
            (id, Made { record, replaces, is_sound })
        };
        made.into_iter().map(finish).collect()
    }

    /// The record of a page, the page that it replaces, and what is wrong.
    fn record(
        &self,
        id: PageId,
        (names, mut problems): Raw,
        known: &Known<'_>,
    ) -> (Arc<Record>, Option<PageId>, Vec<Diagnostic>) {
        let placed = self.placed(id);
        let document = &placed.document;
        let front = &document.front;
        let fronts = self.fronts(placed);
        let (offices, kind, series) = self.look_up(placed, &fronts, &mut problems);
        let said_text = |pick: fn(&FrontMatter) -> Option<&Arc<str>>| said(&fronts, pick).map(|(text, _)| text.clone());
        let section = &self.roster.outline.sections[placed.section.at()];
        let slug = slug_of(document, &mut problems);
        let draft = said(&fronts, |front| front.draft).is_some_and(|(draft, _)| draft);
        let iso = |date: &Option<At<Date>>| date.as_ref().map(|at| at.value.to_string().into());
        let (cover, attachments, supersedes) = self.named(document, known, &place::Budget::default(), &mut problems);
        let assets = known.assets;
        let file_entities = cover.iter().chain(&attachments).map(|id| assets[id.at()].entity).collect();
        let is_law = kind.as_ref().is_some_and(|kind| kind.articles);
        let is_address = |alias: &&At<Arc<str>>| !is_law || laws::is_address(&alias.value);
        let aliases = front.aliases.iter().filter(is_address);
        let aliases = aliases.filter_map(|alias| address::alias(alias, &document.path, &mut problems)).collect();
        let title = match &front.title {
            Some(title) => title.value.clone(),
            None => document.body.first_heading.clone().unwrap_or_else(|| placed.name().into()),
        };
        form::check(self.config, kind.as_ref(), document, &mut problems);
        self.check_screens(document, &mut problems);
        let terms: Vec<TermId> = names.iter().filter_map(|(taxonomy, name)| self.term(*taxonomy, name)).collect();
        let record = Record {
            entity: Entity::new("page", &document.path),
            title,
            date: iso(&front.date),
            updated: iso(&front.updated),
            expires: iso(&front.expires),
            as_of: iso(&front.as_of),
            stale: form::is_stale(kind.as_ref(), document, self.today),
            fields: front.fields.iter().map(|(key, at)| (key.clone(), at.value.clone())).collect(),
            day: front.date.as_ref().map(|at| at.value),
            status: self.status(draft, document),
            draft,
            offices,
            audience: self.audience(placed),
            kiosk: said(&fronts, |front| front.kiosk.as_ref()).map(|(kiosk, _)| kiosk.clone()),
            kind,
            author: said_text(|front| front.author.as_ref()),
            source: said_text(|front| front.source.as_ref()),
            editor: said_text(|front| front.editor.as_ref()),
            summary: front.summary.clone().unwrap_or_else(|| document.body.summary.clone()),
            template: said_text(|front| front.template.as_ref().map(|at| &at.value)),
            section: placed.section,
            path: format!("{}{slug}.html", section.out).into(),
            slug,
            term_entities: terms.iter().map(|id| self.terms[id.at()].entity).collect(),
            terms,
            series,
            weight: front.weight.unwrap_or(0),
            extra: front.extra.clone(),
            cover,
            attachments,
            file_entities,
            aliases,
            document: document.clone(),
        };
        (Arc::new(record), supersedes, problems)
    }

    /// Reports screens that a page names and that do not exist.
    fn check_screens(&self, document: &Document, problems: &mut Vec<Diagnostic>) {
        let named = document.front.kiosk.as_ref().and_then(|kiosk| kiosk.screens.as_ref());
        for word in named.into_iter().flatten() {
            let all =
                || self.config.offices().iter().flat_map(|office| office.screens.iter().map(move |one| (office, one)));
            let fits = |(office, screen): (&Arc<Office>, &Arc<Screen>)| {
                *word.value == *screen.id
                    || *word.value == *screen.name
                    || *word.value == *format!("{}/{}", office.id, screen.id)
            };
            if all().any(fits) {
                continue;
            }
            let near = nearest(&word.value, all().flat_map(|(_, screen)| [&*screen.id, &*screen.name]));
            let guess = near.first().map(|near| format!("是否想写 {near}？")).unwrap_or_default();
            let known: Vec<String> = all().map(|(_, screen)| format!("{}（{}）", screen.id, screen.name)).collect();
            let known = if known.is_empty() { "现在一块屏幕也没有".to_owned() } else { known.join("、") };
            problems.push(
                Diagnostic::error(KIOSK_SCREEN_UNKNOWN, format!("没有叫“{}”的屏幕", word.value))
                    .at(&document.path, word.span)
                    .cause("屏幕要先在 zhendi.toml 的 [[offices.screens]] 里写明；写错了，这一篇就哪块屏幕也不放。")
                    .cure(format!("{guess}可以写的有：{known}")),
            );
        }
    }

    /// Who may see a page: what it says itself, else the nearest section above that says anything, of itself or of all
    /// below it.
    fn audience(&self, placed: &Placed) -> Audience {
        let own = placed.document.front.audience.as_ref();
        let above = std::iter::successors(Some(placed.section), |id| self.roster.outline.sections[id.at()].parent);
        let above = above.filter_map(|id| {
            let front = &self.roster.outline.sections[id.at()].document.as_ref()?.front;
            let below = front.cascade.as_deref().and_then(|cascade| cascade.audience.as_ref());
            below.or(front.audience.as_ref())
        });
        own.into_iter().chain(above).next().map_or(Audience::Internal, |at| at.value)
    }

    /// A page's offices, kind and series.
    fn look_up(&self, placed: &Placed, fronts: &Fronts<'_>, problems: &mut Vec<Diagnostic>) -> LookedUp {
        let document = &placed.document;
        let section = &self.roster.outline.sections[placed.section.at()];
        let own = match said(fronts, |front| front.offices.as_ref()) {
            Some((words, file)) => names::offices(self.config, words, file, problems),
            None => Offices::ALL,
        };
        let mut offices = Offices(own.0 & section.offices.0);
        if offices.0 == 0 {
            let diagnostic = Diagnostic::error(OFFICE_NONE, "这一篇写的办公区，不在它所在栏目的办公区之内");
            let diagnostic = match document.front.offices.as_ref().and_then(|words| words.first()) {
                Some(word) => diagnostic.at(&document.path, word.span),
                None => diagnostic.in_file(&document.path),
            };
            problems.push(
                diagnostic
                    .cause(format!("栏目“{}”限定了办公区，两边没有交集，这一篇就哪里也不会出现。", section.title))
                    .cure("改这一篇的 offices，或者把它移到别的栏目。"),
            );
            offices = own;
        }
        let kind = said(fronts, |front| front.kind.as_ref())
            .and_then(|(word, file)| names::kind(self.config, word, file, problems));
        let series = said(fronts, |front| front.series.as_ref())
            .and_then(|(word, file)| names::series(self.config, self.series, word, file, problems));
        (offices, kind.or_else(|| section.kind.clone()), series)
    }

    /// Cover, attachments and the page that this one replaces.
    fn named(
        &self,
        document: &Document,
        known: &Known<'_>,
        budget: &place::Budget,
        problems: &mut Vec<Diagnostic>,
    ) -> (Option<AssetId>, Vec<AssetId>, Option<PageId>) {
        let front = &document.front;
        let mut file_at = |wanted: &At<Arc<str>>, used: place::Use| {
            let id = place::asset(known, document, wanted, budget, problems)?;
            let remark = place::remark(&known.assets[id.at()], &wanted.value, used);
            problems.extend(remark.map(|remark| remark.at(&document.path, wanted.span)));
            Some(id)
        };
        let cover = front.cover.as_ref().and_then(|wanted| file_at(wanted, place::Use::Show));
        let attachments = front.attachments.iter().filter_map(|wanted| file_at(wanted, place::Use::Offer)).collect();
        let old = front.supersedes.as_ref();
        let old = old.and_then(|wanted| place::page(known, document, wanted, budget, problems));
        (cover, attachments, old)
    }
}

/// The last part of a page's address.
pub(super) fn slug_of(document: &Document, problems: &mut Vec<Diagnostic>) -> Arc<str> {
    let given = document.front.slug.as_ref();
    let given = given.and_then(|given| address::slug_given(given, &document.path, problems));
    given.map_or_else(|| document.slug.clone(), Into::into)
}

/// What stands at the portal's paths before there are records.
struct Known<'a> {
    roster: &'a Roster,
    order: &'a Order,
    assets: &'a [AssetRecord],
}

impl Paths for Known<'_> {
    fn find(&self, path: &str) -> Option<Found> {
        find_page(self.order, path, |id| &self.roster.placed[id.at()].document)
            .or_else(|| find_asset(self.assets, path))
            .or_else(|| find_section(&self.roster.outline.sections, path))
    }

    fn all(&self) -> Vec<(&Arc<str>, Found)> {
        let pages = self.order.ids().iter();
        let pages = pages.map(|&id| (&self.roster.placed[id.at()].document.path, Found::Page(id)));
        pages.chain(all_others(self.assets, &self.roster.outline.sections)).collect()
    }
}
