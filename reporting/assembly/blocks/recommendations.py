"""Recommendations: what was said and done about them, how late the open ones are (p.99)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from evaluations.queries.recommendations import Recommended
from evaluations.queries.reported import Reported
from evaluations.rules import ageing, tallies
from evaluations.rules.follow_up import Standing
from evaluations.standing_words import BANDS, DECISIONS
from reporting.assembly import words
from reporting.assembly.blocks.evaluation_counts import Counts, name_of
from reporting.assembly.composer import Composer, Place, titled
from reporting.assembly.words import Count, Sentence, sentence
from reporting.document import Block, Chart, ChartPoint, Column, FigureRef, Row, Table, Text

OLDEST = ageing.BANDS[-1].code
DOES_NOT_APPLY = {"rejected": ("-closed", "-open", "-verify"), "awaiting": ("-verify",)}
"""Nothing is done about a recommendation before it is accepted."""
NOT_LATE = (ageing.BANDS[0].code, ageing.NO_DATE)


def recommendations(composer: Composer, place: Place) -> Iterable[Block]:
    """What was recommended, what management answered, what is done, and what is late."""
    if composer.snapshot.evaluated is None:
        yield composer.numbering.paragraph(
            sentence(
                "Recommendations are not yet recorded in this system, so their status is not "
                "given here."
            )
        )
        return
    yield from follow_up(composer, place)


def follow_up(composer: Composer, _place: Place) -> Iterable[Block]:
    """The same; nothing if evaluations were not read."""
    reported = composer.snapshot.evaluated
    if reported is None:
        return
    told = _Told(composer, reported)
    yield composer.numbering.paragraph(*told.given(), *told.implemented())
    if told.found:
        yield told.responses()
        yield composer.numbering.paragraph(*told.open())
        yield told.ages()
        yield told.chart()
        yield told.rates()


def by_evaluation(composer: Composer, _place: Place) -> Iterable[Block]:
    """The implementation rate of each evaluation of the period."""
    reported = composer.snapshot.evaluated
    if reported is None:
        return
    of_period = {one.evaluation.code for one in reported.of_period}
    told = _Told(composer, reported)
    found = [one for one in told.found if one.recommendation.evaluation.code in of_period]
    if found:
        yield told.of_evaluations(found)


class _Told:
    """All recommendations of a document, told in sentences, tables and a chart."""

    def __init__(self, composer: Composer, reported: Reported) -> None:
        self.composer, self.reported = composer, reported
        self.counts, self.found = Counts(composer, reported), reported.recommendations
        self.year = composer.snapshot.period.year

    def given(self) -> Iterator[Sentence]:
        """How many there are, and how many of them are of the period."""
        of_period = {one.evaluation.pk for one in self.reported.of_period}
        own = [one for one in self.found if one.recommendation.evaluation_id in of_period]
        known = self.counts.known()
        given = self.counts.recommendations("given", self.found, words.said("Recommendations"))
        if not self.found:
            yield sentence(
                "No recommendations are recorded in this system from evaluation reports published "
                "by the end of %(year)s, so no status is given here.",
                year=self.year,
            )
            return
        yield sentence(
            "Evaluation reports published by the end of %(year)s: %(known)s; recommendations "
            "recorded from them: %(given)s.",
            year=self.year,
            known=known,
            given=given,
        )
        yield sentence(
            "From reports published in %(period)s: %(own)s.",
            period=str(self.composer.snapshot.period),
            own=self._count(
                "given-in-period",
                own,
                words.said("Recommendations of evaluations published in the period"),
            ),
        )

    def implemented(self) -> Iterator[Sentence]:
        """The implementation rate in a sentence, and what is in neither of its numbers."""
        if not self.found:
            return
        rate = self._rate(self.found)
        accepted = [one for one in self.found if one.decision in ageing.ACCEPTED]
        overtaken = _in(accepted, Standing.OVERTAKEN)
        counted = [one for one in accepted if one.standing != Standing.OVERTAKEN]
        done = _in(accepted, Standing.IMPLEMENTED)
        if not rate.counted:
            yield sentence(
                "No implementation rate is given, since none of them counts as accepted yet."
            )
        else:
            yield sentence(
                "Implemented by the end of %(year)s: %(implemented)s of the %(counted)s accepted "
                "wholly or in part, an implementation rate of %(rate)s per cent.",
                counted=self._count("counted", counted, words.said("Accepted wholly or in part")),
                implemented=self._count("implemented", done, words.said("Implemented")),
                year=self.year,
                rate=FigureRef(self.counts.rate("rate", rate, self.found)),
            )
        if overtaken:
            yield sentence(
                "Overtaken by events, and in neither number: %(overtaken)s.",
                overtaken=self._count("overtaken", overtaken, words.said("Overtaken by events")),
            )

    def open(self) -> Iterator[Sentence]:
        """How many are open, late and waiting to be verified."""
        still = [one for one in self.found if one.is_open]
        aged = {code: self.in_band(code) for code in BANDS}
        late = [one for code, found in aged.items() if code not in NOT_LATE for one in found]
        to_verify = _in(still, Standing.TO_VERIFY)
        yield sentence(
            "Open at the end of %(year)s: %(open)s; late: %(late)s; late by more than a year: "
            "%(oldest)s; waiting for verification by the Evaluation Unit: %(verify)s.",
            year=self.year,
            open=self._count("open", still, words.said("Open recommendations")),
            late=self._count("late", late, words.said("Late recommendations")),
            oldest=self._count(
                "oldest", aged[OLDEST], words.said("Recommendations late by more than a year")
            ),
            verify=self._count(
                "to-verify", to_verify, words.said("Recommendations waiting for verification")
            ),
        )
        yield sentence(
            "A recommendation is closed when the Evaluation Unit has verified it, not when its "
            "owner says so."
        )

    def _rate(self, found: Iterable[Recommended]) -> ageing.Rate:
        return tallies.rate(tallies.tally(one.counted() for one in found))

    def in_band(self, code: str) -> list[Recommended]:
        """The open ones of a band of lateness."""
        return [
            one for one in self.found if one.is_open and ageing.band_of(one.due_on, one.day) == code
        ]

    def responses(self) -> Table:
        """What was said and what was done, a line for each answer."""
        rows = []
        for decision in tallies.responses({}):
            is_all = decision == "all"
            chosen = [
                one for one in self.found if is_all or (one.decision or "awaiting") == decision
            ]
            name = words.said("All") if is_all else titled(DECISIONS[decision])
            cells = self._line(decision, name, chosen)
            rows.append(Row((name, *cells), "total" if is_all else ""))
        return Table(
            number=self.composer.numbering.table(),
            title=words.said("What was said and what was done"),
            key="responses",
            columns=(
                Column("response", words.said("Response"), weight=32),
                Column("given", words.said("Given"), "number", weight=12),
                Column("closed", words.said("Closed"), "number", weight=12),
                Column("open", words.said("Open, in time or late"), "number", weight=18),
                Column("verify", words.said("Waiting for verification"), "number", weight=18),
            ),
            rows=tuple(rows),
        )

    def _line(
        self, decision: str, name: Text, chosen: Sequence[Recommended]
    ) -> Iterator[FigureRef]:
        """Given, closed, open and to be verified, as `ageing.Line` counts them."""
        closed = [one for one in chosen if one.standing in ageing.SETTLED]
        to_verify = _in(chosen, Standing.TO_VERIFY)
        still = [one for one in chosen if one.is_open and one.standing != Standing.TO_VERIFY]
        for what, found, head in (
            ("", chosen, words.said("Given")),
            ("-closed", closed, words.said("Closed")),
            ("-open", still, words.said("Open, in time or late")),
            ("-verify", to_verify, words.said("Waiting for verification")),
        ):
            label = words.run_together(name, words.plain(" – "), head)
            counted = self._count(f"said-{decision}{what}", found, label)
            if what in DOES_NOT_APPLY.get(decision, ()):
                self.counts.does_not_apply(counted.key)
            yield FigureRef(counted.key)

    def ages(self) -> Table:
        """How late the open ones are."""
        rows = [
            Row((name, FigureRef(self._band(code, name).key))) for code, name in _bands().items()
        ]
        still = [one for one in self.found if one.is_open]
        total = self._count("open", still, words.said("Open recommendations"))
        rows.append(Row((words.said("Open"), FigureRef(total.key)), "total"))
        return Table(
            number=self.composer.numbering.table(),
            title=words.said("How old the open recommendations are"),
            key="ageing",
            columns=(
                Column("late", words.said("Lateness"), weight=60),
                Column("open", words.said("Open"), "number", weight=20),
            ),
            rows=tuple(rows),
        )

    def chart(self) -> Chart:
        """The same as bars."""
        names = _bands()
        counted = {code: self._band(code, name) for code, name in names.items()}
        title = words.said("Open recommendations by lateness")
        return Chart(
            number=self.composer.numbering.chart(),
            kind="bars",
            title=title,
            alternative=_alternative(title, names, counted),
            points=tuple(ChartPoint(code, names[code], counted[code].key) for code in names),
            key="ageing.bars",
        )

    def _band(self, code: str, name: Text) -> Count:
        return self._count(f"band-{code}", self.in_band(code), name)

    def _count(self, what: str, chosen: Sequence[Recommended], label: Text) -> Count:
        return self.counts.recommendations(what, chosen, label, among=self.found)

    def rates(self) -> Table:
        """The implementation rate of each office."""
        groups: dict[str, list[Recommended]] = {}
        for one in sorted(self.found, key=lambda one: one.recommendation.office.code):
            groups.setdefault(one.recommendation.office.code, []).append(one)
        return self._rates(
            "rates",
            words.said("Implementation by office"),
            words.said("Office"),
            [
                (words.of(found[0].recommendation.office.name), code, found)
                for code, found in groups.items()
            ],
        )

    def of_evaluations(self, found: Sequence[Recommended]) -> Table:
        """The implementation rate of each evaluation."""
        groups: dict[str, list[Recommended]] = {}
        for one in found:
            groups.setdefault(one.recommendation.evaluation.code, []).append(one)
        return self._rates(
            "rates-of-evaluations",
            words.said("Implementation by evaluation of the period"),
            words.said("Evaluation"),
            [
                (words.plain(name_of(those[0].recommendation.evaluation)), code, those)
                for code, those in groups.items()
            ],
        )

    def _rates(
        self,
        key: str,
        title: Text,
        head: Text,
        groups: Sequence[tuple[Text, str, Sequence[Recommended]]],
    ) -> Table:
        """One row a group: what was given, accepted, implemented, overtaken, and the rate."""
        return Table(
            number=self.composer.numbering.table(),
            title=title,
            key=key,
            columns=(
                Column("group", head, weight=34),
                Column("given", words.said("Given"), "number", weight=11),
                Column("accepted", words.said("Accepted"), "number", weight=13),
                Column("implemented", words.said("Implemented"), "number", weight=15),
                Column("overtaken", words.said("Overtaken"), "number", weight=13),
                Column("rate", words.said("Rate"), "per_cent", weight=14),
            ),
            rows=tuple(Row((name, *self._group(key, code, found))) for name, code, found in groups),
            note=words.said(
                "The rate is what was implemented out of what was accepted wholly or in part, "
                "without what events overtook."
            ),
        )

    def _group(self, key: str, code: str, found: Sequence[Recommended]) -> Iterator[FigureRef]:
        accepted = [one for one in found if one.decision in ageing.ACCEPTED]
        for what, chosen, label in (
            ("given", found, words.said("Recommendations")),
            ("accepted", accepted, words.said("Accepted wholly or in part")),
            ("implemented", _in(accepted, Standing.IMPLEMENTED), words.said("Implemented")),
            ("overtaken", _in(accepted, Standing.OVERTAKEN), words.said("Overtaken by events")),
        ):
            counted = self.counts.recommendations(f"{key}-{what}", chosen, label, found, code)
            yield FigureRef(counted.key)
        rate = self._rate(found)
        yield FigureRef(self.counts.rate(f"{key}-rate", rate, found, code))


def _in(found: Iterable[Recommended], standing: Standing) -> list[Recommended]:
    return [one for one in found if one.standing == standing]


def _bands() -> dict[str, Text]:
    """The bands of lateness in words."""
    return {code: titled(said) for code, said in BANDS.items()}


def _alternative(title: Text, names: Mapping[str, Text], counted: Mapping[str, Count]) -> Text:
    """The chart in a sentence: its title, and each bar with its number."""
    texts = {}
    for language, said in title.texts.items():
        bars = "; ".join(
            f"{name.in_language(language)}: {counted[code].number}" for code, name in names.items()
        )
        texts[language] = f"{said}. {bars}."
    return Text(texts, words.WORKING)
