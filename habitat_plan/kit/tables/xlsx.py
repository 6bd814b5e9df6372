"""A workbook (.xlsx) as the tables of its sheets; nothing in it is run."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from django.utils.translation import gettext as _

from habitat_plan.kit.tables import number_formats
from habitat_plan.kit.tables.archive import Archive, broken
from habitat_plan.kit.tables.limits import MEGABYTE, Limits, TableRefused
from habitat_plan.kit.tables.markup import (
    MAIN,
    RELATIONSHIP_ID,
    Attributes,
    Markup,
    relationships,
)
from habitat_plan.kit.tables.merged import merged_cells
from habitat_plan.kit.tables.number_formats import Kind
from habitat_plan.kit.tables.raw import RawRow, RawTable
from habitat_plan.kit.tables.sheets import Book, sheet_rows
from habitat_plan.kit.tables.texts import Texts

_MOST_STYLES = 65_536
_MOST_LISTED = 16 * MEGABYTE
"""Bytes of a part that lists styles, sheets or relations; office programs need a hundredth."""
_MACROS = ("vbaproject.bin", "macrosheets/", "vbadata.xml")
_TRUE = ("1", "true")


def open_xlsx(content: BinaryIO, decimal_mark: str, limits: Limits) -> list[RawTable]:
    """The visible sheets in order. Raises TableRefused if it is none, or one with macros."""
    archive = Archive(content, limits)
    _refuse_others(archive)
    main = _target(archive, "", "officeDocument") or "xl/workbook.xml"
    if main not in archive:
        raise not_a_workbook()
    listed = _Workbook(archive, main, limits)
    texts = _target(archive, main, "sharedStrings")
    styles = _target(archive, main, "styles")
    book = Book(
        texts=Texts(archive.pieces(texts), limits) if texts in archive else None,
        kinds=_Styles(archive, styles).kinds if styles in archive else (),
        since_1904=listed.since_1904,
        decimal_mark=decimal_mark,
        limits=limits,
    )
    return [
        _table(archive, book, sheet)
        for sheet in listed.sheets
        if sheet.visible and sheet.part in archive
    ]


def not_a_workbook() -> TableRefused:
    """An archive of something else."""
    return TableRefused(
        "not_a_workbook",
        _("This is not a workbook (.xlsx). Open it in its program, save it as .xlsx and send it."),
    )


def _refuse_others(archive: Archive) -> None:
    """Archives that are no .xlsx, or one that would run something."""
    names = archive.names()
    if any(mark in name for name in names for mark in _MACROS):
        raise TableRefused(
            "macros",
            _("The workbook has macros, which are not taken. Save it as .xlsx without macros."),
        )
    if "xl/workbook.bin" in archive or "content.xml" in archive:
        raise not_a_workbook()


def _target(archive: Archive, part: str, kind: str) -> str:
    """The part of a kind that another refers to, or ''."""
    for found, target in _relations(archive, part).values():
        if found == kind:
            return target
    return ""


def _relations(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """Id → (kind, part) of what a part refers to; of the archive itself if the part is ''."""
    folder, name = posixpath.split(part)
    listing = posixpath.join(folder, "_rels", f"{name}.rels")
    if listing not in archive:
        return {}
    found = relationships(archive.pieces(listing, _MOST_LISTED), archive.limits)
    return {
        key: (kind, posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/"))
        for key, (kind, target) in found.items()
    }


@dataclass(frozen=True)
class _Listed:
    """A sheet as the workbook lists it."""

    name: str
    part: str
    visible: bool


class _Workbook:
    """The list of sheets, and which day the dates count from."""

    def __init__(self, archive: Archive, part: str, limits: Limits) -> None:
        self.limits = limits
        self.since_1904 = False
        self.sheets: list[_Listed] = []
        self._parts = {
            key: target
            for key, (kind, target) in _relations(archive, part).items()
            if kind == "worksheet"
        }
        starts = {"workbookPr": self._properties, "sheet": self._sheet}
        Markup(MAIN, limits, starts=starts).read(archive.pieces(part, _MOST_LISTED))

    def _properties(self, attributes: Attributes) -> None:
        self.since_1904 = attributes.get("date1904", "") in _TRUE

    def _sheet(self, attributes: Attributes) -> None:
        key = next((attributes[one] for one in RELATIONSHIP_ID if one in attributes), "")
        if part := self._parts.get(key):
            visible = attributes.get("state", "visible") == "visible"
            self.sheets.append(_Listed(attributes.get("name", ""), part, visible))
        if len(self.sheets) > self.limits.sheets:
            sentence = _("The workbook has more than %(limit)s sheets. Send only the one needed.")
            raise TableRefused("too_many_sheets", sentence % {"limit": self.limits.sheets})


class _Styles:
    """What each style of the workbook makes of a number."""

    def __init__(self, archive: Archive, part: str) -> None:
        self.kinds: list[Kind] = []
        self._codes: dict[int, str] = {}
        self._in_cells = False
        Markup(
            MAIN,
            archive.limits,
            starts={"numFmt": self._format, "cellXfs": self._begin_cells, "xf": self._style},
            ends={"cellXfs": self._end_cells},
        ).read(archive.pieces(part, _MOST_LISTED))

    def _begin_cells(self, _attributes: Attributes) -> None:
        self._in_cells = True

    def _end_cells(self) -> None:
        self._in_cells = False

    def _format(self, attributes: Attributes) -> None:
        if len(self._codes) < _MOST_STYLES:
            self._codes[_number(attributes)] = attributes.get("formatCode", "")

    def _style(self, attributes: Attributes) -> None:
        if self._in_cells and len(self.kinds) < _MOST_STYLES:
            format_id = _number(attributes)
            self.kinds.append(number_formats.kind_of(format_id, self._codes.get(format_id)))


def _number(attributes: Attributes) -> int:
    """The number of a format; 0, the general one, if none is given."""
    text = attributes.get("numFmtId", "0")
    if not (text.isascii() and text.isdecimal() and len(text) < len("10000000000")):
        raise broken()
    return int(text)


def _table(archive: Archive, book: Book, sheet: _Listed) -> RawTable:
    pieces = partial(archive.pieces, sheet.part)

    def rows() -> Iterator[RawRow]:
        return sheet_rows(pieces, book, merged_cells(pieces()))

    return RawTable(kind="xlsx", rows=rows, sheet=sheet.name)
