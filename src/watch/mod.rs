//! Watching a portal: waits until it differs from the last snapshot, and gives the new one. Signs from the system name
//! places to look at first, and that snapshot is handed out at once; a look at everything always follows once it is
//! quiet, and hands out what it finds besides. So signs decide how soon something is seen, never what is seen.
//!
//! ```text
//! system ──Sign──▶ wait until quiet ──▶ Look::look(places) ──▶ Update ──▶ (quiet) Look::look(everything) ──▶ Update …
//! ```
//!
//! There is no thread of its own: [`Watch::next`] does everything on the caller's, one thing after the other.

mod ahead;
mod follow;
mod notes;
mod patience;
mod sign;

pub use sign::{Deafness, Sign, Touch};

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use self::follow::{Follower, SINGLY, is_remote};
use self::patience::Patience;
use crate::diag::Diagnostic;
use crate::source::{Look, Options, Sources, folder_id, is_dropping, is_there, portal_path, until_midnight};

/// One save is over when nothing more has happened for so long.
const QUIET: Duration = Duration::from_millis(10);
/// Where every file that was touched has been closed by its writer, or moved there whole, hardly anything can follow.
const QUIET_WHOLE: Duration = Duration::from_millis(3);
/// But nobody waits longer than this for what has already happened …
const MOST: Duration = Duration::from_millis(200);
/// … unless more paths are named, or differ, than any editor touches in a save: a flood, as somebody copies or checks out
/// a whole portal. Then it is waited until it stops, so that there are one or two builds and not one each moment …
const SAVE: usize = 10;
/// … which it has when nothing has happened for so long …
const CALM: Duration = Duration::from_millis(150);
/// … but one that does not stop is shown so often.
const LONGEST_FLOOD: Duration = Duration::from_secs(5);
/// More places than this are not worth looking at one by one.
const FEW: usize = 100;
/// So many signs are heard before it is seen again whether something is due.
const AT_ONCE: usize = 1000;
/// The look at everything follows so long after the last sign: then the page on screen has been rendered.
const RESCAN: Duration = Duration::from_millis(150);
/// And at the latest so long after the first.
const RESCAN_LATEST: Duration = Duration::from_secs(2);
/// How often everything is looked at where nobody tells.
const POLL: Duration = Duration::from_millis(300);
/// How often everything is looked at though nobody told of anything: perhaps nobody does.
const IDLE: Duration = Duration::from_secs(5);
/// How often it is seen to that the portal is still there.
const CHECK: Duration = Duration::from_secs(1);

/// How changes are noticed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum How {
    /// The system tells; where it cannot, as [`How::Poll`].
    #[default]
    Auto,
    /// By looking at everything again and again.
    Poll,
}

/// The portal differs from the last snapshot.
#[derive(Debug)]
pub struct Update {
    /// The new snapshot.
    pub sources: Sources,
    /// Paths from the portal's root with something new, gone or different, sorted; empty when only the date turned.
    pub changed: Vec<Arc<str>>,
    /// Whether the snapshot is another than the one before; if not, there are only notes.
    pub differs: bool,
    /// What to tell the user of the watch itself.
    pub notes: Vec<Diagnostic>,
    /// Where the time went.
    pub spent: Spent,
    /// When it is over, if nothing more happens until then; `None` where that was waited for.
    quiet: Option<Instant>,
}

/// What a wait with an end came to.
#[derive(Debug)]
pub enum Next {
    /// The portal differs, or there is something to tell.
    Update(Box<Update>),
    /// The moment has come and nothing else.
    Time,
    /// [`Handle::stop`] was called.
    Stop,
}

/// Where the time went between a change and the snapshot.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spent {
    /// The first sign.
    pub began: Option<Instant>,
    /// From the first sign to the look.
    pub waited: Duration,
    /// The look.
    pub looked: Duration,
    /// Whether everything was looked at.
    pub everything: bool,
}

/// Ends the wait of a [`Watch`] from another thread.
#[derive(Clone, Debug)]
pub struct Handle(Sender<Sign>);

impl Handle {
    /// Has everything looked at now, instead of some time later.
    pub fn look(&self) {
        let _ = self.0.send(Sign::Look);
    }

