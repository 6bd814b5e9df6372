"""A document as one HTML file in one language, to be kept, sent and printed without the site.

It holds its own stylesheet and pictures, runs no script and asks the network for nothing: the
policy in its head forbids both. Its words are those frozen in the document, never today's.
"""

import base64
import functools
import hashlib
from pathlib import Path

from django.template import Context, Engine
from django.utils.safestring import SafeString

from reporting.document import fingerprint
from reporting.rendering.presenting import direction_of, present
from reporting.rendering.reading import Reader
from reporting.rendering.shown import ShownHeading

_FOLDER = Path(__file__).with_name("page")
_SAID = (
    "contents", "skip", "notes", "origins", "origins_note", "back", "as_table", "value", "exact",
    "reference", "rule", "source", "illustrative", "fingerprint", "fallback_mark", "blank",
)  # fmt: skip
_LISTED = 3  # chapters and their parts


@functools.cache
def _engine() -> Engine:
    """Templates of the file: apart from those of the site, so that no setting reaches them."""
    return Engine(dirs=[str(_FOLDER)], autoescape=True)


@functools.cache
def stylesheet() -> str:
    """The stylesheet that stands in every file."""
    return (_FOLDER / "style.css").read_text(encoding="utf-8")


@functools.cache
def page_policy() -> str:
    """The Content-Security-Policy of the file: its own stylesheet and nothing else."""
    digest = base64.b64encode(hashlib.sha256(stylesheet().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def render_html(reader: Reader) -> bytes:
    """The HTML's bytes, the same for the same document."""
    document = reader.document
    shown = present(
        document, reader.language, symbol=reader.symbol, date=document.masthead.date, draws=True
    )
    headings = (block for block in shown.blocks if isinstance(block, ShownHeading))
    values = {
        "shown": shown,
        "language": reader.language,
        "direction": direction_of(reader.language),
        "symbol": reader.symbol,
        "sha256": fingerprint(document),
        "contents": [heading for heading in headings if heading.level <= _LISTED],
        "say": {name: reader.label(name) for name in _SAID},
        "style": SafeString(stylesheet()),
        "policy": SafeString(page_policy()),
    }
    # Numbers are written out already: neither the site's language nor its clock has a say.
    page = _engine().get_template("document.html")
    return page.render(Context(values, use_l10n=False, use_tz=False)).encode()
