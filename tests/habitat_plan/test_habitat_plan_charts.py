"""Charts: what is drawn where, checked against places worked out by hand."""

import re
from decimal import Decimal

import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from habitat_plan.kit.charts import (
    DOCUMENT_THEME,
    Bar,
    Mark,
    Point,
    bars,
    bullet,
    line_chart,
    share_bar,
    spark,
)
from habitat_plan.kit.drawing import ticks

YEARS = [
    Point("2013", Decimal(42)),
    Point("2014", Decimal(49)),
    Point("2015", Decimal(61)),
    Point("2016", Decimal(74)),
    Point("2017", Decimal(86)),
]
MARKS = [
    Mark("2013", Decimal(42), "baseline", "42 baseline"),
    Mark("2017", Decimal(87), "expected", "87 expected"),
    Mark("2019", Decimal(110), "target", "110 target"),
    Mark("2019", Decimal(120), "target-old", "120 first"),
]


def drawn(points=YEARS, **options):
    return ElementTree.fromstring(line_chart(points, name="Name", number=str, **options))


def by_class(chart, name):
    return [node for node in chart.iter() if node.get("class") == name]


def texts(chart):
    return ["".join(node.itertext()) for node in chart.iter("text")]


class TestTicks:
    def test_are_round_and_cover_the_values(self):
        assert ticks(Decimal(0), Decimal(120), whole=True) == [0, 20, 40, 60, 80, 100, 120]

    def test_of_counts_never_stand_between_whole_numbers(self):
        assert ticks(Decimal(0), Decimal(2), whole=True) == [0, 1, 2]

    def test_of_shares_may_be_fractions(self):
        tenths = [Decimal(n) / 10 for n in range(7)]
        assert ticks(Decimal(0), Decimal("0.6"), whole=False) == tenths

    def test_go_below_zero_with_the_values(self):
        assert ticks(Decimal(-3), Decimal(3), whole=True) == [-3, -2, -1, 0, 1, 2, 3]

    def test_of_equal_values_still_make_an_axis(self):
        assert ticks(Decimal(0), Decimal(0), whole=True) == [0, 1]

    @given(st.decimals(-(10**9), 10**9, places=2), st.decimals(0, 10**9, places=2), st.booleans())
    def test_always_cover_the_values_in_few_steps(self, low, span, whole):
        steps = ticks(low, low + span, whole=whole)
        assert steps[0] <= low
        assert steps[-1] >= low + span
        assert 2 <= len(steps) <= 9


