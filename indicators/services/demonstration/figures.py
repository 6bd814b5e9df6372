"""Invented figures and achievements, and the few that were published, with their source."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from indicators.models import (
    Achievement,
    Assignment,
    Baseline,
    Evidence,
    Figure,
    Indicator,
    Target,
)
from indicators.services.demonstration.world import (
    OPEN_OFFICE,
    REGIONAL,
    REGISTER_SIZE,
    SHARED_EVERY,
    SLOW_OFFICE,
    YEARS,
    Value,
    World,
)
from indicators.services.load import definitions


def _claims(number: int, order: int, year: int, branch: str) -> Iterator[str]:
    """Which offices report the order-th authority: the branch, its regional office, or both.

    In 2017 the slow office reports nothing alone, so that approved counts are those of `COUNTS`.
    """
    regional = REGIONAL[number % len(REGIONAL)]
    alone = order % 3 == 1 and not (year == YEARS[-1] and regional == SLOW_OFFICE)
    if not alone:
        yield branch
    if alone or order % SHARED_EVERY == 0:
        yield regional


def achievements(
    indicator: Indicator,
    branch: str,
    counts: Sequence[int],
    world: World,
) -> Iterator[Achievement]:
    offset = 17 * indicator.ordinal
    for order in range(counts[-1]):
        year = next(year for year, count in zip(YEARS, counts, strict=True) if order < count)
        number = (offset + order) % REGISTER_SIZE
        for office in _claims(number, order, year, branch):
            yield world.achievement(indicator, number, office, year, order)
    # Reported by the slow office and not approved: must not show in any total.
    if indicator.code.startswith("FA"):
        extra = 12 if indicator.code == "FA6.1" else 2
        free = [n for n in range(REGISTER_SIZE) if n % len(REGIONAL) == REGIONAL.index(SLOW_OFFICE)]
        used = {(offset + order) % REGISTER_SIZE for order in range(counts[-1])}
        for number in [n for n in free if n not in used][:extra]:
            yield world.achievement(indicator, number, SLOW_OFFICE, YEARS[-1], number)


def _values(indicator: Indicator, office: str, place: int) -> Iterator[tuple[int, Value]]:
    """Invented figures of one office for the years it reports, by kind of indicator."""
    kind, code = indicator.kind, indicator.code
    years = (2015, 2017) if indicator.frequency == Indicator.Frequency.BIENNIAL else (2016, 2017)
    if kind == Indicator.Kind.RATIO and code.startswith("LS"):
        yield 2015, (Decimal(84), Decimal(210))
        yield 2017, (Decimal(117), Decimal(234))
    elif kind == Indicator.Kind.RATIO:
        for year in years:
            asked = 10 + 2 * place + (year - years[0])
            yield year, (Decimal(asked - 2 - place % 3), Decimal(asked))
    elif kind == Indicator.Kind.YES_NO:
        yield from ((years[0], "no"), (years[1], "yes"))
    elif kind == Indicator.Kind.MILESTONE:
        yield from ((years[0], "drafted"), (years[1], "adopted"))
    elif code == "LS2.1":
        yield from ((2015, Decimal("6.5")), (2017, Decimal("11.2")))
    elif code.startswith("LS"):
        yield from ((2015, Decimal(9)), (2017, Decimal(14)))
    elif indicator.entry_meaning == Indicator.EntryMeaning.TO_DATE:
        yield from ((years[0], Decimal(6 + place)), (years[1], Decimal(9 + 2 * place)))
    else:
        yield from ((years[0], Decimal(40 + 10 * place)), (years[1], Decimal(48 + 11 * place)))


def figures(world: World) -> Iterator[Figure]:
    assignments = Assignment.objects.select_related("indicator", "office").order_by(
        "indicator__ordinal", "office__ordinal"
    )
    place: dict[int, int] = {}
    for assignment in assignments:
        indicator, office = assignment.indicator, assignment.office.code
        place[indicator.pk] = place.get(indicator.pk, -1) + 1
        if indicator.kind == Indicator.Kind.COUNT or indicator.code in {"MK.1", "EV.1"}:
            continue
        for year, value in _values(indicator, office, place[indicator.pk]):
            if year == YEARS[-1] and office == OPEN_OFFICE:
                continue
            yield world.figure(indicator, office, year, value)


def published(fixtures: Path, world: World) -> Iterator[Figure | Target | Baseline]:
    """Figures that UN-Habitat published, with their source: not illustrative."""
    by_code = {i.code: i for i in Indicator.objects.select_related("responsible_office")}
    for raw in definitions(fixtures / "plan"):
        indicator = by_code[raw["code"]]
        first = True
        for value in raw.get("published_values") or []:
            number, source = Decimal(value["value"]), value["source"]
            if value["kind"] == "target":
                yield Target(
                    indicator=indicator,
                    year=value["year"],
                    value=number,
                    source=source,
                    decided_on=date(2016, 1, 1),
                )
                continue
            office = indicator.responsible_office
            if office is None:
                continue
            if first and raw["code"] == "MK.1":
                yield Baseline(indicator=indicator, value=number, year=value["year"], source=source)
            first = False
            if value["year"] > YEARS[-1]:
                continue
            yield Figure(
                indicator=indicator,
                office=office,
                period=world.periods[value["year"]],
                value=number,
                source=source,
                changed_at=world.at,
                changed_by=world.people[f"{office.code.lower()}.enter"],
            )


def evidence(figures: Sequence[Figure], world: World) -> Iterator[Evidence]:
    for figure in figures:
        if figure.office.code != SLOW_OFFICE:
            yield Evidence(
                indicator=figure.indicator,
                office=figure.office,
                period=figure.period,
                title="Office file, invented for demonstration",
                note="Invented for demonstration",
                added_at=world.at,
                added_by=figure.changed_by,
            )
