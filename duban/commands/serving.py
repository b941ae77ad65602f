"""`up` and `tick`: everything at once with Prefect, or one round without it."""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from click.core import ParameterSource

from duban.console import Exit, as_json, in_words, now_option, put_json, say, tell
from duban.desk import Desk, Unreachable, desk
from duban.logs import logged
from flows.sealing import sealing
from notifications.imap import Unreadable
from office import heartbeat
from office.adopt_plan import adopt
from office.clockguard import Reading, trusted
from office.draws import tend_draws
from office.erase import places_of
from office.inbox import collect
from office.post import Mailing, mail_round
from office.reconcile import Round, RoundFailed, reconcile
from office.retention import keep_terms
from office.scanning import scan_waiting
from office.settings import FILE, Mail, Settings, host_and_port
from responsibilities.tasks import FactKind
from responsibilities.words import Refused, Words
from storage.blobs import Blobs
from storage.engine import reading
from storage.members import any_session
from storage.plans import adopted


@click.command(
    help=say(
        "启动督办：Prefect 服务、各部门排程和信函，一个 Ctrl-C 全部结束。"
        "尚无设置也无方案时，以示例方案演示最近十二周。",
        "Start Prefect's server, every department's schedules and the post; one Ctrl-C ends all. "
        "With neither settings nor a plan, the worked example is demonstrated over twelve weeks.",
    )
)
@click.option("--port", type=int, default=4200, show_default=True, help=say("端口", "the port"))
@click.pass_obj
def up(home: Path, port: int) -> int:
    from flows.server import PrefectUnavailable
    from flows.up import only_one
    from flows.up import up as run

    with desk(home, found=True) as at:
        try:
            with only_one(at.settings.data / "up.lock"):
                _plan_in_force(at, home)
            log = logged(at.settings.log.format, at.settings.data / "duban.log")
            with log, portal_served(at):
                run(at.settings, at.db, _show, port)
        except PrefectUnavailable as refused:
            raise Unreachable(refused.words) from refused
    return Exit.OK


def _show(words: Words) -> None:
    click.echo(in_words(words))


@contextmanager
def portal_served(at: Desk) -> Iterator[None]:
    """The portal beside the rest, which goes on (and is told why) where it cannot listen."""
    chosen = at.settings.portal
    if not chosen.listen:
        yield
        return
    from portal.evidence import evidence_site
    from portal.here import Portal
    from portal.serving import serving
    from portal.site import site

    blobs = Blobs(at.settings.blobs)
    portal = Portal(at.settings, at.db, blobs, lambda: datetime.now(UTC))
    with ExitStack() as stack:
        try:
            stack.enter_context(serving(site(portal), *chosen.address))
            at_door = f"http://{chosen.listen}"
            _show(Words(f"网页  {at_door}", f"Pages  {at_door}"))
            _show_first_way_in(at)
            if chosen.evidence_listen:
                apart = host_and_port(chosen.evidence_listen)
                stack.enter_context(serving(evidence_site(portal), *apart))
        except Refused as refused:
            click.echo(in_words(refused.words), err=True)
        yield


def _show_first_way_in(at: Desk) -> None:
    """While nobody has ever signed in: how to, without any mail."""
    with reading(at.db) as connection:
        if any_session(connection) or len(adopted(connection)) != 1:
            return
    from duban.commands.members import link_of, way_in

    link = link_of(at, way_in(at, datetime.now(UTC), admin=True))
    _show(
        Words(
            f"首次登录（10分钟内有效，过后请运行 duban sign-in）  {link}",
            f"First sign-in (good for 10 minutes; then: duban sign-in)  {link}",
        )
    )


def _plan_in_force(at: Desk, home: Path) -> None:
    """Adopt the configured plan on the first start; with nothing configured, demonstrate."""
    from duban.demonstration import demonstrate
    from duban.sources import read_plan

    with reading(at.db) as connection:
        if adopted(connection):
            return
    now = datetime.now(UTC).replace(microsecond=0)
    if _is_chosen(at.settings) or (home / FILE).is_file():
        adopt(at.db, read_plan(at.settings.plan, at.settings.calendars).compiled, now, "up")
    else:
        demonstrate(at, now)