class TestLineChart:
    def test_has_a_role_and_a_sentence_as_name(self):
        chart = drawn()
        assert chart.get("role") == "img"
        assert chart.get("aria-label") == "Name"
        assert chart.get("viewBox") == "0 0 580 250"

    def test_escapes_names_and_labels(self):
        mark = Mark("2017", Decimal(90), "target", "<script>&")
        svg = line_chart(YEARS, marks=[mark], name='"><script>', number=str)
        assert "<script" not in svg
        assert "&lt;script&gt;&amp;" in svg
        assert "&quot;&gt;&lt;script&gt;" in svg

    def test_leaves_out_characters_that_xml_forbids(self):
        svg = line_chart(YEARS, name="a\x00b\x1fc", number=str)
        assert ElementTree.fromstring(svg).get("aria-label") == "abc"

    def test_puts_zero_on_the_axis_and_the_highest_tick_at_the_top(self):
        chart = drawn([Point("2013", Decimal(0)), Point("2014", Decimal(6))])
        dots = [Decimal(dot.get("cy")) for dot in by_class(chart, "dot")]
        assert dots == [Decimal(224), Decimal(16)]

    def test_places_half_of_the_axis_half_way_up(self):
        values = [Point("2013", Decimal(0)), Point("2014", Decimal(3)), Point("2015", Decimal(6))]
        chart = drawn(values)
        assert by_class(chart, "dot")[1].get("cy") == "120"

    @given(st.lists(st.decimals(0, 10**6, places=1), min_size=2, max_size=8))
    def test_draws_a_higher_value_never_lower(self, values):
        points = [Point(str(2000 + place), value) for place, value in enumerate(values)]
        heights = [Decimal(dot.get("cy")) for dot in by_class(drawn(points), "dot")]
        by_value = [height for _, height in sorted(zip(values, heights, strict=True))]
        assert by_value == sorted(by_value, reverse=True)

    @given(st.lists(st.decimals(-(10**9), 10**9, places=6), min_size=1, max_size=6))
    def test_writes_no_exponents_and_at_most_one_decimal(self, values):
        points = [Point(str(2000 + place), value) for place, value in enumerate(values)]
        svg = line_chart(points, name="n", number=lambda value: "")
        places = re.findall(r'\b(?:cx|cy|x|y)="([^"]*)"', svg)
        assert places
        assert all(re.fullmatch(r"-?\d+(\.\d)?", place) for place in places)

    def test_keeps_the_distances_between_years(self):
        points = [Point(x, Decimal(1)) for x in ("1990", "2000", "2018")]
        first, second, third = (Decimal(d.get("cx")) for d in by_class(drawn(points), "dot"))
        assert (second - first) / (third - first) == pytest.approx(
            Decimal(10) / 28, abs=Decimal("0.01")
        )

    def test_writes_each_year_up_to_the_target_of_a_short_span(self):
        written = texts(drawn(marks=MARKS))
        assert [t for t in written if t.startswith("201") and len(t) == 4] == [
            "2013", "2014", "2015", "2016", "2017", "2018", "2019",
        ]  # fmt: skip

    def test_draws_weak_points_hollow_and_their_lines_dotted(self):
        points = [
            Point("2013", Decimal(1)),
            Point("2014", Decimal(2)),
            Point("2015", Decimal(3), weak=True),
        ]
        chart = drawn(points)
        assert len(by_class(chart, "dot")) == 2
        assert len(by_class(chart, "hollow")) == 1
        assert len(by_class(chart, "line")) == 1
        assert len(by_class(chart, "line weak")) == 1

    def test_breaks_the_line_where_nothing_was_reported(self):
        points = [Point("2013", Decimal(1)), Point("2014", None), Point("2015", Decimal(3))]
        chart = drawn(points)
        assert by_class(chart, "line") == []
        assert len(by_class(chart, "dot")) == 2

    def test_draws_one_bar_for_each_mark_with_its_label(self):
        chart = drawn(marks=MARKS)
        for kind in ("base", "expected", "target", "target-old"):
            assert len(by_class(chart, kind)) == 1
        assert {m.label for m in MARKS} <= set(texts(chart))

    def test_keeps_labels_at_the_edge_apart(self):
        marks = [Mark("2019", Decimal(110 + n), "target", f"{n} close") for n in range(3)]
        labels = [n for n in drawn(marks=marks).iter("text") if "close" in (n.text or "")]
        heights = sorted(Decimal(label.get("y")) for label in labels)
        assert heights[1] - heights[0] >= 14
        assert heights[2] - heights[1] >= 14

    def test_breaks_a_long_label_at_the_edge_into_lines(self):
        mark = Mark("2019", Decimal(80), "target-old", "первоначальный целевой показатель: 120")
        svg = line_chart([Point("2013", Decimal(30))], marks=[mark], name="n", number=str)
        assert ">первоначальный целевой<" in svg
        assert ">показатель: 120<" in svg

    def test_holds_a_given_maximum_for_charts_that_are_compared(self):
        chart = drawn([Point("2013", Decimal(40))], maximum=Decimal(80))
        assert by_class(chart, "dot")[0].get("cy") == "120"

    def test_grows_past_a_maximum_that_would_cut_a_value_off(self):
        chart = drawn([Point("2013", Decimal(90))], maximum=Decimal(80))
        assert Decimal(by_class(chart, "dot")[0].get("cy")) >= 16

    def test_draws_the_published_series_quietly_with_its_name(self):
        published = [Point("2013", Decimal(20)), Point("2017", Decimal(24))]
        chart = drawn(published=published, published_label="published")
        assert len(by_class(chart, "pub")) == 1
        assert "published" in texts(chart)

    def test_labels_only_both_ends_where_there_is_no_room(self):
        points = [Point(str(1990 + n), Decimal(1000 + n)) for n in range(29)]
        values = [node.text for node in by_class(drawn(points, width=250), "v")]
        assert values == ["1000", "1028"]

    def test_isolates_words_that_run_from_right_to_left(self):
        mark = Mark("2017", Decimal(90), "target", "110 الهدف")
        assert "\u2067110 الهدف\u2069" in texts(drawn(marks=[mark]))

    def test_without_values_draws_an_axis_and_no_marks(self):
        chart = drawn([Point("2013", None), Point("2014", None)])
        assert by_class(chart, "dot") == []
        assert len(by_class(chart, "axis")) == 1

    def test_without_points_is_still_a_picture(self):
        assert drawn([]).get("role") == "img"

    def test_for_a_document_needs_no_stylesheet(self):
        svg = line_chart(YEARS, marks=MARKS, name="n", number=str, theme=DOCUMENT_THEME)
        assert "class=" not in svg
        assert "style=" not in svg
        assert 'xmlns="http://www.w3.org/2000/svg"' in svg
        assert 'font-family="Noto Sans, Noto Naskh Arabic, Noto Sans SC"' in svg

    def test_is_the_same_text_each_time(self):
        one = line_chart(YEARS, marks=MARKS, name="n", number=str)
        assert one == line_chart(YEARS, marks=MARKS, name="n", number=str)