    /// Has [`Watch::next`] give `None`.
    pub fn stop(&self) {
        let _ = self.0.send(Sign::Stop);
    }

    /// Says that something happened, as the system would.
    pub fn tell(&self, sign: Sign) {
        let _ = self.0.send(sign);
    }
}

/// What the system's signs pass through before they count: for tests that lose, double and reorder them.
pub type Filter = Box<dyn FnMut(Sign) -> Vec<Sign> + Send>;

/// A portal that is watched.
pub struct Watch {
    look: Look,
    signs: Receiver<Sign>,
    handle: Handle,
    /// `None` when polling.
    follower: Option<Follower>,
    patience: Patience,
    pending: Pending,
    flood: Option<Flood>,
    /// Followed folders that may be others by now.
    stale: HashSet<PathBuf>,
    notes: Vec<Diagnostic>,
    /// How many of them were handed out.
    told: usize,
    is_gone: bool,
    root_id: (u64, u64),
    times: Times,
}

/// What signs named and nobody has looked at.
#[derive(Default)]
struct Pending {
    places: HashSet<PathBuf>,
    /// Those of them about which more may be to come.
    open: HashSet<PathBuf>,
    doubt: bool,
    now: bool,
    /// Whether to look before it is quiet.
    ahead: bool,
    span: Option<(Instant, Instant)>,
}

/// More is happening than a save.
#[derive(Clone, Copy)]
struct Flood {
    first: Instant,
    last: Instant,
}

impl Flood {
    /// Until when it is waited for.
    fn end(self) -> Instant {
        (self.last + CALM).min(self.first + LONGEST_FLOOD)
    }
}

/// When to do what nobody asked for.
struct Times {
    /// The look at everything that follows a look at places, and the latest moment for it.
    rescan: Option<(Instant, Instant)>,
    /// The next look at everything that follows nothing.
    idle: Instant,
    check: Instant,
    /// When the caller wants to be back.
    back: Option<Instant>,
}

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Pending,
    Ready,
    Everything,
    Idle,
    Check,
    Midnight,
    Back,
}

impl Watch {
    /// Reads the portal in `root` and begins to watch it.
    pub fn start(root: &Path, options: Options, how: How) -> (Sources, Self) {
        Self::filtered(root, options, how, Box::new(|sign| vec![sign]))
    }

    /// The same with every sign of the system going through `filter`.
    pub fn filtered(root: &Path, options: Options, how: How, mut filter: Filter) -> (Sources, Self) {
        let root = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
        let (sender, signs) = channel();
        let handle = Handle(sender.clone());
        let mut look = Look::new(&root, options);
        let root_id = folder_id(&root);
        let seen = look.everything();
        let now = Instant::now();
        let mut watch = Self {
            look,
            signs,
            handle,
            follower: None,
            patience: Patience::default(),
            pending: Pending::default(),
            flood: None,
            stale: HashSet::new(),
            notes: Vec::new(),
            told: 0,
            is_gone: false,
            root_id,
            times: Times { rescan: None, idle: now + POLL, check: now + CHECK, back: None },
        };
        if how == How::Auto {
            let tell = move |sign| {
                for sign in filter(sign) {
                    let _ = sender.send(sign);
                }
            };
            let follower = if is_remote(&root) { Err(Deafness::Remote) } else { Follower::new(tell) };
            match follower {
                Ok(follower) => {
                    watch.follower = Some(follower);
                    watch.times.idle = now + IDLE;
                    watch.follow();
                    watch.pending = Pending::default();
                    // What happened before the folders were followed nobody told.
                    watch.times.rescan = Some((now + RESCAN, now + RESCAN_LATEST));
                }
                Err(why) => watch.fall_back(why),
            }
        }
        (seen.sources, watch)
    }

    /// Blocks until the portal differs from the last snapshot, or there is something to tell, or the date turns at
    /// midnight. `None` after [`Handle::stop`].
    #[allow(clippy::should_implement_trait, reason = "it waits, which no iterator says")]
    pub fn next(&mut self) -> Option<Update> {
        match self.next_until(None) {
            Next::Update(update) => Some(*update),
            Next::Time | Next::Stop => None,
        }
    }

