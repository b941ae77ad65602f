"""The plan's next version in the making: nothing typed is lost, nobody overwrites another."""

from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import Engine, delete

from office import studio, studio_adopting, studio_entries, studio_workbook
from office.bookwriting import DUTIES
from office.ledger import list_facts
from office.studio import Stale, Target, seen
from responsibilities.exchange.passages import passage, replaced
from responsibilities.exchange.rows import Row, changes, table
from responsibilities.exchange.rungs import rungs
from responsibilities.exchange.trying import revised
from responsibilities.tasks import FactKind
from responsibilities.words import Refused
from storage import plans
from storage.engine import reading, writing
from storage.plan_drafts import Draft
from storage.tables import plan_sources
from tests.office.desk import SCHOOL, Desk, at

WEEKLY = """\
# 学院的事，一项一行注释
duties:
  - id: check
    title: 开展宿舍消防检查   # 夜间
    responsible: 二级学院
    every: 每周
    due: 周五前
    review: 办公室
    ladder: 常规
    evidence: [{file: 检查记录, kinds: [pdf]}]

  - {id: drill, title: 组织疏散演练, responsible: 保卫处, every: 每学期, ladder: 常规,
     assumed: {every: 办公室核定}}
""".replace("every: 每学期", "every: 每半年")
NOW = at("2026-11-23 09:00")
CHECK = Target(section="duties", id="check")


@pytest.fixture
def adopted(desk: Desk) -> Desk:
    desk.adopt(WEEKLY, "2026-11-20 09:00")
    return desk


def begun(desk: Desk) -> Draft:
    return studio.begin(desk.db, "fire", "文员", NOW)


def cells(draft: Draft, id_: str) -> dict[str, str]:
    return next(row for row in table(draft.files) if row["id"] == id_)


def shown(draft: Draft, target: Target = CHECK) -> str:
    return seen(studio.find_passage(draft.files, target).text)


def source(db: Engine) -> tuple[int, dict[str, str] | None]:
    with reading(db) as connection:
        held = plans.current_version(connection, "fire")
        assert held is not None
        return held[0], plans.source(connection, "fire", held[0])


def test_the_files_are_kept_beside_the_plan_with_their_comments(adopted: Desk) -> None:
    assert source(adopted.db) == (1, {"school.yaml": SCHOOL, "duties.yaml": WEEKLY})


def test_another_comment_is_kept_and_is_no_new_version(adopted: Desk) -> None:
    other = WEEKLY.replace("# 夜间", "# 夜间和清晨")
    assert not adopted.adopt(other, "2026-11-21 09:00").new
    version, files = source(adopted.db)
    assert (version, files and files["duties.yaml"]) == (1, other)


def test_a_plan_adopted_without_its_files_says_how_to_bring_them(adopted: Desk) -> None:
    with writing(adopted.db) as connection:
        connection.execute(delete(plan_sources))
    with pytest.raises(Refused, match="duban adopt"):
        begun(adopted)
    adopted.adopt(WEEKLY, "2026-11-21 09:00")
    assert begun(adopted).files["duties.yaml"] == WEEKLY


def test_a_form_changes_one_line_and_no_other_byte(adopted: Desk) -> None:
    draft = begun(adopted)
    edited = {**cells(draft, "check"), "due": "周三前"}
    id_, faults = studio_entries.save_duty(adopted.db, "fire", edited, shown(draft), "文员", NOW)
    assert (id_, faults) == ("check", ())
    after = studio.draft_of(adopted.db, "fire")
    assert after is not None
    assert after.files["duties.yaml"] == WEEKLY.replace("due: 周五前", "due: 周三前")
    assert (after.revision, after.authors) == (2, ("文员",))


def test_a_mistake_in_a_form_is_told_at_its_field_and_nothing_is_saved(adopted: Desk) -> None:
    draft = begun(adopted)
    edited = {**cells(draft, "check"), "responsible": "护理学员"}
    _, faults = studio_entries.save_duty(adopted.db, "fire", edited, shown(draft), "文员", NOW)
    assert [(one.key, "您是否想写“护理学院”？" in one.what.zh) for one in faults] == [
        ("responsible", True)
    ]
    assert studio.draft_of(adopted.db, "fire") == draft


def test_two_clerks_never_overwrite_each_other_unseen(adopted: Desk) -> None:
    draft = begun(adopted)
    first = {**cells(draft, "check"), "due": "周三前"}
    second = {**cells(draft, "check"), "due": "周四前"}
    studio_entries.save_duty(adopted.db, "fire", first, shown(draft), "甲文员", NOW)
    with pytest.raises(Stale, match="甲文员") as stale:
        studio_entries.save_duty(adopted.db, "fire", second, shown(draft), "乙文员", NOW)
    assert "周三前" in stale.value.held
    other = {**cells(draft, "drill"), "title": "组织夜间疏散演练"}
    drill = shown(draft, Target(section="duties", id="drill"))
    _, faults = studio_entries.save_duty(adopted.db, "fire", other, drill, "乙文员", NOW)
    assert faults == ()  # another duty of the same file is another matter


