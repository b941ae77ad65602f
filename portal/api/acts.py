"""What else is done with a task: by its unit (Actor), by the office (Decider)."""

from fastapi import APIRouter, HTTPException

from office import correct_incident, nudging, passing_on, reopening, review
from portal.api.bearers import Actor, At, Decider, by, incident_within, task_within
from portal.api.shapes import (
    Correction,
    HandOver,
    IncidentId,
    IncidentShape,
    MoreTime,
    Nudge,
    NudgedShape,
    NudgeMissing,
    Number,
    Reasoned,
    Reopen,
    StateShape,
    of_event,
    of_nudged,
    of_task,
)
from responsibilities.plan import Role

router = APIRouter()


@router.post("/tasks/{number}/more-time", tags=["tasks"])
def more_time(at: At, token: Actor, number: Number, given: MoreTime) -> StateShape:
    """The unit asks for more time; the due date stands until that is granted."""
    found = task_within(at, token, number).row.task
    passing_on.ask_more_time(
        at.db, number, given.until, given.reason, by=by(token), role=Role.CONTACT, now=at.clock()
    )
    return of_task(found)


@router.post("/tasks/{number}/hand-over", tags=["tasks"])
def hand_over(at: At, token: Actor, number: Number, given: HandOver) -> StateShape:
    """Another post of the same unit is sent the task."""
    found = task_within(at, token, number).row.task
    passing_on.pass_on(
        at.db, number, Role(given.to), given.note, by=by(token), role=Role.CONTACT, now=at.clock()
    )
    return of_task(found)


@router.post("/tasks/{number}/not-ours", tags=["tasks"])
def not_ours(at: At, token: Actor, number: Number, given: Reasoned) -> StateShape:
    """The unit says that the task is not its own; the office decides."""
    found = task_within(at, token, number).row.task
    passing_on.say_not_ours(
        at.db, number, given.reason, by=by(token), role=Role.CONTACT, now=at.clock()
    )
    return of_task(found)


@router.post("/tasks/{number}/decline", tags=["tasks"])
def decline(at: At, token: Decider, number: Number, given: Reasoned) -> StateShape:
    """More time is not granted; the due date stays."""
    task_within(at, token, number)
    return of_task(review.decline(at.db, number, given.reason, by=by(token), now=at.clock()))


@router.post("/tasks/{number}/reopen", tags=["tasks"])
def reopen(at: At, token: Decider, number: Number, given: Reopen) -> StateShape:
    """A closed task is to be done again; everything handed in stays."""
    task_within(at, token, number)
    done = reopening.reopen(at.db, number, given.due_at, given.reason, by=by(token), now=at.clock())
    return of_task(done)


@router.post("/tasks/{number}/nudge", tags=["tasks"])
def nudge(at: At, token: Decider, number: Number, given: Nudge) -> NudgedShape:
    """The unit of an open task hears of it once more, at most once a day."""
    task_within(at, token, number)
    return of_nudged(
        nudging.nudge(at.db, number, by=by(token), now=at.clock(), remark=given.remark)
    )


@router.post("/nudges", tags=["tasks"])
def nudge_missing(at: At, token: Decider, given: NudgeMissing) -> NudgedShape:
    """All units that have a task of this duty and period open hear of it, and nobody else."""
    if token.plan not in ("", given.plan):
        raise HTTPException(403)
    done = nudging.nudge_missing(
        at.db, given.plan, given.duty, given.period, by=by(token), now=at.clock(),
        remark=given.remark,
    )  # fmt: skip
    return of_nudged(done)


@router.post("/incidents/{incident}/corrections", tags=["incidents"])
def correct(at: At, token: Decider, incident: IncidentId, given: Correction) -> IncidentShape:
    """What was reported was wrong: fields by their id or name, times by theirs (发生, 知悉)."""
    incident_within(at, token, incident)
    done = correct_incident.correct(
        at.db, incident, {**given.fields, **given.times}, given.reason, by=by(token),
        now=at.clock(),
    )  # fmt: skip
    return of_event(done.event, [task.id for task in done.tasks])
