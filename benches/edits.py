"""Saves in a portal as staff make them, one kind after the other: each is prepared first, so that the page to ask for
is known, and made then, in one of the two ways in which editors write. The same for us and for the peer: which pages
are listed where is read from what the server shows."""

import os
import random
import re
import time

KINDS = ["body", "title", "tag", "new", "delete", "template"]
MARK = re.compile(r"<i>bench-\d+</i>")
# The template on every page, the one of an entry in lists, the one of a page.
TEMPLATES = ["base.html", "parts/entry.html", "page.html"]
PEER_TEMPLATES = ["baseof.html", "_partials/entries.html", "page.html"]
BEFORE = ["</body>", "</li>", "</article>"]


class Save:
    """One save: `make` makes it and gives the moment before its last system call; `right` judges an answer. `sort`
    tells apart what one kind does in turn."""

    def __init__(self, url, make, right, sort=""):
        self.url, self.make, self.right, self.sort = url, make, right, sort


def write(path, text, in_place):
    """Truncates and writes, as Notepad does, or writes a file beside and renames it, as VS Code and WPS do."""
    data = text.encode("utf-8")
    if in_place:
        f = open(path, "wb")
        f.write(data)
        f.flush()
        at = time.monotonic()
        f.close()
    else:
        beside = path + ".tmp"
        with open(beside, "wb") as f:
            f.write(data)
        at = time.monotonic()
        os.rename(beside, path)
    return at


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def tags_of(text):
    return re.search(r"^tags: \[(.*)\]$", text, re.M).group(1).split(", ")


def with_tags(text, tags):
    return re.sub(r"^tags: \[.*\]$", f"tags: [{', '.join(tags)}]", text, count=1, flags=re.M)


def with_title(text, title):
    return re.sub(r"^title: .*$", lambda _: f"title: {title}", text, count=1, flags=re.M)


def with_body(text, word):
    """The text with one paragraph at its end that says `word`, the one from before replaced."""
    return re.sub(r"\n*改动的一段：.*\n*\Z", "", text) + f"\n\n改动的一段：{word}。\n"