def test_a_file_is_saved_with_its_errors_and_cannot_be_proposed(adopted: Desk) -> None:
    draft = begun(adopted)
    whole = Target(file="duties.yaml")
    typed = WEEKLY.replace("ladder: 常规\n", "laddr: 常规\n")
    draft = studio.save_text(adopted.db, "fire", whole, typed, shown(draft, whole), "文员", NOW)
    assert draft.files["duties.yaml"] == typed
    with pytest.raises(Refused, match="1 处错误"):
        studio_adopting.propose(adopted.db, "fire", draft.revision, "文员", NOW)


def test_a_duty_typed_as_yaml_stays_a_duty(adopted: Desk) -> None:
    draft = begun(adopted)
    with pytest.raises(Refused, match="check"):
        studio.save_text(adopted.db, "fire", CHECK, "  - id: [", shown(draft), "文员", NOW)
    assert studio.draft_of(adopted.db, "fire") == draft


def test_a_ladder_step_is_changed_by_the_form(adopted: Desk) -> None:
    draft = begun(adopted)
    target = Target(section="ladders", id="ordinary")
    steps = rungs(studio_entries.ladder(draft.files, "ordinary"))
    steps[2] = {**steps[2], "when": "逾期2个工作日", "tell": "联络员、负责人、分管领导"}
    faults = studio_entries.save_ladder(
        adopted.db, "fire", "ordinary", steps, shown(draft, target), "文员", NOW
    )
    after = studio.draft_of(adopted.db, "fire")
    assert faults == ()
    assert after is not None
    assert after.files["school.yaml"] == SCHOOL.replace(
        "{when: 逾期1个工作日, tell: [联络员, 负责人], ",
        "{when: 逾期2个工作日, tell: [联络员, 负责人, 分管领导], ",
    )


def test_a_ladder_step_for_nobody_known_is_told_at_the_step(adopted: Desk) -> None:
    draft = begun(adopted)
    target = Target(section="ladders", id="ordinary")
    steps = rungs(studio_entries.ladder(draft.files, "ordinary"))
    steps[1] = {**steps[1], "tell": "联络"}
    faults = studio_entries.save_ladder(
        adopted.db, "fire", "ordinary", steps, shown(draft, target), "文员", NOW
    )
    assert [(one.row, one.key) for one in faults] == [(2, "tell")]
    assert studio.draft_of(adopted.db, "fire") == draft


def test_the_yellow_orange_red_ladder_is_taken_in_once(adopted: Desk) -> None:
    begun(adopted)
    studio_entries.add_preset(adopted.db, "fire", "yellow-orange-red", "文员", NOW)
    after = studio.draft_of(adopted.db, "fire")
    assert after is not None
    added = rungs(studio_entries.ladder(after.files, "yellow-orange-red"))
    assert [step["colour"] for step in added] == ["", "黄", "橙", "红", ""]
    studio_adopting.propose(adopted.db, "fire", after.revision, "文员", NOW)  # it compiles
    with pytest.raises(Refused, match="已在方案中"):
        studio_entries.add_preset(adopted.db, "fire", "yellow-orange-red", "文员", NOW)


def test_a_second_person_approves_and_then_it_is_in_force(adopted: Desk) -> None:
    draft = begun(adopted)
    edited = {**cells(draft, "check"), "due": "周三前"}
    studio_entries.save_duty(adopted.db, "fire", edited, shown(draft), "文员", NOW)
    with pytest.raises(Refused, match="另一人批准"):
        studio_adopting.adopt_draft(adopted.db, "fire", 2, "文员", NOW, second=True)
    studio_adopting.propose(adopted.db, "fire", 2, "文员", NOW)
    with pytest.raises(Refused, match="另一人"):
        studio_adopting.approve(adopted.db, "fire", 2, "文员", NOW)
    studio_adopting.approve(adopted.db, "fire", 2, "副主任", NOW)
    done = studio_adopting.adopt_draft(adopted.db, "fire", 2, "文员", NOW, second=True)
    assert (done.new, done.version, done.difference.moves) == (True, 2, ("check",))
    assert source(adopted.db)[1] == {
        "school.yaml": SCHOOL,
        "duties.yaml": WEEKLY.replace("due: 周五前", "due: 周三前"),
    }
    assert studio.draft_of(adopted.db, "fire") is None
    kinds = [FactKind.PLAN_PROPOSED, FactKind.PLAN_APPROVED, FactKind.ADOPTED]
    said = [one for one in list_facts(adopted.db) if one.kind in kinds]
    assert [(one.kind, one.body["digest"]) for one in said[1:]] == [
        (kind, done.digest) for kind in kinds
    ]


