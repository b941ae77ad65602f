"""What no act on a task may do, each as the sentence that the office reads."""

from datetime import datetime

from office.matters import Matter, number_of, unit_name
from responsibilities.delegation import whole_of
from responsibilities.reviewing import own_matter, speaks_for
from responsibilities.tasks import State
from responsibilities.words import Refused, Words

_TURN = {
    State.OPEN: Words("承办单位尚未报结", "the unit has not handed it in"),
    State.SUBMITTED: Words("已报结，正待审核", "it is under review"),
    State.CLOSED: Words("已经办结或终止", "it is closed"),
}


def refuse_unless(matter: Matter, *states: State) -> None:
    """The task must be in one of these states."""
    state = matter.task.state
    if state not in states:
        number = number_of(matter.task, matter.clock)
        why = _TURN[state]
        raise Refused(
            Words(
                f"{number}{why.zh}，不能这样办理。",
                f"{number}: {why.en}, so this cannot be done.",
            )
        )


REVIEW = Words("审核{unit}报结的事项", "review what {unit} handed in")
WAIVE = Words("批准{unit}免办", "waive a task of {unit}")
GRANT = Words("审批{unit}的延期", "decide on more time for {unit}")
REOPEN = Words("决定{unit}的事项重新办理", "reopen a task of {unit}")


def refuse_own(matter: Matter, by: str, what: Words = REVIEW) -> None:
    """Nobody judges their own work, nor does the office that of the unit it sits in."""
    plan, unit = matter.place.plan, matter.task.unit
    judge = speaks_for(plan, by)
    if judge is None or not own_matter(plan, judge, unit):
        return
    own, other = unit_name(matter.place, unit), unit_name(matter.place, matter.reviewer)
    zh, en = f"{by}不能{what.zh.format(unit=own)}", f"{by} cannot {what.en.format(unit=own)}"
    if own_matter(plan, matter.reviewer, unit):
        raise Refused(Words(f"{zh}，请另定审核人。", f"{en}; name another reviewer."))
    raise Refused(Words(f"{zh}，本项由{other}审核。", f"{en}; {other} does."))


def refuse_part(matter: Matter) -> None:
    """The time of a part is that of the whole."""
    if matter.is_part:
        unit = unit_name(matter.place, whole_of(matter.task.unit))
        raise Refused(
            Words(
                f"受托事项的时限随所属单位的事项，请由{unit}申请延期。",
                f"The time of a part is that of the whole: let {unit} ask for more.",
            )
        )


def refuse_not_later(matter: Matter, due_at: datetime) -> None:
    """More time is later than what there is."""
    if due_at <= matter.task.due_at:
        raise Refused(
            Words("新的时限应晚于现有时限。", "The new due date must be later than the present.")
        )
    refuse_beyond_lapse(matter, due_at)


def refuse_beyond_lapse(matter: Matter, due_at: datetime) -> None:
    """What can no longer be made up for then cannot be due then."""
    task = matter.task
    if task.lapses_at is not None and due_at > task.lapses_at:
        last = matter.clock.local(task.lapses_at)
        raise Refused(
            Words(
                f"本事项至{last.year}年{last.month}月{last.day}日失效，新的时限不应晚于此日。",
                f"The task lapses on {last:%Y-%m-%d}; the new due date cannot be later.",
            )
        )


def refuse_past(due_at: datetime, now: datetime) -> None:
    """Nobody can be asked for something by yesterday."""
    if due_at <= now:
        raise Refused(Words("新的时限已经过去。", "The new due date has passed already."))


def given(reason: str, words: Words) -> str:
    """The reason without the space around it; Refused with `words` where there is none."""
    if not reason.strip():
        raise Refused(words)
    return reason.strip()
