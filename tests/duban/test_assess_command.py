"""`duban assess`: the year so far of the worked plan's five colleges."""

import json

from tests.duban.test_commands import Run, run, term

__all__ = ["run", "term"]
NOW = ("--now", "2026-12-05T08:00")


def test_every_college_stands_in_the_list_and_what_waits_for_its_raters_is_named(
    term: Run,
) -> None:
    code, out, _ = term("assess", *NOW)
    assert code == 0
    assert "二级学院反诈工作年考核 2026-01-01–2026-12-31" in out
    rows = [line for line in out.splitlines() if "学院" in line][1:]
    assert len(rows) == 5
    assert all("年度自查及工作成效、工作创新" in row for row in rows)


def test_one_sheet_names_the_task_and_the_facts_behind_every_point(term: Run) -> None:
    code, out, _ = term("assess", "护理学院", *NOW)
    assert code == 0
    done = out.partition("督办事项完成情况")[2].partition("按时报结情况")[0]
    costs = done.splitlines()[1:-1]
    assert costs
    assert all(" #" in cost and "事实 " in cost for cost in costs), costs
    sheet = json.loads(term("assess", "hlxy", "--json", *NOW)[1])["assess"][0]
    lines = {one["id"]: one for one in sheet["lines"]}
    assert len(lines["done"]["costs"]) == len(costs)
    assert all(cost["task"] and cost["facts"] for cost in lines["done"]["costs"])
    assert lines["done"]["full"] == 5000


def test_a_unit_that_is_not_assessed_is_refused(term: Run) -> None:
    code, _, err = term("assess", "保卫处", *NOW)
    assert code == 1
    assert "不是受考单位" in err
