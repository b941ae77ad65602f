"""What a unit does with a task besides handing it in: put another of its posts in charge of it
(转交), or tell the office that it is not its own.

Neither moves the due date, nor whom the ladder speaks to: the unit stays responsible.
"""

from datetime import datetime

from sqlalchemy import Connection, Engine

from office.matters import Matter, find, number_of
from office.receipts import not_ours_said
from office.replies import letter, to_office
from office.telling import Bundles
from responsibilities.delegation import whole_of
from responsibilities.plan import Role
from responsibilities.roles import ROLE_NAMES
from responsibilities.tasks import Fact, FactKind, State
from responsibilities.words import Refused, Words
from storage import facts, notices
from storage.engine import writing
from storage.instants import whole


def posts_of(matter: Matter) -> tuple[Role, ...]:
    """The posts of the task's unit that are not vacant."""
    unit = whole_of(matter.task.unit)
    held = next((u for u in matter.place.plan.units if u.id == unit), None)
    return tuple(held.mailboxes) if held is not None else ()


def pass_on(
    db: Engine, task: str | int, to: Role, note: str, *, by: str, now: datetime
) -> None:  # fmt: skip
    """`to` of the same unit is sent the task with `note`; nothing happens where it was the last.

    Refused for a closed task, one under review, and a post that is vacant.
    """
    now = whole(now)
    with writing(db) as connection:
        matter = find(connection, task)
        _refuse_unless_open(matter)
        if to not in posts_of(matter):
            name = ROLE_NAMES[to]
            raise Refused(
                Words(
                    f"本单位的{name.zh}岗位空缺，请选择其他岗位。",
                    f"The post of {name.en} is vacant; choose another.",
                )
            )
        before = _of(connection, matter, FactKind.PASSED_ON)
        body = {"note": note.strip(), "to": to.value}
        if before and before[-1].body == body:
            return
        key = f"passed_on/{len(before) + 1}"
        facts.append(connection, [Fact(matter.task.key, key, FactKind.PASSED_ON, now, by, body)])
        bundles = Bundles(now)
        bundles.tell_about(matter.task, [to], "opened", key, note.strip())
        notices.add(connection, bundles.notices())


def say_not_ours(
    db: Engine, task: str | int, reason: str, *, by: str, role: Role, now: datetime
) -> None:
    """The office is asked to decide, and the post `role` gets the receipt, as by mail.

    Until then the task stays where it is. Refused without a reason; the same said again changes
    nothing.
    """
    now, reason = whole(now), reason.strip()
    if not reason:
        raise Refused(
            Words("请写明不属于本单位的理由。", "Say why the task is not that of the unit.")
        )
    with writing(db) as connection:
        matter = find(connection, task)
        _refuse_unless_open(matter)
        before = _of(connection, matter, FactKind.QUESTIONED)
        if before and before[-1].body["reason"] == reason:
            return
        key, about = f"questioned/{len(before) + 1}", matter.task
        body = {"reason": reason}
        facts.append(connection, [Fact(about.key, key, FactKind.QUESTIONED, now, by, body)])
        _tell_question(connection, matter, f"{about.key}/{key}", reason, role, now)


def _tell_question(
    connection: Connection, matter: Matter, mark: str, reason: str, role: Role, now: datetime
) -> None:
    task, plan = matter.task, matter.place.plan
    effect = not_ours_said(matter, reason)
    asks = effect.question_put()
    said = [
        letter("receipt", effect, mark, plan.id, task.unit, role, task.id, now),
        to_office(asks, mark, plan.id, plan.office, task.id, now),
    ]
    notices.add(connection, said)


def _of(connection: Connection, matter: Matter, kind: FactKind) -> list[Fact]:
    return facts.of_tasks(connection, [matter.task.key], kind).get(matter.task.key, [])


def _refuse_unless_open(matter: Matter) -> None:
    if matter.task.state is State.OPEN:
        return
    number = number_of(matter.task, matter.clock)
    raise Refused(
        Words(
            f"{number}已报结或已办结，不能转交或退请办公室研究。",
            f"{number} is handed in or closed; it cannot be handed over or put to the office.",
        )
    )
