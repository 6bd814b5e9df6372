"""The work in the background on one report: its document, then one job for each of its files."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from jobs import rules
from jobs.models import Job
from organization.models import User
from reporting import permissions
from reporting.kinds import ASSEMBLE, KINDS, RENDER
from reporting.models import Rendering, Report, ReportDocument

ABSENT = "absent"
"""The state of a file that is to be made and that no job was asked for yet."""


def assembly_key(slug: str, number: int) -> str:
    """The key of the job that freezes document `number` of a report."""
    return f"{ASSEMBLE}:{slug}:{number}"


def file_key(slug: str, number: int, language: str = "", format: str = "") -> str:
    """The key of the job that makes one file of document `number`; the beginning of all of them."""
    return f"{RENDER}:{slug}:{number}:" + (f"{language}.{format}" if language else "")


@dataclass(frozen=True)
class FileWork:
    """One file: its language and format, where it stands (a state of a job or `absent`), its job.

    A file that is there is `done`, whoever made it.
    """

    language: str
    format: str
    state: str
    job: Job | None


@dataclass(frozen=True)
class ReportWork:
    """All that is to be done for the newest document of a report.

    `assembly` is the job that freezes it, if one was asked for. `files` are those of the document,
    by language and format; those of a document that is not frozen yet are `absent`.
    """

    assembly: Job | None
    files: tuple[FileWork, ...]
    may_steer: bool

    @property
    def jobs(self) -> tuple[Job, ...]:
        """All jobs, the document's first."""
        found = (self.assembly, *(file.job for file in self.files))
        return tuple(job for job in found if job is not None)

    @property
    def open(self) -> tuple[Job, ...]:
        """The jobs that wait or run."""
        return tuple(job for job in self.jobs if job.state in rules.OPEN)

    @property
    def stopped(self) -> tuple[Job, ...]:
        """The jobs that failed, were cancelled or were set aside before their file was made."""
        made = {file.job for file in self.files if file.state == rules.DONE}
        return tuple(job for job in self.jobs if job.state in rules.RESTARTABLE and job not in made)

    @property
    def is_frozen(self) -> bool:
        """True if the document is frozen, so that its files can be made."""
        return self.assembly is None or self.assembly.state == rules.DONE

    @property
    def missing(self) -> tuple[FileWork, ...]:
        """Files of a frozen document that are not made and that no job makes."""
        return tuple(one for one in self.files if one.state == ABSENT) if self.is_frozen else ()

    @property
    def made(self) -> int:
        """How many files are made."""
        return sum(file.state == rules.DONE for file in self.files)

    @property
    def is_over(self) -> bool:
        """True if nothing more happens by itself."""
        return not self.open

    @property
    def is_done(self) -> bool:
        """True if the document is frozen and every file of it is made."""
        return self.is_over and self.is_frozen and self.made == len(self.files)


def work_on(
    report: Report,
    row: ReportDocument | None,
    renderings: Iterable[Rendering],
    languages: Iterable[str],
    user: User | AnonymousUser,
) -> ReportWork:
    """The work on a report whose document and files are given. One query.

    `languages` are those of the document: an issued report is to have its files in all of them, a
    working copy in those that were asked for.
    """
    number, issued = row.number if row else 0, report.state == Report.State.ISSUED
    jobs = _jobs(report.slug, number)
    coming = None if issued else jobs.get(assembly_key(report.slug, number + 1))
    assembly = None if issued else jobs.get(assembly_key(report.slug, number))
    of_file = {
        (job.payload["language"], job.payload["format"]): job
        for job in jobs.values()
        if job.kind == RENDER
    }
    if coming is not None:
        assembly, of_file, renderings, languages = coming, {}, (), [coming.language]
    elif not issued:
        languages = {language for language, _format in of_file}
    made = {(one.language, one.format) for one in renderings}
    kind = KINDS.get(report.kind)
    files = tuple(
        _file(language, format, of_file.get((language, format)), made)
        for language in (kind.languages if kind else ())
        for format in (kind.formats if kind else ())
        if language in languages
    )
    asked = {job.requested_by_id for job in jobs.values() if job.requested_by_id}
    return ReportWork(assembly, files, permissions.may_steer(user) or user.pk in asked)


def _jobs(slug: str, number: int) -> dict[str, Job]:
    """The jobs of a document and of the one after it, by key."""
    assembling = [assembly_key(slug, number), assembly_key(slug, number + 1)]
    rows = Job.objects.filter(
        Q(kind=ASSEMBLE, key__in=assembling)
        | Q(kind=RENDER, key__startswith=file_key(slug, number))
    )
    return {job.key: job for job in rows}


def _file(
    language: str, format: str, job: Job | None, made: Collection[tuple[str, str]]
) -> FileWork:
    if (language, format) in made:
        return FileWork(language, format, rules.DONE, job)
    return FileWork(language, format, job.state if job else ABSENT, job)
