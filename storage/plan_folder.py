"""Plan folders as the office keeps them: text by name. Knows no database, so `check` is quick."""

from pathlib import Path

from responsibilities.words import Refused, Words

ENDINGS = frozenset({".yaml", ".yml", ".md", ".txt"})
LARGEST = 5_000_000
"""Bytes; a plan file is written by hand, so anything larger was put there by mistake."""


def read_folder(path: Path | str) -> dict[str, str]:
    """The text files of a plan folder by name, in the order of their names.

    A single file is a plan of one file. Bytes that are not UTF-8 come as lone surrogates, so that
    one file saved as GBK is one problem beside the others (`not-utf8`), not the end of the check.
    Refused: no such folder, nothing in it, a file too large.
    """
    folder = Path(path)
    if folder.is_file():
        return {folder.name: _read(folder, folder.parent)}
    if not folder.is_dir():
        raise Refused(
            Words(f"找不到方案文件夹“{folder}”。", f"There is no plan folder “{folder}”.")
        )
    found = sorted(
        entry
        for entry in folder.rglob("*")
        if entry.is_file() and entry.suffix in ENDINGS and not entry.name.startswith(".")
    )
    if not any(entry.suffix in {".yaml", ".yml"} for entry in found):
        raise Refused(
            Words(
                f"方案文件夹“{folder}”中没有 YAML 文件。",
                f"There is no YAML file in the plan folder “{folder}”.",
            )
        )
    return {entry.relative_to(folder).as_posix(): _read(entry, folder) for entry in found}


def _read(path: Path, folder: Path) -> str:
    name = path.relative_to(folder).as_posix()
    if path.stat().st_size > LARGEST:
        raise Refused(
            Words(
                f"文件“{name}”超过 {LARGEST // 1_000_000} MB，不是方案文件。",
                f"“{name}” is larger than {LARGEST // 1_000_000} MB; it is no plan file.",
            )
        )
    return path.read_text("utf-8-sig", errors="surrogateescape")
