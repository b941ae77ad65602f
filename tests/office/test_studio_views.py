"""What a clerk sees of a draft before anything is adopted."""

from office import studio, studio_entries, studio_load, studio_overview, studio_views
from office.studio import Target, seen
from tests.office.desk import SCHOOL, Desk, at
from tests.office.test_studio import CHECK, NOW, WEEKLY, adopted, begun, cells, shown

__all__ = ["adopted"]


def test_a_duty_shows_its_next_dates_and_its_ladder_with_dates_and_posts(adopted: Desk) -> None:
    found = studio_views.duty_view(adopted.db, "fire", "check", at("2026-11-23 09:00"))
    first = found.meaning.coming[0]
    assert first.period.zh == "2026年第49周（11月30日至12月6日）"
    assert first.due_at == at("2026-12-04 17:00")
    told = [(one.at, one.said.zh, one.to) for one in found.meaning.ladder]
    assert told[2] == (
        at("2026-12-07 08:00"),
        "逾期1个工作日，向联络员、负责人发送《催办单》（黄色）",
        ("护理学院联络员", "护理学院负责人"),
    )
    assert found.meaning.units == ("护理学院", "药学院")


def test_the_error_of_a_typo_stands_at_its_line_with_what_was_meant(adopted: Desk) -> None:
    typed = studio.find_passage(begun(adopted).files, CHECK).text.replace("二级学院", "二级学园")
    found = studio_views.text_view(adopted.db, "fire", CHECK, typed)
    wrong = [(one.place.line, one.place.column, one.code) for one in found.problems]
    assert wrong == [(5, 18, "unknown-unit")]
    right = found.problems[0].right
    assert right is not None
    assert right.zh == "您是否想写“二级学院”？"
    assert found.text == typed
    saved = studio.draft_of(adopted.db, "fire")
    assert saved is not None
    assert saved.files["duties.yaml"] == WEEKLY


def test_the_list_marks_what_is_changed_and_finds_by_unit(adopted: Desk) -> None:
    draft = begun(adopted)
    edited = {**cells(draft, "check"), "due": "周三前"}
    studio_entries.save_duty(adopted.db, "fire", edited, shown(draft), "文员", NOW)
    rows = studio_views.duty_rows(adopted.db, "fire")
    assert [(row.id, row.often, row.changed) for row in rows] == [
        ("check", "每周", True),
        ("drill", "每半年", False),
    ]
    assert [row.id for row in studio_views.duty_rows(adopted.db, "fire", "保卫处")] == ["drill"]


def test_the_load_of_a_month_is_shown_before_and_after(adopted: Desk) -> None:
    draft = begun(adopted)
    edited = {**cells(draft, "check"), "every": "每月", "due": "20日前"}
    studio_entries.save_duty(adopted.db, "fire", edited, shown(draft), "文员", NOW)
    nursing = next(one for one in studio_load.load(adopted.db, "fire", NOW)
                   if one.name == "护理学院")  # fmt: skip
    assert nursing.before[2] > 4  # files a month: one a week
    assert nursing.after[2] == 1
    assert nursing.after[0] < nursing.before[0]


def test_the_overview_counts_errors_and_says_when_it_is_behind(adopted: Desk) -> None:
    assert studio_overview.overview(adopted.db, "fire").draft is None
    whole = Target(file="school.yaml")
    draft = begun(adopted)
    studio.save_text(
        adopted.db, "fire", whole, SCHOOL.replace("tell: 审核人", "tell: 审核"),
        seen(draft.files["school.yaml"]), "文员", NOW,
    )  # fmt: skip
    found = studio_overview.overview(adopted.db, "fire")
    assert (found.version, found.behind) == (1, False)
    assert found.errors > 0
    adopted.adopt(WEEKLY.replace("周五前", "周四前"), "2026-11-24 09:00")
    assert studio_overview.overview(adopted.db, "fire").behind
