"""Self-contained pages: one file, no script, no link outside; light, dark, narrow and on paper."""

from collections.abc import Iterable, Sequence
from html import escape

from responsibilities.words import Language, Words

__all__ = ["bar", "cards", "escape", "page", "section", "table"]

_LEVELS_LIGHT = ("#d6e6f5", "#a3c8e8", "#6aa4d6", "#3478b8", "#12508c")
_LEVELS_DARK = ("#17324d", "#1f4d77", "#2c6ea8", "#5a9bd4", "#a9d2f5")
_INKS_LIGHT = ("#111", "#111", "#111", "#fff", "#fff")
_INKS_DARK = ("#eee", "#eee", "#fff", "#111", "#111")


def _variables(levels: Iterable[str], inks: Iterable[str]) -> str:
    shades = "".join(f"--l{n}:{colour};" for n, colour in enumerate(levels, 1))
    return shades + "".join(f"--i{n}:{colour};" for n, colour in enumerate(inks, 1))


_LIGHT = "--ink:#1a1c1f;--soft:#565b63;--line:#cfd4da;--paper:#fff;--tint:#f3f5f8;--warn:#9a3412;"
_DARK = "--ink:#e8eaed;--soft:#aab1ba;--line:#3b4149;--paper:#15181c;--tint:#1e2329;--warn:#fdba74;"
STYLE = (
    f":root{{color-scheme:light dark;{_LIGHT}{_variables(_LEVELS_LIGHT, _INKS_LIGHT)}}}"
    f"@media screen and (prefers-color-scheme:dark){{:root{{{_DARK}"
    f"{_variables(_LEVELS_DARK, _INKS_DARK)}}}}}"
    """
*{box-sizing:border-box}
body{font:15px/1.6 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:var(--ink);
background:var(--paper);margin:0 auto;padding:1.25rem clamp(.9rem,3vw,2.5rem) 3rem;max-width:90rem}
h1{font-size:1.45rem;line-height:1.35;margin:.2rem 0 .4rem}
h2{font-size:1.12rem;margin:2.2rem 0 .4rem}
h3{font-size:1rem;margin:1.3rem 0 .3rem}
p{margin:.3rem 0 .7rem;max-width:60rem}
.soft{color:var(--soft)}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.2rem,1fr));gap:.6rem;
margin:1rem 0;padding:0;list-style:none}
.cards li{background:var(--tint);border:1px solid var(--line);border-radius:.4rem;
padding:.5rem .7rem}
.cards b{display:block;font-size:1.45rem;line-height:1.3;font-variant-numeric:tabular-nums}
.roll{overflow-x:auto;border:1px solid var(--line);border-radius:.4rem;margin:.5rem 0}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.28rem .6rem;text-align:left;border-bottom:1px solid var(--line);
vertical-align:top}
thead th{background:var(--tint);white-space:nowrap;vertical-align:bottom}
tbody th{font-weight:500}
tbody tr:last-child>*{border-bottom:0}
.n{text-align:right;white-space:nowrap}
.w{min-width:8rem;width:34%}
.name{min-width:6.5rem}
.wide td{min-width:15rem}
td svg{display:block;width:100%;height:1.1rem}
.bar{fill:var(--l4)}
del{color:var(--soft)}ins{text-decoration:none;font-weight:500}
.heat{display:flex;overflow-x:auto;border:1px solid var(--line);border-radius:.4rem;
margin:.5rem 0}
.heat svg{flex:none;display:block}
.heat .names{position:sticky;left:0;background:var(--paper);border-right:1px solid var(--line)}
.heat text{font:11px system-ui,"Noto Sans CJK SC",sans-serif;fill:var(--ink)}
.heat .z{fill:var(--tint)}
.heat .soft{fill:var(--soft)}
.heat .c{text-anchor:middle}
"""
    + "".join(
        f".heat rect.l{n}{{fill:var(--l{n})}}.heat .i{n}{{fill:var(--i{n})}}\n" for n in range(1, 6)
    )
    + """.key{display:flex;flex-wrap:wrap;gap:.3rem .9rem;margin:.2rem 0;padding:0;list-style:none}
.key i{display:inline-block;width:1em;height:1em;border-radius:.15em;vertical-align:-.12em;
margin-right:.35em;border:1px solid var(--line)}
"""
    + "".join(f".key .l{n}{{background:var(--l{n})}}\n" for n in range(1, 6))
    + """summary{cursor:pointer;margin:.5rem 0}
:focus-visible{outline:2px solid var(--l4);outline-offset:2px}
@media (max-width:480px){.w{display:none}}
@media print{*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
@page{size:A3 landscape;margin:12mm}body{max-width:none;padding:0;font-size:10pt}
.roll,.heat{overflow:visible;border:0}h2{break-after:avoid}tr,.heat{break-inside:avoid}}
"""
)


def page(title: str, body: Iterable[str], language: Language) -> str:
    """The whole file; everything in `body` is HTML already."""
    lang = "zh-CN" if language == "zh" else "en"
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(body)
        + "\n</main>\n</body>\n</html>\n"
    )


def section(name: str, *parts: str) -> str:
    """A heading with what stands under it; `parts` are HTML already."""
    return f"<section>\n<h2>{escape(name)}</h2>\n" + "\n".join(parts) + "\n</section>"


def cards(figures: Iterable[tuple[str, str]]) -> str:
    """Figures to be seen first: (number, what it counts)."""
    items = "".join(f"<li><b>{escape(n)}</b>{escape(what)}</li>" for n, what in figures)
    return f'<ul class="cards">{items}</ul>'


def bar(share: float) -> str:
    """A bar over `share` (0 to 1) of the cell's width; the number itself stands beside it."""
    return (
        '<svg aria-hidden="true" focusable="false">'
        f'<rect class="bar" y="20%" height="60%" width="{100 * share:.1f}%" rx="2"/></svg>'
    )


def table(
    caption: str, head: Sequence[Words], rows: Iterable[Sequence[str]], language: Language,
    *, left: int = 1, bars: bool = False, wide: bool = False,
) -> str:  # fmt: skip
    """A table whose first column names its rows; cells are text, the last one a bar where `bars`.

    The first `left` columns are words, the others numbers.
    """
    last = len(head) - 1

    def kind(place: int) -> str:
        return "w" if bars and place == last else ("" if place < left else "n")

    def cell(place: int, text: str) -> str:
        inside = text if bars and place == last else escape(text)
        if place == 0:
            return f'<th scope="row" class="name">{inside}</th>'
        return f'<td class="{kind(place)}">{inside}</td>'

    heads = "".join(
        f'<th scope="col" class="{kind(place)}">{escape(words.in_(language))}</th>'
        for place, words in enumerate(head)
    )
    body = "\n".join(
        "<tr>" + "".join(cell(place, text) for place, text in enumerate(row)) + "</tr>"
        for row in rows
    )
    return (
        f'<div class="roll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f"<table{' class=wide' if wide else ''}>"
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>"
    )
