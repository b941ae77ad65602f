"""The lines that one entry of a plan takes up in its file: what a person edits as YAML."""

from collections.abc import Mapping
from dataclasses import dataclass

from ruamel.yaml.error import YAMLError

from responsibilities.exchange.emitting import compose
from responsibilities.exchange.revising import id_of, section_of
from responsibilities.exchange.splicing import data_of, end_of


@dataclass(frozen=True, slots=True)
class Passage:
    """Some whole lines of a file; `first` counts from 1, `text` is without its last line end."""

    file: str
    first: int
    text: str

    @property
    def last(self) -> int:
        """The number of its last line."""
        return self.first + self.text.count("\n")


def whole(files: Mapping[str, str], file: str) -> Passage | None:
    """All of a file; its last line end belongs to it."""
    return Passage(file, 1, files[file]) if file in files else None


def passage(files: Mapping[str, str], section: str, id_: str) -> Passage | None:
    """The entry's lines, without comments above it.

    None where no readable file has it, or where it shares its lines with others.
    """
    for name, text in files.items():
        if not name.endswith((".yaml", ".yml")) or id_ not in text:
            continue
        try:
            listed = section_of(compose(text), section)
        except (YAMLError, ValueError):
            continue
        for node in listed.value if listed is not None and not listed.flow_style else ():
            if id_of(data_of(node)) == id_:
                start = text.rfind("\n", 0, node.start_mark.index) + 1
                end = text.find("\n", end_of(text, node))
                lines = text[start : len(text) if end < 0 else end]
                return Passage(name, text.count("\n", 0, start) + 1, lines)
    return None


def replaced(files: Mapping[str, str], old: Passage, typed: str) -> dict[str, str]:
    """The files with `typed` in the place of a passage; its line ends become the file's own."""
    text = files[old.file]
    lines = text.split("\n")
    before, after = lines[: old.first - 1], lines[old.last :]
    newline = "\r\n" if "\r\n" in text else "\n"
    clean = typed.replace("\r\n", "\n").replace("\r", "\n")
    if not (old.first == 1 and not after):
        clean = clean.rstrip("\n")
    if newline == "\r\n":
        clean = clean.replace("\n", newline)
        if after and not clean.endswith("\r"):
            clean += "\r"
    return {**files, old.file: "\n".join([*before, clean, *after])}
