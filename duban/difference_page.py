"""A comparison of two versions as one self-contained page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from duban.differences import FIGURES, Told, alike, heading, kinds, load_rows, window
from duban.paper import cards, escape, page, section, table
from responsibilities.difference import Change
from responsibilities.simulation.comparison import Comparison, DutyDates
from responsibilities.words import Language, Words


def as_html(found: Comparison, zone: str, language: Language) -> str:
    """One self-contained page."""
    return page(found.title, _body(found, zone, language), language)


def _body(found: Comparison, zone: str, language: Language) -> Iterator[str]:
    title = Words("版本对照", "Two versions compared").in_(language)
    yield f"<h1>{escape(found.title)}</h1><p class='soft'>{title}</p>"
    figures = [(str(len(ids)), words.in_(language)) for words, ids in kinds(found.difference)]
    same = (str(len(found.difference.unchanged)), Words("不变", "unchanged").in_(language))
    left = Words("未办结事项，沿用原版本", "open tasks, left alone").in_(language)
    yield cards([*figures, same, (str(found.difference.open_tasks), left)])
    for words, ids in kinds(found.difference):
        if ids and words.en != "moves":
            rows = [[found.titles[id_], id_, _left(found, id_)] for id_ in ids]
            head = (Words("职责", "duty"), Words("编号", "id"), Words("未办结", "open tasks"))
            name = words.in_(language)
            yield section(name, table(name, head, rows, language, left=2))
    yield from _changed(found, language)
    yield from _date_tables(found.dates, zone, language)
    yield from _load_table(found, language)


def _left(found: Comparison, duty: str) -> str:
    return str(found.difference.left_alone.get(duty, 0))


def _changed(found: Comparison, language: Language) -> Iterator[str]:
    whole = Words("方案总体", "The plan as a whole").in_(language)
    overall = found.difference.institution
    told: list[Told] = [(whole, (), overall)] if overall else []
    told += alike(found, language)
    if told:
        parts = [_changes(found.titles, *one, language) for one in told]
        yield section(Words("改动", "Changes in words").in_(language), *parts)


def _changes(
    titles: Mapping[str, str], name: str, duties: Sequence[str], changes: Iterable[Change],
    language: Language,
) -> str:  # fmt: skip
    head = [Words("项目", "what").in_(language), *_sides(language)]
    rows = "".join(
        f'<tr><th scope="row">{escape(heading(one, language))}</th>'
        f"<td>{_list(one.before, 'del', language)}</td>"
        f"<td>{_list(one.after, 'ins', language)}</td></tr>"
        for one in changes
    )
    heads = "".join(f'<th scope="col">{escape(text)}</th>' for text in head)
    label = escape(name)
    listed = "、".join(titles[duty] for duty in duties)
    who = f'<p class="soft">{escape(listed)}</p>' if listed else ""
    return (
        f'<h3>{label}</h3>{who}<div class="roll" tabindex="0" role="region" aria-label="{label}">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _sides(language: Language) -> tuple[str, str]:
    return Words("原", "old").in_(language), Words("新", "new").in_(language)


def _list(said: Sequence[Words], tag: str, language: Language) -> str:
    return "<br>".join(f"<{tag}>{escape(words.in_(language))}</{tag}>" for words in said) or "—"


def _date_tables(dates: Sequence[DutyDates], zone: str, language: Language) -> Iterator[str]:
    if not dates:
        return
    name = Words("此后几期（下达至时限）", "Next dates (opens to due)").in_(language)
    heads = (Words("职责", "duty"), Words("原", "old"), Words("新", "new"))
    rows = []
    for one in dates:
        for place in range(max(len(one.before), len(one.after))):
            sides = (side[place : place + 1] for side in (one.before, one.after))
            cells = ["".join(window(dated, zone, language) for dated in side) for side in sides]
            rows.append([one.title, *cells])
    yield section(name, table(name, heads, rows, language, left=3, wide=True))


def _load_table(found: Comparison, language: Language) -> Iterator[str]:
    if found.load:
        name = Words("同一年模拟（原 → 新）", "The same year simulated (old → new)").in_(language)
        note = Words(
            "两版均按同一种子、同一年模拟，各单位表现相同，只有规则不同。",
            "Both versions run through the same year with the same seed: units behave alike.",
        ).in_(language)
        rows = load_rows(found.load, language)
        shown = table(name, (Words("单位", "unit"), *FIGURES), rows, language)
        yield section(name, f'<p class="soft">{escape(note)}</p>', shown)
