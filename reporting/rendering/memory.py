"""What the libraries behind the renderers keep in memory of a file they made, and giving it back.

A worker that makes one file after the other would otherwise hold the last ten PDFs' layout and
dozens of DOCX trees: more than 300 MB, and three times what one file needs.
"""

import ctypes
import gc

import typst

_KEPT = 10
"""typst keeps what it computed for this many further compilations, of whatever document."""
_TRIM = getattr(ctypes.CDLL(None), "malloc_trim", None)
"""Hands free pieces between used ones back to the system; of the GNU library only."""
_NO_FONTS = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[])


def give_back(format: str) -> None:
    """Frees what making a file of this format left behind. It takes some hundredths of a second."""
    if format == "pdf":
        # There is no way to tell it to forget but to let empty documents push the last one out.
        for _ in range(_KEPT + 1):
            typst.compile(b"", font_paths=_NO_FONTS, format="pdf")
    if format == "docx":
        # A large tree that refers to itself, in so few Python objects that nobody counts them.
        gc.collect()
    if _TRIM is not None:
        _TRIM(0)
