"""每3至6个月 at the office: the light turns before the due date does."""

from responsibilities.tasks import Standing
from tests.office.desk import Desk

PLAN = """\
duties:
  - {id: lab, title: 开展实验室检查, responsible: 护理学院, every: 每3至6个月, review: 办公室,
     ladder: 常规}
"""


def test_the_list_shows_amber_after_three_months_and_red_after_six(desk: Desk) -> None:
    desk.adopt(PLAN, "2026-06-30 18:00")
    desk.reconcile("2026-07-01 08:00")
    assert desk.opened() == ["fire/2026-07/lab/nursing"]
    seen = [desk.rows(wall)[0].standing for wall in ("2026-09-30 23:00", "2026-10-01 09:00")]
    assert seen == [Standing.ON_TRACK, Standing.DUE_SOON]
    assert desk.rows("2027-01-01 09:00")[-1].standing is Standing.OVERDUE
