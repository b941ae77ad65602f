"""`duban next`: the next dates of a duty, and why each is what it is."""

import json
from pathlib import Path

from tests.duban.next_dates import APPROVED, said
from tests.duban.test_commands import BEGAN, Run, run, term
from tests.duban.test_seeing import worked_copy

__all__ = ["run", "term"]


def test_the_dates_of_many_sorts_of_duty_read_as_they_were_approved() -> None:
    assert said() == APPROVED.read_text("utf-8"), "python -m tests.duban.next_dates"


def test_the_bulletin_is_moved_from_saturday_the_fifth_to_monday_the_seventh(term: Run) -> None:
    code, out, _ = term("next", "bwc-bulletin", "--count", "2", "--now", "2026-11-20T08:00")
    assert code == 0
    assert "截止：2026年12月7日（星期一） 17:00" in out
    assert "“5日前”，为12月5日（星期六）；该日为休息日，顺延至12月7日（星期一）" in out
    assert "2026年工作日安排为正式（国办发明电〔2025〕7号）" in out
    assert "2027年工作日安排为暂定" in out


def test_a_duty_is_found_by_its_title_and_a_near_name_is_offered(run: Run, tmp_path: Path) -> None:
    folder = str(worked_copy(tmp_path))
    code, out, _ = run("next", "编发电信网络诈骗情况月通报", folder, "--now", BEGAN)
    assert code == 0
    assert "（bwc-bulletin）" in out
    code, _, err = run("next", "bwc-buletin", folder, "--now", BEGAN)
    assert code == 1
    assert "您是否想写“bwc-bulletin”？" in err


def test_the_reasons_can_be_read_by_a_program(run: Run, tmp_path: Path) -> None:
    folder = str(worked_copy(tmp_path))
    _, out, _ = run("next", "bwc-bulletin", folder, "--json", "--now", "2026-11-20T08:00")
    found = json.loads(out)["next"]
    assert len(found["dates"]) == 3
    due = found["dates"][0]["due"]
    assert (due["phrase"], due["nominal"]) == ("5日前", "2026-12-05")
    assert due["at"] == "2026-12-07T09:00:00Z"
    assert found["limit"] is None


def test_the_dates_of_a_sensitive_time_begin_when_it_is_opened(run: Run, tmp_path: Path) -> None:
    plan = tmp_path / "plan"
    plan.mkdir()
    for name in ("plan.yaml", "text.md"):
        (plan / name).write_text((PLAIN if name == "plan.yaml" else "防火。"), encoding="utf-8")
    assert run("adopt", str(plan), "--yes", "--now", BEGAN)[0] == 0
    assert "“敏感时期”尚未开始。" in run("next", "zero", "--now", BEGAN)[1]
    assert run("window", "敏感时期", "--open", "--now", "2026-09-28T10:30")[0] == 0
    out = run("next", "zero", "--count", "1", "--now", "2026-09-28T10:00")[1]
    assert "“期初”，为9月28日（星期一）" not in out
    assert "下达：2026年9月28日（星期一） 10:30" in out


def test_what_is_renewed_counts_from_the_day_it_was_last_done(run: Run, tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(RENEWED, encoding="utf-8")
    out = run("next", "check", str(plan), "--now", BEGAN)[1]
    assert "有效期：2025-09-11至2026-09-10（名册载明有效期至2026-09-10）" in out
    assert "没有办理记录" in out
    assert run("adopt", str(plan), "--yes", "--now", BEGAN)[0] == 0
    assert "在办的办结之后" in run("next", "check", "--now", BEGAN)[1]
    assert run("receive", "1", "--text", "已检验", "--now", "2026-09-07T10:00")[0] == 0
    assert run("accept", "1", "--by", "副校长", "--now", "2026-09-08T10:00")[0] == 0
    out = run("next", "check", "--now", "2026-09-09T08:00")[1]
    assert "1. 第2期（保卫处·锅炉）" in out
    assert "有效期：2026-09-08至2027-09-07（上一期于2026-09-07完成）" in out


PLAIN = """\
plan: {id: fire, title: 消防方案, number: 一号, issued: 2026-01-05, in_force: 2026-01-05,
       text: text.md, office: 保卫处, leadership: {group_leader: 校长, deputy_group_leader: 副校长}}
posts:
  - {id: head, name: 校长, mail: head@school.example}
  - {id: deputy, name: 副校长, mail: deputy@school.example}
units:
  - {id: guard, name: 保卫处, contact: guard@school.example, leader: 副校长}
ladders:
  - {id: o, name: 常规, steps: [{when: 下达时, tell: 联络员, notice: 任务下达}]}
windows: [{id: sensitive, name: 敏感时期}]
duties:
  - {id: zero, title: 零报告, responsible: 保卫处, every: 每日, window: 敏感时期,
     roll: 不变, ladder: 常规, review: 副校长, source: {clause: 一, quote: 防火}}
"""
RENEWED = (
    PLAIN.partition("windows:")[0].replace("       text: text.md, ", "       ")
    + """\
rosters:
  - {id: boilers, name: 锅炉, as_of: 2026-01-05, members: {保卫处: [
     {id: b1, name: 锅炉, valid_until: 2026-09-10}]}}
duties:
  - {id: check, title: 检验锅炉, responsible: 保卫处, each: 锅炉, renew: 有效期1年，到期前30日,
     ladder: 常规, review: 副校长, source: {clause: 一, quote: 防火}, evidence: [{text: 情况}]}
"""
)
