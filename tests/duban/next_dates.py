"""`python -m tests.duban.next_dates`: write what `duban next` says of many sorts of duty.

The test compares; whoever runs this reads the difference in git before committing it.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.responsibilities.compiling import INSTITUTION, TEXT

APPROVED = Path(__file__).parents[1] / "approved" / "next-dates.txt"
ROOT = Path(__file__).parents[2]
DUTIES = """\
windows: [{id: sensitive, name: 敏感时期}]
rosters:
  - {id: sterilisers, name: 灭菌器, as_of: 2026-01-01, members: {保卫处: [
     {id: a, name: 一号灭菌器, valid_until: 2026-05-10},
     {id: b, name: 二号灭菌器, last_done: 2025-06-20}]}}
  - {id: laboratories, name: 实验室, as_of: 2026-01-01, members: {保卫处: [
     {id: l1, name: 一号实验室, attributes: {等级: [{from: 2026-01-01, value: Ⅰ级},
       {from: 2026-05-11, value: Ⅱ级}]}}]}}
phases:
  - {id: rectify, name: 集中整治阶段, from: 2026-04-21, until: 2026年5月中旬}
duties:
  - {id: monthly, title: 月底前检查, responsible: 二级学院, every: 每月, due: 月底前, ladder: 常规}
  - {id: early, title: 五日前报送, responsible: 保卫处, every: 每月, about: 上一期,
     due: 次月5日12:00前, roll: 提前, lapses: 次月15日, ladder: 常规}
  - {id: fixed, title: 遇休息日不变, responsible: 保卫处, every: 每月, due: 5日前,
     roll: 不变, ladder: 常规}
  - {id: weekly, title: 每周五报送, responsible: 保卫处, every: 每周, due: 周五前, ladder: 常规}
  - {id: idle, title: 整周休息的免办, responsible: 保卫处, every: 每周, no_workday: 免办,
     ladder: 常规}
  - {id: teaching, title: 教学周提醒, responsible: 二级学院, every: 每2个教学周（自第1教学周起）,
     due: 下达后3个工作日内, ladder: 常规}
  - {id: term, title: 开课后检查, responsible: 保卫处, every: 每学期, opens: 教职工返校当日,
     due: 开课后4个教学周内, ladder: 常规}
  - {id: drill, title: 演练, responsible: 保卫处, every: 每学年, opens: 演练日前10个工作日,
     due: 演练日当日, ladder: 常规}
  - {id: holiday, title: 节前检查, responsible: 保卫处, every: 每个节假日, opens: 节前5个工作日,
     due: 节前2个工作日, ladder: 常规}
  - {id: twice, title: 一期两次, responsible: 保卫处, every: 每季度, times: 至少2次，间隔不少于10日,
     ladder: 常规}
  - {id: flood, title: 汛期加密, responsible: 保卫处, every: 每月, ladder: 常规,
     surge: {during: 5月15日至9月30日, every: 每旬, due: 期末前2日}}
  - {id: phased, title: 整治周报, responsible: 保卫处, every: 每周, phase: 集中整治阶段,
     ladder: 常规}
  - {id: standing, title: 常态化巡查, responsible: 保卫处, standing: 常态化, checkpoint: 每年9月,
     due: 30日前, ladder: 常规}
  - {id: hours, title: 值班登记, responsible: 保卫处, every: 每日, due: 下达后2小时内, ladder: 常规}
  - {id: once, title: 制定办法, responsible: 保卫处, once: 施行后三个月内, ladder: 常规}
  - {id: zero, title: 零报告, responsible: 保卫处, every: 每日, window: 敏感时期, ladder: 常规}
  - {id: fire, title: 报告火警, responsible: 事发单位, on: 火警, ladder: 常规,
     stages: [{id: first, name: 首报, due: 知悉后30分钟内},
              {id: final, name: 终报, due: 结案后3日内}]}
  - {id: devices, title: 检测灭菌器, responsible: 保卫处, each: 灭菌器,
     renew: 有效期1年，到期前30日, ladder: 常规}
  - {id: training, title: 两年一训, responsible: 保卫处, every: 每2年（自上次完成起）, ladder: 常规}
  - {id: levels, title: 实验室检查, responsible: 保卫处, each: 实验室, ladder: 常规,
     every: {by: 等级, Ⅰ级: 每月, 其他: 每季度}}
  - {id: policy, title: 高度重视, responsible: 保卫处, policy: 管总要求}
"""
ASKED = (
    *(("monthly", "2026-04-10"), ("early", "2026-04-10"), ("fixed", "2026-06-10")),
    *(("weekly", "2026-04-25"), ("idle", "2026-09-28"), ("teaching", "2026-04-10")),
    *(("term", "2026-02-01"), ("drill", "2026-02-01"), ("holiday", "2026-06-01")),
    *(("twice", "2026-04-10"), ("flood", "2026-04-10"), ("phased", "2026-04-10")),
    *(("standing", "2026-12-20"), ("hours", "2026-04-10"), ("once", "2026-02-01")),
    *(("devices", "2026-04-10"), ("training", "2026-04-10"), ("levels", "2026-04-10")),
    *(("zero", "2026-04-10"), ("fire", "2026-04-10"), ("policy", "2026-04-10")),
)


def said() -> str:
    """What the command says of each duty, in Chinese; of one in English too."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("plan.yaml", INSTITUTION), ("text.md", TEXT), ("d.yaml", DUTIES)):
            Path(folder, name).write_text(text, encoding="utf-8")
        code = (
            "import sys; from duban.__main__ import cli\n"
            f"for duty, now in {ASKED!r}:\n"
            "    cli.main(['next', duty, sys.argv[1], '--count', '2', '--now', now],"
            " standalone_mode=False); print()\n"
        )
        return "".join(
            subprocess.run(
                [sys.executable, "-c", part, folder],
                cwd=ROOT, capture_output=True, text=True, check=True,
                env={**os.environ, "DUBAN_LANG": language},
            ).stdout
            for language, part in (("zh", code), ("en", code.replace(repr(ASKED), repr(ASKED[:3]))))
        )  # fmt: skip


if __name__ == "__main__":
    APPROVED.write_text(said(), encoding="utf-8")
