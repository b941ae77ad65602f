"""销号: a finding is struck off once every rectification of it is accepted; 回头看 then opens."""

from datetime import datetime

from sqlalchemy import Connection

from office.incident_chain import mark_event
from office.matters import Matter
from office.telling import Bundles
from responsibilities.rectification import CLOSED, about_findings, rectifies
from storage import events, notices, tasks


def strike_off(connection: Connection, matter: Matter, by: str, now: datetime) -> None:
    """A rectification was accepted: where it was the last of its finding, close the incident.

    Nothing for any other task, and nothing the second time.
    """
    putting_right = {one.id for one in about_findings(matter.place.plan) if rectifies(one)}
    if matter.task.event is None or matter.task.duty not in putting_right:
        return
    event = events.by_id(connection, matter.task.event)
    mine = [t for t in tasks.of_event(connection, matter.task.event) if t.duty in putting_right]
    if event is None or CLOSED in event.marks or any(t.outcome != "accepted" for t in mine):
        return
    bundles = Bundles(now)
    mark_event(connection, matter.place, event, CLOSED, now, by, now, bundles)
    notices.add(connection, bundles.notices())
