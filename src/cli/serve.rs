//! `zhendi serve`: builds, listens, says where to look, and follows the folder: each change is built upon the build
//! before it and shown at once; what nobody has asked for is rendered when idle.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use zhendi::diag::{Diagnostic, SERVE_ADDRESS, SERVE_PORT_TAKEN, SERVE_SHARED};
use zhendi::outputs::{Outputs, Turn};
use zhendi::serve::{Guard, Listen, Preview, Rest, Server};
use zhendi::watch::{How, Watch};

use super::args::Serve;
use super::console::{Console, Failure};
use super::place::{self, Asked};
use super::summary::rebuilt;

/// How many bytes of rendered pages are held.
const HELD: usize = 64 << 20;

/// Runs the command, until it is broken off.
pub fn serve(args: &Serve, console: &Console) -> Result<(), Failure> {
    let Asked { root, options, .. } = place::asked(&args.portal, &args.view, None)?;
    let server = Server::bind(Listen { address: args.interface, port: args.port }).map_err(Failure::Fault)?;
    let at = server.address();
    let shared = !at.ip().is_loopback();
    let machine = place::machine();

    let how = if args.poll { How::Poll } else { How::Auto };
    let (sources, watch) = Watch::start(&root, options, how);
    let outputs = Arc::new(Outputs::new(zhendi::build(&sources, None), HELD));
    let preview = Arc::new(Preview::new(&root, outputs.clone(), shared));
    drop(sources);
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
    let follower = Follower { preview: preview.clone(), rest, root, console: *console };
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
}

impl Follower {
    fn follow(&self, mut watch: Watch) {
        self.begin(None);
        // What was wrong from the first has been said.
        let first = self.preview.outputs();
        let mut told: HashSet<String> =
            first.build().diagnostics().iter().map(|problem| format!("{problem:?}")).collect();
        while let Some(update) = watch.next() {
            let since = Instant::now();
            if !update.notes.is_empty() {
                self.console.report(update.notes, &self.root);
            }
            self.rest.pause();
            let old = self.preview.outputs();
            let build = zhendi::build(&update.sources, Some(old.build()));
            drop(update.sources);
            let (next, turn) = old.next(build);
            let next = Arc::new(next);
            let left = next.missing().len();
            self.preview.show(next.clone());
            self.tell(&next, &mut told);
            self.begin(Some(Rebuild { changed: update.changed, turn, left, since }));
        }
    }

    /// Says what is wrong, but not what was said after the change before already.
    fn tell(&self, outputs: &Outputs, told: &mut HashSet<String>) {
        let mut now = HashSet::new();
        let mut new = Vec::new();
        for problem in outputs.build().diagnostics() {
            let key = format!("{problem:?}");
            if problem.is_error() || !told.contains(&key) {
                new.push(problem.clone());
            }
            now.insert(key);
        }
        if *told != now && !new.is_empty() {
            self.console.report(new, &self.root);
        }
        *told = now;
    }

    /// Renders what is left, and says then what the change has cost.
    fn begin(&self, rebuild: Option<Rebuild>) {
        let (preview, console) = (self.preview.clone(), self.console);
        let outputs = preview.outputs();
        self.rest.begin(outputs.clone(), move |all| {
            if let Some(rebuild) = rebuild {
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
}

impl Rebuild {
    fn line(&self, outputs: &Outputs) -> String {
        let rendered = self.left.saturating_sub(outputs.missing().len());
        let (dropped, of, time) = (self.turn.dropped, outputs.build().jobs().len(), self.since.elapsed());
        rebuilt(&self.changed, dropped, rendered, of, time)
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
