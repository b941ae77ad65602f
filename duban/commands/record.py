"""`record`: how far the record has come, signed; and whether it is still what was signed."""

from base64 import b64encode
from datetime import datetime
from pathlib import Path

import click

from duban.console import Exit, as_json, by_option, in_words, now_option, put_json, say
from duban.desk import desk
from flows import sealing
from inspections.checkpoint import Signed
from office.seal import Checked, check_record, last_sealed, prove
from responsibilities.words import Refused, Words


@click.command(
    help=say(
        "办理记录的签名：不带选项即显示最近的检查点；--seal 签名至此；--check 通读全部记录，"
        "逐条核对；--proof 输出某一条的证明，可用其他工具验证。",
        "The signed record: shows its last head; --seal signs it, --check reads all of it again, "
        "--proof proves one fact.",
    )
)
@click.option("--seal", "sealing_", is_flag=True, help=say("签名至现在", "sign it as it stands"))
@click.option("--check", is_flag=True, help=say("通读并核对", "read it all again"))
@click.option("--proof", type=int, metavar="N", help=say("第几条的证明", "prove fact N"))
@click.option("--rotate", is_flag=True, help=say("更换签名密钥", "change the key"))
@click.option(
    "--new-epoch", is_flag=True, help=say("恢复备份之后续记", "go on after a restored backup")
)
@click.option("--reason", default="", help=say("恢复备份的理由", "why it was restored"))
@by_option
@now_option
@as_json
@click.pass_obj
def record(
    home: Path, sealing_: bool, check: bool, proof: int | None, rotate: bool, new_epoch: bool,
    reason: str, by: str, now: datetime, as_json: bool,
) -> int:  # fmt: skip
    if sealing_ + check + (proof is not None) + rotate + new_epoch > 1:
        raise click.UsageError(say("一次只做一件事", "one thing at a time"))
    with desk(home) as at:
        if proof is not None:
            click.echo(prove(at.db, proof).text(), nl=False)
            return Exit.OK
        if check:
            return _say_checked(check_record(at.db, sealing.held(at.settings)), as_json)
        if rotate:
            signed = sealing.rotated(at.settings, at.db, now, by)
        elif new_epoch:
            signed = sealing.restored(at.settings, at.db, now, by, reason)
        elif sealing_:
            signed = sealing.sealed(at.settings, at.db, now)
        else:
            kept = last_sealed(at.db)
            if kept is None:
                raise Refused(
                    Words(
                        "办理记录还没有签名；请运行 duban record --seal。",
                        "The record has not been signed yet; run duban record --seal.",
                    )
                )
            signed = kept.signed
    _say_head(signed, as_json)
    return Exit.OK


def _say_head(signed: Signed, as_json: bool) -> None:
    head = signed.checkpoint
    if as_json:
        put_json(
            "record",
            {
                "origin": head.origin,
                "size": head.size,
                "root": b64encode(head.root).decode(),
                "short": head.short,
                "key": str(signed.by),
                "code": signed.code(),
            },
        )
        return
    click.echo(
        say(
            f"办理记录“{head.origin}”共 {head.size} 条，检查点 {head.short}\n公钥 {signed.by}",
            f"The record “{head.origin}” has {head.size} facts, head {head.short}\nkey {signed.by}",
        )
    )
    click.echo(signed.note().decode(), nl=False)


def _say_checked(checked: Checked, as_json: bool) -> int:
    wrong = [in_words(words) for words in checked.wrong]
    if as_json:
        put_json("record", {"size": checked.size, "heads": checked.heads, "wrong": wrong})
    else:
        for line in wrong:
            click.echo(line)
        click.echo(
            say(
                f"通读 {checked.size} 条记录，核对 {checked.heads} 个检查点：{len(wrong)} 处不符。",
                f"{checked.size} facts read, {checked.heads} heads held against them: "
                f"{len(wrong)} do not agree.",
            )
        )
    return Exit.FOUND if wrong else Exit.OK
