"""What a monitoring system asks: is it alive, can it do its work, and the figures."""

import shutil
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from office.gauges import Gauges, gauges_if_up
from office.readiness import Check, readiness
from portal.doors import door, public
from portal.here import Portal, here

router = APIRouter()
_READ = ["GET", "HEAD"]
_PASSED_ON = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


@door("monitor")
def monitor(request: Request, at: Annotated[Portal, Depends(here)]) -> None:
    """A program on this machine, unless `portal.metrics` lets others in; to all else it is a 404.

    What a reverse proxy passes on comes from this machine too, so its headers tell it apart.
    """
    allowed = at.settings.portal.metrics
    if allowed == "everybody" or (allowed == "local" and _is_local(request)):
        return
    raise HTTPException(404)


def _is_local(request: Request) -> bool:
    if request.client is None or any(name in request.headers for name in _PASSED_ON):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


@router.api_route("/health", methods=_READ, dependencies=[Depends(public)])
@router.api_route("/healthz", methods=_READ, dependencies=[Depends(public)])
def healthz() -> Response:
    """The process is alive; of nothing else is anything said."""
    return Response("ok\n", media_type="text/plain")


@router.api_route("/readyz", methods=_READ, dependencies=[Depends(public)])
def readyz(at: Annotated[Portal, Depends(here)]) -> JSONResponse:
    """Every check by name; 503 with the reasons where one fails."""
    free = _free(at.settings.data)
    checks = readiness(at.db, at.settings, free, at.clock())
    ready = all(check.why is None for check in checks)
    said = {"ready": ready, "checks": [_said(check) for check in checks]}
    return JSONResponse(said, 200 if ready else 503)


def _free(folder: Path) -> int:
    """Bytes; none where the folder itself is not there."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0


def _said(check: Check) -> dict[str, object]:
    if check.why is None:
        return {"name": check.name, "ok": True}
    return {"name": check.name, "ok": False, "zh": check.why.zh, "en": check.why.en}


@router.api_route("/metrics", methods=_READ, dependencies=[Depends(monitor)])
def metrics(at: Annotated[Portal, Depends(here)]) -> Response:
    """The figures in Prometheus' text format, counted now; without a database that it is down."""
    return Response(exposition(gauges_if_up(at.db, at.clock())), media_type=CONTENT_TYPE_LATEST)


def exposition(found: Gauges | None) -> bytes:
    """`found` as Prometheus reads it, in a registry that lives for one answer."""
    registry = CollectorRegistry()
    up = Gauge("duban_database_up", "Whether the database can be used", registry=registry)
    up.set(found is not None)
    if found is not None:
        _expose(found, registry)
    return generate_latest(registry)


def _expose(found: Gauges, registry: CollectorRegistry) -> None:
    rounds = {name: age.total_seconds() for name, age in found.rounds.items()}
    about_rounds = "Since each loop was last alive, to within five minutes"
    by: tuple[tuple[str, str, tuple[str, ...], Mapping[Any, float]], ...] = (
        ("duban_tasks", "Tasks by plan and standing", ("plan", "standing"), found.tasks),
        ("duban_letters", "Letters by state", ("state",), found.letters),
        ("duban_sign_in_failures", "Within a day, by way", ("way",), found.sign_in_failures),
        ("duban_round_age_seconds", about_rounds, ("round",), rounds),
    )
    for name, text, labels, values in by:
        gauge = Gauge(name, text, labels, registry=registry)
        for key, value in values.items():
            gauge.labels(*(key if isinstance(key, tuple) else (key,))).set(value)
    alone = {
        "duban_oldest_letter_seconds": (
            "How long the oldest letter has waited to leave", found.oldest_letter.total_seconds()
        ),
        "duban_held_mails": ("Mails that wait for a person", found.held_mails),
        "duban_undeliverable_mailboxes": ("Mailboxes that take no letters", found.undeliverable),
        "duban_evidence_bytes": ("Evidence and raw mails on the disk", found.evidence_bytes),
    }  # fmt: skip
    for name, (text, value) in alone.items():
        Gauge(name, text, registry=registry).set(value)
