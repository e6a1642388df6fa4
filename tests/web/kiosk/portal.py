"""Half of checker.py: what zhendi.toml and the front matter say of a screen, as docs/kiosk.md explains it.

Reads no output of the program. What it does not understand it refuses, rather than guess.
"""

import re
import tomllib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

NAMES = {
    "标题": "title", "短题": "short", "日期": "date", "publishDate": "date", "下线": "expires", "expiryDate": "expires",
    "草稿": "draft", "类型": "kind", "办公区": "offices", "范围": "audience", "投屏": "kiosk", "默认": "cascade",
    "专题": "topics", "条线": "business",
}
KIOSK_NAMES = {"播放": "show", "秒数": "seconds", "开始": "from", "结束": "until", "时段": "hours", "屏幕": "screens", "次数": "weight"}
KINDS = {"study": "学习资料", "case": "典型案例", "policy": "政策解读", "notice": "通知"}
WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


# ── front matter: as much of YAML as people write there ──────────────────────────────────────────────────────────────


def scalar(text):
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    text = re.sub(r"\s+#.*$", "", text)
    if text[:1] in ("[", "{"):
        found, rest = flow(text)
        if rest.strip():
            raise ValueError(f"not understood: {text}")
        return found
    if text in ("true", "false"):
        return text == "true"
    if text in ("", "~", "null"):
        return None
    if text[0] in "&*!|>%@`":
        raise ValueError(f"not understood: {text}")
    return text


def flow(text):
    """A list or map on one line, and what follows it."""
    ends = "]" if text[0] == "[" else "}"
    items, rest = [], text[1:].lstrip()
    while not rest.startswith(ends):
        key = None
        named = re.match(r"([^\[\]{},:：]+)[:：]\s*", rest) if ends == "}" else None
        if ends == "}":
            key, rest = named.group(1).strip(), rest[named.end() :]
        if rest[:1] in ("[", "{"):
            value, rest = flow(rest)
        else:
            plain = re.match(r"""("[^"]*"|'[^']*'|[^\[\]{},]*)""", rest)
            value, rest = scalar(plain.group(1)), rest[plain.end() :]
        items.append((key, value))
        rest = rest.lstrip()
        if rest[:1] == ",":
            rest = rest[1:].lstrip()
        elif not rest.startswith(ends):
            raise ValueError(f"not understood: {text}")
    return (dict(items) if ends == "}" else [value for _, value in items]), rest[1:]


def block(lines, indent):
    """The map or list that stands at this indent; takes its lines away."""
    if lines[0].lstrip().startswith("- "):
        out = []
        while lines and len(lines[0]) - len(lines[0].lstrip()) == indent and lines[0].lstrip().startswith("- "):
            item = lines.pop(0).lstrip()[2:]
            out.append(scalar(item))
            while lines and len(lines[0]) - len(lines[0].lstrip()) > indent:
                lines.pop(0)  # lists of maps (attachments) say nothing of screens
        return out
    out = {}
    while lines and len(lines[0]) - len(lines[0].lstrip()) == indent:
        line = lines.pop(0).strip()
        quoted = re.match(r"""(["'])(.+?)\1\s*[:：]\s*(.*)$""", line)
        plain = re.match(r"([^:：\"']+?)\s*[:：]\s*(.*)$", line)
        if not (quoted or plain):
            raise ValueError(f"not understood: {line}")
        key, rest = quoted.group(2, 3) if quoted else plain.group(1, 2)
        inner = len(lines[0]) - len(lines[0].lstrip()) if lines else 0
        if rest == "" and lines and (inner > indent or lines[0].lstrip().startswith("- ")):
            out[key] = block(lines, inner)
        else:
            out[key] = scalar(rest)
    return out


def front_matter(path):
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    if lines[0].strip() != "---":
        return {}
    end = next(n for n in range(1, len(lines)) if lines[n].strip() == "---")
    kept = [line for line in lines[1:end] if line.strip() and not line.lstrip().startswith("#")]
    found = block(kept, 0) if kept else {}
    if kept:
        raise ValueError(f"{path}: not understood from {kept[0]}")
    return {NAMES.get(key, key): value for key, value in found.items()}


# ── values ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def as_list(value):
    if value is None:
        return []
    return value if isinstance(value, list) else [one.strip() for one in re.split("[,，、]", str(value)) if one.strip()]


def as_date(value):
    if value is None:
        return None
    if isinstance(value, (date, datetime)):
        return date(value.year, value.month, value.day)
    year, month, day = re.match(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})", str(value)).groups()
    return date(int(year), int(month), int(day))


