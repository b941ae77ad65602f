"""Mails that wait for a person: the unit that one seems to be from, or the office."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from notifications.dates import say_instant
from office.addressed import Speaker, Trace, claimed, post_of
from office.matters import Matter, matter, number_of, title_of
from office.received import A_DAY, MOST_A_DAY, Dealt, Received, came, numbers_named, record
from office.replies import Effect, Row, letter, to_office, with_rows
from office.workplace import all_in_force
from responsibilities.plan import Role
from responsibilities.tasks import State
from responsibilities.words import Words
from storage import inbox, tasks
from storage.inbox import MessageState
from storage.notices import Matter as Asked
from storage.notices import Notice

_LISTED = 20
"""Tasks that a question names."""
MOST_QUESTIONS = 10
"""Mails a day that the office is asked about by letter; all stand in `duban inbox`."""


def unplaced(connection: Connection, mail: Received, signs: Trace) -> Dealt:
    """No task, or more than one: whoever holds a post is asked for the number."""
    several = tasks.by_ids(connection, signs.tasks)
    places = all_in_force(connection)
    known = [(place, post_of(place, mail.sender)) for place in places.values()]
    post = next(((place, one) for place, one in known if one is not None), None)
    if post is None:
        if signs.clash or signs.answered or several:
            why = Words("不能确定所答事项，发件人不在岗位邮箱之列", "unknown task and sender")
            return Dealt(MessageState.HELD, "unknown", why)
        why = Words("与督办事项无关", "about none of our matters")
        return Dealt(MessageState.SETTLED, "unrelated", why)
    numbers = "、".join(number_of(task, places[task.plan].clock) for task in several.values())
    why = Words(
        f"不能确定所答事项{numbers and f'：{numbers}'}",
        f"no telling which task it answers {numbers}".rstrip(),
    )
    place, who = post
    asked: list[Notice] = []
    if inbox.counted_from(connection, mail.sender, mail.now - A_DAY, None) < MOST_A_DAY:
        about = [matter(connection, task, places) for task in several.values()]
        effect = with_rows(_ask_number(about, mail.incoming.answer), came(place, mail))
        asked = [_question(effect, mail, signs, place.plan.id, who, several)]
    return Dealt(MessageState.HELD, "which", why, notices=asked)


def _question(
    effect: Effect, mail: Received, signs: Trace, plan: str, who: Speaker, several: Iterable[int]
) -> Notice:
    """To the post that the letter was written to, with its rights: it can be answered as well."""
    unit, role = who.unit, who.role
    if signs.answered is not None and signs.answered.letter.recipient.lower() == mail.sender:
        unit, role = signs.answered.notices[0].unit, Role(signs.answered.notices[0].role)
    asked = letter("receipt", effect, mail.message.id, plan, unit, role, None, mail.now)
    return replace(asked, matters=tuple(map(Asked, several)))


def _ask_number(among: Sequence[Matter], answer: str) -> Effect:
    """The tasks that it may be about, a line each; none is guessed."""
    several = len({one.task.id for one in among} & numbers_named(answer)) > 1
    rows = [(number_of(one.task, one.clock), _title_and_time(one)) for one in among[:_LISTED]]
    return Effect(
        "which",
        Words("请注明编号", "which task"),
        Words(
            "请注明督办编号后重新回复：来信已收到，"
            + ("所答不止一项，均暂未计入。" if several else "不能确定所答的是哪一项。"),
            "Please answer again with the number: the mail came, but "
            + ("it answers several tasks; none counts yet." if several
               else "not which task it answers."),
        ),
        rows=tuple((Words(number, number), title) for number, title in rows),
        problems=(
            Words(
                "请每项各回复一封：直接回复本邮件，第一行写明督办编号，其后写该项的情况，只附该项的材料。",
                "One mail for each task: answer this one with the number in the first line, then "
                "what concerns that task, and its files alone.",
            ),
        ),
    )  # fmt: skip


def _title_and_time(one: Matter) -> Words:
    title = title_of(one.task, one.promise, one.place)
    if one.task.state is State.CLOSED:
        return Words(f"{title}（已办结）", f"{title} (closed)")
    due = say_instant(one.clock.local(one.task.due_at))
    return Words(f"{title}（{due.zh}截止）", f"{title} (due {due.en})")


def hold(
    connection: Connection, mail: Received, about: Matter, signs: Trace, who: Speaker | None
) -> Dealt:
    """The mail waits: for the unit it seems to be from, where it may be; else for the office."""
    verdict, why = _why_held(mail, signs, who)
    post = None if signs.clash or not mail.sender else claimed(about, mail.sender)
    effect = _about_the_mail(verdict, why, mail, about, post)
    plan, now, task = about.place.plan, mail.now, about.task.id
    if post is not None:
        asked = [letter("confirm", effect, mail.message.id, plan.id, post.unit, post.role, task,
                        now)]  # fmt: skip
    elif _office_has_room(connection, now):
        effect = replace(effect, asks=True)
        asked = [to_office(effect, mail.message.id, plan.id, plan.office, task, now)]
    else:
        asked = []
    record(connection, mail, about, verdict, mail.sender or "？")
    return Dealt(MessageState.HELD, verdict, why, task, asked)


def _why_held(mail: Received, signs: Trace, who: Speaker | None) -> tuple[str, Words]:
    if signs.clash:
        return "clash", Words("来信中的编号与所答信函不一致", "its number and its letter disagree")
    if signs.expired:
        return "expired", Words("所答信函的回复期限已过", "the letter can no longer be answered")
    if signs.answered is None:
        return "no_token", Words("不是对督办信函的直接回复", "not a direct answer to a letter")
    if not mail.sender:
        return "senders", Words("发件人缺失或不止一个", "no sender, or several")
    if who is None:
        return "not_on_record", Words("发件人不在该岗位邮箱之列", "not a mailbox on record")
    return "unverified", Words("未能核实发件人", "its sender could not be verified")


def _about_the_mail(
    verdict: str, why: Words, mail: Received, about: Matter, post: Speaker | None
) -> Effect:
    title = title_of(about.task, about.promise, about.place)
    incident = about.task.event is not None
    subject = "" if incident else mail.incoming.subject[:200]
    rows: list[Row] = [
        came(about.place, mail),
        (Words("发件人", "From"), Words(mail.sender or "—", mail.sender or "—")),
        (Words("来信主题", "Subject"), Words(subject, subject)),
    ]
    lead = Words(
        f"请处理关于“{title}”的下列来信：{why.zh}，暂未计入。",
        f"Please look at the mail below about “{title}”: {why.en}; it does not count yet.",
    )
    if post is not None:
        lead = Words(
            f"请确认关于“{title}”的下列来信是否为{post.name}所发：{why.zh}，暂未计入。",
            f"Please confirm that {post.name} sent the mail below about “{title}”: {why.en}; it "
            "does not count yet.",
        )
    names = [file.name for file in mail.incoming.files if not file.decoration]
    return Effect(
        verdict, why, lead, tuple(row for row in rows if row[1].zh),
        files=tuple(Words(name, name) for name in names),
        answer="" if incident else mail.incoming.answer,
    )  # fmt: skip


def _office_has_room(connection: Connection, now: datetime) -> bool:
    since = now - A_DAY
    return sum(one.arrived_at >= since for one in inbox.held(connection)) < MOST_QUESTIONS


def too_many(mail: Received, about: Matter) -> Dealt:
    """A loop, or an attack: kept without an answer, and the office hears of it once a day."""
    why = Words(f"一日之内来信超过{MOST_A_DAY}封，疑为自动往返", "too many mails a day: a loop?")
    effect = _about_the_mail("too_many", why, mail, about, None)
    plan = about.place.plan
    notice = to_office(effect, mail.message.id, plan.id, plan.office, about.task.id, mail.now)
    day = about.clock.day(mail.now)
    once = replace(notice, key=f"{plan.id}/inbox/too-many/{mail.sender}/{day}/0")
    return Dealt(MessageState.HELD, "too_many", why, about.task.id, [once])
