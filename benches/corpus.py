#!/usr/bin/env python3
"""Writes a seeded corpus of realistic Chinese pages as a portal, for the benchmarks.

    benches/corpus.py FOLDER --pages 10000 [--seed 1] [--offices 1|3]

The same seed gives the same bytes. Lengths are log-normal around 1,200 characters; every page has headings
and links to other source files, a third a table, 5 % code; three tags of 200; three sections. A site of the
peer Hugo over the same content folder is laid beside it (hugo.toml and layouts).
"""

import argparse
import bisect
import itertools
import math
import os
import random
import shutil
import sys

NOUNS = """经营者 消费者 市场监督管理部门 执法人员 食品生产企业 餐饮服务提供者 网络交易平台 平台内经营者 个体工商户 有限责任公司 股东
申请人 委托代理人 检验检测机构 特种设备使用单位 维护保养单位 计量技术机构 认证机构 商标注册人 专利权人 广告主 广告发布者 行业协会
营业执照 食品经营许可证 备案凭证 登记材料 身份证明 住所证明 公司章程 检验报告 检定证书 合格证明 进货票据 进货查验记录 销售台账
价目表 收费公示栏 菜单 合同文本 格式条款 投诉举报 调解协议 行政处罚决定 现场检查笔录 询问笔录 听证告知书 责令改正通知书 证据材料
电子数据 监控录像 聊天记录 交易流水 广告样件 产品标签 生产日期 保质期 贮存条件 食品添加剂 原料来源 冷藏冷冻设备 消毒记录 健康证明
电梯 锅炉 压力容器 气瓶 起重机械 客运索道 大型游乐设施 场内专用机动车辆 安全附件 应急预案 困人救援 维保记录 使用登记 定期检验
电子计价秤 加油机 出租车计价器 水表 电能表 燃气表 血压计 砝码 计量单位 误差 强制检定 标准物质 团体标准 企业标准 强制性国家标准
注册商标 驰名商标 地理标志 专利 商业秘密 个人信息 隐私政策 用户画像 自动化决策 算法推荐 促销活动 优惠券 会员积分 预付款 退款
不正当竞争行为 虚假宣传 混淆行为 商业贿赂 有奖销售 低价倾销 价格欺诈 哄抬价格 垄断协议 公平竞争审查 信用修复 经营异常名录
严重违法失信名单 双随机抽查 日常检查 专项整治 抽样检验 复检 召回 下架 封存 扣押 没收违法所得 罚款 警告 吊销许可 听证 行政复议
窗口 大厅 网上办事平台 告知承诺书 一次性告知 容缺受理 帮办代办 办理时限 办理进度 电子证照 电子印章 社区 学校食堂 农贸市场 超市
药店 医疗器械 化妆品 保健食品 特殊食品 网络订餐 直播带货 校园周边 老年人 未成年人 会销讲座 旅游购物 停车收费 物业收费 教育培训""".split()

VERBS = """核对 查验 记录 公示 明示 告知 提醒 受理 审查 登记 备案 变更 注销 延续 补办 撤销 检查 抽查 抽样 检验 检定 校准 复核 复查 整改
改正 停止 退还 赔偿 协商 调解 移送 立案 调查 取证 询问 听取 说明 答复 回访 培训 学习 讨论 交流 对照 梳理 总结 分析 研判 评估 预警 处置
报告 通报 公开 保存 归档 更新 维护 保养 清洗 消毒 分类 隔离 销毁 追溯 召回 下架 核销 比对 识别 防范 劝阻 指导 帮助 配合 协助 落实 执行
履行 承担 遵守 适用 引用 解释 规范 完善 简化 压缩 合并 取消 调整 衔接""".split()

ADVERBS = """及时 依法 如实 逐项 当场 现场 主动 定期 按月 按批次 全面 重点 分别 共同 统一 书面 口头 当日 三个工作日内 五日内 原则上 一般
首先 同时 随后 最后 必要时 视情况 不得 应当 可以 需要 必须 尚未 已经 已按规定 按照要求 根据实际 结合岗位""".split()

OPENERS = """根据日常检查的情况， 从近期的投诉看， 在办理这一事项时， 对照清单， 实际工作中， 需要注意的是， 以一家餐馆为例， 换一个角度看， 就窗口工作而言，
从证据的角度看， 按照职责分工， 收到申请之后， 发现问题以后， 在节假日之前， 为了方便群众， 涉及多个条线的， 遇到拿不准的情形， 对初次违法的，
在宣传时， 与原来的做法相比， 学习本篇之后， 就消费者而言， 从企业的需求出发， 如果材料齐全，""".split()

CLOSERS = """，并做好记录 ，避免重复跑动 ，以免耽误办理 ，做到有据可查 ，便于日后核对 ，保障各方权益 ，不增加企业负担 ，确保数据一致 ，由专人负责
，并向当事人说明理由 ，同时抄送相关科室 ，并留存影像资料 ，以书面形式为准 ，具体以规定为准""".split()

