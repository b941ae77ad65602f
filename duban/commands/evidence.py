"""`evidence`: reads all evidence again and says what is no longer as it came."""

from collections import Counter
from datetime import datetime
from pathlib import Path

import click

from duban.console import Exit, as_json, now_option, put_json, say
from duban.desk import desk
from storage.blobs import Blobs
from storage.engine import reading
from storage.scrub import Fault, scrub

_SAID = {
    Fault.MISSING: ("缺失", "missing"),
    Fault.CHANGED: ("已改变", "changed"),
    Fault.UNREADABLE: ("无法读取", "cannot be read"),
    Fault.ORPHANED: ("没有归属，可以删除", "belongs to nothing, may be deleted"),
    Fault.LEFTOVER: ("未传完，可以删除", "did not come to its end, may be deleted"),
}


@click.command(
    help=say(
        "通读全部佐证材料，逐个核对 SHA-256：缺失的、已改变的、没有归属的。有受损的，退出码为 1。",
        "Read all evidence and compare every SHA-256: missing, changed, belonging to nothing. "
        "Exits with 1 where evidence is damaged.",
    )
)
@now_option
@as_json
@click.pass_obj
def evidence(home: Path, now: datetime, as_json: bool) -> int:
    with desk(home) as at, reading(at.db) as connection:
        found = list(scrub(connection, Blobs(at.settings.blobs), now))
    if as_json:
        put_json("findings", [{"fault": one.fault.value, "name": one.name} for one in found])
    else:
        for one in found:
            click.echo(f"{'✗' if one.loses else '·'} {one.name}  {say(*_SAID[one.fault])}")
        lost = Counter(one.loses for one in found)[True]
        click.echo(say(f"受损 {lost} 个。", f"{lost} damaged."))
    return Exit.FOUND if any(one.loses for one in found) else Exit.OK