def minute(text):
    hour, rest = re.split("[:：]", text.strip())
    return int(hour) * 60 + int(rest)


def windows(text):
    out = []
    for part in re.split("[,，、;；]", text):
        if part.strip():
            a, b = (minute(one) for one in re.split("[-－–—~～至]+", part.strip()))
            out += [[a, b]] if a < b else [[a, 1440]] + ([[0, b]] if b else [])
    return sorted(out)


def week(value):
    if value is None:
        return [[[0, 1440]] for _ in range(7)]
    if isinstance(value, str):
        return [windows(value) for _ in range(7)]
    out = [[] for _ in range(7)]
    for at, name in enumerate(WEEK):
        group = "workdays" if at < 5 else "weekend"
        said = value.get(name, value.get(group, ""))
        out[at] = windows(said)
    return out


def moment(value, whole_day):
    """A day alone means its begin; or its end, which is the next day's begin."""
    if value is None:
        return None
    day = as_date(value)
    clock = re.search(r"[ T　]\s*(\d{1,2})[:：](\d{2})", str(value))
    if clock:
        return datetime.combine(day, time(int(clock.group(1)), int(clock.group(2))))
    return datetime.combine(day + timedelta(days=1 if whole_day else 0), time())


def text_of(at):
    return at.strftime("%Y-%m-%dT%H:%M") if at else None


# ── the portal ───────────────────────────────────────────────────────────────────────────────────────────────────────


class Page:
    def __init__(self, portal, path):
        self.path = str(path.relative_to(portal.content))
        self.front = front_matter(path)
        folder = path.parent.parent if path.name == "index.md" else path.parent
        self.folder = "" if folder == portal.content else str(folder.relative_to(portal.content))
        #: The sections above, the nearest first, the outermost (content itself) last.
        self.above = []
        while True:
            index = folder / "_index.md"
            name = "" if folder == portal.content else str(folder.relative_to(portal.content))
            self.above.append((name, front_matter(index) if index.exists() else {}))
            if folder == portal.content:
                break
            folder = folder.parent
        self.title = self.front["title"]
        self.date = as_date(self.front.get("date"))
        self.expires = as_date(self.front.get("expires"))
        self.topics = as_list(self.front.get("topics"))
        self.business = as_list(self.front.get("business"))
        said = self.said("kiosk")
        said = {"show": said} if isinstance(said, bool) else said or {}
        self.kiosk = {KIOSK_NAMES.get(key, key): value for key, value in said.items()}
        self.kind = self.kind_of(portal)
        self.audience = self.audience_of()
        self.offices = self.offices_of(portal)

    def defaults(self):
        """What the sections above say for all below them, the nearest first."""
        for _, front in self.above:
            cascade = front.get("cascade")
            if isinstance(cascade, dict):
                yield {NAMES.get(key, key): value for key, value in cascade.items()}

    def said(self, key):
        for front in [self.front, *self.defaults()]:
            if front.get(key) is not None:
                return front[key]
        return None

    def kind_of(self, portal):
        word = self.said("kind")
        if word is None:
            for name, front in self.above:
                word = front.get("kind") or portal.section_kinds.get(name)
                if word is not None:
                    break
        return next((pair for pair in portal.kinds.items() if word in pair), None)

    def audience_of(self):
        words = {"internal": "internal", "内部": "internal", "public": "public", "公开": "public"}
        if self.front.get("audience") is not None:
            return words[self.front["audience"]]
        for _, front in self.above:
            cascade = front.get("cascade") or {}
            said = cascade.get("audience") or cascade.get("范围") or front.get("audience")
            if said is not None:
                return words[said]
        return "internal"

    def offices_of(self, portal):
        found = portal.offices_named(as_list(self.said("offices")))
        for _, front in self.above:
            found = found & portal.offices_named(as_list(front.get("offices")))
        return found

    def is_draft(self):
        return self.said("draft") is True


