"""The work in the background in words: its steps, its files, what failed, what may be done."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from habitat_plan.kit.wording import NATIVE_NAMES
from jobs import rules
from jobs.models import Job
from jobs.queries import status_of
from reporting.queries.work import ABSENT, FileWork, ReportWork

WORDS: dict[str, str | Promise] = {
    rules.QUEUED: gettext_lazy("Waiting"),
    rules.RUNNING: gettext_lazy("Under way"),
    rules.DONE: gettext_lazy("Done"),
    rules.FAILED: gettext_lazy("Failed"),
    rules.CANCELLED: gettext_lazy("Cancelled"),
    rules.PARKED: gettext_lazy("Set aside"),
    ABSENT: gettext_lazy("Not begun"),
}
# The steps of a job that freezes a document, as they are named in its handler.
FREEZING = ("collecting", "document")
# A whole is as the first of these that occurs in its parts.
GRAVEST = (rules.PARKED, rules.FAILED, rules.CANCELLED, ABSENT)


@dataclass(frozen=True)
class Part:
    """A step of the work or a file of it: what it is, its state (of a job, or `absent`), a word."""

    label: str
    state: str
    word: str

    @property
    def look(self) -> str:
        """The look of the state among the states of work."""
        return "planned" if self.state == ABSENT else self.state


@dataclass(frozen=True)
class Row:
    """The files in one language."""

    language: str
    name: str
    files: tuple[Part, ...]


@dataclass(frozen=True)
class Trouble:
    """Work that stopped or is tried again: the sentence why, what it was, what to tell support."""

    sentence: str
    parts: tuple[str, ...]
    references: tuple[str, ...]


@dataclass(frozen=True)
class WorkView:
    """The whole work on a report, for its page and for a terminal.

    `rows` holds the files once the document is frozen. `percent` counts the freezing as one part
    and each file as one.
    """

    whole: Part
    sentence: str
    steps: tuple[Part, ...]
    formats: tuple[str, ...]
    rows: tuple[Row, ...]
    troubles: tuple[Trouble, ...]
    made: int
    total: int
    percent: int
    is_over: bool
    may_cancel: bool
    may_retry: bool


def shown_work(work: ReportWork, *, at: datetime) -> WorkView:
    """The work in the reader's language."""
    total, freezing = len(work.files), work.assembly is not None
    frozen = freezing and work.is_frozen
    return WorkView(
        whole=_part(_("Work on the files of this report"), _state(work)),
        sentence=_sentence(work, at=at),
        steps=tuple(_steps(work)),
        formats=tuple(dict.fromkeys(file.format for file in work.files)),
        rows=tuple(_rows(work.files)) if work.is_frozen else (),
        troubles=tuple(_troubles(work, at=at)),
        made=work.made,
        total=total,
        percent=100 * (work.made + frozen) // max(1, total + freezing),
        is_over=work.is_over,
        may_cancel=work.may_steer and not work.is_over,
        may_retry=work.may_steer and bool(work.stopped or work.missing),
    )


def _part(label: str, state: str) -> Part:
    return Part(label, state, str(WORDS[state]))


def _state(work: ReportWork) -> str:
    """The state of the whole: under way as soon as anything of it has begun."""
    if work.open:
        begun = work.made or any(job.state == rules.RUNNING for job in work.open)
        return rules.RUNNING if begun else rules.QUEUED
    states = {job.state for job in work.stopped} | {file.state for file in work.missing}
    return next((state for state in GRAVEST if state in states), rules.DONE)


def _sentence(work: ReportWork, *, at: datetime) -> str:
    """How far the work is, or why it waits or stopped."""
    if work.open:
        waits = all(job.state == rules.QUEUED for job in work.open)
        first = status_of(work.open[0], at=at).sentence
        if not work.is_frozen:
            return first
        return f"{_counted(work)} {first}" if waits else _counted(work)
    state = _state(work)
    if state == rules.CANCELLED:
        return _("The work was cancelled. What was made by then stays.")
    if state == ABSENT:
        return _("Some files of this report have not been asked for yet.")
    if state == rules.DONE:
        return _("All files are made.")
    return _("Some of the work could not be done. Trying again makes only what is missing.")


def _counted(work: ReportWork) -> str:
    return ngettext(
        "%(made)d of %(total)d file is made.", "%(made)d of %(total)d files are made.",
        len(work.files),
    ) % {"made": work.made, "total": len(work.files)}  # fmt: skip


def _steps(work: ReportWork) -> Iterable[Part]:
    """Collecting, freezing, making files; an issued report's document was frozen when issued."""
    job = work.assembly
    if job is not None:
        labels = (_("Collecting approved figures"), _("Freezing the document"))
        at_step = FREEZING.index(job.step) if job.step in FREEZING else 0
        for number, label in enumerate(labels):
            if work.is_frozen or number < at_step or job.step == "asking":
                yield _part(label, rules.DONE)
            else:
                yield _part(label, job.state if number == at_step else ABSENT)
    files = _state(work) if work.is_frozen else ABSENT
    label = _("Making files: %(made)d of %(total)d") if work.is_frozen else _("Making files")
    yield _part(label % {"made": work.made, "total": len(work.files)}, files)


def _rows(files: Iterable[FileWork]) -> Iterable[Row]:
    """The table of files: a row for each language."""
    by_language = defaultdict(list)
    for file in files:
        by_language[file.language].append(_part(file.format.upper(), file.state))
    for language, parts in by_language.items():
        yield Row(language, NATIVE_NAMES[language], tuple(parts))


def _troubles(work: ReportWork, *, at: datetime) -> Iterable[Trouble]:
    """Each sentence about what went wrong, with all that it went wrong for."""
    names: dict[int, str] = {
        file.job.pk: f"{NATIVE_NAMES[file.language]} {file.format.upper()}"
        for file in work.files
        if file.job is not None
    }
    found: dict[str, list[Job]] = defaultdict(list)
    for job in work.jobs:
        if job.error_message:
            found[status_of(job, at=at).sentence].append(job)
    for sentence, jobs in found.items():
        yield Trouble(
            sentence,
            tuple(names.get(job.pk, _("The document")) for job in jobs),
            tuple(job.reference for job in jobs),
        )
