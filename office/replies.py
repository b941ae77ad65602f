"""What a mail that came in led to, and the letter that says so: receipt, confirmation, inbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import orjson

from notifications.letters import Reply
from responsibilities.plan import Role
from responsibilities.words import Language, Words
from storage.notices import Matter, Notice

_PATIENCE = timedelta(days=3)
_SHOWN = 1500
"""Characters of an answer that a letter quotes."""
_KEY = "reply"

Row = tuple[Words, Words]


@dataclass(frozen=True, slots=True)
class Effect:
    """What came of a mail, in words for whoever wrote it."""

    verdict: str
    """One word for the list of mails: submitted, kept, accepted, asked, nothing, …"""
    status: Words
    """For the subject: 材料齐全."""
    lead: Words
    """The first sentence."""
    rows: tuple[Row, ...] = ()
    files: tuple[Words, ...] = ()
    problems: tuple[Words, ...] = ()
    answer: str = ""
    asks: bool = False
    silent: bool = False
    """Nothing need be said: thanks for a matter that is closed."""
    question: Words | None = None
    """What the office is to be told of it."""

    def question_put(self) -> "Effect":
        """The same for the office, which is told the question instead."""
        assert self.question is not None
        return replace(self, lead=self.question, problems=())


def letter(
    kind: str, effect: Effect, message: int | str, plan: str, unit: str, role: Role,
    task: int | None, now: datetime,
) -> Notice:  # fmt: skip
    """The notice that says it to one post; one of each kind for a mail (its number) or an act."""
    return Notice(
        key=f"{plan}/{kind}/{message}",
        plan=plan,
        kind=kind,
        unit=unit,
        role=role.value,
        matters=() if task is None else (Matter(task),),
        urgent=False,
        created_at=now,
        useful_until=now + _PATIENCE,
        facts={_KEY: _packed(effect)},
    )


def to_office(effect: Effect, message: int | str, plan: str, office: str, task: int | None,
              now: datetime) -> Notice:  # fmt: skip
    """The office is told of a mail: to decide about it (`asks`), or to know of it."""
    return letter("inbox", effect, message, plan, office, Role.OFFICE, task, now)


def message_of(notice: Notice) -> int:
    """The mail that such a notice is about."""
    return int(notice.key.rpartition("/")[2])


def reply_said(facts: Mapping[str, object], language: Language) -> Reply | None:
    """What a notice of these kinds says, in the language of the letter."""
    if _KEY not in facts:
        return None
    body = orjson.loads(str(facts[_KEY]))

    def said(pair: Sequence[str]) -> str:
        return Words(*pair).in_(language)

    return Reply(
        status=said(body["status"]),
        lead=said(body["lead"]),
        rows=tuple((said(label), said(value)) for label, value in body["rows"]),
        files=tuple(map(said, body["files"])),
        problems=tuple(map(said, body["problems"])),
        answer=body["answer"],
        asks=body["asks"],
    )


def with_rows(effect: Effect, *rows: Row) -> Effect:
    """The same with these lines before its own."""
    return replace(effect, rows=(*rows, *effect.rows))


def _packed(effect: Effect) -> str:
    answer = effect.answer.strip()
    body = {
        "status": _pair(effect.status),
        "lead": _pair(effect.lead),
        "rows": [[_pair(label), _pair(value)] for label, value in effect.rows],
        "files": list(map(_pair, effect.files)),
        "problems": list(map(_pair, effect.problems)),
        "answer": answer[:_SHOWN] + ("……" if len(answer) > _SHOWN else ""),
        "asks": effect.asks,
    }
    return orjson.dumps(body).decode()


def _pair(words: Words) -> list[str]:
    return [words.zh, words.en]
