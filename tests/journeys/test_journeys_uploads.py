"""A workbook goes round in a browser without script: download, fill in, correct, save."""

import io

from openpyxl import load_workbook
from playwright.sync_api import FilePayload
from visitors import Visitor
from walk import faults

WORKBOOK = "ROAP/2017"
HEAD = 3


def filled(content: bytes, value: object) -> FilePayload:
    """The workbook with something typed into its first open cell for a value."""
    book = load_workbook(io.BytesIO(content))
    sheet = book["Figures"]
    column = [cell.value for cell in sheet[HEAD]].index("Value") + 1
    row = next(
        number
        for number in range(HEAD + 1, sheet.max_row + 1)
        if not sheet.cell(number, column).protection.locked
    )
    sheet.cell(row, column).value = value
    out = io.BytesIO()
    book.save(out)
    return {"name": "ROAP-2017.xlsx", "mimeType": "", "buffer": out.getvalue()}


def test_a_workbook_is_refused_corrected_and_saved_without_script(browser, site):
    context = browser.new_context(java_script_enabled=False)
    visitor = Visitor(context, site)
    page = visitor.sign_in("roap.enter")
    visitor.go(f"/en/offices/{WORKBOOK}/")
    page.get_by_role("link", name="Work in a spreadsheet").click()
    link = page.get_by_role("link", name="Download the workbook (.xlsx)").get_attribute("href")
    book = context.request.get(f"{site.address}{link}", max_retries=2).body()

    page.locator("input[type=file]").set_input_files(filled(book, "many"))
    page.get_by_role("button", name="Upload and show what changes").click()
    assert page.locator("h1").inner_text() == "One row is refused; nothing is saved yet"
    link = page.get_by_role("link", name="Download the file with the errors in it")
    marked = context.request.get(f"{site.address}{link.get_attribute('href')}", max_retries=2).body()
    assert "“many” is not a number." in str(
        [cell.value for row in load_workbook(io.BytesIO(marked))["Figures"] for cell in row]
    )
    page.get_by_role("link", name="Upload another file").click()
    page.locator("input[type=file]").set_input_files(filled(marked, 77))
    page.get_by_role("button", name="Upload and show what changes").click()
    assert page.locator("h1").inner_text() == "One row would change; nothing is saved yet"
    page.get_by_role("button", name="Save 1 row").click()
    assert page.locator("h1").inner_text() == "Saved: one row"
    visitor.go(f"/en/offices/{WORKBOOK}/")
    assert page.locator("input[name$='-value'][value='77']").count() == 1
    context.close()


def test_the_preview_is_sound_in_both_directions(browser, site):
    for language in ("en", "ar"):
        context = browser.new_context()
        visitor = Visitor(context, site)
        page = visitor.sign_in("roap.enter", language)
        book = context.request.get(f"{site.address}/en/offices/{WORKBOOK}.xlsx", max_retries=2).body()
        visitor.go(f"/{language}/uploads/new/?kind=figures&office=ROAP&period=2017")
        page.locator("input[type=file]").set_input_files(filled(book, "many"))
        page.locator("main form button.primary").click()
        page.wait_for_url("**/uploads/*/")
        assert faults(page, language) == []
        assert visitor.complaints == []
        context.close()
