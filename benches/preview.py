"""A preview server under measurement, ours or the peer's: starts it, asks it over one kept connection, reads its
memory, handles and processor time, and hears from its terminal when a change is through. `edits` makes the changes,
`serve` the figures."""

import hashlib
import http.client
import os
import queue
import re
import socket
import subprocess
import threading
import time
from urllib.parse import quote, unquote, urljoin, urlsplit

# Polled so often.
EVERY = 0.002
# Longer than this nobody waits for one change.
PATIENCE = 60.0


class Line:
    """One line of the terminal on a rebuild: when it came, and what it tells."""

    OURS = re.compile(r"作废 (\d+) 个文件，生成 (\d+) 个，共 (\d+) 个，用时 ([\d.]+) 秒")
    PEER = re.compile(r"^Total in ([\d.]+) ms")
    PARTS = re.compile(r"([\u4e00-\u9fff]+) ?([\d.]+) ?毫秒")

    def __init__(self, at, text):
        self.at, self.text = at, text
        ours, peer = self.OURS.search(text), self.PEER.search(text)
        self.known = bool(ours or peer)
        self.dropped, self.rendered, self.of = (int(n) for n in ours.groups()[:3]) if ours else (0, 0, 0)
        self.seconds = float(ours.group(4)) if ours else float(peer.group(1)) / 1000 if peer else 0.0
        # How serve splits its time up.
        self.parts = {name: float(ms) for name, ms in self.PARTS.findall(text)}


class Preview:
    """A running server. `base` is the path below which the edition lies."""

    def __init__(self, args, address, base, log, cwd=None):
        self.base, self.log = base, log
        self.lines, self.tail = queue.Queue(), []
        self.begun = time.monotonic()
        self.child = subprocess.Popen(args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=open(log, "wb"), cwd=cwd)
        self.there = threading.Event()
        self.host = None
        threading.Thread(target=self._hear, args=(re.compile(address),), daemon=True).start()
        if not self.there.wait(PATIENCE * 2) or not self.host:
            self.stop()
            raise SystemExit(f"did not start: {' '.join(args)}\n{self.said()}")
        self.listening = time.monotonic()
        self.pid = self.child.pid
        self.connect()

    def _hear(self, address):
        for raw in self.child.stdout:
            text = raw.decode("utf-8", "replace").rstrip("\n")
            self.tail = [*self.tail[-40:], text]
            if self.host is None and (found := address.search(text)):
                self.host = found.group(1)
                self.there.set()
            line = Line(time.monotonic(), text)
            if line.known:
                self.lines.put(line)
        self.there.set()

    def said(self):
        return "\n".join(self.tail) + "\n" + open(self.log, encoding="utf-8", errors="replace").read()[-3000:]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.child.terminate()
        try:
            self.child.wait(10)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()

    # ── Asking ─────────────────────────────────────────────────────────────────────────────────────
    def connect(self):
        self.line = http.client.HTTPConnection(self.host, timeout=PATIENCE)

    def get(self, path):
        """Status and bytes."""
        self.line.request("GET", path)
        answer = self.line.getresponse()
        return answer.status, answer.read()

    def text(self, path):
        status, body = self.get(path)
        if status != 200:
            raise SystemExit(f"{path}: {status}\n{self.said()}")
        return body.decode("utf-8")

    def until(self, path, before, since, right, give_up):
        """Polls until the answer is no longer `before`, the status and hash from before the save, and is `right`.
        Seconds from `since`, and how many changed answers were wrong; the seconds are None if `give_up()` came first."""
        tick, wrong, last = time.monotonic(), 0, before
        while True:
            answer = self.get(path)
            now = time.monotonic()
            mark = digest(answer)
            if mark != before:
                if right(*answer):
                    return now - since, wrong
                wrong += mark != last
            last = mark
            if now - since > PATIENCE or give_up(now):
                return None, wrong
            tick = max(tick + EVERY, now)
            time.sleep(max(0.0, tick - time.monotonic()))

    def rebuilt(self, since, patience=PATIENCE * 3):
        """Waits for the line on the first rebuild that ended after `since`."""
        end = time.monotonic() + patience
        while True:
            try:
                line = self.lines.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                raise SystemExit(f"no word of a rebuild within {patience:.0f} s\n{self.said()}") from None
            if line.at >= since:
                return line

    def heard(self):
        """Whether a line on a rebuild waits to be read; and when it came."""
        with self.lines.mutex:
            return self.lines.queue[-1].at if self.lines.queue else None

    def drain(self):
        while not self.lines.empty():
            self.lines.get_nowait()

    # ── The process ────────────────────────────────────────────────────────────────────────────────
    def memory(self, what="VmRSS"):
        """In MB."""
        for row in open(f"/proc/{self.pid}/status", encoding="utf-8"):
            if row.startswith(what + ":"):
                return int(row.split()[1]) / 1024
        raise SystemExit(f"no {what}")

    def handles(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def cpu(self):
        """Seconds of processor time of the threads that live, to the nanosecond; `stat` counts in hundredths."""
        total = 0
        for task in os.listdir(f"/proc/{self.pid}/task"):
            try:
                with open(f"/proc/{self.pid}/task/{task}/schedstat", encoding="ascii") as f:
                    total += int(f.read().split()[0])
            except (FileNotFoundError, ProcessLookupError):
                pass
        return total / 1e9

    def busy_until(self, quiet=0.12):
        """Waits until the process has nothing to do for `quiet` seconds, before its watcher looks at everything: the
        moment at which it became idle."""
        last, at, used = time.monotonic(), time.monotonic(), self.cpu()
        while at - last < quiet:
            time.sleep(0.004)
            was, used, at = used, self.cpu(), time.monotonic()
            if used - was > 0.001:
                last = at
        return last

    # ── Where things are ───────────────────────────────────────────────────────────────────────────
    def addresses(self):
        """By number: the address of each page of the corpus whose address still shows its number."""
        found = re.findall(r"<loc>([^<]*-(\d{5})\.html)</loc>", self.text(self.base + "sitemap.xml"))
        return {int(number): ask(urlsplit(url).path) for url, number in found}

    def links(self, text):
        """The numbers of the corpus's pages that `text` links to."""
        return [int(number) for number in re.findall(r'href="[^"#]*-(\d{5})\.html"', text)]

    def link(self, path, text, pattern):
        """The address that the first link fitting `pattern` on the page at `path` leads to."""
        found = re.search(pattern, text)
        return found and ask(urlsplit(urljoin(f"http://{self.host}{path}", found.group(1))).path)


def ask(path):
    """An address as it is asked for: encoded once, a folder by itself, since the peer redirects from its index."""
    return quote(unquote(path).removesuffix("index.html"))


def digest(answer):
    status, body = answer
    return status, hashlib.blake2b(body, digest_size=16).digest()


def ours(bench, portal, *more):
    """`zhendi serve` on the portal."""
    args = [bench.zhendi(), "serve", "-r", portal, "-p", "0", "--date", bench.day, "--times", *more]
    return Preview(args, r"^预览： *http://([^/]+)/", "/east/", bench.folder("serve.log"))


def peer(bench, site):
    """`hugo server` on the site, rendering everything after each change, in memory."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    args = [bench.hugo(), "server", "-s", site, "--disableFastRender", "--renderToMemory", "--noBuildLock",
            "--bind", "127.0.0.1", "-p", str(port), "-b", f"http://127.0.0.1:{port}/", "--appendPort=false"]
    return Preview(args, r"available at (?:http:)?//([^/]+)/", "/", bench.folder("hugo.log"), cwd=site)
