"""The plan's words as valid in a revision, its results and its calendar."""

from datetime import date

import factories
import pytest

from focus_areas import queries
from focus_areas.models import PlanText
from habitat_plan.kit.wording import OFFICIAL, Wording


@pytest.fixture
def revisions(db):
    return (
        factories.revision("2013", dated=date(2013, 4, 19)),
        factories.revision("2017", dated=date(2017, 5, 8)),
    )


def text(revision, code, words, *, kind="statement", parent="", ordinal=0):
    return factories.saved(
        PlanText(
            revision=revision,
            code=code,
            kind=kind,
            parent=parent,
            ordinal=ordinal,
            paragraph="p.53",
            wording=Wording.parse({"en": {"text": words, "status": OFFICIAL}}),
        )
    )


class TestTexts:
    def test_take_the_newest_at_or_before_a_revision(self, revisions):
        first, second = revisions
        text(first, "SR.result", "city, regional and national")
        text(second, "SR.result", "local, other subnational and national")
        text(first, "LS1.result", "unchanged")

        def words(revision=None):
            found = queries.texts(codes=["SR.result", "LS1.result"], revision=revision)
            return {code: str(one.wording) for code, one in found.items()}

        assert words(first)["SR.result"] == "city, regional and national"
        assert words(second) == words() == {
            "SR.result": "local, other subnational and national",
            "LS1.result": "unchanged",
        }

    def test_leave_out_what_a_later_revision_brought(self, revisions):
        first, second = revisions
        text(second, "FA1.new", "new in 2017")
        assert queries.texts(codes=["FA1.new"], revision=first) == {}
        assert list(queries.texts(codes=["FA1.new"], revision=second)) == ["FA1.new"]

    def test_are_found_by_parent_and_kind_and_nothing_else(self, revisions):
        first, _second = revisions
        text(first, "FA1.a", "a", parent="FA1", kind="priority")
        text(first, "FA2.a", "b", parent="FA2", kind="cluster")
        text(first, "FA3.a", "c", parent="FA3", kind="other")
        assert set(queries.texts(parents=["FA1"], kinds=["cluster"])) == {"FA1.a", "FA2.a"}
        assert queries.texts() == {}

    def test_take_one_query(self, revisions, django_assert_num_queries):
        text(revisions[0], "FA1.a", "a", parent="FA1")
        with django_assert_num_queries(1):
            assert [t.revision.code for t in queries.texts(parents=["FA1"]).values()] == ["2013"]

    def test_keep_all_wordings_oldest_first(self, revisions):
        first, second = revisions
        text(second, "SR.result", "newer")
        text(first, "SR.result", "older")
        assert [str(one.wording) for one in queries.wordings_of("SR.result")] == ["older", "newer"]


class TestElements:
    def test_carry_title_statement_branch_and_paragraph(self, revisions):
        first, second = revisions
        branch = factories.office("BR1")
        factories.result(code="FA1", area=factories.focus_area(1, branch=branch), office=branch)
        text(first, "FA1.title", "Land")
        text(first, "FA1.result", "old result")
        text(second, "FA1.result", "new result")
        (element,) = queries.elements("focus_area")
        assert (element.code, element.number, element.branch_code, element.paragraph) == (
            "FA1",
            1,
            "BR1",
            "p.53",
        )
        assert (str(element.title), str(element.statement)) == ("Land", "new result")
        (before,) = queries.elements("focus_area", revision=first)
        assert str(before.statement) == "old result"

    def test_of_an_accomplishment_say_its_own_words(self, revisions):
        area = factories.focus_area(1)
        factories.result("accomplishment", code="EA1.a", area=area, illustrative=True)
        text(revisions[0], "EA1.a", "accomplished")
        (element,) = queries.elements("accomplishment")
        assert (str(element.statement), element.illustrative) == ("accomplished", True)

    def test_take_two_queries_for_any_number(self, revisions, django_assert_num_queries):
        for number in range(1, 8):
            factories.result(code=f"FA{number}", area=factories.focus_area(number))
        with django_assert_num_queries(2):
            assert len(queries.elements("focus_area")) == 7

    def test_keep_levels_apart(self, revisions):
        factories.result("plan", code="SR")
        factories.result("support", code="LS1")
        assert [one.code for one in queries.elements("support")] == ["LS1"]


class TestElementPage:
    def test_groups_texts_by_kind_and_keeps_the_earlier_wording(self, revisions):
        first, second = revisions
        factories.result(code="FA1", area=factories.focus_area(1))
        text(first, "FA1.title", "Land", kind="title", parent="FA1")
        text(first, "FA1.a", "old", kind="priority", parent="FA1")
        text(second, "FA1.a", "new", kind="priority", parent="FA1")
        page = queries.element_page("FA1")
        assert str(page.element.title) == "Land"
        assert [str(one.wording) for one in page.texts["priority"]] == ["new"]
        assert [str(one.wording) for one in page.earlier] == ["old"]

    def test_is_none_for_an_unknown_code(self, revisions):
        assert queries.element_page("FA9") is None


class TestCalendar:
    def test_names_periods_as_people_say_them(self, db):
        for code in factories.PERIODS:
            factories.period(code)
        assert queries.period("2016-2017").year == 2017
        assert str(queries.period("2016-2017")) == "2016–2017"
        assert queries.period("2020") is None

    def test_takes_figures_for_the_baseline_and_six_years(self, db):
        for code in factories.PERIODS:
            factories.period(code)
        assert [one.code for one in queries.years()] == [
            "2013",
            "2014",
            "2015",
            "2016",
            "2017",
            "2018",
            "2019",
        ]
        assert not queries.period("mid-term").is_year