    /// As [`Watch::next`], but for no longer than until `back`.
    pub fn next_until(&mut self, back: Option<Instant>) -> Next {
        self.times.back = back;
        loop {
            match self.wait() {
                None => return Next::Stop,
                Some(Turn::Back) => return Next::Time,
                Some(turn) => {
                    if let Some(update) = self.take(turn) {
                        return Next::Update(Box::new(update));
                    }
                }
            }
        }
    }

    /// Everything there was to tell of the watch itself.
    pub fn notes(&self) -> &[Diagnostic] {
        &self.notes
    }

    /// Whether changes are looked for because nobody tells of them.
    pub fn is_polling(&self) -> bool {
        self.follower.is_none()
    }

    /// Something to end the wait with.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Gathers signs until something is due.
    fn wait(&mut self) -> Option<Turn> {
        loop {
            // What has come meanwhile belongs to what is due; but signs without end must not hold it up.
            for _ in 0..AT_ONCE {
                match self.signs.try_recv() {
                    Ok(sign) => self.hear(sign)?,
                    Err(_) => break,
                }
            }
            let (at, turn) = self.due();
            let now = Instant::now();
            if at <= now {
                return Some(turn);
            }
            if let Ok(sign) = self.signs.recv_timeout(at - now) {
                self.hear(sign)?;
            }
        }
    }

    /// What is due next, and when.
    fn due(&self) -> (Instant, Turn) {
        let now = Instant::now();
        // After a wait until midnight the next one is a day away: what is due then is seen by the date.
        let midnight = match self.look.has_turned() {
            true => (!self.is_gone).then_some(Duration::ZERO),
            false => until_midnight(self.look.clock(), &self.look.configuration()),
        };
        // What somebody asks for is done in the middle of a flood too.
        let asked = self.pending.due().filter(|_| self.pending.now);
        let after = |at: Instant| self.flood.map_or(at, |flood| at.max(flood.end()));
        let all = [
            asked.or_else(|| self.pending.due().map(after)).map(|at| (at, Turn::Pending)),
            self.patience.due().map(|at| (after(at), Turn::Ready)),
            self.times.rescan.map(|(at, _)| (after(at), Turn::Everything)),
            Some((self.times.check, Turn::Check)),
            Some((after(self.times.idle), Turn::Idle)),
            midnight.map(|left| (now + left, Turn::Midnight)),
            self.times.back.map(|at| (at, Turn::Back)),
        ];
        let fallback = (self.times.idle, Turn::Idle);
        all.into_iter().flatten().min_by_key(|(at, _)| *at).unwrap_or(fallback)
    }

    fn hear(&mut self, sign: Sign) -> Option<()> {
        let now = Instant::now();
        match sign {
            Sign::Stop => return None,
            Sign::Look => self.pending.doubt_now(),
            Sign::Deaf(why) => self.fall_back(why),
            Sign::Doubt => {
                self.patience.doubt();
                self.pending.doubt = true;
                // Folders may be others by now, and nobody has told.
                self.stale.extend(self.wanted().into_iter().map(|(path, _)| path));
            }
            Sign::Touched { path, how } => {
                if !self.concerns(&path) {
                    return Some(());
                }
                // A folder that is followed may be another by now, and one that is not may have to be.
                let root = self.look.root();
                let is_followed = || self.follower.as_ref().is_some_and(|follower| follower.has(&path));
                let is_top = || path.parent().is_some_and(|above| above == root || above == root.join("themes"));
                if how != Touch::Writing && (is_top() || is_followed()) {
                    self.stale.insert(path.clone());
                }
                self.patience.hear(portal_path(self.look.root(), &path), how);
                match how {
                    Touch::Whole => _ = self.pending.open.remove(&path),
                    Touch::Writing | Touch::Other => _ = self.pending.open.insert(path.clone()),
                }
                self.pending.places.insert(path);
            }
        }
        let (first, _) = self.pending.span.unwrap_or((now, now));
        self.pending.span = Some((first, now));
        if let Some(flood) = self.flood.filter(|flood| now < flood.last + CALM) {
            self.flood = Some(Flood { last: now, ..flood });
        } else {
            self.flood = (self.pending.places.len() > SAVE).then_some(Flood { first, last: now });
        }
        let latest = self.times.rescan.map_or(now + RESCAN_LATEST, |(_, latest)| latest);
        self.times.rescan = Some(((now + RESCAN).min(latest), latest));
        Some(())
    }

