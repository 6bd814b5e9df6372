"""What a document counts of evaluations and recommendations, and how it names them.

Each number is a figure with its rule in words and the evaluations that it was counted from. It is
illustrative if anything that it was counted among is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from evaluations.models import Evaluation
from evaluations.queries.recommendations import Recommended
from evaluations.queries.reported import LearnedLesson, PublishedEvaluation, Reported
from evaluations.rules.ageing import Rate
from indicators.rules.exact import HUNDRED, quotient
from reporting.assembly import words
from reporting.assembly.changes import day_text
from reporting.assembly.composer import Composer
from reporting.assembly.snapshot import evaluations_key
from reporting.assembly.words import Count
from reporting.document import Figure, LineageLine, Text

RECOMMENDATION = "recommendation"
"""How keys of figures begin that are of one recommendation: `recommendation-2-2017-4`."""


def name_of(evaluation: Evaluation) -> str:
    """As it is quoted: `2/2017`, or its code if the report has no number."""
    return evaluation.number or evaluation.code


def marked(text: Text, *, illustrative: bool) -> Text:
    """The text, with the word behind it if it is made up and what stands beside it is not."""
    if not illustrative:
        return text
    return words.run_together(text, words.plain(" "), words.said("(illustrative)"))


def is_mixed(flags: Iterable[bool]) -> bool:
    """True if some are illustrative and some are not, so that each has to be told."""
    return len(set(flags)) > 1


def is_invented(one: Recommended) -> bool:
    """True if the recommendation is illustrative, or its evaluation."""
    row = one.recommendation
    return row.illustrative or row.evaluation.illustrative


def public_day(one: PublishedEvaluation) -> Text:
    """Since when it is public: the day, or the year if no more is known."""
    if one.evaluation.published_on is None and one.evaluation.embargo_until is None:
        return words.plain(str(one.evaluation.report_year))
    return day_text(one.public_on)


class Counts:
    """Counts figures into the book of a document."""

    def __init__(self, composer: Composer, reported: Reported) -> None:
        self.book, self.reported = composer.book, reported
        self.period = composer.snapshot.period

    def known(self) -> Count:
        """How many evaluations were public by the end of the period."""
        label = words.said("Evaluation reports published by the end of the period")
        found = self.evaluations("known", self.reported.evaluations, label)
        if found.key != evaluations_key(self.period):
            raise ValueError(f"{found.key} is not the key that issued documents are asked for")
        return found

    def evaluations(
        self,
        what: str,
        found: Sequence[PublishedEvaluation],
        label: Text,
        among: Sequence[PublishedEvaluation] | None = None,
    ) -> Count:
        """How many evaluations, counted among some others."""
        asked = found if among is None else among
        lines = [
            LineageLine(
                words.plain(name_of(one.evaluation)), Decimal(1), words.of(one.evaluation.title)
            )
            for one in found
        ]
        return self._counted(
            f"evaluations@{self.period.code}#{what}",
            len(found),
            label,
            words.said("Number of the evaluation reports named"),
            lines,
            illustrative=any(one.evaluation.illustrative for one in asked),
        )

    def share_of_evaluations(
        self,
        what: str,
        some: Sequence[PublishedEvaluation],
        of: Sequence[PublishedEvaluation],
        label: Text,
    ) -> str:
        """The key of a share of evaluations in per cent; `of` holds at least one."""
        key = f"evaluations@{self.period.code}#{what}"
        self.book.figures[key] = Figure(
            key,
            quotient(Decimal(len(some)), Decimal(len(of)), HUNDRED),
            per_cent=True,
            illustrative=any(one.evaluation.illustrative for one in of),
            lineage=(
                LineageLine(label, Decimal(len(some))),
                LineageLine(
                    words.said("Evaluations of which it is recorded who made them"),
                    Decimal(len(of)),
                ),
            ),
            rule=words.said("External ÷ those of which it is recorded"),
            label=label,
        )
        return key

    def lessons(self, found: Sequence[LearnedLesson]) -> Count:
        """How many lessons."""
        return self._counted(
            f"lessons@{self.period.code}#published",
            len(found),
            words.said("Lessons and good practices of the period"),
            words.said("Number of the lessons named"),
            [LineageLine(words.of(one.lesson.title), Decimal(1)) for one in found],
            illustrative=any(one.illustrative for one in found),
        )

    def recommendations(
        self,
        what: str,
        found: Sequence[Recommended],
        label: Text,
        among: Sequence[Recommended] | None = None,
        group: str = "",
    ) -> Count:
        """How many recommendations, counted among some others.

        `group` is the code of the office or evaluation that they are of; empty for all.
        """
        asked = found if among is None else among
        return self._counted(
            self.key(what, group),
            len(found),
            label,
            words.said("Number of recommendations, by evaluation"),
            list(_by_evaluation(found)),
            illustrative=any(map(is_invented, asked)),
        )

    def does_not_apply(self, key: str) -> None:
        """Says of a figure that there is nothing to count, which is not the same as none."""
        self.book.figures[key] = replace(
            self.book.figures[key], value=None, nothing="not_applicable", lineage=()
        )

    def rate(self, what: str, rate: Rate, among: Sequence[Recommended], group: str = "") -> str:
        """The key of an implementation rate in per cent."""
        key, counted = self.key(what, group), rate.counted
        value = quotient(Decimal(rate.implemented), Decimal(counted), HUNDRED) if counted else None
        self.book.figures[key] = Figure(
            key,
            value,
            nothing="" if counted else "not_applicable",
            per_cent=True,
            illustrative=any(map(is_invented, among)),
            lineage=(
                LineageLine(words.said("Implemented"), Decimal(rate.implemented)),
                LineageLine(words.said("Accepted wholly or in part"), Decimal(rate.accepted)),
                LineageLine(words.said("Overtaken by events"), Decimal(rate.overtaken)),
            ),
            rule=words.said("Implemented ÷ (accepted wholly or in part − overtaken by events)"),
            label=words.said("Implementation rate"),
        )
        return key

    def days_late(self, key: str, one: Recommended, label: Text) -> str:
        """The key of the days for which one recommendation is late at the end of the period."""
        late = one.days_late
        is_late = late is not None and late > 0
        self.book.figures[key] = Figure(
            key,
            Decimal(late) if late is not None and is_late else None,
            nothing="" if is_late else "not_applicable" if late is None else "not_due",
            unit=words.said("days"),
            illustrative=is_invented(one),
            lineage=tuple(
                LineageLine(words.of(acted.action.office.name), None, day_text(acted.due_on))
                for acted in one.actions
                if acted.is_open and acted.due_on is not None
            ),
            rule=words.said(
                "Days from the first day on which an open action was due to the end of the period"
            ),
            label=label,
        )
        return key

    def key(self, what: str, group: str = "") -> str:
        """The key of what is counted of recommendations, of all or of a group."""
        of = f"/{group}" if group else ""
        return f"recommendations@{self.period.code}{of}#{what}"

    def _counted(
        self,
        key: str,
        number: int,
        label: Text,
        rule: Text,
        lines: Sequence[LineageLine],
        *,
        illustrative: bool,
    ) -> Count:
        self.book.figures[key] = Figure(
            key,
            Decimal(number),
            illustrative=illustrative,
            lineage=tuple(lines),
            rule=rule,
            label=label,
        )
        return Count(key, number)


def _by_evaluation(found: Iterable[Recommended]) -> Iterable[LineageLine]:
    """How many are of each evaluation, and which."""
    groups: dict[str, list[int]] = {}
    for one in found:
        row = one.recommendation
        groups.setdefault(name_of(row.evaluation), []).append(row.number)
    for name, numbers in groups.items():
        yield LineageLine(words.plain(name), Decimal(len(numbers)), words.plain(ranges(numbers)))


def ranges(numbers: Iterable[int]) -> str:
    """`1–3, 5` for 1, 2, 3 and 5."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)
