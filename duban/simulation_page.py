"""A simulated year as one self-contained page for a meeting: pictures, and the figures beside."""

from collections.abc import Iterator

from duban.heat import heat, monday
from duban.paper import bar, cards, escape, page, section, table
from responsibilities.simulation.burden import (
    FIELD_MINUTES,
    FILE_MINUTES,
    NAME_MINUTES,
    SENDING_MINUTES,
)
from responsibilities.simulation.outcome import Simulation, UnitYear, Week
from responsibilities.simulation.tallies import DUES_A_DAY, DUES_A_WEEK
from responsibilities.simulation.telling import BEAT_COLUMNS, TEMPERS, beat_rows
from responsibilities.words import Language, Words

RULE = Words(
    f"工时为估算，口径为：数字、文字、日期每项{FIELD_MINUTES}分钟，文件每份{FILE_MINUTES}分钟，"
    f"名册每人（班）{NAME_MINUTES}分钟，打开并报送{SENDING_MINUTES}分钟；可选材料不计。"
    "本单位已有实测的，以实测为准。",
    f"Minutes are an estimate by this rule: {FIELD_MINUTES} for each number, text or date, "
    f"{FILE_MINUTES} for each file, {NAME_MINUTES} for each name of a roster, {SENDING_MINUTES} "
    "for opening and sending; optional evidence is not counted. Where you have measured your own, "
    "believe those.",
)
KINDS = (
    Words("任务", "tasks"),
    Words("信件", "letters"),
    Words("升级", "escalations"),
)
_MEANT = (
    Words("当周下达的任务数", "tasks opened in the week"),
    Words("当周发往本单位各邮箱的信件数（同批合并）", "letters to the unit's mailboxes, bundled"),
    Words("当周逾期后发出的催办、督办级数", "steps of the ladder told after a due date"),
)


def as_html(found: Simulation, language: Language) -> str:
    """The page; every picture has its numbers in text."""
    return page(found.title, _body(found, language), language)


def _body(found: Simulation, language: Language) -> Iterator[str]:
    yield f"<h1>{escape(found.title)}</h1>"
    said = Words(
        f"模拟 {found.first} 至 {found.last}，种子 {found.seed}。单位表现（及时、拖延、沉默）"
        "按种子假定，不是对任何单位的评价。",
        f"Simulated {found.first} to {found.last}, seed {found.seed}. How units behave (prompt, "
        "late, silent) is assumed by seed and says nothing about any unit.",
    )
    yield f'<p class="soft">{escape(said.in_(language))}</p>'
    yield cards(_figures(found, language))
    for place, (kind, meant) in enumerate(zip(KINDS, _MEANT, strict=True)):
        name = Words(f"各单位各周：{kind.zh}", f"By unit and week: {kind.en}").in_(language)
        note = f'<p class="soft">{escape(meant.in_(language))}</p>'
        yield section(name, note, heat(found, place, kind, language))
    yield _week_sums(found, language)
    yield _ladder(found, language)
    yield _burden(found, language)
    yield _clashes(found, language)
    yield _provisional(found, language)
    yield _units(found, language)
    yield _posts(found, language)
    if found.beats:
        name = Words("机制（逐个节拍）", "Mechanisms, beat by beat").in_(language)
        rows = list(beat_rows(found))
        yield section(name, table(name, BEAT_COLUMNS, rows, language, left=3))


def _figures(found: Simulation, language: Language) -> list[tuple[str, str]]:
    minutes = sum(unit.burden.minutes for unit in found.units)
    figures = (
        (found.tasks, Words("任务", "tasks")),
        (found.letters, Words("信件", "letters")),
        (found.escalations, Words("升级", "escalations")),
        (found.events, Words("事件", "incidents")),
        (len(found.clashes), Words("扎堆到期", "clashes")),
        (found.provisional, Words("暂定日期", "provisional dates")),
        (round(minutes / 60), Words("填报工时（估算）", "hours of paper work (estimate)")),
    )
    return [(f"{number:,}", words.in_(language)) for number, words in figures]


def _week_sums(found: Simulation, language: Language) -> str:
    rows = []
    for week in found.weeks:
        sums = Week(*map(sum, zip(*(u.weeks.get(week, Week()) for u in found.units), strict=True)))
        rows.append([f"{week}（{monday(week)}）", *map(str, sums)])
    name = Words("全校逐周合计", "All units, week by week").in_(language)
    head = (Words("周", "week"), *KINDS)
    inside = table(name, head, rows, language)
    return f"<details><summary>{escape(name)}</summary>{inside}</details>"


