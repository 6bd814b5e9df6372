"""The HTML file read back: it stands alone, its links lead somewhere, its structure is whole."""

import base64
import itertools
from hashlib import sha256
from typing import Any

import pytest
from lxml import html
from rendered_sample import listed_file, sample_file
from sample_document import listed_document

from reporting.rendering import CONTENT_TYPES, page_policy

SIX = ("ar", "zh", "en", "fr", "ru", "es")


def page(language: str = "en", hostile: str = "") -> Any:
    file = sample_file(language, "html", hostile) if hostile else listed_file(language, "html")
    return html.document_fromstring(file.decode())


def words(node: Any) -> str:
    return " ".join(node.text_content().split())


class TestAlone:
    @pytest.mark.parametrize("language", SIX)
    def test_asks_the_network_for_nothing_and_runs_nothing(self, language: str) -> None:
        found = page(language)
        kinds = {node.tag for node in found.iter() if isinstance(node.tag, str)}
        assert kinds & {"script", "img", "iframe", "object", "embed", "link", "form", "base"} == set()
        addresses = [
            value for node in found.iter() for name, value in node.attrib.items()
            if name in {"href", "src", "action", "data", "poster", "xlink:href"}
        ]  # fmt: skip
        assert addresses
        assert {address[0] for address in addresses} == {"#"}
        assert [name for node in found.iter() for name in node.attrib if name.startswith("on")] == []
        assert [node for node in found.iter() if "style" in node.attrib] == []

    def test_forbids_it_too_and_allows_its_own_stylesheet(self) -> None:
        found = page()
        policy = found.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
        digest = base64.b64encode(sha256(found.find(".//style").text.encode()).digest()).decode()
        assert policy == page_policy()
        assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'")
        assert CONTENT_TYPES["html"] == "text/html; charset=utf-8"

    def test_is_small(self) -> None:
        assert len(listed_file("en", "html")) < 90_000


class TestStructure:
    @pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl"), ("zh", "ltr")])  # fmt: skip
    def test_says_its_language_direction_and_title(self, language: str, direction: str) -> None:
        found = page(language)
        assert (found.get("lang"), found.get("dir")) == (language, direction)
        title = listed_document().masthead.title.in_language(language).text
        assert found.findtext(".//title") == f"{title} - HSP/GC/27/5/Add.2"
        assert [words(node) for node in found.iter("h1")] == [title]

    def test_has_its_landmarks(self) -> None:
        tags = [node.tag for node in page().find("body")]
        assert tags == ["header", "nav", "main", "footer"]

    @pytest.mark.parametrize("language", SIX)
    def test_headings_leave_no_level_out(self, language: str) -> None:
        levels = [int(node.tag[1]) for node in page(language).iter("h1", "h2", "h3", "h4")]
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels))

    @pytest.mark.parametrize("language", ["en", "ar"])
    def test_every_link_leads_to_a_place_and_no_place_stands_twice(self, language: str) -> None:
        found = page(language)
        ids = found.xpath("//@id")
        assert len(ids) == len(set(ids))
        assert {link[1:] for link in found.xpath("//@href")} <= set(ids)

    def test_tables_have_captions_heads_and_one_head_for_each_row(self) -> None:
        tables = list(page().iter("table"))
        assert len(tables) == 5
        for table in tables:
            assert table.find("caption") is not None
            assert table.xpath("./thead//th[not(@scope='col')]") == []
            for row in table.xpath("./tbody/tr"):
                assert len(row.xpath("./th[@scope='row' or @scope='rowgroup']")) == 1

    def test_charts_are_pictures_with_a_sentence_and_their_values(self) -> None:
        figures = list(page().iter("figure"))
        assert [figure.find("svg").get("role") for figure in figures] == ["img", "img"]
        assert figures[0].find("svg").get("aria-label") == (
            "Partner authorities: 30 in 2013, 47 in 2015, 64 in 2017; the target for 2019 is 80."
        )
        rows = [[words(cell) for cell in row] for row in figures[0].xpath(".//tbody/tr")]
        assert rows == [["2013", "30"], ["2015", "47"], ["2017", "64"], ["2019: 80 target", "80"], ["2013: baseline", "30"]]  # fmt: skip


class TestFigures:
    def test_each_in_a_sentence_or_cell_leads_to_its_arithmetic(self) -> None:
        found = page()
        origins = {node.get("id"): node for node in found.xpath("//ol[@class='origins']/li")}
        links = found.xpath("//main//a[@class='bf']")
        assert len(links) > 40
        for link in links:
            assert link.get("href")[1:] in origins
        numbers = found.xpath("//td[contains(@class, 'num')]")
        assert [words(cell) for cell in numbers if not cell.xpath(".//a")] == []

    def test_arithmetic_says_rule_offices_values_evidence_approval_and_what_is_missing(self) -> None:
        found = page()
        link = next(node for node in found.xpath("//p//a[@class='bf']") if words(node) == "1,086")
        origin = words(found.get_element_by_id(link.get("href")[1:]))
        for told in (
            "1,086 Urban planning and design, partner authorities Illustrative",
            "Reference: FA2.1@2016-2017:actual",
            "Rule: Distinct authorities to date",
            "Regional Office for Africa: 3.5 (partner authorities; 3 pieces of evidence; approved "
            "by the head of the office on 2 February 2018)",
            "Urban planning and design (not reported; no evidence)",
            "Source: Register of partner authorities, invented for demonstration. CC0",
            "Back to the text",
        ):
            assert told in origin

    def test_exact_value_is_told_where_the_printed_one_is_rounded(self) -> None:
        text = words(page().get_element_by_id("origins").getparent())
        assert "Exact value: 29.85" in text
        assert "Exact value: 1086" not in text

    def test_numbers_with_a_sign_run_from_the_left_in_arabic(self) -> None:
        links = [node for node in page("ar").xpath("//a[@class='bf']") if words(node) == "−1,234.5"]
        assert len(links) == 2
        assert {link.get("dir") for link in links} == {"ltr"}


class TestNotes:
    def test_lead_from_the_mark_to_the_note_and_back(self) -> None:
        found = page()
        mark = found.get_element_by_id("mark-1-1")
        assert mark.find("a").get("href") == "#note-1"
        note = found.get_element_by_id("note-1")
        assert "Register of partner authorities" in words(note)
        assert note.xpath(".//a/@href") == ["#mark-1-1"]


class TestHostileText:
    def test_stands_literally(self) -> None:
        text = '<script>alert(1)</script><img src=x onerror=alert(1)>{{ say }}{% include "x" %}&amp;'
        found = page(hostile=text)
        assert list(found.iter("script", "img")) == []
        assert found.text_content().count(text) >= 5
