//! `zhendi serve`: builds, listens, says where to look, and follows the folder: each change is built upon the build
//! before it and shown at once; what nobody has asked for is rendered when idle.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use zhendi::darkroom::Darkroom;
use zhendi::diag::{Diagnostic, SERVE_ADDRESS, SERVE_PORT_TAKEN, SERVE_SHARED};
use zhendi::output::Cache;
use zhendi::outputs::{Outputs, Turn};
use zhendi::serve::{Guard, Listen, Preview, Rest, Server};
use zhendi::watch::Watch;

use super::args::Serve;
use super::console::{Console, Failure};
use super::place::{self, Asked};
use super::progress::waited_for;
use super::summary::Rebuilt;
use super::times::{Part, Times};
use super::told::Told;

/// How many bytes of rendered pages are held: a page is made again in less time than a browser needs to show it.
const HELD: usize = 16 << 20;

/// Runs the command, until it is broken off.
pub fn serve(args: &Serve, console: &Console) -> Result<(), Failure> {
    let Asked { root, output, options } = place::asked(&args.portal, &args.view, None)?;
    let server = Server::bind(Listen { address: args.interface, port: args.port }).map_err(Failure::Fault)?;
    let at = server.address();
    let shared = !at.ip().is_loopback();
    let machine = place::machine();

    let (outputs, watch) = waited_for("正在读文章……", || {
        let (sources, watch) = Watch::start(&root, options, args.notice.how());
        let darkroom = Darkroom::new(&root, Some(Cache::beside(&output, &root)));
        (Arc::new(Outputs::new(zhendi::build(&sources, None), HELD, Arc::new(darkroom))), watch.ahead())
    });
    let preview = Arc::new(Preview::new(&root, outputs.clone(), shared));
    let mut problems = outputs.build().diagnostics().to_vec();
    problems.extend_from_slice(watch.notes());
    if args.port != 0 && at.port() != args.port {
        problems.push(taken(args.port, at.port()));
    }
    if shared {
        problems.push(seen(at, machine.as_deref(), &args.allow_host));
    }
    console.report(problems, &root);
    let own = if at.ip().is_unspecified() { SocketAddr::new(Ipv4Addr::LOCALHOST.into(), at.port()) } else { at };
    console.say(&format!(
        "预览：    http://{own}/\n各办公区：http://{own}/-/\n保存文章，打开的网页会自动更新。按 Ctrl+C 结束。\n"
    ));
    if args.open && open::that_detached(format!("http://{own}/")).is_err() {
        console.mind("没能自动打开浏览器，请把上面的网址粘贴到浏览器里。\n");
    }
    let rest = Rest::new(0).map_err(|error| no_threads(&error))?;
    let follower = Follower { preview: preview.clone(), rest, root, console: *console, split: args.times };
    thread::spawn(move || follower.follow(watch));
    server.run(&preview, Guard::new(shared, machine.as_deref(), &args.allow_host)).map_err(|error| no_threads(&error))
}

fn no_threads(error: &dyn std::error::Error) -> Failure {
    Failure::Fault(Box::new(
        Diagnostic::error(SERVE_ADDRESS, "系统不让再开线程，预览停了")
            .with_note(format!("系统的说明：{error}"))
            .cause("电脑上开着的程序太多。")
            .cure("关掉一些程序，再运行 zhendi serve。"),
    ))
}

/// Follows the portal: each change is built upon the build before it and shown at once; then the rest is rendered, and
/// a line says what was done.
struct Follower {
    preview: Arc<Preview>,
    rest: Rest,
    root: PathBuf,
    console: Console,
    /// Whether each rebuild says where its time went.
    split: bool,
}

impl Follower {
    fn follow(&self, mut watch: Watch) {
        self.begin(None);
        let mut told = Told::default();
        // What was wrong from the first has been said.
        told.take(self.preview.outputs().build().diagnostics());
        while let Some(mut update) = watch.next() {
            if !update.differs {
                self.console.report(update.notes, &self.root);
                continue;
            }
            let since = Instant::now();
            self.rest.pause();
            let old = self.preview.outputs();
            let (next, turn, mut times) = loop {
                if !update.notes.is_empty() {
                    self.console.report(std::mem::take(&mut update.notes), &self.root);
                }
                let mut times = Times::after(update.spent);
                let build = zhendi::build(&update.sources, Some(old.build()));
                times.build(build.spent());
                let (next, turn) = old.next(build);
                times.lap(Part::Compare);
                // Built while it was waited whether this is all: if not, it was for nothing, and nobody has seen it.
                match watch.more(&update) {
                    Some(more) => update = more,
                    None => {
                        times.lap(Part::Quiet);
                        break (Arc::new(next), turn, times);
                    }
                }
            };
            drop(update.sources);
            let left = next.left();
            self.preview.show(next.clone());
            times.lap(Part::Swap);
            let standing = told.take(next.build().diagnostics());
            if standing.differs {
                self.console.report(standing.after_change(), &self.root);
            }
            self.begin(Some(Rebuild { changed: update.changed, turn, left, since, times, split: self.split }));
        }
    }

    /// Renders what is left, and says then what the change has cost.
    fn begin(&self, rebuild: Option<Rebuild>) {
        let (preview, console) = (self.preview.clone(), self.console);
        let outputs = preview.outputs();
        self.rest.begin(outputs.clone(), move |all| {
            if let Some(mut rebuild) = rebuild {
                rebuild.times.lap(Part::Render);
                console.say(&rebuild.line(&outputs));
            }
            if all {
                preview.settle();
            }
        });
    }
}

/// A change on its way through.
struct Rebuild {
    changed: Vec<Arc<str>>,
    turn: Turn,
    /// How many outputs were to be rendered.
    left: usize,
    since: Instant,
    times: Times,
    /// Whether to say where the time went.
    split: bool,
}

impl Rebuild {
    fn line(&self, outputs: &Outputs) -> String {
        let rendered = self.left.saturating_sub(outputs.left());
        let rebuilt = Rebuilt {
            changed: &self.changed,
            dropped: self.turn.dropped,
            rendered,
            of: outputs.build().jobs().len(),
            time: self.since.elapsed(),
            times: self.split.then_some(&self.times),
        };
        rebuilt.human()
    }
}

fn taken(wanted: u16, got: u16) -> Diagnostic {
    Diagnostic::note(SERVE_PORT_TAKEN, format!("端口 {wanted} 已经被占用，这次改用 {got}"))
        .cause("多半是另一个窗口里的 zhendi serve 还开着。")
        .cure("用下面显示的网址打开；不需要两个预览时，关掉先开的那个窗口。")
}

/// Who can see it now, and how they open it.
fn seen(at: SocketAddr, machine: Option<&str>, allowed: &[String]) -> Diagnostic {
    let address = if at.ip().is_unspecified() { place::network_address() } else { Some(at.ip()) };
    let address = address.map(|ip| match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    });
    let names = address.as_deref().into_iter().chain(machine).chain(allowed.iter().map(String::as_str));
    let warning = Diagnostic::warning(SERVE_SHARED, "能连到这台电脑的人，现在都能看到这份预览");
    let warning = names.fold(warning, |warning, name| warning.with_note(format!("http://{name}:{}/", at.port())));
    warning
        .cause("写了 -i，预览就不只对本机开放；还没有发布的改动，别人也看得到。")
        .cure("把上面的网址发给要看的人；只给自己看时，去掉 -i 再启动。")
}
