"""Numbers and dates of a document: those of the site, in the digits that the document asks for."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from habitat_plan.kit import formats
from reporting.document import Document, Figure

_INDIC_DIGITS = {ord(str(digit)): 0x660 + digit for digit in range(10)}
_INDIC_SIGNS = str.maketrans(
    {
        ".": "\N{ARABIC DECIMAL SEPARATOR}",
        ",": "\N{ARABIC THOUSANDS SEPARATOR}",
        "%": "\N{ARABIC PERCENT SIGN}",
    }
)


@dataclass(frozen=True)
class Numbers:
    """Formats for one language; `digits` matters to Arabic only."""

    language: str
    digits: Literal["western", "arabic_indic"] = "western"

    @classmethod
    def of(cls, document: Document, language: str) -> "Numbers":
        """The formats that the document's own setting of digits asks for."""
        return cls(language, document.digits)

    @property
    def is_indic(self) -> bool:
        """True if Arabic-Indic digits are asked for."""
        return self.language == "ar" and self.digits == "arabic_indic"

    def digits_of(self, text: str) -> str:
        """The same text in the digits of this language."""
        return text.translate(_INDIC_DIGITS) if self.is_indic else text

    def number(self, value: Decimal, decimals: int = 0) -> str:
        """`1,234.5` and its like; no sign on what rounds to zero."""
        # Typesetting needs no direction marks: they would stand among copied text.
        text = formats.figure(value, decimals, self.language).replace(formats.LEFT_TO_RIGHT, "")
        return self._indic(text)

    def per_cent(self, value: Decimal, decimals: int = 0) -> str:
        """`29.5 %` for the value 29.5, spaced as the language does."""
        text = formats.per_cent(value, decimals, self.language).replace(formats.LEFT_TO_RIGHT, "")
        return self._indic(text)

    def _indic(self, text: str) -> str:
        return self.digits_of(text).translate(_INDIC_SIGNS) if self.is_indic else text

    def figure(self, figure: Figure, *, sign: bool) -> str:
        """The figure's value; `sign` adds the per cent sign where it is a percentage.

        Empty without a value: the reader of the document then prints the kind of nothing.
        """
        if figure.value is None:
            return ""
        if figure.per_cent and sign:
            return self.per_cent(figure.value, figure.decimals)
        return self.number(figure.value, figure.decimals)

    def date(self, date: dt.date) -> str:
        """The date in full: 2 February 2018."""
        return self.digits_of(formats.day(date, self.language))
