"""The figures of `serve`: how soon a save shows, beside the peer's server; how soon the whole tree is current; and what
serve holds. `edits` makes the saves, `preview` runs the servers; `run` calls one function of FIGURES a name."""

import math
import os
import shutil
import statistics
import subprocess
import time

import edits
import preview

TEMPLATES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "themes", "portal", "templates")
LINE = b'<script src="/-/live.js"></script>\n'


class Kind:
    """What came of some saves of one kind: milliseconds until each showed, and serve's lines on them."""

    def __init__(self, times, lines, wrong, never):
        self.times, self.lines, self.wrong, self.never = sorted(ms for ms, _ in times), lines, wrong, never
        self.sorts = {}
        for ms, sort in times:
            self.sorts.setdefault(sort, []).append(ms)

    @property
    def median(self):
        return statistics.median(self.times) if self.times else math.inf

    @property
    def p95(self):
        return self.times[max(0, math.ceil(len(self.times) * 0.95) - 1)] if self.times else math.inf

    def split(self):
        """What serve's own lines tell of it."""
        middle = lambda of: statistics.median(of(line) for line in self.lines)
        names = list(dict.fromkeys(name for line in self.lines for name in line.parts))
        parts = [f"{name} {middle(lambda line: line.parts.get(name, 0)):.1f}" for name in names]
        dropped, rendered, seconds = (middle(lambda line: getattr(line, name)) for name in ["dropped", "rendered", "seconds"])
        own = f"its line: dropped {dropped:.0f}, rendered {rendered:.0f}, all current {seconds:.2f} s"
        sorts = [f"{sort} {statistics.median(all):.1f}" for sort, all in self.sorts.items() if sort]
        return own + "".join(f"; {what} ms: {', '.join(them)}" for what, them in [("parts", parts), ("shown", sorts)] if them)

    def faults(self):
        return "".join([f", {self.wrong} wrong answers" * (self.wrong > 0), f", {self.never} never shown" * (self.never > 0)])


def fresh(bench, pages, offices=1):
    """A portal of its own to edit, with the theme's templates laid open in it."""
    portal = bench.folder("portal")
    subprocess.run(["cp", "-r", bench.portal(pages, offices), portal], check=True)
    shutil.copytree(TEMPLATES, os.path.join(portal, "templates"))
    os.sync()
    return portal


def settle(editor, kind="body", turn=0):
    """One save, waited for until the whole tree is current. Serve's line on it."""
    since = editor.prepare(kind, turn).make()
    return editor.preview.rebuilt(since)


def saves(editor, kind, count):
    """Makes `count` saves and measures each."""
    server, times, lines, wrong, never = editor.preview, [], [], 0, 0
    for turn in range(count):
        save = editor.prepare(kind, turn)
        # Not always at the same distance from the watcher's own look at everything, but after it.
        time.sleep(0.3 + editor.rng.random() * 0.3)
        before = preview.digest(server.get(save.url))
        server.drain()
        since = save.make()
        # Two seconds after a rebuild is through it will not come any more.
        seconds, bad = server.until(save.url, before, since, save.right, lambda now: (at := server.heard()) is not None and now - at > 2)
        if seconds is None:
            never += 1
        else:
            times.append((seconds * 1000, save.sort))
        wrong += bad
        lines.append(server.rebuilt(since))
    return Kind(times, lines, wrong, never)


# ── How soon a save shows ──────────────────────────────────────────────────────────────────────────
def measured(bench, pages):
    """All kinds of saves at so many pages, told as they come; once a run."""
    if pages not in bench.memo:
        portal, found = fresh(bench, pages), {}
        with preview.ours(bench, portal) as server:
            editor = edits.Editor(portal, "templates", server, bench.o.seed)
            settle(editor)
            for kind in edits.KINDS:
                found[kind] = saves(editor, kind, bench.o.saves)
                bench.note(f"{kind}: {found[kind].split()}")
            found["stale"] = stale(bench, portal, server)
        bench.memo[pages] = found
    return bench.memo[pages]


def stale(bench, portal, server):
    """How many addresses of a clean build do not answer with its bytes, of how many."""
    out = bench.folder("clean")
    subprocess.run([bench.zhendi(), "build", "-r", portal, "-o", out, "--names", "plain", "--date", bench.day], check=True, stdout=subprocess.DEVNULL)
    wrong, count = [], 0
    for base, _, names in os.walk(out):
        for name in names:
            path = os.path.join(base, name)
            url = "/" + os.path.relpath(path, out)
            count += 1
            status, body = server.get(preview.quote(url))
            with open(path, "rb") as f:
                if status != 200 or body.replace(LINE, b"", 1) != f.read():
                    wrong.append(url)
    shutil.rmtree(out, ignore_errors=True)
    return wrong, count


