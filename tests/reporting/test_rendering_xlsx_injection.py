"""Check 23 for issued documents: a text of a report stays a text in the workbook."""

import io
from collections.abc import Callable

import openpyxl
import pytest
from sample_document import sample_document

from reporting.rendering import render

TEXTS = (
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "＝1",
    "a;=1",
    '=HYPERLINK("http://a.b")',
    "{=1}",
)


@pytest.mark.drill
def test_no_text_of_a_document_becomes_a_formula(tell: Callable[[str], None]) -> None:
    cells = formulas = 0
    for text in TEXTS:
        book = openpyxl.load_workbook(io.BytesIO(render(sample_document(text), "en", "xlsx")))
        found = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert any(cell.value == text for cell in found), text
        cells += len(found)
        formulas += sum(cell.data_type == "f" for cell in found)
    tell(f"check 23: {len(TEXTS)} documents, {cells} cells, {formulas} formula cells")
    assert formulas == 0
