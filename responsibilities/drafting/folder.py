"""The YAML files of a first draft: everything unsure carries 待确认 and the reason."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from responsibilities.drafting.judging import EVENT, Judged, Reading, judge
from responsibilities.drafting.sentences import bodies, passages
from responsibilities.exchange.emitting import flow
from responsibilities.quotes import plain

ASK: Final = "# 待确认"
_MODELINE: Final = "# 由 duban draft 起草；标有“待确认”的，请逐项核定后删去标记。\n"
_NUMBER: Final = re.compile(r"[\u4e00-\u9fffA-Za-z]{1,12}〔[0-9]{4}〕[0-9]{1,4}号")
_DATE: Final = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日")
_TITLE: Final = re.compile(r"(?:方案|办法|规定|制度|预案|计划|细则|责任制|通知)[》”]?$")
OFFICE: Final = "领导小组办公室"
TASKS: Final = ("every", "standing", "on", "once")


def draft(text: str, name: str, today: date) -> dict[str, str]:
    """Files by name: the plan's own text and a plan folder that compiles without errors.

    `name`: the plan's id, in Latin letters; `today` stands in where the text has no date.
    """
    judged = [judge(passage) for passage in passages(text)]
    units = _units(text, judged)
    ids = {unit: f"u{place:02}" for place, unit in enumerate(units, 1)}
    files = {
        "text.md": text if text.endswith("\n") else text + "\n",
        "plan.yaml": _plan(text, name, today),
        "units.yaml": _units_file(ids),
        "ladders.yaml": _LADDERS,
        "events.yaml": _EVENTS,
        "clauses.yaml": _clauses(judged),
    }
    duties = list(_duties(judged))
    if any("cover:" in lines for _, lines in duties):
        files["rosters.yaml"] = _ROSTERS.replace("{date}", str(_issued(text) or today))
    if any(re.search("every: 每学[期年]", lines) for _, lines in duties):
        files["calendar.yaml"] = _calendar(today)
    for unit, id_ in ids.items():
        if theirs := [lines for owner, lines in duties if owner == unit]:
            written = "\n".join(theirs)
            files[f"duties/{id_}.yaml"] = f"{_MODELINE}# {unit}\nduties:\n{written}"
    return files


def _units(text: str, judged: Sequence[Judged]) -> list[str]:
    """The office, then every unit that acts, then those that stand in a list of three or more."""
    found = [OFFICE, *(one.passage.unit for one in judged if one.passage.unit)]
    whole = plain(text)
    return list(dict.fromkeys([*found, *sorted(bodies(text), key=whole.find)]))


def _issued(text: str) -> date | None:
    for match in _DATE.finditer(text):
        try:
            return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            continue
    return None


def _plan(text: str, name: str, today: date) -> str:
    lines = [plain(line) for line in text.splitlines()]
    titled = [line for line in lines if _TITLE.search(line) and len(line) < 60]
    title = min(titled, key=lambda line: ("通知" in line, lines.index(line)), default="")
    number = next((found for line in lines if (found := _NUMBER.search(line))), None)
    issued = _issued(text)
    return (
        f"{_MODELINE}plan:\n  id: {flow(name)}\n"
        f"  title: {flow(title or name)}  {ASK}\n"
        f"  number: {flow(number.group() if number else '')}  {ASK}\n"
        f"  issued: {issued or today}  {ASK}{'' if issued else '：原文没有印发日期'}\n"
        f"  text: text.md\n  office: {OFFICE}  {ASK}：办公室设在哪个单位\n"
        "  leadership: {group_leader: 组长, deputy_group_leader: 副组长}  "
        f"{ASK}\nposts:\n  - {{id: zuzhang, name: 组长, mail: 空缺}}  {ASK}：职务邮箱\n"
        f"  - {{id: fuzuzhang, name: 副组长, mail: 空缺}}  {ASK}：职务邮箱\n"
    )


def _units_file(ids: Mapping[str, str]) -> str:
    lines = [
        f"  - {{id: {id_}, name: {flow(unit)}, contact: 空缺, head: 空缺, leader: 副组长}}  {ASK}"
        for unit, id_ in ids.items()
    ]
    about = "# 原文中以粗体、标题、句首或名单出现的单位；泛称（如“单位、各部门”）请改为单位组。\n"
    return f"{_MODELINE}{about}units:\n" + "\n".join(lines) + "\n"


def _calendar(today: date) -> str:
    """Two terms of the current academic year, to be replaced by the school's own."""
    year = today.year if today.month >= 8 else today.year - 1
    autumn, spring = _monday(date(year, 9, 1)), _monday(date(year + 1, 3, 1))
    return (
        f'{_MODELINE}calendar:\n  school:\n    "{year}-{year + 1}":\n      terms:\n'
        f"        - {{teaching: {{week1: {autumn}, weeks: 18}}}}  {ASK}：第一学期，按校历填写\n"
        f"        - {{teaching: {{week1: {spring}, weeks: 18}}}}  {ASK}：第二学期，按校历填写\n"
    )