def test_a_change_after_the_proposal_takes_the_approval_back(adopted: Desk) -> None:
    draft = begun(adopted)
    studio_adopting.propose(adopted.db, "fire", draft.revision, "文员", NOW)
    studio_adopting.approve(adopted.db, "fire", draft.revision, "副主任", NOW)
    edited = {**cells(draft, "check"), "due": "周三前"}
    studio_entries.save_duty(adopted.db, "fire", edited, shown(draft), "文员", NOW)
    with pytest.raises(Refused, match="重新查看"):
        studio_adopting.adopt_draft(adopted.db, "fire", draft.revision, "文员", NOW, second=True)
    with pytest.raises(Refused, match="另一人批准"):
        studio_adopting.adopt_draft(
            adopted.db, "fire", draft.revision + 1, "文员", NOW, second=True
        )


def test_another_version_that_took_force_is_looked_at_first(adopted: Desk) -> None:
    draft = begun(adopted)
    adopted.adopt(WEEKLY.replace("周五前", "周四前"), "2026-11-24 09:00")
    with pytest.raises(Refused, match="另有新版本"):
        studio_adopting.propose(adopted.db, "fire", draft.revision, "文员", NOW)
    renewed = studio_adopting.renew_base(adopted.db, "fire", draft.revision, "文员", NOW)
    studio_adopting.propose(adopted.db, "fire", renewed.revision, "文员", NOW)
    studio.discard(adopted.db, "fire")
    assert studio.draft_of(adopted.db, "fire") is None


def edited_book(desk: Desk, due: str) -> bytes:
    book = load_workbook(BytesIO(studio_workbook.workbook(desk.db, "fire", "zh")))
    sheet = book[DUTIES.zh]
    place = [cell.value for cell in sheet[1]].index("办理时限")
    sheet.cell(2, place + 1).value = due
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_is_shown_as_a_difference_and_then_taken_in(adopted: Desk) -> None:
    begun(adopted)
    body = edited_book(adopted, "周三前")
    studio_workbook.upload(adopted.db, "fire", "职责.xlsx", body, "文员", NOW)
    found = studio_workbook.preview(adopted.db, "fire")
    assert found is not None
    changed = [line for line in found.lines if line[:1] in "+-" and line[:3] not in ("---", "+++")]
    assert changed == ["-    due: 周五前", "+    due: 周三前"]
    assert begun(adopted).files["duties.yaml"] == WEEKLY
    studio_workbook.take_in(adopted.db, "fire", found.mark, "文员", NOW)
    assert begun(adopted).files["duties.yaml"] == WEEKLY.replace("周五前", "周三前")
    assert studio_workbook.preview(adopted.db, "fire") is None


def test_a_workbook_with_a_mistake_comes_back_red(adopted: Desk) -> None:
    begun(adopted)
    body = edited_book(adopted, "周八前")
    studio_workbook.upload(adopted.db, "fire", "职责.xlsx", body, "文员", NOW)
    found = studio_workbook.preview(adopted.db, "fire")
    assert found is not None
    assert [(fault.row, fault.key) for fault in found.faults] == [(2, "due")]
    with pytest.raises(Refused, match="有错误"):
        studio_workbook.take_in(adopted.db, "fire", found.mark, "文员", NOW)
    name, marked = studio_workbook.marked(adopted.db, "fire", "zh")
    sheet = load_workbook(BytesIO(marked))[DUTIES.zh]
    red = [cell.coordinate for row in sheet.iter_rows() for cell in row
           if cell.fill.fgColor.rgb == "00FFC7CE"]  # fmt: skip
    assert name == "职责-问题.xlsx"
    assert len(red) == 2  # the cell and the remark beside its row


TEXTS = {"duties.yaml": WEEKLY}


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=20))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_typed_in_a_passage_touches_no_other_line(typed: str) -> None:
    held = passage(TEXTS, "duties", "check")
    assert held is not None
    after = replaced(TEXTS, held, typed)["duties.yaml"].split("\n")
    before = WEEKLY.split("\n")
    assert after[: held.first - 1] == before[: held.first - 1]
    assert after[len(after) - len(before) + held.last :] == before[held.last :]
    assert replaced(TEXTS, held, held.text) == TEXTS


@given(
    st.sampled_from(["title", "due", "ladder", "note", "question", "weight"]),
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=20),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_field_of_the_form_touches_no_line_of_another_duty_or_key(key: str, typed: str) -> None:
    row = next(row for row in table(TEXTS) if row["id"] == "check")
    found = changes(TEXTS, [Row(1, {**row, key: typed})], delete=False)
    after = revised(TEXTS, found)["duties.yaml"].split("\n")
    before = WEEKLY.split("\n")
    assert [line for line in before if line not in after] == [
        line for line in before[2:10] if line.strip().startswith(f"{key}:") and line not in after
    ]
    assert len(after) - len(before) == (0 if row[key] else 1)
