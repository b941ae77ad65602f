"""Whether a file that came in may count as evidence; every door comes through here.

What is refused is told in one sentence, after GOV.UK's for file uploads; what is kept with a remark
is shown with it. Evidence itself is never changed, and its name is only ever data.
"""

import os
from collections import OrderedDict
from hashlib import sha256
from typing import IO

from responsibilities.words import Refused, Words
from storage import sandbox
from storage.structure import MEMBERS, Found, ending_of

LARGEST, LARGEST_TOGETHER, MOST_FILES = 50_000_000, 200_000_000, 200
"""Bytes of one file; bytes and files of one hand-in."""

REMARKS = {
    "macros": Words("含有宏，请勿启用", "it holds macros; do not enable them"),
    "locked_archive": Words("压缩包已加密，内容未核对", "an encrypted archive, not looked into"),
    "tnef": Words("winmail.dat，内容未核对", "winmail.dat, not looked into"),
    "unopened": Words("压缩包，内容未核对", "an archive, not looked into"),
    "nested": Words("内有压缩包，未逐层核对", "archives within it were not looked into"),
    "active": Words("含有脚本或附件，请勿启用", "it holds scripts or attachments"),
    "restricted": Words("已加密，可能需要口令", "it is encrypted and may ask for a password"),
}
_KNOWN: OrderedDict[tuple[str, str], Found] = OrderedDict()
_REMEMBERED = 512


def screen(name: str, data: bytes) -> tuple[str, ...]:
    """The remarks (keys of REMARKS) to keep it with; Refused where it cannot be evidence.

    What was looked at a moment ago is not looked at again: mail is screened before its transaction,
    so that nobody waits there.
    """
    if len(data) > LARGEST:
        raise Refused(too_large(name))
    key = (sha256(data).hexdigest(), ending_of(name))
    found = _KNOWN.get(key)
    if found is None:
        with open(os.memfd_create("evidence"), "wb+") as file:
            file.write(data)
            file.flush()
            found = _KNOWN[key] = sandbox.look(file, key[1])
        while len(_KNOWN) > _REMEMBERED:
            _KNOWN.popitem(last=False)
    return _judged(name, found)


def screen_file(name: str, file: IO[bytes]) -> tuple[str, ...]:
    """As `screen`, for what has come to the disk already."""
    return _judged(name, sandbox.look(file, ending_of(name)))


def refuse_too_many(sizes: list[int]) -> None:
    """More than one hand-in can hold."""
    if len(sizes) > MOST_FILES:
        raise Refused(
            Words(
                f"一次最多提交{MOST_FILES}个文件，请分次提交。",
                f"At most {MOST_FILES} files at a time; hand in the others after these.",
            )
        )
    if sum(sizes) > LARGEST_TOGETHER:
        raise Refused(
            Words(
                f"一次提交的文件合计不得超过{LARGEST_TOGETHER // 1_000_000} MB，请分次提交。",
                f"At most {LARGEST_TOGETHER // 1_000_000} MB at a time; hand in the rest after.",
            )
        )


def too_large(name: str) -> Words:
    """The sentence for a file that is too big, wherever that is noticed."""
    most = LARGEST // 1_000_000
    return Words(
        f"文件“{name}”超过{most} MB，请压缩或拆分后重新提交。",
        f"The file “{name}” must be smaller than {most} MB.",
    )


def infected(name: str) -> Words:
    """The sentence for a file in which the scanner found something."""
    return Words(
        f"文件“{name}”含有病毒，未收存；请查杀后重新提交。",
        f"The file “{name}” contains a virus; it was not taken.",
    )


def broken_off(name: str) -> Words:
    """The sentence for an upload that did not come to its end."""
    return Words(
        f"文件“{name}”未能上传，请重新选择。",
        f"The file “{name}” could not be uploaded; try again.",
    )


def _judged(name: str, found: Found) -> tuple[str, ...]:
    if found.fault:
        raise Refused(_FAULTS[found.fault](name))
    return found.remarks


def _empty(name: str) -> Words:
    return Words(
        f"文件“{name}”是空的，请重新提交。", f"The file “{name}” is empty; hand it in again."
    )


def _wrong_type(name: str) -> Words:
    return Words(
        f"文件“{name}”的类型不能作为佐证材料，请提交照片、PDF、Office 或 WPS 文档、OFD 或 zip。",
        f"The file “{name}” must be a photo, PDF, Office or WPS document, OFD or zip.",
    )


def _misnamed(name: str) -> Words:
    ending = ending_of(name)
    return Words(
        f"文件“{name}”的内容不是 {ending} 格式，请用原来的程序另存后重新提交。",
        f"The file “{name}” is not what .{ending} says; save it anew by the program it is from.",
    )


def _damaged(name: str) -> Words:
    return Words(
        f"文件“{name}”已损坏，无法读取，请重新保存或拍摄后提交。",
        f"The file “{name}” is damaged and could not be read; save or take it anew.",
    )


def _locked(name: str) -> Words:
    return Words(
        f"文件“{name}”设有口令，请去除口令后重新提交。",
        f"The file “{name}” is password protected; hand it in without.",
    )


def _bomb(name: str) -> Words:
    return Words(
        f"文件“{name}”展开后过大或结构异常，未予收存。",
        f"The file “{name}” unpacks to too much, or is not built as it should be.",
    )


def _too_many(name: str) -> Words:
    return Words(
        f"文件“{name}”内含文件超过{MEMBERS}个，请拆分后重新提交。",
        f"The file “{name}” must hold no more than {MEMBERS} files.",
    )


def _pixels(name: str) -> Words:
    return Words(
        f"图片“{name}”的尺寸过大，请缩小后重新提交。",
        f"The image “{name}” has too many pixels; make it smaller.",
    )


_FAULTS = {
    "empty": _empty,
    "wrong_type": _wrong_type,
    "misnamed": _misnamed,
    "damaged": _damaged,
    "locked": _locked,
    "bomb": _bomb,
    "too_many": _too_many,
    "pixels": _pixels,
}
