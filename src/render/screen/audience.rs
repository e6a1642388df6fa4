//! The proof that a screen for everybody holds nothing of internal pages: what each of its outputs has read is compared with
//! all that is known of them. Whatever a template does, it can't show what it has not read; so this holds for any theme, and
//! for links, lists and files that no other check thought of.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use crate::content::Audience;
use crate::diag::{Diagnostic, SCREEN_INTERNAL};
use crate::model::{Entity, Kind, Model, Programme, Trace};

/// The screens of a build that anybody may pass by, and what they must not have read.
#[derive(Debug, Default)]
pub(in crate::render) struct Outward {
    /// The number of each one's edition, and the screen.
    screens: Vec<(usize, Arc<Programme>)>,
    /// Everything internal, with the file that it is of; put together when the first output asks.
    internal: OnceLock<HashMap<Entity, Arc<str>>>,
}

impl Outward {
    pub fn new(models: &[Arc<Model>]) -> Self {
        let of = |(at, model): (usize, &Arc<Model>)| {
            let public = model.programmes().iter().filter(|one| one.screen().audience == Audience::Public);
            public.map(|one| (at, one.clone())).collect::<Vec<_>>()
        };
        Self { screens: models.iter().enumerate().flat_map(of).collect(), internal: OnceLock::new() }
    }

    /// What is wrong with an output of edition number `edition` that stands at `path` in it: it is a public screen's, and has read
    /// something internal.
    pub fn check(&self, models: &[Arc<Model>], edition: usize, path: &str, trace: &Trace) -> Option<Diagnostic> {
        let mut screens = self.screens.iter().filter(|(at, _)| *at == edition);
        let (_, programme) = screens.find(|(_, programme)| path.starts_with(&programme.folder()))?;
        let internal = self.internal.get_or_init(|| models.first().map(|model| model.internal()).unwrap_or_default());
        // That a page is held, or not, has nothing of it.
        let read = trace.facts().filter(|fact| fact.kind() != Some(Kind::PagePresence));
        let source = read.filter_map(|fact| internal.get(&fact.entity())).min()?;
        let name = &programme.screen().name;
        Some(
            Diagnostic::error(SCREEN_INTERNAL, format!("公开的屏幕“{name}”读到了内部材料"))
                .in_file(source)
                .label("这是只给干部职工看的")
                .with_note(format!("读它的是：{}{path}", programme.office_folder()))
                .cause("公开的屏幕谁都能看；它的每个文件都不许读内部的文章和文件，哪怕只读标题。多半是 templates/kiosk/ 里的模板列出了别的文章。")
                .cure("请主题的维护人员改模板，只用这一篇自己的内容；这一篇可以公开的，在文件头里写 audience: public。"),
        )
    }
}