def _ladder(found: Simulation, language: Language) -> str:
    name = Words("阶梯用量", "Ladder load").in_(language)
    most = max(found.ladder.values(), default=1)
    rows = [[notice, f"{n:,}", bar(n / most)] for notice, n in found.ladder.items()]
    head = (Words("文书", "notice"), Words("次数", "told"), Words("", ""))
    return section(name, table(name, head, rows, language, bars=True))


def _burden(found: Simulation, language: Language) -> str:
    name = Words("填报负担", "Burden").in_(language)
    units = sorted(found.units, key=lambda unit: -unit.burden.minutes)
    most = max((unit.burden.minutes for unit in units), default=0) or 1
    rows = [
        [
            unit.name,
            *map(str, unit.burden[:3]),
            f"{unit.burden.minutes / 60:.1f}",
            bar(unit.burden.minutes / most),
        ]
        for unit in units
        if unit.burden.minutes
    ]
    head = (
        Words("单位", "unit"), Words("字段", "fields"), Words("文件", "files"),
        Words("名册", "names"), Words("工时", "hours"), Words("", ""),
    )  # fmt: skip
    rule = f'<p class="soft">{escape(RULE.in_(language))}</p>'
    return section(name, rule, table(name, head, rows, language, bars=True))


def _clashes(found: Simulation, language: Language) -> str:
    name = Words("扎堆到期与过载", "Clashes and overload").in_(language)
    rule = Words(
        f"同一单位一日{DUES_A_DAY}项、一周{DUES_A_WEEK}项起列出，最多者在前。",
        f"Listed from {DUES_A_DAY} dues of one unit on a day, {DUES_A_WEEK} in a week, "
        "the worst first.",
    ).in_(language)
    names = {unit.unit: unit.name for unit in found.units}
    most = max((clash.dues for clash in found.clashes), default=1)
    rows = [[c.when, names[c.unit], str(c.dues), bar(c.dues / most)] for c in found.clashes]
    head = (
        Words("日期或周", "day or week"), Words("单位", "unit"),
        Words("到期", "dues"), Words("", ""),
    )  # fmt: skip
    shown = table(name, head, rows, language, left=2, bars=True)
    none = Words("没有。", "None.").in_(language)
    return section(name, f'<p class="soft">{escape(rule)}</p>', shown if rows else f"<p>{none}</p>")


def _provisional(found: Simulation, language: Language) -> str:
    name = Words("暂定日期", "Provisional dates").in_(language)
    why = Words(
        f"{found.provisional} 项任务的日期依据尚未公布的放假安排或校历，公布后重新计算。",
        f"The dates of {found.provisional} tasks rest on holidays or a school calendar not yet "
        "published; they are worked out again when they are.",
    ).in_(language)
    rows = [[duty, str(number)] for duty, number in found.provisional_duties.items()]
    head = (Words("职责", "duty"), Words("任务", "tasks"))
    stuck = "".join(
        f"<li>{escape(duty)}：{escape(words.in_(language))}</li>"
        for duty, words in found.stuck.items()
    )
    listed = table(name, head, rows, language) if rows else ""
    return section(name, f"<p>{escape(why)}</p>", listed, f"<ul>{stuck}</ul>" if stuck else "")


def _units(found: Simulation, language: Language) -> str:
    name = Words("各单位全年", "Units over the year").in_(language)
    head = (
        Words("单位", "unit"), Words("假定表现", "assumed"), *KINDS, Words("按期", "on time"),
        Words("逾期", "late"), Words("未完", "open"), Words("终止", "lapsed"),
        Words("退回", "returned"), Words("延期", "extended"),
    )  # fmt: skip
    rows = [_unit(unit, language) for unit in found.units if unit.tasks or unit.letters]
    return section(name, table(name, head, rows, language, left=2))


def _unit(unit: UnitYear, language: Language) -> list[str]:
    counts = (unit.tasks, unit.letters, unit.escalations, unit.on_time, unit.late)
    rest = (unit.unfinished, unit.excused, unit.returned, unit.extended)
    return [unit.name, TEMPERS[unit.temper].in_(language), *map(str, counts + rest)]


def _posts(found: Simulation, language: Language) -> str:
    name = Words("领导岗位收信", "Letters to leadership posts").in_(language)
    most = max(found.posts.values(), default=1)
    rows = [[post, f"{n:,}", bar(n / most)] for post, n in found.posts.items()]
    head = (Words("岗位", "post"), Words("信件", "letters"), Words("", ""))
    return section(name, table(name, head, rows, language, bars=True))
