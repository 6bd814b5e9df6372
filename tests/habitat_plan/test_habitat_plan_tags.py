"""Template tags: what a page shows of a text, a rating, a state, a missing value."""

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils import translation

from habitat_plan.kit.charts import Point
from habitat_plan.kit.wording import Wording

TITLE = Wording.parse(
    {
        "en": {"text": "Urban <planning>", "status": "official"},
        "ar": {"text": "التخطيط", "status": "working"},
        "fr": {"text": "Planification", "status": "official"},
    }
)


def shown(source, language="en", **context):
    with translation.override(language):
        return Template("{% load plan %}" + source).render(Context(context))


class Rating(StrEnum):
    OFF_TRACK = "off_track"


class TestWording:
    def test_stands_in_its_own_language_and_direction(self):
        assert shown("{% wording w %}", "fr", w=TITLE) == (
            '<bdi lang="fr" dir="ltr">Planification</bdi>'
        )

    def test_is_escaped(self):
        assert "Urban &lt;planning&gt;" in shown("{% wording w %}", w=TITLE)

    def test_carries_a_quiet_mark_where_the_translation_is_ours(self):
        told = shown("{% wording w %}", "ar", w=TITLE)
        assert told.startswith('<bdi lang="ar" dir="rtl">التخطيط</bdi><small class="working"')

    def test_can_stand_without_the_mark(self):
        assert "working" not in shown("{% wording w mark=False %}", "ar", w=TITLE)

    def test_falls_back_to_english_and_says_so(self):
        assert '<bdi lang="en" dir="ltr">' in shown("{% wording w %}", "ru", w=TITLE)

    def test_has_no_mark_in_english(self):
        assert "working" not in shown("{% wording w %}", w=Wording.of(en="Nairobi"))

    def test_takes_one_local_text(self):
        assert "Planification" in shown("{% wording w %}", w=TITLE.local("fr"))

    def test_of_nothing_is_empty(self):
        assert shown("{% wording w %}", w=None) == ""

    def test_escapes_a_plain_string(self):
        assert shown("{% wording w %}", w="<b>") == "&lt;b&gt;"


class TestFilters:
    def test_write_numbers_in_the_active_language(self):
        assert shown("{{ v|figure:1 }}", "fr", v=Decimal("1234.5")) == "1\u202f234,5"

    def test_write_per_cent_and_shares(self):
        assert shown("{{ v|percent:1 }}", v=Decimal("29.5")) == "29.5\u00a0%"
        assert shown("{{ v|share }}", v=Decimal("0.65")) == "65\u00a0%"

    def test_write_differences_with_their_sign(self):
        assert shown("{{ v|signed }}", v=Decimal(3)) == "+3"

    @pytest.mark.parametrize("name", ["figure", "signed", "percent", "share", "day", "moment"])
    def test_write_nothing_for_nothing(self, name):
        assert shown(f"{{{{ v|{name} }}}}", v=None) == ""

    def test_write_days_and_moments_on_the_clock_of_the_site(self, settings):
        settings.TIME_ZONE = "Africa/Nairobi"
        at = dt.datetime(2018, 2, 2, 22, 30, tzinfo=dt.UTC)
        assert shown("{{ v|moment }}", v=at) == "3 February 2018, 01:30"
        assert shown("{{ v|day }}", v=at) == "3 February 2018"
        assert shown("{{ v|day }}", v=dt.date(2018, 2, 2)) == "2 February 2018"


class TestChip:
    def test_has_shape_word_and_colour(self):
        told = shown("{% chip r %}", r="on_track")
        assert 'class="chip ontrack"' in told
        assert "<circle" in told
        assert "On track" in told

    def test_takes_an_enumeration_or_anything_with_a_status(self):
        assert "Off track" in shown("{% chip r %}", r=Rating.OFF_TRACK)
        assert "Off track" in shown("{% chip r %}", r=SimpleNamespace(status=Rating.OFF_TRACK))

    def test_opens_its_reason(self):
        told = shown("{% chip r href='/why/' reason=w %}", r="not_rated", w="two <offices>")
        assert 'href="/why/"' in told
        assert "<offices>" not in told

    def test_takes_the_word_of_the_scale(self):
        assert "Reached" in shown("{% chip r label='Reached' %}", r="achieved")

    def test_refuses_a_rating_it_does_not_know(self):
        with pytest.raises(KeyError):
            shown("{% chip r %}", r="splendid")


class TestTag:
    @pytest.mark.parametrize(
        ("state", "weight", "word"),
        [
            ("draft", "wait", "Draft"),
            ("submitted", "wait", "Submitted"),
            ("returned", "act", "Returned"),
            ("approved", "done", "Approved"),
            ("verified", "done", "Verified"),
            ("issued", "done", "Issued"),
        ],
    )
    def test_weighs_and_names_the_state(self, state, weight, word):
        told = shown("{% tag s %}", s=state)
        assert f'class="tag {weight}"' in told
        assert word in told


class TestNothing:
    def test_looks_different_for_each_kind(self):
        kinds = ("not_due", "not_reported", "not_applicable")
        told = [shown("{% nothing k %}", k=kind) for kind in kinds]
        assert len(set(told)) == 3

    def test_gives_its_reason_to_readers_of_every_kind(self):
        told = shown("{% nothing 'not_applicable' 'No ports' %}")
        assert 'title="No ports"' in told
        assert '<span class="visually-hidden">: No ports</span>' in told


class TestDrawings:
    def test_a_bullet_has_its_share_beside_it(self):
        told = shown("{% bullet a e 'on_track' %}", a=Decimal("0.65"), e=Decimal("0.66"))
        assert "<b>65\u00a0%</b>" in told
        assert '<svg class="bullet flip ontrack"' in told

    def test_a_bullet_without_progress_has_no_number(self):
        assert "<b></b>" in shown("{% bullet a e 'not_rated' %}", a=None, e=None)

    def test_a_line_chart_prints_in_the_active_language(self):
        points = [Point("2016", Decimal("29.9")), Point("2018", Decimal("29.5"))]
        told = shown("{% line_chart p name='Slums' decimals=1 %}", "fr", p=points)
        assert ">29,5</text>" in told
        assert 'aria-label="Slums"' in told

    def test_a_spark_and_a_bar_are_silent(self):
        told = shown("{% spark v %}{% share_bar m m %}", v=[Decimal(1), Decimal(2)], m=Decimal(2))
        assert told.count('aria-hidden="true"') == 2
