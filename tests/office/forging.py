"""A forger at work on a pack: takes it apart, rewrites the record, puts a sound bag together."""

import json
import zipfile
from base64 import b64encode
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from inspections.checkpoint import Checkpoint, Signed, sign
from inspections.notes import Signer
from inspections.record import leaf
from inspections.tree import Growing
from storage.bags import Member, write_bag

Files = dict[str, bytes]
FACTS, HEAD = "data/log/facts.jsonl", "data/log/checkpoint"
KINDS = ("edit", "delete", "insert", "reorder", "truncate")


def taken_apart(path: Path) -> Files:
    """The files of a pack that are not manifests."""
    with zipfile.ZipFile(path) as archive:
        named = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    return {n: data for n, data in named.items() if n.startswith(("data/", "verify."))}


def put_together(files: Files, path: Path) -> Path:
    """A bag whose manifests fit."""
    write_bag(path, [Member(name, data) for name, data in files.items()], {})
    return path


def head_of(records: list[bytes], key: Signer) -> Signed:
    """What the thief of the key says of a record."""
    tree = Growing()
    for record in records:
        tree.add(leaf(record))
    return sign(Checkpoint(key.name, tree.size, tree.root()), key)


def rewritten(records: list[bytes], kind: str, held: int, random: Random) -> list[bytes]:
    """The record with one thing done to it among its first `held` facts."""
    found, place = list(records), random.randrange(held)
    if kind == "edit":
        found[place] = _an_hour_off(found[place], random)
    elif kind == "delete":
        del found[place]
    elif kind == "insert":
        found.insert(place, _an_hour_off(random.choice(records), random))
    elif kind == "reorder":
        other = random.choice([one for one in range(held) if one != place])
        found[place], found[other] = found[other], found[place]
    else:
        del found[place:]
    return found


def with_record(files: Files, records: list[bytes], key: Signer | None) -> Files:
    """The pack with another record; signed anew where the forger has the key."""
    changed = {**files, FACTS: b"".join(record + b"\n" for record in records)}
    if key is not None:
        changed[HEAD] = head_of(records, key).note()
    return changed


def mail_with(signed: Signed, path: Path, random: Random) -> Path:
    """A letter on file: its code in the header, in the text, or folded into base64."""
    code = signed.code()
    body = f"正文\n\n> {code[:70]}\n> {code[70:]}\n"
    ways = (
        f"Duban-Checkpoint: {code}\nSubject: x\n\n正文\n",
        f"Subject: x\nContent-Type: text/plain; charset=utf-8\n\n{body}",
        "Subject: x\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64"
        f"\n\n{b64encode(body.encode()).decode()}\n",
    )
    path.write_text(random.choice(ways), "utf-8")
    return path


def _an_hour_off(record: bytes, random: Random) -> bytes:
    """The same fact at another time, in canonical bytes."""
    fact = json.loads(record)
    at = datetime.fromisoformat(fact["at"]) - timedelta(minutes=random.randrange(1, 10_000))
    fact["at"] = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    return json.dumps(fact, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
