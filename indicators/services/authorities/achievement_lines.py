"""Many achievements at once, as a file brings them: typed texts in, outcomes out.

The same rules as on the page. `compare_achievements` writes nothing and says what
`enter_achievements` would do.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from focus_areas.models import Period
from habitat_plan.kit.errors import RuleBroken
from indicators import messages, queries
from indicators.models import Achievement, Authority, Indicator, Submission, Upload
from indicators.services.authorities.achievements import (
    counted_already,
    differences,
    read_achievement,
    require_count,
)
from indicators.services.authorities.known import (
    KnownRegister,
    Places,
    lock_countries,
    read_type,
    type_words,
)
from indicators.services.authorities.lines import State, refuse_if_any
from indicators.services.authorities.register import read_name
from indicators.services.submissions import require_assigned, require_open
from organization.models import Office, Role, User
from organization.permissions import require
from organization.services import audit

DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
FIELDS = ("achieved_on", "evidence", "link")


@dataclass(frozen=True)
class AchievementLine:
    """An achievement as typed. The authority goes by any of its names; country and type are needed
    only if several have the name, or if it is to be registered. The day: year-month-day.
    """

    indicator: Indicator
    office: Office
    period: Period
    authority: str
    country: str = ""
    type: str = ""
    achieved_on: str = ""
    evidence: str = ""
    link: str = ""


@dataclass(frozen=True)
class AchievementOutcome:
    """What became, or would become, of a line. `changes` maps a field to (from, to).

    `subject` is the achievement; not stored yet if `compare_achievements` says that it is new.
    """

    line: AchievementLine
    state: State
    subject: Achievement | None = None
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    refusal: RuleBroken | None = None


def compare_achievements(
    *, lines: Iterable[AchievementLine], by: User, at: datetime
) -> list[AchievementOutcome]:
    """What entering these lines would do. Writes nothing."""
    return _Reader(list(lines), by, at, write=False).read()


@transaction.atomic
def enter_achievements(
    *,
    lines: Iterable[AchievementLine],
    by: User,
    at: datetime,
    upload: Upload | None = None,
    reason: str = "",
) -> list[AchievementOutcome]:
    """Writes all that is not refused, in one transaction; with an upload, all or nothing.

    Raises RuleBroken `lines_refused` with the sentences if an upload holds a refused line. An
    upload leaves one audit entry for each office and year, its changes by indicator code.
    """
    reader = _Reader(list(lines), by, at, write=True)
    outcomes = reader.read()
    refuse_if_any(outcomes, upload)
    made = reader.drafts
    Authority.objects.bulk_create(made, batch_size=500)
    new = [one.subject for one in outcomes if one.state == "new" and one.subject]
    Achievement.objects.bulk_create(new, batch_size=500)
    changed = [one.subject for one in outcomes if one.state == "changed" and one.subject]
    Achievement.objects.bulk_update(changed, FIELDS, batch_size=200)
    entries = [
        audit.Change("register authority", one, {"name": (None, one.name)}, reason) for one in made
    ]
    written = [one for one in outcomes if one.state in {"new", "changed"}]
    entries += _imported(written, upload, reason) if upload else _single(written, reason)
    audit.record_all(changes=entries, by=by, at=at)
    return outcomes


def _single(written: Iterable[AchievementOutcome], reason: str) -> list[audit.Change]:
    actions = {"new": "add achievement", "changed": "change achievement"}
    return [
        audit.Change(actions[one.state], one.subject, one.changes, reason, one.line.office)
        for one in written
        if one.subject is not None
    ]


def _imported(
    written: Iterable[AchievementOutcome], upload: Upload, reason: str
) -> list[audit.Change]:
    """One entry for each office and year; by indicator, each authority with what it had and has."""
    found: dict[tuple[Office, Period], dict[str, tuple[list[Any], list[Any]]]] = defaultdict(dict)
    for one in written:
        of_office = found[one.line.office, one.line.period]
        before, after = of_office.setdefault(one.line.indicator.code, ([], []))
        name = one.subject.authority.name if one.subject else one.line.authority
        if one.state == "changed":
            before.append(_plain(name, {f: old for f, (old, _new) in one.changes.items()}))
        after.append(_plain(name, {f: new for f, (_old, new) in one.changes.items()}))
    return [
        audit.Change("import achievements", upload, changes, reason, office)
        for (office, _period), changes in found.items()
    ]


def _plain(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {"authority": name} | {field: audit.plain(value) for field, value in values.items()}


def read_day(text: str) -> date:
    """A typed day. Raises RuleBroken `day_needed` and `not_a_day`."""
    if not text.strip():
        raise RuleBroken("day_needed", _("Give the day."), "achieved_on")
    found = DAY.fullmatch(text.strip())
    try:
        if found:
            return date(*(int(part) for part in found.groups()))
    except ValueError:
        pass
    raise RuleBroken(
        "not_a_day",
        _("Write the day as year-month-day, such as 2017-06-30."),
        "achieved_on",
    )


class _Reader:
    """Reads lines against what is stored, one after the other, in a fixed number of queries, and
    a few more for each office and year.
    """

    def __init__(
        self, lines: list[AchievementLine], by: User, at: datetime, *, write: bool
    ) -> None:
        self.lines, self.by, self.at, self.write = lines, by, at, write
        self.gates = _Once(self._gate)
        places = {(line.office, line.period) for line in lines}
        # Always in one order, so that two files that name the same offices wait, not block.
        for office, period in sorted(places, key=lambda pair: (pair[0].pk, pair[1].pk)):
            self.gates.refusal(office, period)
        self.assigned = _Once(require_assigned)
        self.countries, self.types = Places(), type_words()
        named = [self.countries.find(line.country) for line in lines]
        found = {one.pk for one in named if one is not None}
        if write:
            lock_countries(found)
        self.known = KnownRegister(None if None in named else found)
        self.drafts: list[Authority] = []
        self.held = self._held()
        self.seen: set[tuple[int, int, int]] = set()

    def _held(self) -> dict[tuple[int, int, int], list[Achievement]]:
        """What the offices count already: by indicator, office and the entry that stands."""
        rows = Achievement.objects.filter(
            office__in={line.office.pk for line in self.lines},
            indicator__in={line.indicator.pk for line in self.lines},
        ).select_related("authority", "period", "indicator")
        found: dict[tuple[int, int, int], list[Achievement]] = defaultdict(list)
        for row in rows:
            stands = row.authority.merged_into_id or row.authority_id
            found[row.indicator_id, row.office_id, stands].append(row)
        return found

    def _gate(self, office: Office, period: Period) -> None:
        """May this person write here now? Comparing asks the same and leaves no draft behind."""
        require(self.by, Role.CONTRIBUTOR, office=office)
        if self.write:
            require_open(office=office, period=period, at=self.at)
            return
        of_office = Submission.objects.filter(office=office, period=period).first()
        submission = of_office or Submission(office=office, period=period)
        lock = queries.lock_on(submission, today=self.at.date())
        if lock is not None:
            raise RuleBroken("locked", messages.lock(lock, period))

    def read(self) -> list[AchievementOutcome]:
        """What each line comes to."""
        return [self._outcome(line) for line in self.lines]

    def _outcome(self, line: AchievementLine) -> AchievementOutcome:
        try:
            return self._read(line)
        except RuleBroken as broken:
            return AchievementOutcome(line, "refused", refusal=broken)

    def _read(self, line: AchievementLine) -> AchievementOutcome:
        self.gates.ask(line.office, line.period)
        require_count(line.indicator)
        self.assigned.ask(line.indicator, line.office)
        values = read_achievement(
            period=line.period,
            achieved_on=read_day(line.achieved_on),
            evidence=line.evidence,
            link=line.link,
        )
        number = self._authority(line)
        key = (line.indicator.pk, line.office.pk, number)
        if key in self.seen:
            raise RuleBroken(
                "named_twice",
                _("%(name)s stands in the file twice. Keep one of the two.")
                % {"name": line.authority},
                "authority",
            )
        self.seen.add(key)
        held = self.held.get(key, [])
        stored = next((one for one in held if one.period_id == line.period.pk), None)
        if stored is not None:
            return self._against(stored, line, values)
        if held:
            raise counted_already(self.known.entries[number], held[0])
        return self._new(line, self.known.entries[number], values)

    def _authority(self, line: AchievementLine) -> int:
        try:
            name, key = read_name(line.authority)
            country = self.countries.read(line.country)
            type = read_type(line.type, self.types)
            found = self.known.standing(self.known.called(key, country, type))
            if len(found) == 1:
                return found.pop()
            if found:
                raise RuleBroken(
                    "which_authority",
                    _("Several authorities are called %(name)s. Give the country and the type.")
                    % {"name": name},
                    "country" if country is None else "type",
                )
            number = self.known.draft(name=name, type=type, country=country, sure=False)
        except RuleBroken as broken:
            broken.field = "authority" if broken.field == "name" else broken.field
            raise
        self.drafts.append(self.known.entries[number])
        return number

    def _against(
        self, stored: Achievement, line: AchievementLine, values: Mapping[str, Any]
    ) -> AchievementOutcome:
        changes = differences(stored, values)
        if self.write:
            for name, value in values.items():
                setattr(stored, name, value)
        return AchievementOutcome(line, "changed" if changes else "unchanged", stored, changes)

    def _new(
        self, line: AchievementLine, authority: Authority, values: Mapping[str, Any]
    ) -> AchievementOutcome:
        made = Achievement(
            indicator=line.indicator,
            authority=authority,
            office=line.office,
            period=line.period,
            illustrative=authority.illustrative,
            added_at=self.at,
            added_by=self.by,
            **values,
        )
        changes = {name.replace("_", " "): (None, value) for name, value in values.items() if value}
        return AchievementOutcome(line, "new", made, changes)


class _Once:
    """A question asked once for the same things: its refusal is kept and given again."""

    def __init__(self, question: Callable[[Any, Any], None]) -> None:
        self.question = question
        self.answers: dict[tuple[Any, Any], RuleBroken | None] = {}

    def refusal(self, one: Any, other: Any) -> RuleBroken | None:
        """Why the answer is no; None if it is yes."""
        if (one, other) not in self.answers:
            try:
                self.question(one, other)
                self.answers[one, other] = None
            except RuleBroken as broken:
                self.answers[one, other] = broken
        return self.answers[one, other]

    def ask(self, one: Any, other: Any) -> None:
        """Raises RuleBroken if the answer is no."""
        if (refusal := self.refusal(one, other)) is not None:
            raise refusal
