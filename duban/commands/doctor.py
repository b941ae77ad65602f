"""`doctor`: what stands in the way, each with what to do about it."""

import shutil
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import click

from duban.console import HOME_ZONE, Exit, as_json, in_words, now_option, put_json, say
from duban.desk import Desk, desk
from duban.mail_health import Finding, held_back, letter_to_oneself, relay_and_domain
from flows.sealing import held
from notifications.imap import Unreadable, open_mailbox
from office import ledger, seal
from office.calendars import working_days
from office.holders import cover
from office.inbox import account
from office.retention import overdue
from office.settings import Settings
from office.sign_in_failures import MANY, failures
from office.timestamping import newest_stamp
from office.workplace import InForce, all_in_force
from responsibilities.plan import Plan, Role
from responsibilities.roles import resolve
from responsibilities.words import Words
from storage.engine import reading
from storage.outbox import LetterState

_STAMPED_WITHIN = timedelta(days=2)
ENOUGH_DISK = 1_000_000_000
FASTAPI_BELOW = (0, 151)
"""Prefect's server dies at import with newer ones."""


@click.command(
    help=say(
        "体检：环境、数据库、邮件（登录、SPF、DKIM、DMARC）、日历、方案和心跳；每个问题都说明如何处理。",
        "Check environment, database, mail (login, SPF, DKIM, DMARC), calendars, plans and "
        "heartbeats, with remedies.",
    )
)
@click.option(
    "--send",
    is_flag=True,
    help=say("另给自己试发一封，等它到达收信邮箱", "send a letter to oneself and wait for it"),
)
@now_option
@as_json
@click.pass_obj
def doctor(home: Path, send: bool, now: datetime, as_json: bool) -> int:
    with desk(home) as at:
        found = [*_environment(at.settings), *relay_and_domain(at.settings)]
        found += [*_records(at, now), *held_back(at.db)]
        if send:
            found.append(letter_to_oneself(at.settings, now))
        with reading(at.db) as connection:
            places = list(all_in_force(connection).values())
        found += [finding for place in places for finding in _plan(place, now)]
    wrong = [finding for finding in found if finding.remedy is not None]
    if as_json:
        put_json("findings", [_json(finding) for finding in found])
    else:
        for finding in found:
            click.echo(_line(finding))
        click.echo(say(f"{len(wrong)} 个问题。", f"{len(wrong)} problems."))
    return Exit.FOUND if wrong else Exit.OK


def _json(finding: Finding) -> dict[str, str | None]:
    remedy = finding.remedy and in_words(finding.remedy)
    return {"name": finding.name, "seen": in_words(finding.seen), "remedy": remedy}


def _line(finding: Finding) -> str:
    if finding.remedy is None:
        return f"✓ {in_words(finding.seen)}"
    return f"✗ {in_words(finding.seen)}\n  → {in_words(finding.remedy)}"


def _same(text: str) -> Words:
    return Words(text, text)


def _environment(settings: Settings) -> Iterator[Finding]:
    from duban.__main__ import ours

    yield Finding("python", _same(f"Python {sys.version.split()[0]}"))
    yield _versions()
    yield Finding(
        "packages",
        Words("程序包来自本安装", "the packages are our own"),
        None
        if ours()
        else Words(
            "另有同名的 storage 包排在前面；请在督办自己的虚拟环境中运行。",
            "another package named storage comes first; run Duban in its own environment.",
        ),
    )
    free = shutil.disk_usage(settings.data).free
    yield Finding(
        "disk",
        Words(f"剩余磁盘 {free // 10**6} MB", f"{free // 10**6} MB of disk free"),
        None
        if free > ENOUGH_DISK
        else Words("请清理磁盘，至少留出 1 GB。", "Free some disk; at least 1 GB."),
    )
    yield _mail(settings)
    yield _evidence(settings)


def _evidence(settings: Settings) -> Finding:
    """Whether a browser finds the files that were handed in."""
    where = settings.portal.evidence_origin
    seen = (
        Words("佐证材料没有外部地址", "evidence has no address from outside")
        if where is None
        else Words(f"佐证材料由 {where} 提供", f"evidence is served at {where}")
        if where
        else Words("佐证材料由网页的地址提供", "evidence is served where the pages are")
    )
    remedy = Words(
        "网页上的材料打不开；请设置 portal.evidence_url（docs/reference/uploads.md）。",
        "Nobody can open evidence; set portal.evidence_url (docs/reference/uploads.md).",
    )
    return Finding("evidence", seen, remedy if where is None and settings.portal.listen else None)