class Editor:
    """Edits one portal (or the peer's site) that `preview` shows."""

    def __init__(self, portal, templates, preview, seed=1):
        self.content, self.templates, self.preview = os.path.join(portal, "content"), os.path.join(portal, templates), preview
        self.names = PEER_TEMPLATES if templates == "layouts" else TEMPLATES
        self.rng = random.Random(seed)
        self.count = 0
        self.files = {}
        for base, _, names in os.walk(self.content):
            for name in names:
                if found := re.search(r"-(\d{5})\.md$", name):
                    self.files[int(found.group(1))] = os.path.join(base, name)
        self.at = preview.addresses()
        self.known = sorted(self.files.keys() & self.at.keys())
        self.made, self.unlinked = [], None

    def prepare(self, kind, turn):
        self.count += 1
        return getattr(self, kind)(turn)

    def page(self):
        """Any page whose address is known."""
        return self.rng.choice(self.known)

    def writes(self, path, text, turn):
        return lambda: write(path, text, turn % 2 == 1)

    # ── The kinds ──────────────────────────────────────────────────────────────────────────────────
    def body(self, turn):
        number = self.page()
        word = f"第 {self.count} 次"
        text = with_body(read(self.files[number]), word)
        return Save(self.at[number], self.writes(self.files[number], text, turn), has(word))

    def title(self, turn):
        """In turn a list page, a neighbour, a tag page, home."""
        show, where = self.preview, turn % 4
        while True:
            if where == 1:
                number = self.page()
                url = show.link(self.at[number], show.text(self.at[number]), r'<a rel="(?:prev|next)" href="([^"]+)"')
                listed = [number] if url else []
            else:
                url = [self.section(), None, self.term()[1], show.base][where]
                listed = [n for n in show.links(show.text(url)) if n in self.files]
            if listed:
                break
        number = self.rng.choice(listed)
        text = read(self.files[number])
        title = re.search(r"^title: (.*)$", text, re.M).group(1).split("改名")[0] + f"改名{self.count}"
        return Save(url, self.writes(self.files[number], with_title(text, title), turn), has(title), ["list", "neighbour", "tag", "home"][where])

    def tag(self, turn):
        """A page gets a tag, then a page loses one: the tag's page is asked for, which tells how many it lists."""
        while True:
            name, url = self.term()
            text = self.preview.text(url)
            count = int(re.search(r"共 (\d+) 篇", text).group(1))
            if turn % 2 == 0:
                number, step = self.page(), 1
            else:
                listed = [n for n in self.preview.links(text) if n in self.files]
                if count < 2 or not listed:
                    continue
                number, step = self.rng.choice(listed), -1
            source = read(self.files[number])
            tags = tags_of(source)
            if (name in tags) == (step < 0) and (step > 0 or len(tags) > 1):
                break
        tags = [*tags, name] if step > 0 else [t for t in tags if t != name]
        # In place only every second pair, so that both directions are written in both ways.
        make = self.writes(self.files[number], with_tags(source, tags), turn // 2)
        return Save(url, make, has(f"共 {count + step} 篇"), "more" if step > 0 else "less")

    def new(self, turn):
        like = self.page()
        folder, where = os.path.dirname(self.files[like]), os.path.dirname(self.at[like])
        word = f"新建 {self.count}"
        text = with_body(with_title(read(self.files[like]), word), word)
        text = re.sub(r"^date: .*$", "date: 2026-11-20", text, count=1, flags=re.M)
        path, url = os.path.join(folder, f"bench-n{self.count}.md"), f"{where}/bench-n{self.count}.html"
        self.made.append((path, url))
        return Save(url, self.writes(path, text, turn), has(word))

    def delete(self, turn):
        """In turn a page made before, which is among the newest, and one of the corpus that no page links to: a broken
        link is another matter."""
        if turn % 2 == 0 and self.made:
            (path, url), sort = self.made.pop(), "newest"
        else:
            if self.unlinked is None:
                linked = set()
                for path in [*self.files.values(), *(path for path, _ in self.made)]:
                    linked.update(int(n) for n in re.findall(r"\]\([^)#]*-(\d{5})\.md", read(path)))
                self.unlinked = [n for n in self.known if n not in linked]
                self.rng.shuffle(self.unlinked)
            number = self.unlinked.pop()
            self.known.remove(number)
            path, url, sort = self.files.pop(number), self.at.pop(number), "any"

        def make():
            at = time.monotonic()
            os.remove(path)
            return at

        return Save(url, make, lambda status, _: status == 404, sort)

    def template(self, turn):
        which = turn % 3
        path, mark = os.path.join(self.templates, self.names[which]), f"<i>bench-{self.count}</i>"
        head, end, tail = MARK.sub("", read(path)).rpartition(BEFORE[which])
        url = self.section() if which == 1 else self.at[self.page()]
        return Save(url, self.writes(path, head + mark + end + tail, turn), has(mark), self.names[which])

    # ── Where to look ──────────────────────────────────────────────────────────────────────────────
    def section(self):
        """A section's first list page, found through a page of it."""
        url = self.at[self.page()]
        return self.preview.link(url, self.preview.text(url), r'<a href="([^"]+)" aria-current="true"')

    def term(self):
        """A tag's name and address, through a page that bears it."""
        number = self.page()
        url, tag = self.at[number], self.rng.choice(tags_of(read(self.files[number])))
        found = self.preview.link(url, self.preview.text(url), rf'<a href="([^"]+)">{tag}</a>')
        if not found:
            raise SystemExit(f"{url} does not link to {tag}")
        return tag, found


def has(word):
    word = word.encode("utf-8")
    return lambda status, body: status == 200 and word in body
