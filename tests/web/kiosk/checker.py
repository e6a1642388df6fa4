"""An independent reading of docs/kiosk.md: which slide a screen shows at a moment.

Written from that page alone, as plainly as can be, in another language than the program and its runtime.

    checker.py rule             one JSON a line in: {"data": programme, "at": [utcMilliseconds, ...]}; one list a line out
    checker.py portal ROOT DAY  reads zhendi.toml and the front matter below ROOT/content as of DAY; one JSON a line in:
                                {"screen": "east/lobby"} gives what is in its programme, with "slides" (the seconds of
                                each page's slides, by title: these depend on texts) and "at" what is shown when

What is shown: {"night": true}, {"attract": true} or {"entry": index, "slide": index}; slides have "left", the seconds until
this slide's part of the cycle ends (marks and closing may cut it off before).
"""

import json
import sys
from datetime import datetime, timedelta
from fractions import Fraction
from math import floor

EPOCH = datetime(1970, 1, 1)


def local_time(data, utc_seconds):
    zone = data["zone"]
    offset = zone[0][1]
    for since, value in zone:
        if since <= utc_seconds:
            offset = value
    whole = Fraction(utc_seconds) + offset
    return EPOCH + timedelta(microseconds=int(whole * 1_000_000))


def inside(windows, moment):
    minute = moment.hour * 60 + moment.minute
    return any(a <= minute < b for a, b in windows)


def is_open(data, moment):
    if moment.strftime("%Y-%m-%d") in data["quiet"]:
        return False
    return inside(data["hours"][moment.weekday()], moment)


def is_eligible(entry, moment):
    if not entry["show"] or not entry["slides"]:
        return False
    if entry["from"] is not None and moment < datetime.fromisoformat(entry["from"]):
        return False
    if entry["until"] is not None and moment >= datetime.fromisoformat(entry["until"]):
        return False
    return not entry["hours"] or inside(entry["hours"], moment)


def cycle_at(data, moment):
    """The slides of the cycle: (seconds, what is shown)."""
    eligible = [(n, e) for n, e in enumerate(data["entries"]) if is_eligible(e, moment)]
    rounds = max([1] + [e["weight"] for _, e in eligible if not e["pin"]])
    out = []
    for k in range(1, rounds + 1):
        for n, e in eligible:
            now = floor(Fraction(k * e["weight"], rounds))
            before = floor(Fraction((k - 1) * e["weight"], rounds))
            if e["pin"] or now > before:
                for at, seconds in enumerate(e["slides"]):
                    out.append((seconds, {"entry": n, "slide": at}))
        out.append((data["screen"]["seconds"], {"attract": True}))
    return out


def latest_mark(data, moment):
    midnight = datetime(moment.year, moment.month, moment.day)
    marks = [midnight]
    for start, _ in data["hours"][moment.weekday()]:
        marks.append(midnight + timedelta(minutes=start))
    for e in data["entries"]:
        if not e["show"]:
            continue
        for text in (e["from"], e["until"]):
            if text is not None and datetime.fromisoformat(text).date() == moment.date():
                marks.append(datetime.fromisoformat(text))
        for window in e["hours"]:
            for minute in window:
                if minute < 1440:
                    marks.append(midnight + timedelta(minutes=minute))
    return max(m for m in marks if m <= moment)


def entry_at(data, utc_seconds):
    moment = local_time(data, utc_seconds)
    if not is_open(data, moment):
        return {"night": True}
    cycle = cycle_at(data, moment)
    length = sum(seconds for seconds, _ in cycle)
    gone = moment - latest_mark(data, moment)
    position = Fraction(gone // timedelta(microseconds=1), 1_000_000) % length
    begins = 0
    for seconds, shown in cycle:
        if position < begins + seconds:
            return dict(shown, left=float(begins + seconds - position))
        begins += seconds
    raise AssertionError("a position beyond the cycle")


def main():
    if sys.argv[1] == "rule":
        for line in sys.stdin:
            case = json.loads(line)
            print(json.dumps([entry_at(case["data"], Fraction(ms, 1000)) for ms in case["at"]]), flush=True)
        return
    from portal import Portal

    portal = Portal(sys.argv[2], sys.argv[3])
    for line in sys.stdin:
        case = json.loads(line)
        data = portal.programme(case["screen"], case.get("slides", {}))
        if "at" in case:
            print(json.dumps([entry_at(data, Fraction(ms, 1000)) for ms in case["at"]]), flush=True)
        else:
            print(json.dumps({"screens": portal.screens(), "data": data}), flush=True)


if __name__ == "__main__":
    main()
