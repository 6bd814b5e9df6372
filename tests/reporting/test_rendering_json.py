"""The JSON file read back by a program."""

import json
from typing import Any

import pytest
from rendered_sample import listed_file, sample_file
from sample_document import listed_document

from reporting.document import fingerprint


def read(language: str = "en") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(listed_file(language, "json"))
    return found


class TestFile:
    def test_says_what_it_is(self) -> None:
        found = read()
        assert found["form"] == "habitat-plan/report/1"
        assert (found["symbol"], found["language"], found["period"], found["date"]) == (
            "HSP/GC/27/5/Add.2", "en", "2016-2017", "2018-02-02",
        )  # fmt: skip
        assert found["as_of"] == "2018-02-02T12:00:00+00:00"
        assert found["sha256"] == fingerprint(listed_document())

    def test_keys_stand_in_one_order(self) -> None:
        assert list(read()) == [
            "form", "kind", "period", "as_of", "symbol", "date", "language", "languages", "sha256",
            "title", "organ", "session", "place_and_dates", "agenda_item", "author",
            "illustrative", "working_note", "fallback_note", "headings", "paragraphs", "tables",
            "charts", "figures", "sources",
        ]  # fmt: skip

    def test_blocks_can_be_put_into_the_printed_order(self) -> None:
        found = read()
        kinds = ("headings", "paragraphs", "tables", "charts")
        places = sorted(block["position"] for kind in kinds for block in found[kind])
        assert places == list(range(1, len(places) + 1))


class TestParagraph:
    def test_has_its_text_and_the_exact_values_bound_into_it(self) -> None:
        paragraph = next(p for p in read("fr")["paragraphs"] if p["number"] == 2)
        assert paragraph["text"].startswith("À la fin de 2017, 1\u202f086 autorités partenaires")
        assert paragraph["figures"][0] == {
            "key": "FA2.1@2016-2017:actual", "shown": "1\u202f086", "value": "1086",
        }  # fmt: skip
        assert (paragraph["anchor"], paragraph["mark"], paragraph["notes"]) == (
            "p2", "2.", ["register"],
        )  # fmt: skip

    def test_says_if_it_is_translated(self) -> None:
        found = {p["number"]: p for p in read("ar")["paragraphs"] if p["number"]}
        assert (found[10]["language"], found[10]["translated"]) == ("en", False)
        assert (found[1]["language"], found[1]["translated"]) == ("ar", True)
        assert read("ar")["fallback_note"] == "بعض الفقرات لم تُترجم بعد."
        assert read("en")["fallback_note"] == ""

    def test_of_the_summary_is_marked(self) -> None:
        assert [p["summary"] for p in read()["paragraphs"]][:2] == [True, False]


class TestTable:
    def test_cells_have_what_they_show_and_the_exact_value(self) -> None:
        table = read("ru")["tables"][0]
        assert table["rows"][2]["cells"][4] == {
            "shown": "1\xa0086", "figure": "FA2.1@2016-2017:actual", "value": "1086", "nothing": "",
        }  # fmt: skip
        assert table["rows"][7]["cells"][4]["nothing"] == "not_reported"
        assert table["rows"][2]["cells"][6] == {
            "shown": "65\xa0%", "status": "on_track", "achievement": "0.65", "expected": "0.67",
        }  # fmt: skip


class TestFigure:
    def test_has_all_that_is_known_of_it(self) -> None:
        figure = next(f for f in read()["figures"] if f["key"] == "FA2.1@2016-2017:actual")
        assert figure == {
            "key": "FA2.1@2016-2017:actual",
            "label": "Urban planning and design",
            "value": "1086",
            "nothing": "",
            "shown": "1,086",
            "unit": "partner authorities",
            "per_cent": False,
            "decimals": 0,
            "illustrative": True,
            "source": "register",
            "rule": "Distinct authorities to date",
            "printed_at": "p10",
            "lineage": [
                {
                    "part": "Regional Office for Africa",
                    "value": "3.5",
                    "note": "partner authorities",
                    "evidence": 3,
                    "approval": "approved by the head of the office on 2 February 2018",
                },
                {
                    "part": "Urban planning and design",
                    "value": None,
                    "note": "not reported",
                    "evidence": 0,
                    "approval": "",
                },
            ],
        }

    @pytest.mark.parametrize(("key", "value"), [("slum@2016", "-1234.5"), ("slum@2018", None)])
    def test_value_is_exact_or_there_is_none(self, key: str, value: str | None) -> None:
        found = json.loads(sample_file("ar", "json"))
        assert next(f["value"] for f in found["figures"] if f["key"] == key) == value