def edits_at(bench, name, pages, most, tail):
    found = measured(bench, pages)
    target = f"≤ {most} ms, p95 ≤ {tail} ms" if tail else f"≤ {most} ms"
    for kind in edits.KINDS:
        k = found[kind]
        ok = k.median <= most and (not tail or k.p95 <= tail) and not k.wrong and not k.never
        yardstick = f"{len(k.times)} saves at {pages} pages, worst {max(k.times, default=math.inf):.0f} ms{k.faults()}"
        bench.say(f"{name}/{kind}", target, f"{k.median:.1f} ms, p95 {k.p95:.1f} ms", yardstick, ok)
    wrong, count = found["stale"]
    bench.say(f"{name}/stale", "none", f"{len(wrong)} of {count}", " ".join(wrong[:3]) or "compared with a clean build of the edited portal", not wrong)


def figure_edits(bench):
    edits_at(bench, "edits", bench.o.pages, 25, 40)


def figure_edits50(bench):
    edits_at(bench, "edits50", bench.o.pages * 5, 40, None)


def figure_peer(bench):
    us = measured(bench, bench.o.pages)
    site = bench.folder("site")
    shutil.copytree(os.path.join(os.path.dirname(os.path.abspath(__file__)), "hugo"), site)
    subprocess.run(["cp", "-r", os.path.join(bench.portal(bench.o.pages), "content"), site], check=True)
    os.sync()
    with preview.peer(bench, site) as server:
        first = server.listening - server.begun
        editor = edits.Editor(site, "layouts", server, bench.o.seed)
        settle(editor)
        for kind in edits.KINDS:
            k, ours = saves(editor, kind, bench.o.peer_saves), us[kind].median
            # The median is of what it shows; if it shows none, that is later than anything.
            ratio = k.median / ours
            took = f"Hugo {k.median:.0f} ms" if k.times else "Hugo —"
            yardstick = f"{took}, {bench.o.peer_saves} saves{k.faults()}"
            bench.say(f"peer/{kind}", "at least 10 × faster", f"{ratio:.0f} × ({ours:.1f} ms)", yardstick, ratio >= 10)
        bench.note(f"Hugo: serving after {first:.1f} s, now {server.memory():.0f} MB")


# ── The whole tree, the first page ─────────────────────────────────────────────────────────────────
def figure_current(bench):
    """The render part of a clean build: what serve's own first rendering takes, from the line with its address, printed
    when the models are done, until its threads have no more to do. Nothing is written in it, as after an edit."""
    portal, parts, times, own = fresh(bench, bench.o.pages), [], [], []
    for turn in range(bench.o.rounds):
        with preview.ours(bench, portal) as server:
            parts.append(server.busy_until() - server.listening)
            editor = edits.Editor(portal, "templates", server, bench.o.seed + turn)
            settle(editor)
            time.sleep(0.5)
            for _ in range(3):
                save = editor.prepare("template", 0)
                since = save.make()
                line = server.rebuilt(since)
                times.append(line.at - since)
                own.append(line.seconds)
                time.sleep(0.5)
    part, whole = statistics.median(parts), statistics.median(times)
    builds = statistics.median(bench.build(portal)[0].wall for _ in range(3))
    # From the save to the line, the quiet period and the look included; what the line itself says leaves them out.
    yardstick = f"rendering {part:.2f} s of a build's {builds:.2f}; its line {statistics.median(own):.2f} s"
    bench.say("current", "≤ 1.5 × the rendering", f"{whole / part:.2f} × ({whole:.2f} s)", yardstick, whole <= 1.5 * part)


def figure_first(bench):
    portal, times, ready = fresh(bench, bench.o.pages), [], []
    for turn in range(bench.o.rounds + 1):
        with preview.ours(bench, portal) as server:
            server.text(server.base)
            if turn:  # The first fills the system's cache.
                times.append(time.monotonic() - server.begun)
                ready.append(server.listening - server.begun)
    took = statistics.median(times)
    yardstick = f"{bench.o.pages} pages, worst {max(times):.2f} s; address after {statistics.median(ready):.2f} s"
    bench.say("first", "under 0.9 s", f"{took:.2f} s", yardstick, took < 0.9)


