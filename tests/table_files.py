"""Files as people and attackers make them, for the tests of reading tables."""

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import openpyxl
import pytest

from habitat_plan.kit.tables.cells import ColumnSpec, Row, Table
from habitat_plan.kit.tables.limits import LIMITS, Limits, TableRefused
from habitat_plan.kit.tables.read import read_table

COLUMNS = (
    ColumnSpec("code", ("Code", "Indicateur", "المؤشر", "指标"), required=True),
    ColumnSpec("value", ("Value", "Valeur", "القيمة", "数值"), required=True, aliases=("Amount",)),
    ColumnSpec("note", ("Note", "Remarque", "ملاحظة", "备注")),
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEADINGS = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>Code</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>Value</t></is></c></row>'
)


def table_of(content: bytes, language: str = "en", **options: Any) -> tuple[Table, list[Row]]:
    """The table and all its rows."""
    given = {"name": "figures.xlsx", "columns": COLUMNS, **options}
    table = read_table(content, language=language, **given)
    return table, list(table.rows)


def texts_of(content: bytes, language: str = "en", **options: Any) -> list[tuple[str, ...]]:
    """The texts of the cells, row by row."""
    _table, rows = table_of(content, language, **options)
    return [tuple(cell.text for cell in row.cells.values()) for row in rows]


def refusal(content: bytes, limits: Limits = LIMITS, **options: Any) -> TableRefused:
    """The refusal of a file, at once or while its rows are read."""
    with pytest.raises(TableRefused) as caught:
        table_of(content, limits=limits, **options)
    return caught.value


def workbook(rows: Iterable[Iterable[Any]], change: Callable[[Any], None] | None = None) -> bytes:
    """A workbook of one sheet, changed as `change` likes."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    if change:
        change(book.active)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_xml(rows: str, before: str = "", after: str = "") -> str:
    return f'{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def package(sheet: str | bytes, parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """The least archive that is a workbook, with a sheet and further parts written by hand."""
    relation = '<Relationship Id="rId{n}" Type="{office}/{kind}" Target="{target}"/>'
    listed = (
        relation.format(n=1, office=OFFICE, kind="worksheet", target="worksheets/sheet1.xml")
        + relation.format(n=2, office=OFFICE, kind="sharedStrings", target="sharedStrings.xml")
        + relation.format(n=3, office=OFFICE, kind="styles", target="styles.xml")
    )
    main = relation.format(n=1, office=OFFICE, kind="officeDocument", target="xl/workbook.xml")
    whole: dict[str, str | bytes] = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">{main}</Relationships>',
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="Figures" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{listed}</Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
        **(parts or {}),
    }
    return zipped(whole)


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()
