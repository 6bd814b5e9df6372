"""What changed between two states of an office's figures."""

from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.rules.differences import FieldChange, content_changes, row_changes

texts = st.sampled_from(["", "1", "2"])
rows = st.fixed_dictionaries(
    {},
    optional={
        "value": texts,
        "choice": texts,
        "parts": st.dictionaries(st.sampled_from(["sex:women", "sex:men"]), texts),
        "evidence": st.dictionaries(st.sampled_from(["1", "2"]), texts),
    },
)


class TestRows:
    def test_a_value_that_changed(self):
        assert row_changes({"value": "9"}, {"value": "10"}) == (
            FieldChange("", "value", "9", "10"),
        )

    def test_a_value_that_came_and_one_that_went(self):
        assert row_changes({"value": "9"}, {"choice": "yes"}) == (
            FieldChange("", "choice", None, "yes"),
            FieldChange("", "value", "9", None),
        )

    def test_one_part_of_two(self):
        before = {"value": "9", "parts": {"sex:women": "4", "sex:men": "5"}}
        after = {"value": "9", "parts": {"sex:women": "5", "sex:men": "5"}}
        assert row_changes(before, after) == (FieldChange("parts", "sex:women", "4", "5"),)

    def test_an_answer_evidence_and_an_authority(self):
        after = {
            "answers": {"no_evidence": "In print."},
            "achievements": {"12": ["2016-06-30", "Gazette", ""]},
            "evidence": {"3": "Report"},
        }
        assert [(one.group, one.name) for one in row_changes(None, after)] == [
            ("answers", "no_evidence"),
            ("achievements", "12"),
            ("evidence", "3"),
        ]

    def test_nothing_differs_from_itself(self):
        row = {"value": "0", "not_applicable": True, "parts": {"sex:women": "0"}}
        assert row_changes(row, dict(row)) == ()

    @given(rows, rows)
    @settings(derandomize=True, max_examples=200)
    def test_what_came_one_way_goes_the_other(self, one, other):
        there = {(c.group, c.name, c.before, c.after) for c in row_changes(one, other)}
        back = {(c.group, c.name, c.after, c.before) for c in row_changes(other, one)}
        assert there == back
        assert all(c.before != c.after for c in row_changes(one, other))


class TestContents:
    def test_leaves_out_rows_that_are_the_same(self):
        before = {"A1": {"value": "1"}, "A2": {"value": "2"}, "A3": {"value": "3"}}
        after = {"A1": {"value": "1"}, "A2": {"value": "5"}, "A4": {"value": "4"}}
        found = content_changes(before, after)
        assert {code: (c.before, c.after) for code, (c,) in found.items()} == {
            "A2": ("2", "5"),
            "A3": ("3", None),
            "A4": (None, "4"),
        }

    def test_of_nothing_is_everything(self):
        assert list(content_changes(None, {"A1": {"value": "1"}})) == ["A1"]
        assert content_changes(None, None) == {}