def _is_chosen(settings: Settings) -> bool:
    """Somebody has said what runs here, or where records and letters go: no place for a show."""
    elsewhere = settings.mail.maildir != settings.data / Mail().maildir
    return bool(settings.plan or settings.database or settings.mail.host or elsewhere)


@click.command(
    help=say(
        "不经 Prefect 办理一轮：收信、立项、提醒、升级、发信。可由 systemd 定时器调用。",
        "One round without Prefect: collect, open, remind, escalate, send; for a systemd timer.",
    )
)
@now_option
@as_json
@click.pass_obj
def tick(home: Path, now: datetime, as_json: bool) -> int:
    with desk(home) as at:
        frozen = not _believed(at, now)
        unread = None if frozen else _collected(at, now)  # first: who has answered is not chased
        done, failed = (Round(now, None, ()), None) if frozen else _reconciled(at, now)
        mail, wanted = at.settings.mail, at.settings.language
        seal = sealing(at.settings, at.db)
        mailing = asyncio.run(
            mail_round(
                at.db,
                lambda: now,
                mail,
                wanted,
                journal=at.settings.journal,
                robots=at.settings.robots,
                portal=at.settings.portal,
                frozen=frozen,
                seal=seal,
                holders=at.settings.record.mailboxes,
            )
        )
        if frozen:
            raise Unreachable(_FROZEN)
        heartbeat.beat(at.db, "mailroom", now)
        keep_terms(at.db, places_of(at.settings), at.settings.retention, now)
    counts = _counts(done, mailing)
    if as_json:
        put_json("round", counts)
    else:
        click.echo(_SUMMARY.format(**counts))
    if mailing.sent.stopped is not None:
        raise Unreachable(mailing.sent.stopped)
    if unread is not None:
        raise Unreachable(unread.words)
    if failed is not None:
        tell(f"{len(failed.exceptions)} 项办理失败：", f"{len(failed.exceptions)} failed:")
        raise failed
    return Exit.OK


_SUMMARY = say(
    "立项 {opened}，提醒和升级 {told}，顺延 {moved}，终止 {lapsed}；"
    "成信 {bound}，发出 {sent}，待重发 {deferred}，被拒 {refused}。",
    "opened {opened}, told {told}, moved {moved}, lapsed {lapsed}; "
    "letters made {bound}, sent {sent}, deferred {deferred}, refused {refused}.",
)


def _collected(at: Desk, now: datetime) -> Unreadable | None:
    """Take answers in; a mailbox that cannot be read is told after the round."""
    blobs = Blobs(at.settings.blobs)
    scan_waiting(at.db, blobs, at.settings.screening.clamd, now)
    try:
        collect(at.db, blobs, now, at.settings)
    except Unreadable as refused:
        return refused
    return None


_FROZEN = Words(
    "服务器时钟跳动过大，本轮未办理；请校准时钟，或确认无误后运行 duban mail --release。",
    "The clock has jumped, so nothing was done; set it right, or run duban mail --release.",
)


def _believed(at: Desk, now: datetime) -> bool:
    """Whether the clock is trusted; a time that the user gives always is."""
    given = click.get_current_context().get_parameter_source("now")
    if given is not ParameterSource.DEFAULT:
        return True
    from flows.installation import machine_ticks

    return trusted(at.db, Reading(now, *machine_ticks()))


def _reconciled(at: Desk, now: datetime) -> tuple[Round, RoundFailed | None]:
    """One round; what failed alone is told after the post has left."""
    failed = None
    tend_draws(at.db, now, lambda: secrets.token_hex(32))
    try:
        done = reconcile(at.db, now, at.settings.outage)
    except RoundFailed as failure:
        failed, done = failure, failure.round
    heartbeat.beat(at.db, "reconcile", now)
    return done, failed


def _counts(done: Round, mailing: Mailing) -> dict[str, int]:
    kinds = (FactKind.OPENED, FactKind.TOLD, FactKind.MOVED, FactKind.LAPSED)
    sent = mailing.sent
    return {
        **{kind.value: done.total(kind) for kind in kinds},
        "bound": mailing.bound.letters,
        "sent": sent.accepted,
        "deferred": sent.deferred,
        "refused": sent.refused,
    }