def _versions() -> Finding:
    fastapi = version("fastapi")
    good = tuple(map(int, fastapi.split(".")[:2])) < FASTAPI_BELOW
    return Finding(
        "prefect",
        _same(f"Prefect {version('prefect')}, FastAPI {fastapi}"),
        None
        if good
        else Words(
            "此版本 FastAPI 会使 Prefect 服务无法启动；请按 requirements.lock 重新安装。",
            "Prefect's server does not start with this FastAPI; install requirements.lock.",
        ),
    )


def _mail(settings: Settings) -> Finding:
    relay = settings.mail.host
    seen = (
        Words(f"发信服务器 {relay}", f"relay {relay}")
        if relay
        else Words(
            f"未配置发信服务器，信函存入 {settings.mail.maildir.name}",
            f"no relay: letters go to {settings.mail.maildir.name}",
        )
    )
    remedy = None
    if relay and settings.mail.tls == "none" and settings.mail.login:
        remedy = Words(
            "登录口令将以明文传送；请把 mail.tls 设为 tls 或 starttls。",
            "The password would travel in clear; set mail.tls to tls or starttls.",
        )
    return Finding("mail", seen, remedy)


def _records(at: Desk, now: datetime) -> Iterator[Finding]:
    health = ledger.health(at.db)
    yield Finding("database", Words("数据库可用，结构为最新", "the database is there, up to date"))
    last = health.heartbeats.get("reconcile")
    quiet = health.plans and (last is None or now - last > max(at.settings.outage, _LONG))
    ahead = last is not None and last > now + _LONG
    shown = f"{last.astimezone(HOME_ZONE):%Y-%m-%d %H:%M}" if last else "—"
    yield Finding(
        "heartbeat",
        Words(f"最近一轮办理 {shown}", f"last round {shown}"),
        _STOPPED if quiet else _AHEAD if ahead else None,
    )
    yield _sealed(at)
    yield _covered(at, now)
    if at.settings.record.tsa:
        yield _stamped(at, now)
    yield _terms(at, now)
    yield _sign_ins(at, now)
    stuck = health.letters.get(LetterState.DEFERRED, 0) + health.letters.get(LetterState.REFUSED, 0)
    yield Finding(
        "outbox",
        Words(f"待重发或被拒的信函 {stuck} 封", f"{stuck} letters deferred or refused"),
        Words("请用 duban mail 查看原因。", "See duban mail for the reasons.") if stuck else None,
    )
    yield _answers(at)
    yield _held(at)


def _terms(at: Desk, now: datetime) -> Finding:
    """Whether everything past its term was destroyed in time."""
    count = overdue(at.db, at.settings.retention, now).count
    return Finding(
        "retention",
        Words(f"保存期满逾期未删除 {count} 项", f"{count} things kept beyond their term"),
        Words(
            "请运行 duban up 或 duban tick，每日删除一次。",
            "Run duban up or duban tick; it erases daily.",
        )
        if count
        else None,
    )


def _sealed(at: Desk) -> Finding:
    kept = seal.last_sealed(at.db)
    size = kept.signed.checkpoint.size if kept else 0
    when = f"{kept.at.astimezone(HOME_ZONE):%Y-%m-%d %H:%M}" if kept else "—"
    seen = Words(f"办理记录签名至第 {size} 条（{when}）", f"record signed up to {size} ({when})")
    return Finding("record", seen, seal.forked(at.db, held(at.settings)))


def _covered(at: Desk, now: datetime) -> Finding:
    """Whether enough mailboxes hold the record, within a day (P28)."""
    with reading(at.db) as connection:
        found = cover(connection, at.settings.mail, at.settings.record.mailboxes)
    return Finding(
        "holders",
        Words(
            f"前 {found.size} 条记录有 {found.mailboxes} 个信箱收存检查点，域外 {found.outside} 个",
            f"{found.mailboxes} mailboxes, {found.outside} outside, hold a head of the first "
            f"{found.size} facts",
        ),
        Words(
            "其后的记录已超过24小时没有存放；请在 record.holders 写明至少三个收存检查点的信箱。",
            "Facts after them have waited for more than a day; name three mailboxes or more in "
            "record.holders.",
        )
        if found.overdue(now)
        else None,
    )


def _stamped(at: Desk, now: datetime) -> Finding:
    """Whether the authority that is named stamps the record's heads."""
    kept = seal.last_sealed(at.db)
    with reading(at.db) as connection:
        made = newest_stamp(connection, kept.signed.checkpoint) if kept else None
    when = f"{made.at.astimezone(HOME_ZONE):%Y-%m-%d %H:%M}" if made else "—"
    late = made is None or now - made.at > _STAMPED_WITHIN
    return Finding(
        "stamp",
        Words(f"最近的时间戳：{when}", f"last time stamp: {when}"),
        Words(
            "两日没有时间戳；请核对 record.tsa、record.tsa_roots 和 duban.log。",
            "No time stamp for two days; see record.tsa, record.tsa_roots and duban.log.",
        )
        if late
        else None,
    )


