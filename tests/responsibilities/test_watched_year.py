"""A rule over consecutive periods, judged in a simulated year as the office judges it."""

import inspect
from datetime import date

import pytest

from responsibilities.simulation.conduct import Temper
from responsibilities.simulation.simulate import Happening, Scenario, line, simulate
from tests.responsibilities.compiling import compiled
from tests.responsibilities.small_plans import CLOCK

SPAN = (date(2026, 3, 2), date(2026, 7, 10))


def watched(metric: str, temper: Temper) -> list[str]:
    """
    duties:
      - {id: a, title: 报送隐患, responsible: 保卫处, every: 每月, due: 20日前, ladder: 常规,
         watch: {metric: 完成率, below: 90%, for: 连续2个月, then: 升级至组长},
         source: {clause: 一, quote: 坚决防止火灾事故}}
    """
    text = inspect.cleandoc(watched.__doc__ or "").replace("完成率", metric)
    plan = compiled(text).plan
    assert plan is not None
    happened: list[Happening] = []
    scenario = Scenario(*SPAN, tempers={"guard": temper}, returned=0)
    found = simulate(plan, CLOCK, scenario, happened.append)
    said = [line(one, plan, CLOCK) for one in happened if one.what == "watched"]
    assert found.ladder.get("升级督办", 0) == len(said)
    return said


def test_a_silent_unit_is_escalated_after_two_months_without_a_report() -> None:
    assert watched("完成率", Temper.SILENT) == [
        "2026-07-01 08:00 升级督办 保卫处《报送隐患》（2026-07）：连续2期完成率低于90%"
        "（2026-05 0%、2026-06 0%）",
    ]


@pytest.mark.parametrize("metric", ["完成率", "按时率"])
def test_a_prompt_unit_never_falls_short(metric: str) -> None:
    assert watched(metric, Temper.PROMPT) == []


def test_a_late_unit_is_complete_but_not_on_time() -> None:
    assert watched("完成率", Temper.LATE) == []
    assert watched("按时率", Temper.LATE) != []
