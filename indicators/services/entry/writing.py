"""Saving what was judged, in a fixed number of statements a chunk, and its trail."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Model, Q

from habitat_plan.kit.quick_rows import put_rows
from indicators.models import CheckAnswer, FigurePart, Submission, Upload
from indicators.services.entry.desk import Desk, Group
from indicators.services.entry.judging import ANSWER
from indicators.services.entry.lines import FIELDS, Outcome
from organization.models import User
from organization.services import audit

UNIQUE = ("indicator_id", "office_id", "period_id")
CHANGED = (*FIELDS, "version", "changed_at", "changed_by_id")
ENTRIES_AT_ONCE = 20
Below = dict[tuple[int, str], Any]
"""By the id of a figure and the name of what hangs on it."""


def begin_submissions(desk: Desk, outcomes: Sequence[Outcome]) -> set[Group]:
    """Makes the drafts that what changes belongs to, where there are none; whose they are."""
    missing = {
        (outcome.line.office.pk, outcome.line.period.pk)
        for outcome in outcomes
        if outcome.changes
    } - set(desk.submissions)
    if missing:
        Submission.objects.bulk_create(
            [Submission(office_id=office, period_id=period) for office, period in sorted(missing)],
            ignore_conflicts=True,
        )
    return missing


def store(desk: Desk, outcomes: Sequence[Outcome], *, by: User, at: datetime) -> None:
    """Saves figures, parts and answers that changed; each row once, as it stands at the end."""
    figures = {
        id(outcome.figure): outcome.figure
        for outcome in outcomes
        if outcome.changes and outcome.figure is not None
    }
    put_rows(list(figures.values()), unique=UNIQUE, update=CHANGED)
    parts, answers = _below(outcomes)
    _store_below(
        FigurePart,
        "category_id",
        {
            (figure, desk.category(name)): {"value": value}
            for (figure, name), value in parts.items()
        },
    )
    made = {"answered_at": at, "answered_by": by}
    _store_below(
        CheckAnswer,
        "check_code",
        {
            (figure, name.removeprefix(ANSWER)): {"sentence": value, **made}
            for (figure, name), value in answers.items()
        },
    )


def _below(outcomes: Iterable[Outcome]) -> tuple[Below, Below]:
    """The last value of each changed part and of each changed answer, by figure id and name."""
    parts: Below = {}
    answers: Below = {}
    for outcome in outcomes:
        for name, (_before, after) in outcome.changes.items():
            if outcome.figure is not None and name not in FIELDS:
                kept = answers if name.startswith(ANSWER) else parts
                kept[outcome.figure.pk, name] = after
    return parts, answers


def _store_below(
    model: type[Model], key: str, rows: Mapping[tuple[int, Any], dict[str, Any]]
) -> None:
    """Makes or changes rows under a figure, by figure id and key; takes out those without value."""
    first = next(iter(rows.values()), {})
    value = next(iter(first), "")
    gone = Q()
    kept = []
    for (figure, name), fields in rows.items():
        if fields[value] is None:
            gone |= Q(figure=figure, **{key: name})
        else:
            kept.append(model(**{"figure_id": figure, key: name}, **fields))
    if gone:
        model._default_manager.filter(gone).delete()
    if kept:
        model._default_manager.bulk_create(
            kept,
            update_conflicts=True,
            unique_fields=["figure", key.removesuffix("_id")],
            update_fields=list(first),
        )


class Trail:
    """What is recorded of entered figures: an entry for each figure that changed."""

    def __init__(self, reason: str = "") -> None:
        self.reason = reason
        self._changes: list[audit.Change] = []

    def note(self, desk: Desk, outcomes: Sequence[Outcome]) -> None:
        """Remembers what changed."""
        self._changes += [
            audit.Change(
                "enter figure", outcome.figure, outcome.changes, self.reason, outcome.line.office
            )
            for outcome in outcomes
            if outcome.changes and outcome.figure is not None
        ]

    def write(self, *, by: User, at: datetime) -> None:
        """Records it. The last thing done, for from here on all other writers wait."""
        audit.record_all(changes=self._changes, by=by, at=at)


class ImportTrail(Trail):
    """One entry for each office and year of a file, on its submission.

    `changes` maps the code of each indicator to (fields before, fields after), as the audit trail
    keeps values, and `upload` to the number of the upload. What is noted is kept as JSON text, ten
    times smaller than the objects, so that a long file stays small in memory.
    """

    def __init__(self, upload: Upload, reason: str = "") -> None:
        super().__init__(reason or upload.file_name)
        self._upload = upload
        self._open: dict[Group, dict[str, Any]] = {}
        self._sealed: list[tuple[Submission, str]] = []

    def note(self, desk: Desk, outcomes: Sequence[Outcome]) -> None:
        """Remembers what changed, and packs what the last line no longer belongs to."""
        last: Group | None = None
        for outcome in outcomes:
            if not outcome.changes:
                continue
            last = (outcome.line.office.pk, outcome.line.period.pk)
            code = outcome.line.indicator.code
            if code in self._open.setdefault(last, {}):
                # The same figure twice in a file: each value stays in the history.
                self._seal(desk, last)
                self._open[last] = {}
            self._open[last][code] = (
                {name: audit.plain(before) for name, (before, _after) in outcome.changes.items()},
                {name: audit.plain(after) for name, (_before, after) in outcome.changes.items()},
            )
        for group in [group for group in self._open if group != last]:
            self._seal(desk, group)
        self._desk = desk

    def _seal(self, desk: Desk, group: Group) -> None:
        text = json.dumps(self._open.pop(group), ensure_ascii=False, separators=(",", ":"))
        self._sealed.append((desk.submissions[group], text))

    def write(self, *, by: User, at: datetime) -> None:
        """Records it, a few entries at once."""
        for group in list(self._open):
            self._seal(self._desk, group)
        changes = self._unpacked()
        while some := list(islice(changes, ENTRIES_AT_ONCE)):
            audit.record_all(changes=some, by=by, at=at)

    def _unpacked(self) -> Iterator[audit.Change]:
        for submission, text in self._sealed:
            yield audit.Change(
                "import figures",
                submission,
                {"upload": (None, self._upload.pk), **json.loads(text)},
                self.reason,
                submission.office,
            )
