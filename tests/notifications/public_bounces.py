"""P10 on the bounces of other people's servers, which stay where they are published.

`python -m tests.notifications.public_bounces SISIMAI LABELS FLUFL` with three folders: the mails of
github.com/sisimai/set-of-emails (maildir/bsd), the test scripts of github.com/sisimai/p5-sisimai
(t) that say what each mail is, and tests/data of the source package of flufl.bounce. All are BSD or
Apache-2.0; they name people's mailboxes, so they are not copied here.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from notifications.incoming.reading import read_mail
from notifications.incoming.values import Incoming, Nature

_ENGINE = re.compile(r"\$enginename = '(\w+)'")
_ENTRY = re.compile(r"'(\d\d)'\s*=>\s*\[(.*?)\]\]", re.DOTALL)
_LABEL = re.compile(r"\['([^']*)',\s*'[^']*',\s*'([^']*)'")

FINAL = frozenset({"refused", "expired"})
"""Given up after retries is refused for good as well."""
WRONG_ADDRESS = frozenset({"unknown_user"})
_CLASSES = {
    **dict.fromkeys(("userunknown", "hostunknown", "hasmoved", "suspend"), WRONG_ADDRESS),
    "mailboxfull": frozenset({"mailbox_full"}),
    **dict.fromkeys(("expired", "networkerror"), FINAL | {"delayed"}),
    **dict.fromkeys(("filtered", "notaccept"), FINAL | WRONG_ADDRESS),
}
"""What the labels mean in the five classes of the promise; any other is a refusal for good."""


def labels(folder: Path) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """File name and its (status, reason)s, as the test scripts say."""
    for script in sorted(folder.glob("[3678][0-9][0-9]-*.t")):
        source = script.read_text("utf-8", "replace")
        engine = _ENGINE.search(source)
        if engine is None:
            continue
        kind = "rhost" if "rhost" in script.name else "lhost"
        prefix = "" if engine[1].lower().startswith(("rfc", "arf")) else f"{kind}-"
        for number, body in _ENTRY.findall(source):
            yield f"{prefix}{engine[1].lower()}-{number}.eml", _LABEL.findall(body + "]")


def fits(mail: Incoming, told: list[tuple[str, str]]) -> bool:
    """Is the mail read as what it is said to be?"""
    reasons = {reason for _, reason in told}
    if reasons & {"feedback", "vacation", "delivered"}:
        return not mail.bounces and mail.nature is not Nature.ANSWER
    wanted: set[str] = set()
    for status, reason in told:
        wanted |= _CLASSES.get(reason, FINAL)
        wanted |= {"delayed"} if status.startswith("4") else set()
        wanted |= FINAL if status.startswith("4") else set()
    return bool(mail.bounces) and all(bounce.kind.value in wanted for bounce in mail.bounces)


def main(sisimai: Path, scripts: Path, flufl: Path) -> None:
    """Print both shares, and the mails that were read otherwise."""
    known = [(sisimai / name, told) for name, told in labels(scripts) if told]
    mails = [(path, told, read_mail(path.read_bytes())) for path, told in known if path.is_file()]
    wrong = [path.name for path, told, mail in mails if not fits(mail, told)]
    print(f"sisimai: {len(mails) - len(wrong)} of {len(mails)} in the right class")
    print("  otherwise:", ", ".join(sorted(wrong)))
    bounces = {path.name: read_mail(path.read_bytes()) for path in sorted(flufl.glob("*.txt"))}
    missed = [name for name, mail in bounces.items() if mail.nature is not Nature.BOUNCE]
    print(f"flufl.bounce: {len(bounces) - len(missed)} of {len(bounces)} are bounces")
    print("  otherwise:", ", ".join(missed))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