# ── What it holds ──────────────────────────────────────────────────────────────────────────────────
def figure_hold(bench):
    portal = fresh(bench, bench.o.pages, 3)
    with preview.ours(bench, portal) as server:
        editor = edits.Editor(portal, "templates", server, bench.o.seed)
        settle(editor)
        first = server.memory()
        for turn in range(50):
            save = editor.prepare(edits.KINDS[turn % len(edits.KINDS)], turn // len(edits.KINDS))
            server.rebuilt(save.make())
            server.get(save.url)
        last, peak = server.memory(), server.memory("VmHWM")
    yardstick = f"{bench.o.pages} pages × 3: {first:.0f} MB, after 50 edits {last:.0f} MB, peak {peak:.0f} MB"
    bench.say("hold", "under 350 MB", f"{max(first, last):.0f} MB", yardstick, max(first, last) < 350)


def figure_loop(bench):
    """A long day over a fixed set of names and texts, so that nothing has a reason to grow."""
    count, portal = bench.o.edits, fresh(bench, max(200, bench.o.pages // 10))
    mark, memory, handles = count // 5, {}, {}
    begun = time.monotonic()
    with preview.ours(bench, portal) as server:
        editor = edits.Editor(portal, "templates", server, bench.o.seed)
        settle(editor)
        for n, (since, url) in enumerate(day(editor, count), 1):
            server.rebuilt(since)
            server.get(url)
            if n >= mark - mark // 10:
                memory[n], handles[n] = server.memory(), server.handles()
    window = max(1, mark // 10)
    then = statistics.median(memory[n] for n in range(mark - window + 1, mark + 1))
    now = statistics.median(memory[n] for n in range(count - window + 1, count + 1))
    between = [memory[n] for n in range(mark, count + 1)]
    growth = now / then - 1
    ok = abs(growth) <= 0.05 and handles[mark] == handles[count]
    yardstick = f"{then:.1f} MB at edit {mark}, {now:.1f} at {count}; {min(between):.1f} to {max(between):.1f}; {time.monotonic() - begun:.0f} s"
    bench.say("loop", "± 5 %, handles equal", f"{growth:+.1%}, {handles[mark]} → {handles[count]} handles", yardstick, ok)


def day(editor, count):
    """Makes edits one after the other; gives the moment of each and an address to ask for."""
    pages, content = editor.known[:20], editor.content
    plain = {n: edits.read(editor.files[n]) for n in pages}
    terms = sorted({t for text in plain.values() for t in edits.tags_of(text)})
    where = os.path.join(content, "study")
    extra = [os.path.join(where, f"bench-loop-{k}.md") for k in range(5)]
    aside = os.path.join(where, "bench-aside.md")
    templates = {os.path.join(editor.templates, name): end for name, end in zip(editor.names, edits.BEFORE)}
    clean = {path: edits.read(path) for path in templates}
    state, first = {}, editor.at[pages[0]]
    for n in range(count):
        number, variant = pages[n % len(pages)], n % 7
        path, url = editor.files[number], editor.at[number]
        if n % 100 == 99:
            path = list(templates)[n // 100 % 3]
            head, end, tail = clean[path].rpartition(templates[path])
            state[path] = not state.get(path)
            yield edits.write(path, head + f"<i>bench-{n // 300 % 2}</i>" * state[path] + end + tail, n % 2), url
        elif n % 10 == 7:
            path = extra[n // 10 % len(extra)]
            if os.path.exists(path):
                at = time.monotonic()
                os.remove(path)
                yield at, first
            else:
                yield edits.write(path, edits.with_title(plain[pages[0]], "循环"), n % 2), first
        elif n % 10 == 9 and (os.path.exists(extra[0]) or os.path.exists(aside)):
            pair = (extra[0], aside) if os.path.exists(extra[0]) else (aside, extra[0])
            at = time.monotonic()
            os.rename(*pair)
            yield at, first
        else:
            text = edits.with_body(plain[number], f"第 {variant} 种" + "写法" * (variant + 1))
            if n % 3 == 1:
                text = edits.with_title(text, f"题目{variant}")
            elif n % 3 == 2:
                text = edits.with_tags(text, [terms[(n + k) % len(terms)] for k in range(1 + variant % 3)])
            if text == edits.read(path):
                text = edits.with_body(text, "又一种")
            yield edits.write(path, text, n % 2), url


FIGURES = {name[len("figure_"):]: figure for name, figure in list(globals().items()) if name.startswith("figure_")}