def _monday(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def _clauses(judged: Sequence[Judged]) -> str:
    lines = [
        f"  - id: {_clause(place)}\n    section: {flow(_section(one))}\n"
        f"    quote: {flow(one.passage.quote)}\n    as: {one.disposition}  {ASK}\n"
        for place, one in enumerate(judged, 1)
    ]
    return f"{_MODELINE}clauses:\n" + "".join(lines)


def _clause(place: int) -> str:
    return f"C{place:03}"


def _section(one: Judged) -> str:
    return one.passage.section + (one.passage.unit if one.passage.unit else "")


def _duties(judged: Iterable[Judged]) -> Iterator[tuple[str, str]]:
    """The unit and the lines of each duty."""
    for place, one in enumerate(judged, 1):
        for number, reading in enumerate(one.readings, 1):
            id_ = f"d{place:03}" + (f"-{number}" if len(one.readings) > 1 else "")
            unit = one.passage.unit or OFFICE
            yield unit, _duty(id_, _clause(place), one, reading)


def _duty(id_: str, clause: str, one: Judged, reading: Reading) -> str:
    unsure = dict(reading.unsure)
    if not one.passage.unit:
        unsure["responsible"] = "原文未写由谁承办，暂列办公室"
    keys = {"id": id_, "title": _title(one.passage.quote), "source": clause}
    keys |= {"responsible": one.passage.unit or OFFICE, **reading.keys}
    if reading.cover:
        keys["cover"] = "覆盖对象"
        unsure["cover"] = "原文写“全覆盖”，名册和人数请补"
    keys["ladder"] = "常规"
    marks = unsure | {"title": "标题取自原文"} if len(one.passage.quote) > 30 else unsure
    lines = [
        f"    {key}: {flow(value)}" + (f"  {ASK}：{marks[key]}" if key in marks else "")
        for key, value in keys.items()
    ]
    lines.append(f"    evidence: [{{text: 办理情况}}]  {ASK}：原文未写材料")
    if unsure:
        lines += ["    assumed:", *(f"      {key}: {flow(why)}" for key, why in unsure.items())]
    return "  - " + "\n".join(lines).lstrip() + "\n"


def _title(quote: str) -> str:
    """The first order of the quote, at most 30 characters."""
    return re.split(r"[，。；！？]", quote)[0][:30]


_LADDERS: Final = f"""{_MODELINE}ladders:
  - id: ordinary
    name: 常规
    steps:
      - {{when: 下达时, tell: 联络员, notice: 任务下达}}
      - {{when: 截止前3个工作日, tell: 联络员, notice: 临期提醒, colour: 蓝}}
      - {{when: 逾期1个工作日, tell: [联络员, 负责人], notice: 催办单, colour: 黄}}
      - {{when: 逾期5个工作日, tell: 分管领导, notice: 督办单, colour: 红}}
"""
_EVENTS: Final = f"""{_MODELINE}events:
  - id: matter
    name: {EVENT}  {ASK}：请按实际分为若干类事件
    fields:
      - {{id: what, name: 情况, kind: text}}
"""
_ROSTERS: Final = f"""{_MODELINE}rosters:
  - id: covered
    name: 覆盖对象  {ASK}：班级、教职工等，分别建名册
    as_of: {{date}}  {ASK}
    counts: {{{OFFICE}: 1}}  {ASK}：各单位人数
"""
