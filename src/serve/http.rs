//! The protocol: a small tokio runtime that speaks HTTP/1.1, checks who asks, and hands each request to a thread that
//! may block, since its page may have to be rendered first. Ranges, HEAD and the headers of every answer are here.

use std::convert::Infallible;
use std::io::{self, ErrorKind, SeekFrom};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use http_body_util::channel::Channel;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Empty, Full};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use percent_encoding::percent_decode_str;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};

use super::answer::{Answer, Content};
use super::{Guard, Preview, pages};
use crate::diag::{Diagnostic, SERVE_ADDRESS};

/// How many ports are tried after the wanted one.
const PORTS: u16 = 100;
/// How much of a file is read at a time.
const PIECE: usize = 64 * 1024;
/// How many requests are rendered or read at the same time.
const BLOCKING: usize = 16;
/// How often each browser hears that the line stands.
const BEAT: Duration = Duration::from_secs(5);

/// Where to listen.
#[derive(Clone, Copy, Debug)]
pub struct Listen {
    /// The address.
    pub address: IpAddr,
    /// The port; 0 for any.
    pub port: u16,
}

/// A port that listens, before anything is answered.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Listens on the wanted port or, if it is taken, on the next free one.
    pub fn bind(listen: Listen) -> Result<Self, Box<Diagnostic>> {
        let Listen { address, port } = listen;
        let last = if port == 0 { 0 } else { port.saturating_add(PORTS) };
        let mut fault = io::Error::from(ErrorKind::AddrInUse);
        for port in port..=last {
            match TcpListener::bind((address, port)).and_then(|listener| Ok((listener.local_addr()?, listener))) {
                Ok((address, listener)) => return Ok(Self { listener, address }),
                // Windows keeps whole ranges of ports from everybody, and calls that a lack of rights.
                Err(error) if matches!(error.kind(), ErrorKind::AddrInUse | ErrorKind::PermissionDenied) => {
                    fault = error;
                }
                Err(error) => {
                    fault = error;
                    break;
                }
            }
        }
        let wrong = Diagnostic::error(SERVE_ADDRESS, format!("不能在 {} 上预览", SocketAddr::new(address, port)))
            .with_note(format!("系统的说明：{fault}"));
        Err(Box::new(match fault.kind() {
            ErrorKind::AddrInUse => wrong
                .cause(format!("从 {port} 到 {last} 的端口都被别的程序占着。"))
                .cure("用 -p 换一个端口，例如 -p 8000。"),
            ErrorKind::PermissionDenied => wrong
                .cause("系统不让用这个端口，1024 以下的端口一般只给管理员用。")
                .cure("用 -p 换一个端口，例如 -p 8000。"),
            _ => wrong
                .cause("这台电脑没有这个地址。")
                .cure("去掉 -i，只在本机看；要给别人看，写本机的地址，或者写 -i 0.0.0.0。"),
        }))
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers from `preview` whoever `guard` admits, for ever.
    pub fn run(self, preview: &Arc<Preview>, guard: Guard) -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .max_blocking_threads(BLOCKING)
            .thread_name("http")
            .enable_all()
            .build()?;
        self.listener.set_nonblocking(true)?;
        let guard = Arc::new(guard);
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(self.listener)?;
            tokio::spawn(beat(preview.clone()));
            loop {
                // Out of handles or the like: others may let go of some.
                let Ok((stream, _)) = listener.accept().await else {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                };
                let Ok(local) = stream.local_addr() else { continue };
                let (preview, guard) = (preview.clone(), guard.clone());
                tokio::spawn(async move {
                    let service = service_fn(|request| {
                        let (preview, guard) = (preview.clone(), guard.clone());
                        async move { Ok::<_, Infallible>(respond(preview, &guard, request, local.ip()).await) }
                    });
                    let mut http = http1::Builder::new();
                    http.timer(TokioTimer::new());
                    // A browser that goes away in the middle is no fault of ours.
                    let _ = http.serve_connection(TokioIo::new(stream), service).await;
                });
            }
        })
    }
}

async fn beat(preview: Arc<Preview>) {
    loop {
        tokio::time::sleep(BEAT).await;
        let preview = preview.clone();
        let _ = tokio::task::spawn_blocking(move || preview.live.beat()).await;
    }
}

type Body = BoxBody<Bytes, io::Error>;

async fn respond(preview: Arc<Preview>, guard: &Guard, request: Request<Incoming>, local: IpAddr) -> Response<Body> {
    let head = request.method() == Method::HEAD;
    let path = request.uri().path().to_owned();
    let answer = if !guard.admits(request.uri(), request.headers(), local) {
        Answer::page(StatusCode::FORBIDDEN, pages::refused())
    } else if !head && request.method() != Method::GET {
        Answer::page(StatusCode::METHOD_NOT_ALLOWED, pages::refused())
    } else if path == "/-/events" {
        return events(preview, request.uri().query().unwrap_or_default(), head).await;
    } else {
        match tokio::task::spawn_blocking(move || preview.find(&path)).await {
            Ok(answer) => answer,
            Err(_) => Answer::page(StatusCode::INTERNAL_SERVER_ERROR, pages::failed()),
        }
    };
    dress(answer, request.headers(), head)
}

