"""A document as a Word draft in the layout of GB/T 9704-2012, for the office to edit and sign.

What the page looks like is held by named styles. A draft whose styles the office has changed in
Word is a template for the next: its text is put aside, its page, styles, head and foot are kept.
Fonts are named, not embedded: the office's machine has 仿宋, 楷体, 黑体 and 小标宋 or others.
"""

from io import BytesIO
from typing import Final
from zipfile import BadZipFile

from docx import Document as open_word
from docx.document import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import _Footer
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle

from inspections.document import (
    Document,
    Heading,
    Paragraph,
    Table,
    date_of,
    listed_attachments,
    numbered,
)
from office.screening import screen
from responsibilities.words import Refused, Words

_LINE: Final = Pt(28.95)
"""22 lines in the 225 mm between the margins."""
_BODY, _TITLE, _SMALL, _CELL = Pt(16), Pt(22), Pt(14), Pt(12)  # 三号, 二号, 四号, 小四
TITLE, NUMBER, TO, BODY, FIRST, SECOND, CELL, SIGNED, FOOT = (
    "公文标题", "公文字号", "公文主送", "公文正文", "公文一级标题", "公文二级标题", "公文表格",
    "公文落款", "公文页码",
)  # fmt: skip
_SONG, _FANG, _HEI, _KAI = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
_CENTER, _LEFT, _RIGHT, _FULL = (
    WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)  # fmt: skip
_STYLES: Final = (
    # name, font, size, alignment, first line and right indent in points
    (TITLE, _SONG, _TITLE, _CENTER, 0, 0),
    (NUMBER, _FANG, _BODY, _CENTER, 0, 0),
    (TO, _FANG, _BODY, _LEFT, 0, 0),
    (BODY, _FANG, _BODY, _FULL, 32, 0),
    (FIRST, _HEI, _BODY, _LEFT, 32, 0),
    (SECOND, _KAI, _BODY, _LEFT, 32, 0),
    (CELL, _FANG, _CELL, _CENTER, 0, 0),
    (SIGNED, _FANG, _BODY, _RIGHT, 0, 64),
    (FOOT, "宋体", _SMALL, _RIGHT, 0, 14),
)


def write_draft(document: Document, template: bytes | None = None) -> bytes:
    """The .docx; with a `template` its page and styles, Refused where it lacks one of them."""
    word = _blank() if template is None else _opened(template)
    word.add_paragraph(document.number or "　　〔　　　　〕　　号", NUMBER)
    word.add_paragraph("", NUMBER)
    word.add_paragraph(document.title, TITLE)
    word.add_paragraph("", TO)
    if document.addressees:
        word.add_paragraph("、".join(document.addressees) + "：", TO)
    for block in numbered(document):
        match block:
            case Heading(text, level):
                word.add_paragraph(text, FIRST if level == 1 else SECOND)
            case Paragraph(text):
                word.add_paragraph(text, BODY)
            case Table():
                _table(word, block)
    _foot(word, document)
    written = BytesIO()
    word.save(written)
    return written.getvalue()


def _foot(word: Word, document: Document) -> None:
    if document.attachments:
        word.add_paragraph("", BODY)
    for line in listed_attachments(document):
        word.add_paragraph(line, BODY)
    if document.signer:
        for line in ("", "", document.signer, date_of(document)):
            word.add_paragraph(line, SIGNED).paragraph_format.keep_with_next = True
    for note in document.notes:
        word.add_paragraph(f"（{note}）", BODY)
    if document.mark:
        width = Mm(document.mark.millimetres)
        picture = word.add_paragraph("", CELL)
        picture.paragraph_format.keep_with_next = True
        picture.paragraph_format.line_spacing = 1.0  # a fixed one would cut the picture off
        picture.add_run().add_picture(BytesIO(document.mark.png()), width)
        word.add_paragraph(document.mark.line.zh, CELL)


def _table(word: Word, block: Table) -> None:
    caption = word.add_paragraph(block.caption, CELL)
    caption.paragraph_format.keep_with_next = True
    table = word.add_table(len(block.rows) + 1, len(block.head), "Table Grid")
    table.autofit = False
    for column, share in zip(table.columns, _shares(block), strict=True):
        column.width = Mm(156 * share)
    for row, texts in zip(table.rows, (block.head, *block.rows), strict=True):
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, text in zip(row.cells, texts, strict=True):
            cell.paragraphs[0].text = text
            cell.paragraphs[0].style = CELL
    # the head stands again on every page the table runs over
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _shares(block: Table) -> list[float]:
    """How much of the width each column gets: by its longest text, none too narrow or too wide."""
    columns = zip(block.head, *block.rows, strict=True)
    wanted = [min(max(max(map(len, texts)) + 2, 5), 14) for texts in columns]
    return [one / sum(wanted) for one in wanted]


def _opened(template: bytes) -> Word:
    screen("模板.docx", template)  # unpacked in the sandbox first: a small file may hold gigabytes
    try:
        word = open_word(BytesIO(template))
    except (BadZipFile, KeyError, ValueError) as error:
        raise Refused(
            Words("模板不是完好的 Word 文档（.docx）。", "The template is no sound .docx.")
        ) from error
    known = {style.name for style in word.styles}
    missing = [name for name, *_ in _STYLES if name not in known]
    if missing:
        said = "、".join(missing)
        raise Refused(
            Words(
                f"模板缺少样式：{said}；请在系统生成的稿件上修改样式后用作模板。",
                f"The template lacks the styles {said}; change those of a draft made here.",
            )
        )
    body = word.element.body
    for part in list(body):
        if part.tag != qn("w:sectPr"):
            body.remove(part)
    return word


def _blank() -> Word:
    """The shipped template: page, styles and page numbers of GB/T 9704, 5 and 6."""
    word = open_word()
    for name, font, size, align, first, right in _STYLES:
        style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        assert isinstance(style, ParagraphStyle)
        _font(style, font)
        style.font.size = size
        if size == _BODY:
            _tracking(style)
        how = style.paragraph_format
        how.alignment, how.first_line_indent, how.right_indent = align, Pt(first), Pt(right)
        how.line_spacing = Pt(22) if name == CELL else _LINE
        how.space_before = how.space_after = Pt(0)
        how.widow_control = False
        how.keep_with_next = name in (FIRST, SECOND)
    _page(word)
    return word


def _font(style: ParagraphStyle, name: str) -> None:
    style.font.name = name
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), name)


def _tracking(style: ParagraphStyle) -> None:
    """28 characters of 16 pt in 156 mm: each a quarter of a point closer, in twentieths."""
    closer = OxmlElement("w:spacing")
    closer.set(qn("w:val"), "-5")
    size = style.element.get_or_add_rPr().find(qn("w:sz"))
    size.addprevious(closer)  # Word wants the parts of a style in the schema's order


def _page(word: Word) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(22)
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)  # LibreOffice draws a grid of characters otherwise than Word
    word.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer, _RIGHT)
    _page_number(section.even_page_footer, _LEFT)


def _page_number(footer: _Footer, side: WD_ALIGN_PARAGRAPH) -> None:
    line = footer.paragraphs[0]
    line.style = FOOT
    line.alignment = side
    line.paragraph_format.left_indent = Pt(14)
    line.add_run("— ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    line._p.append(field)
    line.add_run(" —")
