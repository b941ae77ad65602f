"""The workbook door of the studio: the draft as .xlsx, and an edited one as a diff of the draft."""

from dataclasses import dataclass
from datetime import datetime
from difflib import unified_diff
from hashlib import sha256

from sqlalchemy import Connection, Engine

from office.bookreading import mark_faults, read_book
from office.bookwriting import digest_of, write_book
from office.screening import screen
from office.studio import Files, change, compile_files, files_of
from responsibilities.exchange.rows import Changes, Fault, changes, table
from responsibilities.exchange.trying import brought_in, revised
from responsibilities.language.reading import read
from responsibilities.words import Language, Refused, Words
from storage import plan_drafts
from storage.engine import reading, writing
from storage.instants import whole
from storage.plan_drafts import Book

LARGEST = 10_000_000
"""Bytes of a workbook that is taken."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What an uploaded workbook would do to the draft; nothing is done yet."""

    name: str
    mark: str
    """Names the bytes and the draft that were compared; confirming says it again."""
    faults: tuple[Fault, ...]
    edited: tuple[str, ...]
    added: tuple[str, ...]
    missing: tuple[str, ...]
    """Duties that the workbook does not list; they stay unless asked for."""
    lines: tuple[str, ...]
    """The unified diff of the files."""
    behind: bool
    """The draft has changed since the workbook was made."""
    unread: tuple[str, ...]
    """Headings that name no key."""


def workbook(db: Engine, plan: str, language: Language) -> bytes:
    """The draft, or the plan in force, as a workbook. Refused where the plan does not compile."""
    with reading(db) as connection:
        files = files_of(connection, plan)
        compiled = compile_files(connection, files)
    if compiled.plan is None:
        raise Refused(
            Words("方案有错误，无法导出；请先改正。", "The plan has errors; mend them first.")
        )
    sections = read(files)[0].sections
    return write_book(compiled.plan, table(files), sections, digest_of(files), language)


def upload(db: Engine, plan: str, name: str, body: bytes, by: str, now: datetime) -> None:
    """Keep a workbook until its changes are taken in. Refused where it cannot be read."""
    if len(body) > LARGEST:
        raise Refused(Words("工作簿超过10 MB，请确认文件。", "The workbook is larger than 10 MB."))
    screen("duban.xlsx", body)  # unpacked in the sandbox first: a small file may hold gigabytes
    read_book(body, name)
    with writing(db) as connection:
        plan_drafts.put_book(connection, Book(plan, name, body, whole(now), by))


def preview(db: Engine, plan: str) -> Preview | None:
    """What the workbook uploaded last would change; None where none waits."""
    with reading(db) as connection:
        book = plan_drafts.book(connection, plan)
        if book is None:
            return None
        files = files_of(connection, plan)
        after, found, faults = _tried(connection, files, book, delete=False)
    sheet = read_book(book.body, book.name)
    return Preview(
        book.name,
        _mark(book, files),
        tuple(faults),
        tuple(found.edited),
        tuple(found.added),
        tuple(found.missing),
        difference_lines(files, after),
        bool(sheet.digest) and sheet.digest != digest_of(files),
        sheet.headings.extra,
    )


def take_in(
    db: Engine, plan: str, mark: str, by: str, now: datetime, *, delete: bool = False
) -> None:
    """Take the workbook's changes into the draft, as they were shown. Refused with any fault."""

    def make(connection: Connection, files: Files) -> Files:
        book = plan_drafts.book(connection, plan)
        if book is None or _mark(book, files) != mark:
            raise Refused(
                Words(
                    "工作簿或草稿已有变动，请重新查看改动后确认。",
                    "The workbook or the draft has changed; look at the changes again.",
                )
            )
        after, _, faults = _tried(connection, files, book, delete=delete)
        if faults:
            raise Refused(
                Words("工作簿中有错误，未导入。", "The workbook has faults; nothing was taken in.")
            )
        plan_drafts.remove_book(connection, plan)
        return after

    change(db, plan, by, now, make)


def marked(db: Engine, plan: str, language: Language) -> tuple[str, bytes]:
    """The waiting workbook with its faults in red, and a name for it. Refused: none waits."""
    with reading(db) as connection:
        book = plan_drafts.book(connection, plan)
        if book is None:
            raise Refused(Words("没有待导入的工作簿。", "No workbook is waiting."))
        _, _, faults = _tried(connection, files_of(connection, plan), book, delete=False)
    name = f"{book.name.removesuffix('.xlsx')}-问题.xlsx"
    return name, mark_faults(book.body, book.name, faults, language)


def difference_lines(before: Files, after: Files) -> tuple[str, ...]:
    """The unified diff of all files, line by line without line ends."""
    found: list[str] = []
    for name in sorted({*before, *after}):
        old, new = (side.get(name, "").splitlines() for side in (before, after))
        found += unified_diff(old, new, name, name, lineterm="")
    return tuple(found)


def _tried(
    connection: Connection, files: Files, book: Book, *, delete: bool
) -> tuple[Files, Changes, list[Fault]]:
    sheet = read_book(book.body, book.name)
    found = changes(files, sheet.rows, delete=delete)
    faults = [*sheet.faults, *found.faults]
    if faults:
        return files, found, faults
    after = revised(files, found)
    before, made = (compile_files(connection, one) for one in (files, after))
    return after, found, brought_in(before, made, found)


def _mark(book: Book, files: Files) -> str:
    return f"{sha256(book.body).hexdigest()[:16]}-{digest_of(files)}"
