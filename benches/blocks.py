"""Pages with three components each, and the same pages with the same words as plain quotation, ordered list and task
list: what components cost beside what an author would write without them."""

import os
import shutil

NOTE = ["材料可以先在网上预审。", "现场核对之后，原件当场退回。"]
STEPS = [("填表", "网上一次填报。", "谁办：申请人"), ("审查", "材料齐全的当场登记。", "时限：当天"), ("领取", "到窗口领取或者寄递。", "哪里办：窗口")]
PAPERS = ["公司登记申请书", "公司章程", "住所使用证明", "任职文件"]
PLACES = ["份数：1", "形式：原件", "来源：自备", "备注：无"]


def plain():
    quote = "> **提示**\n>\n" + "".join(f"> {line}\n" for line in NOTE)
    steps = "".join(f"{n}. **{name}**　{text}\n   - {fact}\n" for n, (name, text, fact) in enumerate(STEPS, 1))
    papers = "".join(f"- [ ] {name}\n" + "".join(f"  - {place}\n" for place in PLACES) for name in PAPERS)
    return f"\n{quote}\n{steps}\n{papers}"


def components():
    note = ":::提示\n" + "".join(f"{line}\n" for line in NOTE) + ":::\n"
    steps = "".join(f"{n}. **{name}**　{text}\n   - {fact}\n" for n, (name, text, fact) in enumerate(STEPS, 1))
    papers = "".join(f"- {name}\n" + "".join(f"  - {place}\n" for place in PLACES) for name in PAPERS)
    return f"\n{note}\n:::流程\n{steps}:::\n\n:::清单\n{papers}:::\n"


def write(folder, portal, tail):
    """Makes `folder` a copy of `portal` with `tail` at the end of every page."""
    shutil.copytree(portal, folder)
    for base, _, names in os.walk(os.path.join(folder, "content")):
        for name in names:
            if name.endswith(".md") and name != "_index.md":
                with open(os.path.join(base, name), "a", encoding="utf-8") as f:
                    f.write(tail)