HEADS = """基本情况 办理流程 需要的材料 常见的疏漏 检查的要点 证据怎样固定 怎样向群众说明 与原规定的差别 适用的范围 时限与收费 三条提示 一个例子
各科室的分工 怎样计算期限 可以容缺的情形 不予受理的情形 后续监管 信用与惩戒 讨论题 参考资料 问与答 小结 背景 风险点 处理结果 法律依据""".split()

NUMERALS = "一二三四五六七八九十"
TERMS = ["".join(p) for p in itertools.product(
    ["餐饮", "校园", "网络", "电梯", "计量", "商标", "广告", "价格", "药品", "登记", "信用", "标准", "专利", "农贸", "直播", "会员", "检验", "召回", "许可", "备案"],
    ["监管", "服务", "问答", "案例", "证据", "流程", "安全", "维权", "提示", "清单"])]

CODE = {
    "python": 'def {f}(rows):\n    """按年份汇总。"""\n    total = {{}}\n    for row in rows:\n        year = row["date"][:4]  # 前四位\n        total[year] = total.get(year, 0) + int(row["count"])\n    return sorted(total.items())\n',
    "json": '{{\n  "名称": "{f}",\n  "办理时限": 3,\n  "收费": 0.0,\n  "可网办": true,\n  "材料": ["申请书", "身份证明"]\n}}\n',
    "bash": 'for file in *.csv; do\n  iconv -f GB18030 -t UTF-8 "$file" > "{f}-$file"\ndone\nsort -u {f}-*.csv | wc -l\n',
    "sql": "SELECT 科室, COUNT(*) AS 件数\nFROM {f}\nWHERE 日期 >= '2026-01-01'\nGROUP BY 科室\nORDER BY 件数 DESC;\n",
}

SECTIONS = [("study", "学习资料", "学习", "study"), ("cases", "典型案例", "案例", "case"), ("policy", "政策解读", "政策", "policy")]


class Words:
    """A pool of words, drawn with weights that fall off as in real text."""

    def __init__(self, rng, words):
        self.words = list(dict.fromkeys(words))
        rng.shuffle(self.words)
        self.sums = list(itertools.accumulate(1.0 / (i + 4) for i in range(len(self.words))))
        self.rng = rng

    def __call__(self):
        return self.words[bisect.bisect(self.sums, self.rng.random() * self.sums[-1])]


class Writer:
    """Writes sentences, paragraphs and pages."""

    def __init__(self, rng):
        self.rng = rng
        self.noun = Words(rng, NOUNS)
        self.verb = Words(rng, VERBS)
        self.adverb = Words(rng, ADVERBS)
        self.opener = Words(rng, OPENERS)
        self.closer = Words(rng, CLOSERS)

    def clause(self):
        n, v, a, r = self.noun, self.verb, self.adverb, self.rng.random()
        if r < 0.4:
            return f"{n()}{a()}{v()}{n()}"
        if r < 0.7:
            return f"{n()}和{n()}{a()}{v()}"
        if r < 0.9:
            return f"{a()}{v()}{n()}的{n()}"
        return f"{v()}{n()}之后{v()}{n()}"

    def sentence(self):
        r = self.rng.random
        text = (self.opener() if r() < 0.35 else "") + self.clause()
        while r() < 0.55:
            text += ("，" if r() < 0.85 else "；") + self.clause()
        if r() < 0.25:
            text += self.closer()
        if r() < 0.06:
            text = text.replace(self.words_in(text), f"**{self.words_in(text)}**", 1)
        if r() < 0.05:
            text += f" {int(r() * 9000) + 12} 元"
        return text + "。"

    @staticmethod
    def words_in(text):
        return text[:4].replace("，", "") or text[:1]

    def paragraph(self, size):
        parts, have = [], 0
        while have < size:
            s = self.sentence()
            parts.append(s)
            have += len(s)
        return "".join(parts)

    def title(self):
        r = self.rng.random()
        if r < 0.4:
            return f"{self.noun()}怎样{self.verb()}{self.noun()}"
        if r < 0.7:
            return f"{self.verb()}{self.noun()}的几个要点"
        return f"{self.noun()}与{self.noun()}：{self.verb()}{self.noun()}"


