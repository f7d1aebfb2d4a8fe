"""A model card as a page: one file, nothing to fetch, fit for print."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from html import escape
from typing import Final

from matcher.learning.card import ModelCard, Section

STYLE: Final = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1c2430; background: #fff;
       max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin-top: 2rem; border-bottom: 1px solid #c9d1dc; }
ul { padding-left: 1.2rem; }
div { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .25rem .9rem .25rem 0; border-bottom: 1px solid #e5e9ef; }
@media print { body { margin: 0; max-width: none; } h2 { break-after: avoid; } }
"""

STYLE_HASH: Final = "sha256-" + b64encode(sha256(STYLE.encode()).digest()).decode()
"""What a content security policy lets the page's one style pass by."""


def card_page(card: ModelCard) -> str:
    """Return a card as an HTML page.

    Parameters
    ----------
    card
        The card.

    Examples
    --------
    >>> page = card_page(ModelCard("m<1>", (Section("Data", ("3 outcomes",)),)))
    >>> "<h1>m&lt;1&gt;</h1>" in page, "<li>3 outcomes</li>" in page
    (True, True)
    """
    title = escape(card.title)
    head = f'<meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
    view = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    body = "\n".join(line for section in card.sections for line in _section(section))
    return (
        f'<!doctype html>\n<html lang="en">\n<head>{view}{head}</head>\n'
        f"<body>\n<main>\n<h1>{title}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _section(section: Section) -> Iterator[str]:
    yield f"<h2>{escape(section.title)}</h2>"
    if section.lines:
        yield "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in section.lines) + "</ul>"
    if section.header:
        rows = "".join(_row(row, "td") for row in section.rows)
        head = _row(section.header, "th")
        yield f"<div><table><thead>{head}</thead><tbody>{rows}</tbody></table></div>"


def _row(cells: Sequence[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"
