"""周提醒、月通报、年考核: several duties under one name, each beat tracked by itself."""

import inspect
from datetime import date

from duban.simulation_page import as_html
from office.calendars import working_days
from office.duty_sheet import duty_sheet
from office.workplace import place_of
from responsibilities import snapshot
from responsibilities.matrix import matrix
from responsibilities.mechanisms import Beat, beats
from responsibilities.periods import Period, periods
from responsibilities.plan import Mechanism, Plan
from responsibilities.simulation.simulate import Scenario, simulate, text
from tests.responsibilities.compiling import compiled, told
from tests.responsibilities.small_plans import CLOCK, at, duty, every, plan


def bundled() -> Plan:
    """
    mechanisms:
      - {id: beats, name: “周提醒、月通报、年考核”, duties: [remind, report, assess]}
    duties:
      - {id: remind, title: 开展消防提醒, responsible: 二级学院, every: 每教学周, ladder: 常规,
         source: {clause: 一, quote: 坚决防止火灾事故}}
      - {id: report, title: 编发消防月通报, responsible: 保卫处, every: 每月, ladder: 常规,
         source: {clause: 一, quote: 坚决防止火灾事故}}
      - {id: assess, title: 开展消防年度考核, responsible: 保卫处, every: 每年, ladder: 常规,
         source: {clause: 一, quote: 坚决防止火灾事故}}
    """
    result = compiled(inspect.cleandoc(bundled.__doc__ or ""))
    assert result.problems == ()
    assert result.plan is not None
    return result.plan


def test_each_beat_of_the_name_finds_its_duty() -> None:
    whole = bundled()
    assert beats(whole.mechanisms[0], whole) == (
        Beat("周提醒", ("remind",)),
        Beat("月通报", ("report",)),
        Beat("年考核", ("assess",)),
    )
    assert snapshot.load(snapshot.dump(whole)) == whole


def test_what_keeps_no_beat_stands_beside_the_beats() -> None:
    whole = plan(duty("a", "每日"), duty("b", "每季度"), duty("c", "每旬"))

    def found(name: str) -> tuple[Beat, ...]:
        return beats(Mechanism("m", name, ("a", "b", "c")), whole)

    assert found("日管控、季小结（二级学院）") == (
        Beat("日管控", ("a",)),
        Beat("季小结", ("b",)),
        Beat("", ("c",)),
    )
    assert found("校园消防安全机制") == (Beat("", ("a", "b", "c")),)


def test_the_matrix_and_the_duty_name_the_mechanism_and_the_beat() -> None:
    whole = bundled()
    assert [(row.mechanism, row.beat) for row in matrix(whole).rows] == [
        ("“周提醒、月通报、年考核”", "周提醒"),
        ("“周提醒、月通报、年考核”", "月通报"),
        ("“周提醒、月通报、年考核”", "年考核"),
    ]
    place = place_of(whole, 1, "", working_days())
    sheet = duty_sheet(place, whole.duties[1], at("2026-04-01 09:00"), "zh")
    assert sheet["机制"] == ["“周提醒、月通报、年考核”（本项为“月通报”）"]


def test_a_simulated_year_counts_each_beat_by_itself() -> None:
    whole = bundled()
    found = simulate(whole, CLOCK, Scenario(date(2026, 3, 2), date(2026, 12, 30)))
    counted = {one.beat: one.tasks for one in found.beats}
    weeks = sum("2026-03-02" <= str(w.first) <= "2026-12-30" for w in teaching_weeks())
    assert counted == {"周提醒": 2 * weeks, "月通报": 10, "年考核": 1}
    for one in found.beats:
        assert one.tasks >= one.on_time + one.late + one.unfinished
    assert "机制（逐个节拍）" in text(found)
    assert "月通报" in as_html(found, "zh")


def teaching_weeks() -> list[Period]:
    return list(periods(every("每教学周"), date(2026, 3, 2), date(2026, 12, 30), CLOCK))


def test_a_plan_without_mechanisms_says_nothing_of_them() -> None:
    whole = plan(duty())
    found = simulate(whole, CLOCK, Scenario(date(2026, 3, 2), date(2026, 4, 30)))
    assert found.beats == ()
    assert "机制" not in text(found)


def test_a_beat_of_the_name_that_nobody_keeps() -> None:
    """
    mechanisms:
      - {id: beats, name: 周提醒、月通报、年考核, duties: [remind, report]}
    duties:
      - {id: remind, title: 甲, responsible: 保卫处, every: 每周, ladder: 常规,
         source: {clause: 一, quote: 坚决防止火灾事故}}
      - {id: report, title: 乙, responsible: 保卫处, every: 每月, ladder: 常规,
         source: {clause: 一, quote: 坚决防止火灾事故}}
    """
    problem = told(test_a_beat_of_the_name_that_nobody_keeps, "beat-without-duty")
    assert problem.what.zh == "机制名称中的“年考核”没有对应的职责"


def test_a_mechanism_that_lists_a_duty_that_is_not_there() -> None:
    """
    mechanisms:
      - {id: beats, name: 周提醒, duties: [remnd]}
    duties:
      - {id: remind, title: 甲, responsible: 保卫处, every: 每周, ladder: 常规,
         source: {clause: 一, quote: 坚决防止火灾事故}}
    """
    problem = told(test_a_mechanism_that_lists_a_duty_that_is_not_there, "unknown-duty")
    assert problem.right is not None
    assert "remind" in problem.right.zh