/// The stream of word for the page that the query names.
async fn events(preview: Arc<Preview>, query: &str, head: bool) -> Response<Body> {
    let value = |key: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let value = pairs.find(|(name, _)| *name == key).map_or("", |(_, value)| value);
        percent_decode_str(value).decode_utf8_lossy().into_owned()
    };
    let (page, boot, turn) = (value("page"), value("boot"), value("turn").parse().unwrap_or(0));
    let body = if head {
        empty()
    } else {
        match tokio::task::spawn_blocking(move || preview.join(&page, &boot, turn)).await {
            Ok(channel) => channel.map_err(|never| match never {}).boxed(),
            Err(_) => empty(),
        }
    };
    let mut response = Response::new(body);
    common(response.headers_mut(), "text/event-stream; charset=utf-8");
    response
}

fn empty() -> Body {
    Empty::new().map_err(|never| match never {}).boxed()
}

/// The headers of every answer.
fn common(headers: &mut HeaderMap, kind: &str) {
    let fixed = [
        (header::CACHE_CONTROL, "no-store"),
        // As strict as the intranet's own server is expected to be, so that the preview shows what would fail there.
        (header::CONTENT_SECURITY_POLICY, "default-src 'self'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    headers.extend(fixed.map(|(name, value)| (name, HeaderValue::from_static(value))));
    set(headers, header::CONTENT_TYPE, kind);
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn dress(answer: Answer, asked: &HeaderMap, head: bool) -> Response<Body> {
    let size = answer.content.size();
    let mut response = Response::new(empty());
    let headers = response.headers_mut();
    common(headers, &answer.kind);
    if answer.is_screen {
        set(headers, header::CONTENT_SECURITY_POLICY, "default-src 'self'; img-src 'self' data:");
    }
    if let Some(stamp) = &answer.stamp {
        set(headers, HeaderName::from_static("server-timing"), &format!("zhendi;desc=\"{stamp}\""));
    }
    let mut status = answer.status;
    let mut part = None;
    if status == StatusCode::METHOD_NOT_ALLOWED {
        set(headers, header::ALLOW, "GET, HEAD");
    }
    if let Some(tag) = &answer.tag {
        set(headers, header::ETAG, tag);
        set(headers, header::ACCEPT_RANGES, "bytes");
        match range(asked, tag, size) {
            Wanted::All => {}
            Wanted::Part(from, to) => {
                status = StatusCode::PARTIAL_CONTENT;
                set(headers, header::CONTENT_RANGE, &format!("bytes {from}-{to}/{size}"));
                part = Some((from, to - from + 1));
            }
            Wanted::Nothing => {
                status = StatusCode::RANGE_NOT_SATISFIABLE;
                set(headers, header::CONTENT_RANGE, &format!("bytes */{size}"));
                part = Some((0, 0));
            }
        }
    }
    let (from, length) = part.unwrap_or((0, size));
    headers.insert(header::CONTENT_LENGTH, length.into());
    *response.status_mut() = status;
    if !head && length > 0 {
        *response.body_mut() = match answer.content {
            Content::Bytes(bytes) => {
                let at = |n: u64| usize::try_from(n).unwrap_or(usize::MAX).min(bytes.len());
                Full::new(bytes.slice(at(from)..at(from + length))).map_err(|never| match never {}).boxed()
            }
            Content::File(file, _) => pieces(file, from, length),
        };
    }
    response
}

enum Wanted {
    All,
    Part(u64, u64),
    Nothing,
}

/// The part that is asked for. Several at once are answered with all, as a server may.
fn range(asked: &HeaderMap, tag: &str, size: u64) -> Wanted {
    let Some(value) = asked.get(header::RANGE).and_then(|value| value.to_str().ok()) else { return Wanted::All };
    if asked.get(header::IF_RANGE).is_some_and(|known| known != tag) {
        return Wanted::All;
    }
    let Ok(parsed) = http_range_header::parse_range_header(value) else { return Wanted::All };
    match parsed.validate(size) {
        Ok(ranges) => match ranges.as_slice() {
            [one] => Wanted::Part(*one.start(), *one.end()),
            _ => Wanted::All,
        },
        Err(_) => Wanted::Nothing,
    }
}

/// A stretch of a file, read as it is sent.
fn pieces(file: std::fs::File, from: u64, length: u64) -> Body {
    let (mut sender, body) = Channel::<Bytes, io::Error>::new(2);
    tokio::spawn(async move {
        let mut file = tokio::fs::File::from_std(file);
        let mut left = length;
        if let Err(error) = file.seek(SeekFrom::Start(from)).await {
            sender.abort(error);
            return;
        }
        while left > 0 {
            let mut piece = vec![0; PIECE.min(usize::try_from(left).unwrap_or(PIECE))];
            match file.read(&mut piece).await {
                // Cut short while we read: the connection breaks, so that nobody takes the rest for all.
                Ok(0) => {
                    sender.abort(ErrorKind::UnexpectedEof.into());
                    return;
                }
                Ok(n) => {
                    piece.truncate(n);
                    left -= n as u64;
                    if sender.send(Frame::data(piece.into())).await.is_err() {
                        return;
                    }
                }
                Err(error) => {
                    sender.abort(error);
                    return;
                }
            }
        }
    });
    body.boxed()
}