class Portal:
    def __init__(self, root, today):
        self.content = Path(root) / "content"
        self.today = date.fromisoformat(today)
        self.config = tomllib.loads((Path(root) / "zhendi.toml").read_text(encoding="utf-8"))
        self.kinds = dict(KINDS)
        for name, said in self.config.get("kinds", {}).items():
            self.kinds[name] = said.get("name", self.kinds.get(name, name))
        self.section_kinds = {one["path"]: one.get("kind") for one in self.config.get("sections", [])}
        self.every_office = {one["id"] for one in self.config["offices"]}
        files = [one for one in self.content.rglob("*.md") if one.name != "_index.md"]
        self.pages = [Page(self, one) for one in files]
        titles = [page.title for page in self.pages]
        if len(set(titles)) != len(titles):
            raise ValueError("two pages of the same title: this checker tells pages by their titles")

    def offices_named(self, words):
        if not words:
            return set(self.every_office)
        return {one["id"] for one in self.config["offices"] for word in words if word in (one["id"], one["name"], one.get("short"))}

    def screens(self):
        return [f"{office['id']}/{screen['id']}" for office in self.config["offices"] for screen in office.get("screens", [])]

    def programme(self, which, slides):
        office_id, screen_id = which.split("/")
        office = next(one for one in self.config["offices"] if one["id"] == office_id)
        screen = next(one for one in office["screens"] if one["id"] == screen_id)
        seconds = min(max(screen.get("seconds", 12), 3), 600)
        pinned = [one.replace("\\", "/").strip("/").removeprefix("content/") for one in screen.get("pages", [])]
        chosen = [page for page in self.pages if self.holds(screen, office_id, pinned, page)]
        # Sorting keeps the order of what is equal, so the last word is said first
        chosen.sort(key=lambda page: page.path.encode())
        chosen.sort(key=lambda page: -page.date.toordinal() if page.date else 0)
        if screen.get("office_first", True):
            chosen.sort(key=lambda page: page.offices != {office_id})
        chosen.sort(key=lambda page: pinned.index(page.path) if page.path in pinned else len(pinned))
        return {
            "zone": self.zone(),
            "hours": week(screen.get("hours")),
            "quiet": [str(as_date(one)) for one in screen.get("quiet", [])],
            "screen": {"seconds": seconds},
            "entries": [self.entry(page, page.path in pinned, seconds, slides) for page in chosen],
        }

    def holds(self, screen, office_id, pinned, page):
        is_public = screen.get("audience", "internal") in ("public", "公开")
        ahead = screen.get("ahead", 0 if is_public else 14)
        if page.is_draft() or office_id not in page.offices:
            return False
        if is_public and page.audience != "public":
            return False
        if page.expires and page.expires <= self.today and not (page.date and page.date > self.today):
            return False
        if page.date and page.date > self.today + timedelta(days=ahead):
            return False
        named = page.kiosk.get("screens")
        if named is not None:
            own = (screen["id"], screen.get("name", screen["id"]), f"{office_id}/{screen['id']}")
            if not any(one in own for one in as_list(named)):
                return False
        return page.path in pinned or self.chooses(screen, page)

    def chooses(self, screen, page):
        sections = [one.replace("\\", "/").strip("/").removeprefix("content/") for one in screen.get("sections", [])]
        if sections and not any(one == "" or page.folder == one or page.folder.startswith(one + "/") for one in sections):
            return False
        kinds = screen.get("kinds", [])
        if kinds and not (page.kind and any(one in page.kind for one in kinds)):
            return False
        if screen.get("topics") and not set(screen["topics"]) & set(page.topics):
            return False
        return not screen.get("business") or bool(set(screen["business"]) & set(page.business))

    def entry(self, page, pin, seconds, slides):
        begins = [one for one in (moment(page.date, False), moment(page.kiosk.get("from"), False)) if one]
        ends = [one for one in (moment(page.expires, False), moment(page.kiosk.get("until"), True)) if one]
        hours = page.kiosk.get("hours")
        return {
            "title": page.title,
            "date": str(page.date) if page.date else None,
            "expires": str(page.expires) if page.expires else None,
            "from": text_of(max(begins) if begins else None),
            "until": text_of(min(ends) if ends else None),
            "hours": windows("、".join(as_list(hours))) if hours else [],
            "weight": int(page.kiosk.get("weight", 1)),
            "pin": pin,
            "show": page.kiosk.get("show", True) is not False,
            "slides": slides.get(page.title, []),
        }

    def zone(self):
        """The offset of each hour of two years about the day, where it differs from the hour before."""
        zone = ZoneInfo(self.config.get("timezone", "Asia/Shanghai"))
        out = []
        at = int(datetime.combine(self.today, time()).timestamp()) - 370 * 86400
        for hour in range(0, 740 * 24):
            offset = int(datetime.fromtimestamp(at + hour * 3600, zone).utcoffset().total_seconds())
            if not out or out[-1][1] != offset:
                out.append([at + hour * 3600, offset])
        return out
