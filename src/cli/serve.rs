//! `zhendi serve`: builds, listens, says where to look, and follows the folder: each change is built upon the build
//! before it and shown at once; what nobody has asked for is rendered when idle.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use zhendi::diag::{Diagnostic, SERVE_ADDRESS, SERVE_PORT_TAKEN, SERVE_SHARED};
use zhendi::outputs::Outputs;
use zhendi::serve::{Guard, Listen, Preview, Server};
use zhendi::source::{Options, Sources};

use super::args::Serve;
use super::console::{Console, Failure};
use super::place;

/// How many bytes of rendered pages are held.
const HELD: usize = 64 << 20;

/// Runs the command, until it is broken off.
pub fn serve(args: &Serve, console: &Console) -> Result<(), Failure> {
    let (root, config) = place::portal(&args.portal)?;
    let options = Options {
        config,
        drafts: args.drafts,
        names: args.names.0,
        editions: args.edition.clone(),
        clock: place::clock(args.date)?,
        output: Some(place::output(&root, None)),
    };
    let server = Server::bind(Listen { address: args.interface, port: args.port }).map_err(Failure::Fault)?;
    let at = server.address();
    let shared = !at.ip().is_loopback();
    let machine = place::machine();

    let sources = Sources::read(&root, options);
    let outputs = Arc::new(Outputs::new(zhendi::build(&sources, None), HELD));
    let preview = Arc::new(Preview::new(&root, outputs.clone(), shared));
    let mut problems = outputs.build().diagnostics().to_vec();
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
    let watched = preview.clone();
    thread::spawn(move || follow(&watched, sources));
    server.run(&preview, Guard::new(shared, machine.as_deref(), &args.allow_host)).map_err(|error| {
        Failure::Fault(Box::new(
            Diagnostic::error(SERVE_ADDRESS, "系统不让再开线程，预览停了")
                .with_note(format!("系统的说明：{error}"))
                .cause("电脑上开着的程序太多。")
                .cure("关掉一些程序，再运行 zhendi serve。"),
        ))
    })
}

/// Looks at the whole folder again and again. The watcher takes this function's place.
fn follow(preview: &Arc<Preview>, mut sources: Sources) {
    idle(preview);
    loop {
        thread::sleep(Duration::from_millis(100));
        let now = Sources::read(sources.root(), sources.options().clone());
        if now.hash() == sources.hash() {
            continue;
        }
        sources = now;
        let old = preview.outputs();
        let (next, _) = old.next(zhendi::build(&sources, Some(old.build())));
        preview.show(Arc::new(next));
        idle(preview);
    }
}

/// Renders what nobody has asked for, as long as it is what is shown.
fn idle(preview: &Arc<Preview>) {
    let preview = preview.clone();
    thread::spawn(move || {
        let outputs = preview.outputs();
        let mut worker = outputs.build().worker();
        for job in outputs.missing() {
            if !Arc::ptr_eq(&outputs, &preview.outputs()) {
                return;
            }
            outputs.make(job, &mut worker);
        }
        preview.settle();
    });
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
