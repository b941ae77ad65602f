"""The letter that lets a member in: to the mailbox itself, at once, and to no post."""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Engine

from notifications.compose import compose
from notifications.dkim import signed
from notifications.letters import Letter, LetterLink
from office.binding import subject_of
from office.carriers import signer_of
from office.members import person
from office.sessions import LASTS, OneTime
from office.settings import Settings
from office.workplace import in_force
from responsibilities.words import Words
from storage import outbox
from storage.engine import reading, writing
from storage.instants import whole
from storage.outbox import NewLetter


def send_way_in(db: Engine, way: OneTime, settings: Settings, now: datetime) -> None:
    """Put the letter with the one-time link and code into the outbox."""
    now = whole(now)
    with reading(db) as connection:
        known = person(connection, way.address, now)
        plan, who = next(iter(known.items()))
        place = in_force(connection, plan)
    mail, language = settings.mail, settings.language
    office = next(unit for unit in place.plan.units if unit.id == place.plan.office)
    home = settings.portal.url.rstrip("/")
    until = place.clock.local(now + LASTS)
    label = Words("有效期至", "Good until").in_(language)
    draft = Letter(
        kind="sign_in",
        language=language,
        message_id=_message_id(way, mail.sender),
        date=place.clock.local(now),
        sender_name=mail.sender_name or office.name,
        sender=mail.sender,
        to_name=who.name,
        to=way.address,
        reply_to=mail.reply_to or mail.sender,
        items=(),
        plan_title=place.plan.title,
        plan_number=place.plan.number,
        office=office.name,
        ask=f"{office.name} {office.phone}".strip(),
        facts={label: f"{until:%H:%M}"},
        link=LetterLink(f"{home}/sign-in/{way.token}" if home else "", home, way.code),
    )
    by = signer_of(mail)
    body = compose(draft)
    body = body if by is None else signed(body, by, int(now.timestamp()))
    new = NewLetter(
        draft.message_id, plan, mail.sender, way.address, who.name, draft.kind, subject_of(body),
        body, True, now + timedelta(minutes=10), now, (), (),
    )  # fmt: skip
    with writing(db) as connection:
        outbox.bind(connection, [new], [])


def _message_id(way: OneTime, sender: str) -> str:
    digest = sha256(f"{way.address}\n{way.token}".encode()).hexdigest()
    return f"<sign_in.{digest[:32]}@{sender.rpartition('@')[2]}>"
