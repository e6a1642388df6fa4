"""A page with a data table of 1,000 rows, and how soon it reacts in Chromium 78."""

import json
import os
import random
import statistics
import subprocess

ROWS = 1000
CONFIG = """title = "示例市市场监督管理局"

[[offices]]
id = "east"
name = "城东办公区"

[[sections]]
path = "study"
"""
PAGE = """---
title: 计量器具台账（示例）
date: 2026-11-20
---
:::数据表 台账 文件=台账.csv 筛选="办公区、结论" 合计=是
:::
"""


def write(folder, seed):
    """The portal of that one page."""
    pick = random.Random(seed)
    page = os.path.join(folder, "content", "study", "台账")
    os.makedirs(page)
    lines = ["名称,办公区,结论,金额,检定日期,备注"]
    for n in range(ROWS):
        name = pick.choice(["电子秤", "压力表", "加油机", "血压计", "水表"]) + f"{n + 1:04}号"
        office, verdict = pick.choice(["城东", "城南", "城北"]), pick.choice(["合格", "不合格", "停用"])
        day = f"{pick.randint(2021, 2026)}-{pick.randint(1, 12):02}-{pick.randint(1, 28):02}"
        lines.append(f'{name},{office},{verdict},"{pick.randint(10, 99999):,}",{day},{pick.choice(["", "复检一次", "已送修"])}')
    with open(os.path.join(page, "台账.csv"), "w", encoding="utf-8") as f:
        f.write("\n".join(lines) + "\n")
    with open(os.path.join(page, "index.md"), "w", encoding="utf-8") as f:
        f.write(PAGE)
    with open(os.path.join(folder, "zhendi.toml"), "w", encoding="utf-8") as f:
        f.write(CONFIG)


def measure(bench):
    portal = bench.folder("tables")
    write(portal, bench.o.seed)
    _, out = bench.build(portal)
    page = next(os.path.join(base, name) for base, _, names in os.walk(os.path.join(out, "east", "study")) for name in names if name == "tai-zhang.html")
    here = os.path.dirname(os.path.abspath(__file__))
    said = subprocess.run(["node", os.path.join(here, "table.mjs"), f"file://{page}", "15"], check=True, capture_output=True, text=True)
    times = json.loads(said.stdout)
    bench.note("; ".join(f"{name} {statistics.median(all):.0f}" for name, all in times.items()) + " ms")
    slowest = max(times, key=lambda name: statistics.median(times[name]))
    worst = statistics.median(times[slowest])
    bench.say("table", "1,000 rows under 100 ms", f"{worst:.0f} ms", f"Chromium 78, act to drawn, slowest: {slowest}; median of 15", worst < 100)
