"""Prints one digest over the occurrences and a simulated year of N drawn duties.

Run as a process of its own, so that time zone and hash seed can be anything:
`python -m tests.responsibilities.any_plan 200`.
"""

import sys
from datetime import date
from hashlib import sha256

from responsibilities.calendars.clock import Roll
from responsibilities.occurrences import occurrences
from responsibilities.plan import Attribute, Duty, Member, Roster
from responsibilities.rhythm import Varied
from responsibilities.simulation.chance import draws
from responsibilities.simulation.conduct import Scenario
from responsibilities.simulation.simulate import Happening, line, simulate
from tests.responsibilities.small_plans import CLOCK, COLLEGES, at, duty, every, plan

RHYTHMS = (
    *("每日", "每工作日", "每教学日", "每周", "每2周", "每教学周", "每旬", "每月", "每2个月"),
    *("每季度", "每半年", "每年9月", "每学期", "每学年", "每个节假日", "每周，学期内"),
    *("每月，11月至次年3月", "每2个月（自上次完成起）", "每40日（自上次完成起）"),
)
OPENS = ("期初", "期末前5个工作日", "期初后2日", "期初10:00", "期末前1周")
DUES = ("期末", "期末17:00", "期末后2日内", "下达后3个工作日内", "下达后8个工作小时内")
LEVELS = Attribute(
    "等级", ((None, "三级"), (date(2026, 4, 20), "一级"), (date(2026, 9, 1), "二级"))
)
BY_LEVEL = Varied("等级", (("一级", every("每月")), ("二级", every("每2周"))), every("每3个月"))
LABS = Roster(
    "labs", "实验室", date(2025, 9, 1), {
        unit: (
            Member(f"{unit}甲室", last_done=date(2025, 11, 20), attributes=(LEVELS,)),
            Member(f"{unit}乙室", date(2026, 3, 10), id="b"),
            Member(f"{unit}丙室", None, date(2026, 6, 30)),
        )
        for unit in COLLEGES
    }, {},
)  # fmt: skip
YEAR = Scenario(date(2026, 1, 1), date(2026, 12, 31))


def drawn(number: int) -> Duty:
    """The duty with that number: always the same one."""
    rhythm, opens, due, roll, units, *_ = draws("any plan", str(number))
    return duty(
        f"d{number}",
        RHYTHMS[int(rhythm * len(RHYTHMS))],
        opens=OPENS[int(opens * len(OPENS))],
        due=DUES[int(due * len(DUES))],
        roll=list(Roll)[int(roll * 3)],
        units=COLLEGES[: 1 + int(units * 3)],
        skip_empty=roll < 0.2,
        each="labs" if number % 4 == 0 else None,
        varied=BY_LEVEL if number % 6 == 0 else None,
    )


def digest(number: int) -> str:
    """SHA-256 over every occurrence of 2026, and what becomes of the first twenty duties."""
    found = sha256()
    duties = [drawn(each) for each in range(number)]
    whole = plan(*duties[:20], rosters=(LABS,))
    since, until = at("2026-01-01 00:00"), at("2026-12-31 23:59")
    for one in duties:
        for occurrence in occurrences(whole, one, CLOCK, since, until):
            found.update(repr(tuple(map(str, occurrence))).encode())
    events: list[Happening] = []
    simulate(whole, CLOCK, YEAR, events.append)
    for event in events:
        found.update(line(event, whole, CLOCK).encode())
    return f"{number} {len(events)} {found.hexdigest()}"


if __name__ == "__main__":
    print(digest(int(sys.argv[1])))
