"""The evaluation plan of the biennium that follows, as it was approved (p.96)."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from evaluations.models import Evaluation, PlanVersion
from evaluations.rules.plans import Planned, planned_of, total_budget
from habitat_plan.kit.wording import Wording
from reporting.assembly import words
from reporting.assembly.blocks.evaluation_counts import is_mixed, marked
from reporting.assembly.changes import day_text
from reporting.assembly.composer import Composer, Place, titled
from reporting.assembly.words import Count, Sentence, sentence
from reporting.document import (
    NO_TEXT,
    Block,
    Cell,
    Column,
    Figure,
    FigureRef,
    LineageLine,
    Row,
    Table,
    Text,
)


def plan(composer: Composer, _place: Place) -> Iterable[Block]:
    """Which evaluations the plan of the next biennium lists; nothing while none is approved."""
    reported = composer.snapshot.evaluated
    if reported is None or reported.next_plan is None:
        return
    version = reported.next_plan
    planned = planned_of(version.content)
    told = _Plan(composer, version, planned)
    number = composer.numbering.table()
    yield composer.numbering.paragraph(*told.said(number))
    if planned:
        yield told.table(number)


class _Plan:
    """An approved plan, told in sentences and a table."""

    def __init__(
        self, composer: Composer, version: PlanVersion, planned: Sequence[Planned]
    ) -> None:
        self.composer, self.version, self.planned = composer, version, planned
        self.is_illustrative = version.illustrative or any(one.illustrative for one in planned)

    def said(self, table: int) -> Iterator[Sentence]:
        """Which decision approved it, how many evaluations it lists, and what they are to cost."""
        version = self.version
        yield sentence(
            "The evaluation plan for %(biennium)s was approved on %(date)s (%(decision)s).",
            biennium=str(version.biennium),
            date=day_text(version.approved_on),
            decision=version.decision,
        )
        if version.number > 1:
            yield sentence("This is version %(number)s of it.", number=version.number)
        yield sentence(
            "Evaluations that it lists: %(all)s; asked for by a mandate, and first: %(mandated)s; "
            "by external evaluators, alone or with the Evaluation Unit: %(external)s.",
            all=self.count("planned", self.planned, words.said("Evaluations of the plan")),
            mandated=self.count(
                "planned-mandated",
                [one for one in self.planned if one.is_mandated],
                words.said("Evaluations asked for by a mandate"),
            ),
            external=self.count(
                "planned-external",
                [one for one in self.planned if one.is_external],
                words.said("Evaluations by external evaluators"),
            ),
        )
        total, unknown = total_budget(self.planned)
        if len(self.planned) > unknown:
            yield sentence(
                "Budgets that are known: %(total)s United States dollars in all.",
                total=FigureRef(self.money("planned-budget", total, self.planned)),
            )
        if self.planned:
            yield sentence("Table %(table)s lists them.", table=table)

    def table(self, number: int) -> Table:
        """One row an evaluation, mandated ones first."""
        mixed = is_mixed(one.illustrative for one in self.planned)
        return Table(
            number=number,
            title=words.said(
                "Evaluation plan for %(biennium)s", biennium=str(self.version.biennium)
            ),
            key="evaluation-plan",
            columns=(
                Column("title", words.said("Evaluation"), weight=30),
                Column("mandate", words.said("Asked for by"), weight=18),
                Column("kind", words.said("Kind"), weight=14),
                Column("conduct", words.said("Made by"), weight=14),
                Column("begins", words.said("Begins"), weight=12),
                Column("ends", words.said("Ends"), weight=12),
                Column("budget", words.said("Budget in US dollars"), "number", weight=12),
            ),
            rows=tuple(
                Row(tuple(self.cells(place, one, mixed=mixed)))
                for place, one in enumerate(self.planned, 1)
            ),
            illustrative=self.is_illustrative,
        )

    def cells(self, place: int, one: Planned, *, mixed: bool) -> Iterator[Cell]:
        """The cells of one evaluation."""
        yield marked(words.of(Wording.parse(one.title)), illustrative=mixed and one.illustrative)
        yield words.of(Wording.parse(one.mandate.name)) if one.mandate else words.said("no mandate")
        yield titled(Evaluation.Kind(one.kind).label)
        yield (
            titled(Evaluation.Conduct(one.conducted_by).label)
            if one.conducted_by
            else words.said("not recorded")
        )
        for day in (one.starts_on, one.ends_on):
            yield day_text(day) if day else NO_TEXT
        yield FigureRef(self.money(f"planned-budget-{place}", one.budget, [one]))

    def count(self, what: str, found: Sequence[Planned], label: Text) -> Count:
        """How many evaluations of the plan."""
        key = f"evaluations@{self.composer.snapshot.period.code}#{what}"
        self.composer.book.figures[key] = Figure(
            key,
            Decimal(len(found)),
            illustrative=self.is_illustrative,
            lineage=tuple(
                LineageLine(words.of(Wording.parse(one.title)), Decimal(1)) for one in found
            ),
            rule=words.said("Number of the evaluations named"),
            label=label,
        )
        return Count(key, len(found))

    def money(self, what: str, amount: Decimal | None, found: Sequence[Planned]) -> str:
        """The key of a sum of budgets; not reported if none is known."""
        key = f"evaluations@{self.composer.snapshot.period.code}#{what}"
        self.composer.book.figures[key] = Figure(
            key,
            amount,
            nothing="" if amount is not None else "not_reported",
            unit=words.said("United States dollars"),
            illustrative=self.is_illustrative,
            lineage=tuple(
                LineageLine(words.of(Wording.parse(one.title)), one.budget)
                for one in found
                if one.budget is not None
            ),
            rule=words.said("Sum of the budgets that are known"),
            label=words.said("Budget"),
        )
        return key
