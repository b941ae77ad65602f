"""What is open to an inspector, the signed record, and what was noticed."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import StreamingResponse

from inspections.log_query import day_of
from inspections.signals import SIGNALS
from office.dossier import About, make_dossier
from office.members import grants_in
from office.pack import Scope, make_pack
from office.reads import note_view, reads_of
from office.seal import Checked, check_record, last_sealed
from office.signals_view import signals_of
from office.workplace import in_force
from portal.doors import Member
from portal.evidence import closed
from portal.here import Portal, here
from portal.reading.room import inspector, remit, sees_all
from portal.rendering import page
from portal.sign_in.clock import clock_of
from storage.engine import reading

router = APIRouter()
Here = Annotated[Portal, Depends(here)]
Inspector = Annotated[Member, Depends(inspector)]
_CHUNK = 1 << 16


@router.api_route("/reading", methods=["GET", "HEAD"])
def room(request: Request, at: Here, who: Inspector) -> Response:
    now, allowed = at.clock(), remit(at, who)
    mine = [g for g in grants_in(at.db, who.plan) if g.address == who.address and g.holds(now)]
    noted = reads_of(at.db, who.plan, who.name)
    return page(
        request, "reading/room.html", who=who, allowed=allowed, grants=mine, reads=noted[-50:],
        count=len(noted), local=clock_of(at, who.plan), units=list(names_of(at, who).values()),
    )  # fmt: skip


@router.api_route("/reading/signals", methods=["GET", "HEAD"])
def signals(request: Request, at: Here, who: Inspector, on: str = "") -> Response:
    """`on`: the day of the inspection, up to which what came all at once is looked for."""
    day = day_of("on", on)
    found = signals_of(at.db, at.blobs, at.clock(), day, remit(at, who))
    shut = closed(at, {piece.sha256 for signal in found for piece in signal.pieces})
    return page(
        request, "reading/signals.html", found=found, kinds=SIGNALS, on=day, closed=shut,
        names=names_of(at, who), local=clock_of(at, who.plan),
    )  # fmt: skip


@router.api_route("/reading/record", methods=["GET", "HEAD"])
def record(request: Request, at: Here, who: Inspector) -> Response:
    return _record(request, at, who, None)


@router.post("/reading/record")
def check(request: Request, at: Here, who: Inspector) -> Response:
    """一键核验: reads every fact again; nothing is changed, the result stands on the page."""
    return _record(request, at, who, check_record(at.db))


def _record(request: Request, at: Portal, who: Member, checked: Checked | None) -> Response:
    kept, local = last_sealed(at.db), clock_of(at, who.plan)
    return page(
        request, "reading/record.html", head=kept, checked=checked, local=local,
        now=local(at.clock()),
        whole=sees_all(at, who),
    )  # fmt: skip


@router.post("/reading/pack")
def pack(at: Here, who: Inspector) -> Response:
    """The whole of a plan as a pack that verifies alone: for whoever may read all of it."""

    def make(target: Path) -> None:
        holding = (at.settings.mail, at.settings.record.mailboxes)
        make_pack(at.db, at.blobs, Scope(plan=who.plan), target, holding=holding)

    return _taken_away(at, who, who.plan, "duban-pack.zip", make)


@router.post("/reading/dossier")
def dossier(at: Here, who: Inspector, event: str = "", unit: str = "", as_of: str = "") -> Response:
    """倒查卷宗 of an incident or a unit, by the address of the trace that it is of."""
    if not event and not unit:
        raise HTTPException(404)
    about = About(event or None, unit or None, day_of("as_of", as_of))

    def make(target: Path) -> None:
        make_dossier(at.db, at.blobs, about, target, at.clock(), remit(at, who))

    return _taken_away(at, who, event or unit, "duban-dossier.zip", make)


def _taken_away(
    at: Portal, who: Member, about: str, name: str, make: Callable[[Path], None]
) -> Response:
    """What `make` writes, for whoever may read all: the whole record is in it; a fact says so."""
    if not sees_all(at, who):
        raise HTTPException(403)
    folder = TemporaryDirectory(prefix="duban-pack-")
    try:
        make(Path(folder.name) / "pack.zip")
    except BaseException:
        folder.cleanup()
        raise
    note_view(at.db, who.plan, "pack", about, by=who.name, now=at.clock())
    named = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_sent(folder), media_type="application/zip", headers=named)


def _sent(folder: "TemporaryDirectory[str]") -> Iterator[bytes]:
    with folder, (Path(folder.name) / "pack.zip").open("rb") as file:
        while piece := file.read(_CHUNK):
            yield piece


def names_of(at: Portal, who: Member) -> dict[str, str]:
    """The units that `who` sees, by id."""
    with reading(at.db) as connection:
        place = in_force(connection, who.plan)
    return {unit.id: unit.name for unit in place.plan.units if unit.id in who.units}
