"""The texts that a workbook keeps once and refers to by number."""

import re
from array import array
from collections.abc import Iterable

from django.utils.translation import gettext as _

from habitat_plan.kit.tables.archive import broken
from habitat_plan.kit.tables.limits import MEGABYTE, Limits, TableRefused
from habitat_plan.kit.tables.markup import MAIN, Attributes, Markup

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SURROGATES = range(0xD800, 0xE000)


def unescaped(text: str) -> str:
    """A text of a workbook with its signs written as `_x000D_` read back (ECMA-376, 22.9.2.19)."""
    return _ESCAPED.sub(_sign, text) if "_x" in text else text


def _sign(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return found[0] if code in _SURROGATES else chr(code)


class Texts:
    """Texts by number, held as bytes: a third of what as many strings would take."""

    def __init__(self, pieces: Iterable[bytes], limits: Limits) -> None:
        """Raises TableRefused if they are more than may be held."""
        self._bytes = bytearray()
        self._ends = array("Q")
        self._most = limits.text_bytes
        self._parts: list[str] = []
        self._collects = self._is_reading_aid = False
        Markup(
            MAIN,
            limits,
            starts={"si": self._begin, "t": self._collect, "rPh": self._begin_reading_aid},
            ends={"si": self._end, "t": self._stop, "rPh": self._end_reading_aid},
            text=self._text,
        ).read(pieces)

    def __getitem__(self, number: int) -> str:
        if not 0 <= number < len(self._ends):
            raise broken()
        begin = self._ends[number - 1] if number else 0
        return self._bytes[begin : self._ends[number]].decode("utf-8", "surrogatepass")

    def _begin(self, _attributes: Attributes) -> None:
        self._parts = []

    def _collect(self, _attributes: Attributes) -> None:
        self._collects = not self._is_reading_aid

    def _stop(self) -> None:
        self._collects = False

    def _begin_reading_aid(self, _attributes: Attributes) -> None:
        self._is_reading_aid = True

    def _end_reading_aid(self) -> None:
        self._is_reading_aid = False

    def _text(self, text: str) -> None:
        if self._collects:
            self._parts.append(text)

    def _end(self) -> None:
        text = unescaped("".join(self._parts))
        self._bytes += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._bytes))
        if len(self._bytes) + self._ends.itemsize * len(self._ends) > self._most:
            sentence = _(
                "The workbook holds more than %(limit)s MB of text. Copy the table into a new "
                "workbook and send that."
            )
            raise TableRefused("too_much_text", sentence % {"limit": self._most // MEGABYTE})
