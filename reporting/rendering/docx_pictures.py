"""Pictures of a DOCX: charts and bars as PNG, and the signs of ratings as characters."""

import functools

import vl_convert

from reporting.rendering.fonts import FOLDER

# The sign of each rating and its colour.
SIGNS = {
    "achieved": ("\N{HEAVY CHECK MARK}", "0A655A"),
    "on_track": ("\N{BLACK CIRCLE}", "0B5688"),
    "off_track": ("\N{BLACK DIAMOND}", "974200"),
    "no_progress": ("\N{BLACK SQUARE}", "861C4D"),
    "not_rated": ("\N{WHITE CIRCLE}", "414F5B"),
}


@functools.cache
def _register_fonts() -> None:
    """Once for each process: the converter keeps what it was told."""
    vl_convert.register_font_directory(str(FOLDER))


@functools.lru_cache(maxsize=256)
def drawn(svg: str) -> bytes:
    """The SVG as PNG at twice its size. The bars of progress are alike in most languages."""
    _register_fonts()
    png: bytes = vl_convert.svg_to_png(svg, scale=2)
    return png
