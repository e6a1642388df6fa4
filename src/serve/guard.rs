//! Who may ask. A web page anywhere can have a name that leads to this machine, and so make a browser ask us on its
//! behalf; but the browser then sends that name along. Only names that are known to mean this server are answered.

use std::net::IpAddr;

use hyper::header::{HOST, HeaderMap, ORIGIN};
use hyper::http::uri::{Authority, Uri};

/// The names under which the server may be asked for.
#[derive(Clone, Debug)]
pub struct Guard {
    names: Vec<String>,
    shared: bool,
}

impl Guard {
    /// Loopback names always; with `shared` the address that was asked and the machine's name too; `allowed` always.
    pub fn new(shared: bool, machine: Option<&str>, allowed: &[String]) -> Self {
        let machine = machine.filter(|_| shared).into_iter();
        let names = machine.chain(allowed.iter().map(String::as_str)).map(plain).collect();
        Self { names, shared }
    }

    /// Whether a request that arrived at `local` is answered.
    pub(super) fn admits(&self, uri: &Uri, headers: &HeaderMap, local: IpAddr) -> bool {
        let mut hosts = headers.get_all(HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
        let Some(host) = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok()) else { return false };
        if uri.authority().is_some_and(|authority| authority != &host) || host.as_str().contains('@') {
            return false;
        }
        let own = |origin: &str| {
            origin.split_once("://").is_some_and(|(_, rest)| rest.parse::<Authority>().is_ok_and(|from| from == host))
        };
        // What a page of ours asks for comes from the very address that it asks.
        headers.get_all(ORIGIN).iter().all(|origin| origin.to_str().is_ok_and(own)) && self.knows(host.host(), local)
    }

    fn knows(&self, host: &str, local: IpAddr) -> bool {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        match bare.parse::<IpAddr>() {
            // A number cannot be made to mean something else.
            Ok(address) => {
                let address = address.to_canonical();
                address.is_loopback()
                    || (self.shared && address == local.to_canonical())
                    || self.names.iter().any(|name| *name == bare)
            }
            Err(_) => {
                let host = plain(host);
                host == "localhost" || self.names.contains(&host)
            }
        }
    }
}

fn plain(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(guard: &Guard, host: &str, origin: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().expect("a value"));
        if let Some(origin) = origin {
            headers.insert(ORIGIN, origin.parse().expect("a value"));
        }
        guard.admits(&Uri::from_static("/"), &headers, "10.1.2.3".parse().expect("an address"))
    }

    #[test]
    fn loopback_names_alone_by_default() {
        let guard = Guard::new(false, Some("pc01"), &[]);
        for host in ["127.0.0.1:1111", "localhost:1111", "LOCALHOST", "localhost.", "[::1]:1111", "127.9.9.9"] {
            assert!(admits(&guard, host, None), "{host}");
        }
        for host in
            ["evil.example", "pc01:1111", "10.1.2.3", "localhost.evil.example", "a@localhost", "", "[::1", "0.0.0.0"]
        {
            assert!(!admits(&guard, host, None), "{host}");
        }
    }

    #[test]
    fn a_shared_preview_has_more_names() {
        let guard = Guard::new(true, Some("PC01"), &["preview.example.gov.cn".to_owned()]);
        for host in ["pc01:1111", "10.1.2.3:1111", "preview.example.gov.cn", "localhost"] {
            assert!(admits(&guard, host, None), "{host}");
        }
        for host in ["evil.example", "pc01.evil.example", "10.1.2.4", "example.gov.cn"] {
            assert!(!admits(&guard, host, None), "{host}");
        }
    }

    #[test]
    fn what_another_page_asks_for_is_refused() {
        let guard = Guard::new(false, None, &[]);
        assert!(admits(&guard, "localhost:1111", Some("http://localhost:1111")));
        for origin in ["http://evil.example", "null", "http://localhost:8080", "http://127.0.0.1:1111", ""] {
            assert!(!admits(&guard, "localhost:1111", Some(origin)), "{origin}");
        }
    }

    #[test]
    fn one_name_is_needed_and_only_one() {
        let guard = Guard::new(false, None, &[]);
        let local = "127.0.0.1".parse().expect("an address");
        assert!(!guard.admits(&Uri::from_static("/"), &HeaderMap::new(), local));
        let mut twice = HeaderMap::new();
        twice.append(HOST, "localhost".parse().expect("a value"));
        twice.append(HOST, "localhost".parse().expect("a value"));
        assert!(!guard.admits(&Uri::from_static("/"), &twice, local));
        let mut headers = HeaderMap::new();
        headers.insert(HOST, "localhost".parse().expect("a value"));
        assert!(!guard.admits(&Uri::from_static("http://evil.example/"), &headers, local));
    }
}
