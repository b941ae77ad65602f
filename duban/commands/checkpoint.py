"""`checkpoint`: the newest one for paper, and whether a printed one is of this record."""

from pathlib import Path

import click

from duban.console import Exit, as_json, in_words, put_json, say
from duban.desk import desk
from office.prints import check_print, checkpoint_print
from responsibilities.words import Refused, Words
from storage.engine import reading


@click.command(
    help=say(
        "印在通报、通知书和评分表上的检查点：不带参数即显示最近的一个，--save 存为二维码图片；"
        "给出纸上所印的一行或二维码的内容，即核对它是否本记录的检查点。",
        "A checkpoint for paper: shows the newest one, --save writes its QR code; given the line "
        "as printed or what the QR code holds, says whether it is a checkpoint of this record.",
    )
)
@click.argument("printed", nargs=-1, metavar=say("[所印的一行]", "[LINE]"))
@click.option(
    "--save", type=click.Path(dir_okay=False, path_type=Path), metavar="SVG|PNG",
    help=say("二维码存为图片", "write the QR code"),
)  # fmt: skip
@as_json
@click.pass_obj
def checkpoint(home: Path, printed: tuple[str, ...], save: Path | None, as_json: bool) -> int:
    if printed and save is not None:
        raise click.UsageError(say("核对与存图只做一件", "check or save, not both"))
    with desk(home) as at:
        if printed:
            answer = check_print(at.db, " ".join(printed))
            if as_json:
                put_json("checkpoint", {"good": answer.good, "said": in_words(answer.words)})
            else:
                click.echo(f"{'✓' if answer.good else '✗'} {in_words(answer.words)}")
            return Exit.OK if answer.good else Exit.FOUND
        with reading(at.db) as connection:
            found = checkpoint_print(connection)
    if found is None:
        raise Refused(
            Words(
                "办理记录还没有签名；请运行 duban record --seal。",
                "The record has not been signed yet; run duban record --seal.",
            )
        )
    if save is not None:
        save.write_bytes(found.png() if save.suffix.lower() == ".png" else found.svg().encode())
    if as_json:
        line = in_words(found.line)
        put_json("checkpoint", {"line": line, "code": found.signed.code()})
    else:
        click.echo(f"{in_words(found.line)}\n{found.signed.code()}")
    return Exit.OK