def pages_of(seed, count):
    """Yields (section, file name, text) of every page; links lead to pages of the same corpus."""
    rng = random.Random(seed)
    w = Writer(rng)
    plan = []
    for i in range(count):
        section = SECTIONS[i % 3][0]
        title = w.title()
        name = f"{title.replace('：', '')}-{i:05}.md"
        plan.append((section, name, title))
    heads_of = {}
    tag_sums = list(itertools.accumulate(1.0 / (i + 10) for i in range(len(TERMS))))

    def tag():
        return TERMS[bisect.bisect(tag_sums, rng.random() * tag_sums[-1])]

    for i, (section, name, title) in enumerate(plan):
        size = min(12000, max(150, int(rng.lognormvariate(math.log(900), 0.6))))
        tags = set()
        while len(tags) < 3:
            tags.add(tag())
        day = rng.randrange(2500)
        year, month, date = 2026 - day // 365, 1 + (day % 365) * 12 // 365, 1 + day % 28
        if (year, month) >= (2026, 11):
            year -= 1
        lines = ["---", f"title: {title}", f"date: {year}-{month:02}-{date:02}", f"source: {w.noun()}科", "author: 陈某"]
        if rng.random() < 0.5:
            lines.append(f"summary: {w.sentence()}".replace("**", ""))
        lines += [f"tags: [{', '.join(sorted(tags))}]", "---", "", w.paragraph(80), ""]

        heads = rng.sample(HEADS, min(len(HEADS), 2 + size // 450))
        own = []
        share = max(60, size // len(heads))
        table_at = rng.randrange(len(heads)) if rng.random() < 0.33 else -1
        code_at = rng.randrange(len(heads)) if rng.random() < 0.05 else -1
        note = rng.random() < 0.1
        for k, head in enumerate(heads):
            text = f"{NUMERALS[k % 10]}、{head}"
            own.append(text.replace("、", ""))
            lines += [f"## {text}", ""]
            have = 0
            while have < share:
                kind = rng.random()
                if kind < 0.72:
                    p = w.paragraph(rng.randrange(60, 220))
                elif kind < 0.82:
                    p = "\n".join(f"- {w.sentence()}" for _ in range(rng.randrange(3, 6)))
                elif kind < 0.90:
                    p = "\n".join(f"{j + 1}. {w.sentence()}" for j in range(rng.randrange(3, 6)))
                elif kind < 0.95:
                    p = f"> {w.paragraph(60)}"
                else:
                    p = f"### {w.noun()}\n\n{w.paragraph(80)}"
                if rng.random() < 0.12:
                    where, other, other_title = plan[rng.randrange(count)]
                    anchor = ""
                    if rng.random() < 0.15 and (where, other) in heads_of:
                        anchor = "#" + heads_of[where, other]
                    p += f"\n\n另见[{other_title}](../{where}/{other}{anchor})。"
                lines += [p, ""]
                have += len(p)
            if note and k == 0:
                lines += [f"{w.clause()}[^1]。", ""]
            if k == table_at:
                lines += ["| 序号 | 事项 | 依据 | 时限 |", "|---:|---|---|---|"]
                lines += [f"| {j + 1} | {w.noun()} | {w.noun()}{w.verb()} | {rng.randrange(1, 30)} 日 |" for j in range(rng.randrange(3, 9))]
                lines.append("")
            if k == code_at:
                language = rng.choice(sorted(CODE))
                lines += [f"```{language}", CODE[language].format(f=f"t{i % 97}").rstrip("\n"), "```", ""]
        if note:
            lines += [f"[^1]: {w.sentence()}", ""]
        heads_of[section, name] = rng.choice(own)
        yield section, name, "\n".join(lines)


def write(folder, pages, seed=1, offices=1):
    """Writes the portal; a finished one is left as it is."""
    done = os.path.join(folder, ".done")
    if os.path.exists(done):
        return
    shutil.rmtree(folder, ignore_errors=True)
    for path, title, _, kind in SECTIONS:
        os.makedirs(os.path.join(folder, "content", path))
        with open(os.path.join(folder, "content", path, "_index.md"), "w", encoding="utf-8") as f:
            f.write(f"---\ntitle: {title}\n---\n")
    for section, name, text in pages_of(seed, pages):
        with open(os.path.join(folder, "content", section, name), "w", encoding="utf-8") as f:
            f.write(text)
    with open(os.path.join(folder, "zhendi.toml"), "w", encoding="utf-8") as f:
        f.write(config(offices))
    with open(done, "w", encoding="utf-8") as f:
        f.write(f"{pages} pages, seed {seed}\n")


def config(offices):
    """The portal's configuration: one office with a base address, or three."""
    out = ['title = "示例市市场监督管理局"', 'subtitle = "基准"', 'timezone = "Asia/Shanghai"', "paginate_by = 20"]
    known = [("east", "城东", "#1F4B73"), ("south", "城南", "#1A5A42"), ("north", "城北", "#7A3F18")]
    for oid, short, accent in known[:offices]:
        out.append(f'\n[[offices]]\nid = "{oid}"\nname = "{short}办公区"\nshort = "{short}"\naccent = "{accent}"\nbase_url = "http://portal.test/{oid}/"')
    for path, _, nav, kind in SECTIONS:
        out.append(f'\n[[sections]]\npath = "{path}"\nkind = "{kind}"\nnav = "{nav}"')
    out.append('\n[[taxonomies]]\nid = "tags"\nname = "标签"')
    return "\n".join(out) + "\n"


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("folder")
    p.add_argument("--pages", type=int, default=10000)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--offices", type=int, default=1, choices=[1, 3])
    a = p.parse_args()
    write(a.folder, a.pages, a.seed, a.offices)


if __name__ == "__main__":
    sys.exit(main())
