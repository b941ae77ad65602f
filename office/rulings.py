"""What a reviewer's or the office's answer by mail does: 通过, 退回：理由, 同意, 不同意：理由."""

import re
from datetime import datetime

from sqlalchemy import Connection

from notifications.dates import say_instant
from notifications.incoming.drafts import Approved, SentBack
from notifications.incoming.understanding import read_drafts
from notifications.incoming.values import Incoming
from office import review
from office.matters import Matter, title_of
from office.replies import Effect
from responsibilities.tasks import FactKind
from responsibilities.words import Refused, Words
from storage import facts
from storage.instants import instant

_REASON = r"[\s，,。：:；;—-]*(?P<reason>.*)"
_DECLINED = re.compile(rf"(?:不同意|不批准|不予批准|不予同意|declined?|no){_REASON}", re.I | re.S)
_GRANTED = re.compile(rf"(?:同意|批准|准予|granted?|agreed?|yes){_REASON}", re.I | re.S)


def rule(connection: Connection, matter: Matter, incoming: Incoming, *, by: str,
         now: datetime) -> Effect:  # fmt: skip
    """The reviewer's verdict, as part of a transaction."""
    drafts = read_drafts(incoming.answer, matter.clock.day(now), (), review=True)
    approved = [d for d in drafts if isinstance(d, Approved)]
    returned = [d for d in drafts if isinstance(d, SentBack)]
    title = title_of(matter.task, matter.promise, matter.place)
    try:
        if approved and not returned:
            review.accept(connection, matter.task.id, by=by, now=now)
            return Effect(
                "accepted",
                Words("已办结", "accepted"),
                Words(
                    f"请知悉：“{title}”已按审核意见办结。", f"Please note: “{title}” is accepted."
                ),
            )
        if returned and not approved and returned[0].reason:
            review.return_(connection, matter.task.id, returned[0].reason, by=by, now=now)
            reason = Words(returned[0].reason, returned[0].reason)
            return Effect(
                "returned",
                Words("已退回", "returned"),
                Words(f"请知悉：“{title}”已退回补充。", f"Please note: “{title}” is returned."),
                rows=((Words("退回理由", "Reason"), reason),),
            )
    except Refused as refused:
        return _unclear(title, incoming, refused.words)
    return _unclear(title, incoming, _HOW_TO_RULE)


_HOW_TO_RULE = Words(
    "请在回复的第一行写“通过”，或“退回：理由”。",
    "Write “approved” in the first line of the answer, or “returned: the reason”.",
)


def decide_extension(connection: Connection, matter: Matter, incoming: Incoming, *, by: str,
                     now: datetime) -> Effect:  # fmt: skip
    """The office's answer to a request for more time, as part of a transaction."""
    title = title_of(matter.task, matter.promise, matter.place)
    said = incoming.answer.strip()
    known = facts.of_task(connection, matter.task.key)
    asked = [fact for fact in known if fact.kind is FactKind.EXTENSION_ASKED]
    declined, granted = _DECLINED.match(said), _GRANTED.match(said)
    try:
        if declined is not None:
            reason = declined["reason"].strip()
            review.decline(connection, matter.task.id, reason, by=by, now=now)
            return Effect(
                "declined",
                Words("未同意延期", "declined"),
                Words(
                    f"请知悉：“{title}”未同意延期。",
                    f"Please note: more time for “{title}” is declined.",
                ),
            )
        if granted is not None and asked:
            due = instant(asked[-1].body["due"])
            reason = granted["reason"].strip()
            review.extend(connection, matter.task.id, due, by=by, now=now, reason=reason)
            return Effect(
                "extended",
                Words("已同意延期", "granted"),
                Words(
                    f"请知悉：“{title}”已同意延期。",
                    f"Please note: more time for “{title}” is granted.",
                ),
                rows=((Words("延至", "Until"), say_instant(matter.clock.local(due))),),
            )
    except Refused as refused:
        return _unclear(title, incoming, refused.words)
    return _unclear(title, incoming, _HOW_TO_DECIDE)


_HOW_TO_DECIDE = Words(
    "请在回复的第一行写“同意”，或“不同意：理由”。",
    "Write “granted” in the first line of the answer, or “declined: the reason”.",
)


def _unclear(title: str, incoming: Incoming, why: Words) -> Effect:
    return Effect(
        "unclear",
        Words("未计入", "not counted"),
        Words(
            f"请明确对“{title}”的意见：回复已收到，未能据此办理。",
            f"Please say what is decided about “{title}”: the answer could not be acted on.",
        ),
        problems=(why,),
    )


def onlooker_said(matter: Matter, incoming: Incoming, by: str) -> Effect:
    """A post that was only told of the task answers: the office hears it."""
    title = title_of(matter.task, matter.promise, matter.place)
    quoted = "" if matter.task.event else incoming.answer
    return Effect(
        "remark",
        Words("已转办公室", "with the office"),
        Words(
            f"请知悉：关于“{title}”的回复已收到，已转办公室。",
            f"Please note: the answer about “{title}” came and is with the office.",
        ),
        answer=quoted,
        question=Words(
            f"请研究{by}关于“{title}”的意见。", f"Please consider what {by} says about “{title}”."
        ),
    )