def _sign_ins(at: Desk, now: datetime) -> Finding:
    with reading(at.db) as connection:
        failed = sum(failures(connection, now).values())
    return Finding(
        "sign-in",
        Words(f"近一日登录失败 {failed} 次", f"{failed} failed sign-ins within a day"),
        Words(
            "可能有人在猜测；请查看日志中 duban.security 的各行（docs/how-to/monitoring.md）。",
            "Somebody may be guessing; see duban.security in the log (docs/how-to/monitoring.md).",
        )
        if failed >= MANY
        else None,
    )


_LONG = timedelta(minutes=10)
_STOPPED = Words(
    "办理已停；请运行 duban up，或以定时器运行 duban tick。",
    "Rounds have stopped; run duban up, or duban tick from a timer.",
)
_AHEAD = Words(
    "上一轮办理的时间在将来：系统时钟当时或现在有误。请校准时钟；在那个时间之前不会再有提醒和升级。",
    "The last round is in the future: the clock was wrong then, or is now. Set it right; until "
    "then nothing is reminded or escalated again.",
)


def _answers(at: Desk) -> Finding:
    """Where answers come in, and whether a mailbox that is read by IMAP opens."""
    chosen, relay = at.settings.inbox, at.settings.mail.host
    doors = [chosen.host and f"IMAP {chosen.host}", chosen.lmtp and f"LMTP {chosen.lmtp}"]
    listed = "、".join(door for door in doors if door)
    seen = Words(f"收信：{listed or '未配置'}", f"answers: {listed or 'not taken in'}")
    remedy = _UNVOUCHED if listed and not chosen.authserv_id else None
    if not listed:
        remedy = _UNREAD if relay else None
    elif chosen.host:
        try:
            with open_mailbox(account(chosen)):
                pass
        except Unreadable as refused:
            remedy = refused.words
    return Finding("inbox", seen, remedy)


_UNREAD = Words(
    "部门的回信无人收取；请设置 inbox.host 或 inbox.lmtp（docs/how-to/answers.md）。",
    "Nobody reads what departments answer; set inbox.host or inbox.lmtp (docs/how-to/answers.md).",
)
_UNVOUCHED = Words(
    "未设置 inbox.authserv_id，每封回信都要等待确认；请填写本单位邮件服务器在 "
    "Authentication-Results 中所用的名称。",
    "Without inbox.authserv_id every answer waits to be confirmed; name the server that writes "
    "Authentication-Results.",
)


def _held(at: Desk) -> Finding:
    held = ledger.list_mails(at.db, held_only=True, limit=1000)
    return Finding(
        "held",
        Words(f"待确认的来信 {len(held)} 封", f"{len(held)} mails wait to be decided"),
        Words("请用 duban inbox 查看并处理。", "See duban inbox.") if held else None,
    )


def _plan(place: InForce, now: datetime) -> Iterator[Finding]:
    plan = place.plan
    soon = place.clock.day(now + _SOON)
    ends = {Words("工作日安排", "working days"): working_days().last}
    if plan.school is not None:
        ends[Words("校历", "school calendar")] = plan.school.last
    for what, last in ends.items():
        remedy = Words(
            f"{what.zh}将尽，请补充下一年度（docs/reference/calendars.md）。",
            f"The {what.en} will soon end; add the next year (docs/reference/calendars.md).",
        )
        seen = Words(f"{what.zh}至 {last:%Y-%m-%d}", f"{what.en} known to {last}")
        yield Finding("calendar", seen, remedy if last < soon else None)
    yield _mailboxes(plan)


_SOON = timedelta(days=90)


def _mailboxes(plan: Plan) -> Finding:
    """Vacant posts are passed over by the ladder; a unit that nobody reads for is a problem."""
    unread = [u.name for u in plan.units if not resolve(plan, u.id, Role.CONTACT).addressees]
    vacant = [u.name for u in plan.units if not {Role.CONTACT, Role.DEPUTY} & u.mailboxes.keys()]
    listed = "、".join(unread)
    return Finding(
        "mailboxes",
        Words(
            f"{len(plan.units)} 个单位有收信岗位，其中 {len(vacant)} 个联络员空缺",
            f"{len(plan.units)} units, {len(vacant)} of them without a contact",
        ),
        Words(f"请为以下单位补充邮箱：{listed}", f"No mailbox: {listed}") if unread else None,
    )
