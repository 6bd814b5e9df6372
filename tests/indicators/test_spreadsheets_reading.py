"""What is read of a file of figures, and what is said of how it was read."""

import io

from openpyxl import Workbook

from habitat_plan.kit.tables.limits import JOB_LIMITS
from indicators.spreadsheets.reading import FileContent, read_file

HEADINGS = ["code", "office", "period", "value"]


def read(content: bytes, name: str = "all.csv") -> FileContent:
    return read_file(content, name=name, kind="figures", language="en", limits=JOB_LIMITS)


def sheet(*rows: list[object], tab: str = "Sheet") -> Workbook:
    book = Workbook()
    book.active.title = tab
    for row in rows:
        book.active.append(row)
    return book


def read_book(book: Workbook) -> FileContent:
    out = io.BytesIO()
    book.save(out)
    return read(out.getvalue(), "all.xlsx")


def lines(*rows: str) -> bytes:
    return "\n".join([",".join(HEADINGS), *rows]).encode()


class TestLongSheet:
    def test_gives_the_same_rows_each_time_it_is_gone_through(self):
        found = read(lines(*(f"MK.{n},LO1,2016,{n}" for n in range(5_001)))).rows["figures"]
        first, second = list(found), list(found)
        assert first == second
        assert len(first) == 5_001
        assert (first[-1].number, first[-1].texts["value"], first[-1].cell("value")) == (
            5_002,
            "5000",
            "D5002",
        )

    def test_is_held_if_it_is_short_and_never_if_it_is_long(self):
        assert isinstance(read(lines(*["MK.1,LO1,2016,7"] * 5_000)).rows["figures"], list)
        assert not isinstance(read(lines(*["MK.1,LO1,2016,7"] * 5_001)).rows["figures"], list)

    def test_of_a_workbook_is_read_again_from_its_own_tab(self):
        book = sheet(["Nothing of this is meant."], tab="Cover")
        figures = book.create_sheet("Figures")
        figures.append(HEADINGS)
        for n in range(5_001):
            figures.append([f"MK.{n}", "LO1", "2016", n])
        found = read_book(book).rows["figures"]
        assert [row.texts["value"] for row in found][-1] == "5000"
        assert sum(1 for _row in found) == 5_001


class TestWhatIsSaid:
    def test_of_an_ordinary_file_is_nothing(self):
        found = read(lines("", "FA1.1,BR1,2016,7", "", "FA2.1,BR1,2016,8"))
        assert (found.notes, found.notices) == ([], [])

    def test_of_a_title_above_the_headings_is_nothing(self):
        found = read(b"Figures of the office\n\n" + lines("FA1.1,BR1,2016,7"))
        assert (found.notes, found.heads["figures"]) == ([], ("", 3))

    def test_names_columns_that_nobody_asked_for(self):
        found = read(b"code,office,period,value,colour\nFA1.1,BR1,2016,7,red\n")
        assert found.notes == ["Column E, “colour”, is not used."]

    def test_tells_of_a_row_of_hashtags(self):
        found = read(lines("#indicator,#org,#date,#value", "FA1.1,BR1,2016,7"))
        assert found.notes == ["The row of hashtags was left out."]
        assert [row.texts["code"] for row in found.rows["figures"]] == ["FA1.1"]

    def test_tells_of_an_encoding_that_was_guessed(self):
        found = read("code,value,reason\nFA1.1,7,Tempête à l’école\n".encode("cp1252"))
        assert found.notices == [
            "The text was read as Windows-1252. Check that names are spelled rightly."
        ]

    def test_tells_once_of_hidden_rows(self):
        book = sheet(HEADINGS, ["FA1.1", "BR1", "2016", 7], ["FA2.1", "BR1", "2016", 8])
        book.active.row_dimensions[2].hidden = book.active.row_dimensions[3].hidden = True
        assert read_book(book).notices == ["Hidden rows were read as well."]

    def test_names_the_first_cells_that_are_merged_or_in_per_cent(self):
        book = sheet(HEADINGS, *([f"FA{n}.1", "BR1", "2016", n / 10] for n in range(1, 6)))
        for row in range(2, 7):
            book.active.cell(row, 4).number_format = "0%"
        book.active.merge_cells("B2:C2")
        assert read_book(book).notices == [
            "Some cells are merged or shown in per cent: see their notes. "
            "B2: Merged cells B2:C2: the value counts for the first only; "
            "D2: shown as 10 %; D3: shown as 20 %"
        ]

    def test_names_the_other_sheets_of_a_workbook_that_is_not_ours(self):
        book = sheet(HEADINGS, ["FA1.1", "BR1", "2016", 7], tab="North")
        book.create_sheet("South").append(HEADINGS)
        assert read_book(book).notes == ["Only the sheet “North” was read, not “South”."]

    def test_leaves_the_other_sheets_of_ours_unsaid(self):
        book = sheet(HEADINGS, ["FA1.1", "BR1", "2016", 7], tab="Figures")
        book.create_sheet("Guide").append(["How to fill this in"])
        assert read_book(book).notes == []

    def test_is_not_that_one_sheet_was_read_where_two_were(self):
        book = sheet(HEADINGS, ["FA1.1", "BR1", "2016", 7], tab="My figures")
        book.create_sheet("Disaggregation").append(["code", "part", "value"])
        assert read_book(book).notes == []

    def test_of_a_further_sheet_names_its_tab(self):
        book = sheet(HEADINGS, ["FA1.1", "BR1", "2016", 7], tab="Figures")
        parts = book.create_sheet("Disaggregation")
        parts.append(["code", "part", "value", "colour"])
        parts.append(["FA1.1", "sex:women", 3, "red"])
        parts.row_dimensions[2].hidden = True
        found = read_book(book)
        assert found.notes == ["Disaggregation: Column D, “colour”, is not used."]
        assert found.notices == ["Disaggregation: Hidden rows were read as well."]