    /// Whether a change at `path` can matter.
    fn concerns(&self, path: &Path) -> bool {
        let root = self.look.root();
        if path == root || path == self.look.config_path() {
            return true;
        }
        let Ok(below) = path.strip_prefix(root) else { return false };
        let mut parts = below.components().map(|part| part.as_os_str().to_string_lossy());
        let is_ours = parts.next().is_some_and(|top| matches!(&*top, "content" | "themes" | "templates" | "static"));
        is_ours && !parts.any(|part| is_dropping(&part))
    }

    /// Does what is due; gives an update if there is one.
    fn take(&mut self, turn: Turn) -> Option<Update> {
        let began = Instant::now();
        self.times.check = began + CHECK;
        if self.is_away() {
            return self.lose();
        }
        let id = folder_id(self.look.root());
        let is_back = std::mem::take(&mut self.is_gone);
        if is_back {
            self.notes.push(notes::back(self.look.root()));
        }
        let is_other = is_back || id != self.root_id;
        if is_other {
            self.root_id = id;
            self.stale.extend(self.wanted().into_iter().map(|(path, _)| path));
        }
        if turn == Turn::Check && !is_other {
            return self.tell();
        }
        let span = self.pending.span;
        let quiet = self.pending.due_ahead().and_then(|_| self.pending.quiet());
        let ready = self.patience.ready();
        let root = self.look.root().to_owned();
        let mut places: Vec<PathBuf> = ready.iter().map(|path| root.join(&**path)).collect();
        let is_doubt = is_other || matches!(turn, Turn::Everything | Turn::Idle) || self.pending.doubt;
        if is_doubt || turn == Turn::Pending {
            let ahead = self.pending.ahead;
            places.extend(std::mem::replace(&mut self.pending, Pending { ahead, ..Pending::default() }).places);
        }
        let everything = is_doubt || places.len() > FEW;
        let mut hold = |file: &crate::source::Differing<'_>| self.patience.waits(file);
        let seen = self.look.look((!everything).then_some(&places[..]), Some(&mut hold));
        if is_doubt || turn == Turn::Pending {
            self.patience.looked();
        }
        self.patience.settle(&ready, &seen.held);
        let looked = began.elapsed();
        // It may go on: then what follows is shown when it ends. What came while we looked has not been heard yet.
        let now = Instant::now();
        let goes_on = self.flood.is_some_and(|flood| began < flood.last + CALM) || seen.changed.len() > SAVE;
        self.flood = goes_on.then_some(Flood { first: now, last: now });
        if everything {
            self.times.rescan = self.pending.span.map(|_| (now + RESCAN, now + RESCAN_LATEST));
            let pause = if self.is_polling() { POLL.max(4 * looked) } else { IDLE.max(100 * looked) };
            self.times.idle = now + pause;
            if turn == Turn::Idle && !seen.changed.is_empty() {
                self.suspect();
            }
        }
        if seen.folders || !self.stale.is_empty() {
            self.follow();
        }
        let notes = self.untold();
        let waited = span.map_or(Duration::ZERO, |(first, _)| began.saturating_duration_since(first));
        let spent = Spent { began: span.map(|(first, _)| first), waited, looked, everything };
        let is_news = seen.differs || !notes.is_empty();
        let (sources, changed, differs) = (seen.sources, seen.changed, seen.differs);
        is_news.then_some(Update { sources, changed, differs, notes, spent, quiet })
    }

    /// Something changed and nobody told: if no sign comes even now, none ever does.
    fn suspect(&mut self) {
        if self.follower.is_none() {
            return;
        }
        match self.signs.recv_timeout(MOST) {
            // A wish to stop is heard again by the next wait.
            Ok(Sign::Stop) => self.handle.stop(),
            Ok(sign) => drop(self.hear(sign)),
            Err(_) => self.fall_back(Deafness::Silent),
        }
    }