class TestBars:
    ROWS = (Bar("Africa", Decimal(40)), Bar("Rest", Decimal(10), quiet=True), Bar("None", None))

    def test_are_as_long_as_their_values(self):
        chart = ElementTree.fromstring(bars(self.ROWS, name="n", number=str))
        long = [
            Decimal(re.search(r"h([\d.]+)v", path.get("d")).group(1)) for path in chart.iter("path")
        ]
        assert long[0] / long[1] == pytest.approx(Decimal(4), abs=Decimal("0.1"))

    def test_show_a_label_without_a_bar_where_there_is_no_value(self):
        chart = ElementTree.fromstring(bars(self.ROWS, name="n", number=str))
        assert len(list(chart.iter("path"))) == 2
        assert "None" in texts(chart)

    def test_start_from_the_right_in_arabic(self):
        chart = ElementTree.fromstring(
            bars([Bar("ا", Decimal(1))], name="n", number=str, right_to_left=True)
        )
        label = next(chart.iter("text"))
        assert (label.get("x"), label.get("text-anchor")) == ("580", "end")

    def test_break_long_labels_into_lines(self):
        name = "Regional Office for Latin America and the Caribbean"
        chart = ElementTree.fromstring(bars([Bar(name, Decimal(1))], name="n", number=str))
        assert texts(chart)[:-1] == ["Regional Office for Latin", "America and the Caribbean"]


class TestBullet:
    def test_reaches_half_way_to_the_target(self):
        assert 'd="M0 5.5h66v5H0z"' in bullet(Decimal("0.5"), Decimal("0.6"), "off_track")

    def test_shades_to_what_was_expected_by_now(self):
        assert 'class="band" d="M0 3h66v10H0z"' in bullet(Decimal(0), Decimal("0.5"), "no_progress")

    def test_has_a_least_width_below_the_baseline(self):
        assert 'd="M0 5.5h1.5v5H0z"' in bullet(Decimal("-0.4"), Decimal(1), "no_progress")

    def test_ends_at_114_per_cent(self):
        assert 'd="M0 5.5h150.5v5H0z"' in bullet(Decimal(3), Decimal(1), "achieved")

    def test_without_a_rating_is_a_dashed_outline(self):
        svg = bullet(None, Decimal("0.5"), "not_rated")
        assert 'class="none"' in svg
        assert 'class="bar"' not in svg

    def test_is_silent_and_carries_its_rating(self):
        svg = bullet(Decimal(1), None, "on_track")
        assert 'aria-hidden="true"' in svg
        assert 'class="bullet flip ontrack"' in svg

    def test_in_a_document_has_the_colour_of_its_rating(self):
        assert f'fill="{DOCUMENT_THEME.offtrack}"' in bullet(
            Decimal("0.3"), None, "off_track", DOCUMENT_THEME
        )


class TestSmallMarks:
    def test_a_spark_ends_in_a_dot_at_its_last_value(self):
        svg = spark([Decimal(1), Decimal(3), None])
        assert 'cx="44"' in svg

    def test_a_spark_of_nothing_is_empty(self):
        assert "<path" not in spark([None, None])

    def test_a_share_bar_ends_pale_where_others_count_the_same(self):
        svg = share_bar(Decimal(20), Decimal(40), Decimal(4))
        assert '<rect width="40" height="8"/>' in svg
        assert '<rect class="q" x="40" width="10" height="8"/>' in svg

    def test_a_share_bar_of_nothing_has_no_width(self):
        assert '<rect width="0" height="8"/>' in share_bar(None, Decimal(0))
