"""The core of every write door: what the preview says is what happens, for many rows as for one."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import factories
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.models import CheckAnswer, Figure, FigurePart, Submission
from indicators.services import entry
from indicators.services.entry import EntryLine, Typed
from organization.models import AuditEntry

NOW = factories.NOW


class Grid:
    """A house with one indicator of each kind that is typed, and one of each that is not."""

    def __init__(self, house: factories.House) -> None:
        self.house = house
        self.measures = {
            kind: factories.indicator(f"CO{n}", kind=kind, offices=[house.branch, house.region])
            for n, kind in enumerate(("number", "ratio", "scale", "count", "statistic"))
        }
        factories.option(self.measures["scale"], "drafted", 1)
        axis = factories.axis("sex", "women", "men")
        for kind in ("number", "ratio"):
            self.measures[kind].axes.add(axis)
        factories.grant(house.contributor, "contributor", house.region)

    def line(self, kind: str = "number", year: str = "2016", *, region=False, **typed: Any) -> EntryLine:
        office = self.house.region if region else self.house.branch
        return EntryLine(self.measures[kind], office, factories.period(year), Typed(**typed))

    def options(self, **given: Any) -> dict[str, Any]:
        return {"language": "en", "by": self.house.contributor, "at": NOW, **given}

    def compare(self, *lines: EntryLine, **given: Any) -> list[entry.Outcome]:
        return entry.compare(lines=lines, **self.options(**given))

    def enter(self, *lines: EntryLine, **given: Any) -> list[entry.Outcome]:
        return entry.enter_figures(lines=lines, **self.options(**given))


@pytest.fixture
def grid(house):
    return Grid(house)


def states(outcomes):
    return [outcome.state for outcome in outcomes]


def codes(outcomes):
    return [outcome.refusal and outcome.refusal.code for outcome in outcomes]


def stored() -> list[Any]:
    """Everything an entry can write, without keys and times."""
    return [
        sorted(
            Figure.objects.values_list(
                "indicator__code", "office__code", "period__code", "value", "numerator",
                "denominator", "choice", "not_applicable", "reason", "cause", "explanation",
                "measures", "version",
            ),
            key=repr,
        ),
        sorted(FigurePart.objects.values_list("figure__indicator__code", "category__code", "value")),
        sorted(CheckAnswer.objects.values_list("figure__indicator__code", "check_code", "sentence")),
        sorted(Submission.objects.values_list("office__code", "period__code", "state")),
    ]  # fmt: skip


class TestTyped:
    def test_leaves_what_is_not_given(self, grid):
        grid.enter(grid.line(value="7", explanation="Two cities.", parts={"sex:women": "3"}))
        grid.enter(grid.line(explanation=""))
        kept = Figure.objects.get()
        assert (kept.value, kept.explanation, kept.parts.count()) == (7, "", 1)
        grid.enter(grid.line(value=""))
        assert Figure.objects.get().value is None

    def test_keeps_the_other_number_of_a_ratio(self, grid):
        grid.enter(grid.line("ratio", numerator="3", denominator="4"))
        grid.enter(grid.line("ratio", numerator="2"))
        kept = Figure.objects.get()
        assert (kept.numerator, kept.denominator) == (2, 4)
        assert codes(grid.enter(grid.line("ratio", denominator=""))) == ["both_parts_needed"]

    def test_takes_not_applicable_back_by_a_number(self, grid):
        grid.enter(grid.line(not_applicable=True, reason="No coast."))
        assert states(grid.enter(grid.line(value=""))) == ["unchanged"]
        grid.enter(grid.line(value="0"))
        kept = Figure.objects.get()
        assert (kept.value, kept.not_applicable, kept.reason) == (0, False, "")

    def test_drops_value_and_parts_of_what_does_not_apply(self, grid):
        grid.enter(grid.line(value="7", parts={"sex:women": "3"}))
        grid.enter(grid.line(not_applicable=True, reason="No coast."))
        kept = Figure.objects.get()
        assert (kept.value, kept.parts.count()) == (None, 0)
        assert AuditEntry.objects.last().changes["sex:women"] == ["3", None]

    @pytest.mark.parametrize(
        ("kind", "typed"),
        [("ratio", {"value": "7"}), ("number", {"choice": "drafted"}), ("scale", {"value": "1"})],
    )
    def test_drops_nothing_that_was_typed_in_a_field_of_another_kind(self, grid, kind, typed):
        assert codes(grid.enter(grid.line(kind, **typed))) == ["not_asked"]
        assert not Figure.objects.exists()

    def test_counts_an_answer_as_a_change_of_the_figure(self, grid):
        grid.enter(grid.line(value="7", answers={"no_evidence": "It is in print."}))
        late = grid.line(answers={"no_evidence": "It was lost at sea."}, version=1)
        grid.enter(grid.line(answers={"no_evidence": "It came out in May."}, version=1))
        assert codes(grid.enter(late)) == ["changed_elsewhere"]
        assert CheckAnswer.objects.get().sentence == "It came out in May."


class TestOutcomes:
    def test_name_each_state(self, grid):
        grid.enter(grid.line(value="7"), grid.line("ratio", numerator="1", denominator="2"))
        lines = [
            grid.line(value="8"),
            grid.line("ratio", numerator="1.0", denominator="2"),
            grid.line("scale", choice="drafted"),
            grid.line(year="2016", region=True, value=""),
            grid.line("count", value="3"),
        ]
        expected = ["changed", "unchanged", "new", "blank", "refused"]
        assert states(grid.compare(*lines)) == expected
        outcomes = grid.enter(*lines)
        assert states(outcomes) == expected
        assert outcomes[0].changes == {"value": (Decimal(7), Decimal(8))}
        assert outcomes[0].before["changed_by"] == "Ana Contributor"
        assert (outcomes[0].before["value"], outcomes[0].before["version"]) == (7, 1)
        assert outcomes[3].figure is None

    def test_refuse_what_the_page_refuses(self, grid, house):
        stranger = factories.indicator("CO9")
        lines = [
            grid.line("count", value="3"),
            grid.line("statistic", value="3"),
            grid.line(year="2018", value="3"),
            EntryLine(stranger, house.branch, house.year, Typed(value="3")),
            grid.line(value="about"),
            grid.line("scale", choice="unknown"),
            grid.line(value="3", parts={"age:young": "1"}),
            grid.line(value="3", cause="weather"),
        ]
        expected = [
            "counted", "from_custodian", "locked", "not_assigned", "not_a_number",
            "unknown_choice", "unknown_part", "unknown_cause",
        ]  # fmt: skip
        assert codes(grid.compare(*lines)) == codes(grid.enter(*lines)) == expected
        assert not Figure.objects.exists()
        assert not Submission.objects.exists()
        assert not AuditEntry.objects.exists()

    def test_refuse_an_office_of_others_and_write_the_rest(self, grid, house):
        found = grid.enter(
            grid.line(value="3"), grid.line(region=True, value="4"), by=house.regional
        )
        assert states(found) == ["refused", "new"]
        assert isinstance(found[0].refusal, NotAllowed)
        assert Figure.objects.get().office == house.region

    def test_refuse_a_year_outside_the_assignment(self, grid, house):
        measure = factories.indicator("CO8")
        factories.assign(measure, house.branch, since_year=2017)
        line = EntryLine(measure, house.branch, house.year, Typed(value="3"))
        assert codes(grid.enter(line)) == ["not_assigned"]
        measure.assignments.update(since_year=2016)
        assert states(grid.enter(line)) == ["new"]

    def test_read_a_second_line_on_a_figure_as_typed_after_the_first(self, grid):
        first, second = (
            {"parts": {"sex:women": part}, "answers": {"no_evidence": answer}}
            for part, answer in (("1", "It is in print."), ("2", "It came out in May."))
        )
        found = grid.enter(grid.line(value="3", **first), grid.line(value="4", **second))
        assert found[1].changes == {
            "value": (3, 4),
            "sex:women": (1, 2),
            "answer to no_evidence": ("It is in print.", "It came out in May."),
        }
        kept = Figure.objects.get()
        assert (kept.version, kept.value, kept.parts.get().value) == (2, 4, 2)

    def test_take_the_lock_of_each_office_and_year(self, grid, house):
        factories.submission(house.region, "2016", state="submitted")
        found = grid.enter(grid.line(region=True, value="3"), grid.line(value="4"))
        assert codes(found) == ["locked", None]
        assert "wait for approval" in str(found[0].refusal.message)


class TestUpload:
    @pytest.fixture
    def upload(self, house):
        return factories.upload(house.branch, by=house.contributor)

    def test_is_whole_or_nothing(self, grid, upload):
        lines = [grid.line(value="3"), grid.line("ratio", numerator="x", denominator="1")]
        with pytest.raises(RuleBroken) as refusal, transaction.atomic():
            grid.enter(*lines, upload=upload)
        assert refusal.value.code == "not_whole"
        assert refusal.value.message == (
            "Nothing was saved: 1 figure cannot be. Correct the file and send it again."
        )
        (told,) = refusal.value.details
        assert told.startswith("BR1, 2016, CO1: “x” is not a number.")
        assert not Figure.objects.exists()
        assert not AuditEntry.objects.exists()

    def test_leaves_one_entry_for_each_office_and_year(self, grid, upload, house):
        factories.window("2015", by=house.officer)
        grid.enter(grid.line(value="1"))
        entries = AuditEntry.objects.count()
        grid.enter(
            grid.line(value="2"),
            grid.line("ratio", numerator="1", denominator="2"),
            grid.line(year="2015", value="5"),
            grid.line(region=True, value="6"),
            upload=upload,
        )
        found = AuditEntry.objects.filter(number__gt=entries)
        assert {(one.action, one.subject_label, one.reason) for one in found} == {
            ("import figures", "BR1 2016: draft", "figures.xlsx"),
            ("import figures", "BR1 2015: draft", "figures.xlsx"),
            ("import figures", "RO1 2016: draft", "figures.xlsx"),
        }
        branch = found.get(subject_label="BR1 2016: draft")
        assert branch.subject_id == str(Submission.objects.get(office=house.branch, period=house.year).pk)
        assert branch.changes == {
            "upload": [None, upload.pk],
            "CO0": [{"value": "1"}, {"value": "2"}],
            "CO1": [
                {"numerator": None, "denominator": None}, {"numerator": "1", "denominator": "2"},
            ],
        }  # fmt: skip

    def test_changes_nothing_the_second_time(self, grid, upload):
        lines = [grid.line(value="2"), grid.line("ratio", numerator="1", denominator="2")]
        grid.enter(*lines, upload=upload)
        before, entries = stored(), AuditEntry.objects.count()
        assert states(grid.enter(*lines, upload=upload)) == ["unchanged", "unchanged"]
        assert (stored(), AuditEntry.objects.count()) == (before, entries)

    def test_keeps_each_value_of_a_figure_that_stands_in_it_twice(self, grid, upload):
        grid.enter(grid.line(value="2"), grid.line(value="3"), upload=upload)
        assert Figure.objects.get().value == 3
        assert [one.changes["CO0"] for one in AuditEntry.objects.order_by("number")] == [
            [{"value": None}, {"value": "2"}],
            [{"value": "2"}, {"value": "3"}],
        ]

    def test_counts_lines_that_come_one_after_the_other(self, grid, upload):
        grid.enter(grid.line("ratio", numerator="1", denominator="2"))
        lines = (
            line
            for line in (
                grid.line(value="2"),
                grid.line("ratio", numerator="1", denominator="3"),
                grid.line("scale", choice=""),
                grid.line(value="2"),
            )
        )
        tally = entry.import_figures(lines=lines, upload=upload, **grid.options())
        assert tally == entry.Tally(new=1, changed=1, unchanged=1, blank=1)


NUMBERS = st.sampled_from(["", "0", "1", "2.5", "seven", None])
LINES = st.builds(
    lambda kind, region, year, first, second, part, answer, excused, reason, version: (
        kind,
        region,
        year,
        Typed(
            value=first if kind not in {"ratio", "scale"} else None,
            numerator=first if kind == "ratio" else None,
            denominator=second if kind == "ratio" else None,
            choice={"1": "drafted", "2.5": "unknown"}.get(first or "", first and "") if kind == "scale" else None,
            parts={} if part is None else {"sex:women": part},
            answers={} if answer is None else {"no_evidence": answer},
            not_applicable=excused,
            reason=reason,
            version=version,
        ),
    ),
    kind=st.sampled_from(["number", "ratio", "scale", "count"]),
    region=st.booleans(),
    year=st.sampled_from(["2016", "2018"]),
    first=NUMBERS,
    second=NUMBERS,
    part=st.sampled_from(["", "1", None]),
    answer=st.sampled_from(["", "It is in print.", None]),
    excused=st.sampled_from([True, False, None]),
    reason=st.sampled_from(["", "No coast.", None]),
    version=st.sampled_from([None, 0, 1]),
)  # fmt: skip
FEW = settings(
    derandomize=True,
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


class TestProperties:
    @FEW
    @given(drawn=st.lists(LINES, min_size=1, max_size=6))
    def test_what_the_preview_says_is_what_happens(self, grid, drawn):
        lines = [grid.line(kind, year, region=region) for kind, region, year, _typed in drawn]
        lines = [replace(line, typed=typed) for line, (*_where, typed) in zip(lines, drawn, strict=True)]
        with transaction.atomic():
            before = stored()
            said = grid.compare(*lines)
            assert stored() == before
            done = grid.enter(*lines)
            assert states(said) == states(done)
            assert codes(said) == codes(done)
            assert [one.changes for one in said] == [one.changes for one in done]
            transaction.set_rollback(True)

    @FEW
    @given(drawn=st.lists(LINES, min_size=1, max_size=6))
    def test_many_lines_are_as_many_single_ones(self, grid, drawn):
        lines = [grid.line(kind, year, region=region) for kind, region, year, _typed in drawn]
        lines = [replace(line, typed=typed) for line, (*_where, typed) in zip(lines, drawn, strict=True)]
        with transaction.atomic():
            found = codes(grid.enter(*lines))
            together = [stored(), [one.changes for one in AuditEntry.objects.order_by("number")]]
            transaction.set_rollback(True)
        with transaction.atomic():
            singly = []
            for line in lines:
                try:
                    entry.enter_figure(
                        indicator=line.indicator, office=line.office, period=line.period,
                        typed=line.typed, **grid.options(),
                    )  # fmt: skip
                    singly.append(None)
                except RuleBroken as refusal:
                    singly.append(refusal.code)
            alone = [stored(), [one.changes for one in AuditEntry.objects.order_by("number")]]
            transaction.set_rollback(True)
        assert (found, together) == (singly, alone)