    fn fall_back(&mut self, why: Deafness) {
        if self.follower.take().is_some() || self.notes.is_empty() {
            self.notes.push(notes::polling(why));
        }
        self.patience.doubt();
        self.times.idle = Instant::now() + POLL;
    }

    /// Follows the folders that there are; those that are new are looked at again.
    fn follow(&mut self) {
        let wanted = self.wanted();
        let stale = std::mem::take(&mut self.stale);
        let root = self.look.root().to_owned();
        let whole: Vec<PathBuf> = tops(&root).into_iter().filter(|_| !SINGLY).collect();
        let Some(follower) = &mut self.follower else { return };
        match follower.follow(wanted, &whole, &stale) {
            Ok(new) if new.is_empty() => {}
            Ok(new) => {
                // The root and the like stand for more than themselves.
                let new = new.into_iter().filter(|path| *path != root && path.starts_with(&root));
                let new: Vec<PathBuf> = new.collect();
                self.pending.open.extend(new.iter().cloned());
                self.pending.places.extend(new);
                let now = Instant::now();
                let (first, _) = self.pending.span.unwrap_or((now, now));
                self.pending.span = Some((first, now));
                let latest = self.times.rescan.map_or(now + RESCAN_LATEST, |(_, latest)| latest);
                self.times.rescan = Some((now + RESCAN, latest));
            }
            Err(why) => self.fall_back(why),
        }
    }

    /// The folders to follow.
    fn wanted(&self) -> Vec<follow::Folder> {
        let root = self.look.root();
        let config = self.look.config_path();
        let theme = root.join("themes").join(self.look.configuration().theme());
        let beside = config.parent().map(Path::to_owned);
        let mut all: Vec<PathBuf> = std::iter::once(root.to_owned()).chain(beside).collect();
        all.extend(tops(root));
        let mut all: Vec<follow::Folder> = all
            .into_iter()
            .map(|path| {
                let id = folder_id(&path);
                (path, id)
            })
            .collect();
        if SINGLY {
            all.push((theme, (0, 0)));
            all.extend(self.look.folders());
        }
        all.retain(|(path, _)| is_there(path));
        all
    }

    /// Whether the portal is not there: its folder is gone, or the disk that it was on.
    fn is_away(&self) -> bool {
        let root = self.look.root();
        !is_there(root)
            || !self.look.is_blank() && !is_there(&self.look.config_path()) && !is_there(&root.join("content"))
    }

    /// The portal is gone: the last snapshot stays, and it is waited for.
    fn lose(&mut self) -> Option<Update> {
        self.times.check = Instant::now() + POLL;
        self.times.idle = self.times.check;
        self.times.rescan = None;
        self.pending = Pending { ahead: self.pending.ahead, ..Pending::default() };
        self.flood = None;
        self.patience = Patience::default();
        if !std::mem::replace(&mut self.is_gone, true) {
            self.notes.push(notes::gone(self.look.root()));
        }
        self.tell()
    }

    /// An update with nothing but notes, if there are any.
    fn tell(&mut self) -> Option<Update> {
        let notes = self.untold();
        let spent = Spent::default();
        (!notes.is_empty()).then(|| Update {
            sources: self.look.last(),
            changed: Vec::new(),
            differs: false,
            notes,
            spent,
            quiet: None,
        })
    }

    fn untold(&mut self) -> Vec<Diagnostic> {
        let notes = self.notes[self.told..].to_vec();
        self.told = self.notes.len();
        notes
    }
}

/// The folders of a portal that anybody writes in.
fn tops(root: &Path) -> [PathBuf; 4] {
    ["content", "themes", "templates", "static"].map(|name| root.join(name))
}

impl Pending {
    fn doubt_now(&mut self) {
        self.doubt = true;
        self.now = true;
    }

    fn due(&self) -> Option<Instant> {
        let (first, _) = self.span?;
        if self.now {
            return Some(first);
        }
        if let Some(at) = self.due_ahead() {
            return Some(at);
        }
        self.quiet()
    }

    /// When it has been quiet long enough.
    fn quiet(&self) -> Option<Instant> {
        let (first, last) = self.span?;
        let quiet = if self.open.is_empty() && !self.doubt { QUIET_WHOLE } else { QUIET };
        Some((last + quiet).min(first + MOST))
    }
}
