"""Following a roster while a task is with its unit: who has joined, who has left (see the rule).

Each change is a fact and a letter to the unit. Where nothing is missing any more, because the last
one who was not covered has left, what was handed in goes to the reviewer.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import Connection

from office.handing_over import Content, hand_in_by_system
from office.matters import Matter
from office.progress import Progress, progress
from office.review import waive_within
from office.telling import Bundles
from responsibilities.plan import Role
from responsibilities.promises import heads_to_cover, members_of
from responsibilities.roster_changes import Changes, changes, window
from responsibilities.tasks import SYSTEM, Fact, FactKind, Promise, State
from responsibilities.words import Words
from storage import facts

_COMPLETE = "名册变动后，已报送的材料齐全"
_NOTHING_LEFT = "名下已无班级，由所属单位办理"


def follow(connection: Connection, matter: Matter, now: datetime, bundles: Bundles) -> bool:
    """Bring what `matter` asks for up to the roster in force; whether anything changed."""
    task, roster = matter.task, _in_force(matter)
    if task.state is not State.OPEN or roster is None:
        return False
    known = facts.of_task(connection, task.key)
    there = progress(matter, known)
    found, heads = _changes(matter, roster, there, now), _heads(matter, roster, there, now)
    if not found and heads is None:
        return False
    fact = _fact(matter, known, found, heads, now)
    facts.append(connection, [fact])
    reason = say_change(fact).zh
    bundles.tell_about(task, [Role.CONTACT], "roster", fact.key, reason)
    after = progress(matter, (*known, fact))
    if task.attempt and after.complete and not there.complete:
        hand_in_by_system(connection, matter, Content(zero=after.zero), now, _COMPLETE)
    elif matter.is_part and not after.roster:
        waive_within(connection, matter, _NOTHING_LEFT, SYSTEM, now)
    return True


def _in_force(matter: Matter) -> Promise | None:
    """What the version in force would promise, where it still counts over the same roster."""
    duty = matter.place.duties.get(matter.task.duty)
    if matter.promise.coverage_roster is None or duty is None:
        return None
    found = matter.place.promise(duty, part=matter.is_part)
    return found if found.coverage_roster == matter.promise.coverage_roster else None


def _changes(matter: Matter, roster: Promise, there: Progress, now: datetime) -> Changes:
    task, clock = matter.task, matter.clock
    alone = task.unit in matter.promise.coverage
    within = window(
        matter.promise.late_joiners, clock.day(task.opens_at), clock.day(task.due_at), clock
    )
    members = members_of(roster.coverage, task.unit, alone=alone)
    return changes(there.roster, set(there.covered), members, within, clock.day(now))


def _heads(matter: Matter, roster: Promise, there: Progress, now: datetime) -> int | None:
    """How many persons are to be covered now, where that is another number, and not too late."""
    if not matter.promise.counts or now > matter.task.due_at:
        return None
    heads = heads_to_cover(roster, matter.task.unit)
    return heads if heads != there.heads_all else None


def _fact(
    matter: Matter, known: Iterable[Fact], found: Changes, heads: int | None, now: datetime
) -> Fact:
    number = 1 + sum(fact.kind is FactKind.ROSTER for fact in known)
    body: dict[str, object] = {
        "added": {name: day.isoformat() for name, day in found.added.items()},
        "taken_off": {name: day.isoformat() for name, day in found.taken_off.items()},
        "version": matter.place.version,
    }
    if heads is not None:
        body["heads"] = heads
    return Fact(matter.task.key, f"roster/{number}", FactKind.ROSTER, now, SYSTEM, body)


def say_change(fact: Fact) -> Words:
    """Who was added or taken off, and since when: 新增护理4班（2026年10月12日加入）."""
    added = _listed(fact.body["added"], Words("加入", "joined"))
    gone = _listed(fact.body["taken_off"], Words("起不在册，未覆盖", "no longer there, uncovered"))
    parts = [(Words("新增", "added: "), added), (Words("减去", "taken off: "), gone)]
    zh = [f"{head.zh}{said.zh}" for head, said in parts if said.zh]
    en = [f"{head.en}{said.en}" for head, said in parts if said.en]
    if "heads" in fact.body:
        zh.append(f"应覆盖人数改为{fact.body['heads']}")
        en.append(f"{fact.body['heads']} persons are to be covered now")
    return Words("；".join(zh), "; ".join(en))


def _listed(days: Mapping[str, str], what: Words) -> Words:
    said = [(name, date.fromisoformat(day)) for name, day in days.items()]
    zh = [f"{name}（{day.year}年{day.month}月{day.day}日{what.zh}）" for name, day in said]
    en = [f"{name} ({what.en} {day.isoformat()})" for name, day in said]
    return Words("、".join(zh), ", ".join(en))
