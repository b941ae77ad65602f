"""A year's holidays in the JSON shape of the holiday-cn data, as the text of a calendar file.

    {"year": 2027, "papers": ["https://…"], "days": [{"name": "元旦", "date": "2027-01-01",
     "isOffDay": true}, …]}

The shape says which days are off and which are worked, not which of them are statutory (民法典
203): those are taken from the year as it is held already, provisional or not.
"""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from responsibilities.calendars.calendar_year import CalendarYear
from responsibilities.calendars.dates import Span, read_day
from responsibilities.period_words import HOLIDAYS
from responsibilities.words import Refused, Words

_IDS: Final[Mapping[str, str]] = {words.zh: id_ for id_, words in HOLIDAYS.items()}
_DAY: Final = timedelta(days=1)


def as_calendar_text(
    text: str, held: Mapping[int, CalendarYear], notice: str, revision: int
) -> str:
    """The YAML of a calendar file. Refused where the JSON is not of that shape, names a holiday
    that nobody knows, or its statutory days are not known.
    """
    year, days = _read(text)
    known = held.get(year)
    entries = []
    for name in dict.fromkeys(name for name, _, _ in days):
        off = sorted(day for own, day, rests in days if rests and own == name)
        worked = [
            day.isoformat() for held_name, day, rests in days if not rests and held_name == name
        ]
        for place, part in enumerate(name.split("、")):
            entry = _entry(part, _rest(name, off), known, year)
            entries.append({**entry, "work": worked if place == 0 else []})
    return json.dumps(
        {
            "year": year,
            "status": "official",
            "revision": revision,
            "notice": notice or None,
            "holidays": entries,
        },
        ensure_ascii=False,
    )  # JSON is YAML


def _read(text: str) -> tuple[int, list[tuple[str, date, bool]]]:
    try:
        data = json.loads(text)
        days = [(one["name"], read_day(one["date"]), bool(one["isOffDay"])) for one in data["days"]]
        year = int(data["year"])
    except (ValueError, KeyError, TypeError) as error:
        raise _not_of_that_shape() from error
    found = [(name, day, rests) for name, day, rests in days if day is not None]
    if len(found) < len(days) or not found or not all(isinstance(one[0], str) for one in found):
        raise _not_of_that_shape()
    return year, found


def _not_of_that_shape() -> Refused:
    return Refused(
        Words(
            "不是 holiday-cn 格式的 JSON：应有 year 和 days（name、date、isOffDay），且不得为空。",
            "This is no JSON of the holiday-cn shape: it needs `year` and `days` (name, date, "
            "isOffDay), and some days.",
        )
    )


def _rest(name: str, off: list[date]) -> Span:
    if not off or off[-1] - off[0] != _DAY * (len(off) - 1):
        raise Refused(
            Words(f"“{name}”的放假日期不相连，请核对。", f"The days off of {name} do not adjoin.")
        )
    return Span(off[0], off[-1])


def _entry(name: str, rest: Span, known: CalendarYear | None, year: int) -> dict[str, Any]:
    id_ = _IDS.get(name)
    before = next((h for h in known.holidays if h.id == id_), None) if known else None
    statutory = (
        [day for day in sorted(known.statutory) if before.first <= day <= before.last]
        if known and before
        else []
    )
    if id_ is None or not statutory:
        raise Refused(
            Words(
                f"不知道{year}年“{name}”的法定休假日；请改用 YAML 文件，写明 statutory。",
                f"The statutory days of {name} in {year} are not known; write a YAML file with "
                "`statutory`.",
            )
        )
    return {
        "name": name,
        "id": id_,
        "rest": f"{rest.first}..{rest.last}",
        "statutory": f"{statutory[0]}..{statutory[-1]}",
    }
