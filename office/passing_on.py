"""What a unit does with a task besides handing it in: put another of its posts in charge of it
(转交), ask for more time, or tell the office that it is not its own. Each has its receipt.

None of them moves the due date, nor whom the ladder speaks to: the unit stays responsible.
"""

from datetime import date, datetime

from sqlalchemy import Connection, Engine

from office.matters import Matter, find, number_of
from office.receipts import asked_until_row, by_row, extension_said, not_ours_said, passed_on_said
from office.replies import Effect, letter, to_office, with_rows
from office.review import ask_extension
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
    db: Engine, task: str | int, to: Role, note: str, *, by: str, role: Role, now: datetime
) -> None:  # fmt: skip
    """`to` of the same unit is sent the task with `note`, and the post `role` the receipt.

    Nothing happens where that was the last thing done with it.

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
        _receipt(connection, matter, key, passed_on_said(matter, ROLE_NAMES[to]), by, role, now)


def ask_more_time(
    db: Engine, task: str | int, until: date, reason: str, *, by: str, role: Role, now: datetime
) -> None:
    """As `review.ask_extension`, until the office closes on the day `until`; `role` gets the
    receipt."""
    now = whole(now)
    with writing(db) as connection:
        matter = find(connection, task)
        due_at = matter.clock.closing(until)
        before = len(_of(connection, matter, FactKind.EXTENSION_ASKED))
        ask_extension(connection, matter.task.id, due_at, reason, by=by, now=now)
        if len(_of(connection, matter, FactKind.EXTENSION_ASKED)) > before:
            said = with_rows(extension_said(matter), asked_until_row(matter, due_at))
            mark = f"extension_asked/{before + 1}"
            _receipt(connection, matter, mark, said, by, role, now)


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
        effect, plan = not_ours_said(matter, reason), matter.place.plan
        _receipt(connection, matter, key, effect, by, role, now)
        mark, asks = f"{about.key}/{key}", with_rows(effect.question_put(), by_row(by))
        notices.add(connection, [to_office(asks, mark, plan.id, plan.office, about.id, now)])


def _receipt(
    connection: Connection, matter: Matter, key: str, effect: Effect, by: str, role: Role,
    now: datetime,
) -> None:  # fmt: skip
    task, said = matter.task, with_rows(effect, by_row(by))
    mark = f"{task.key}/{key}"
    notices.add(
        connection, [letter("receipt", said, mark, task.plan, task.unit, role, task.id, now)]
    )


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
