"""Everything that is not out yet, in every state it can be in, with words and a number of its own.

Whoever is not of the secretariat must not learn of any of it. The rows are made without the
services, which would refuse half of them.
"""

import dataclasses
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import cycle
from typing import Any

import draft_evaluations
from django.apps import apps
from django.db.models import Model
from django.utils import timezone

from focus_areas.models import Period
from indicators.models import (
    Achievement,
    Authority,
    AuthorityName,
    Category,
    CheckAnswer,
    Distinction,
    Evidence,
    Figure,
    FigurePart,
    Indicator,
    PeriodException,
    Remark,
    Submission,
    SubmissionStep,
    Upload,
)
from jobs.models import Job
from organization.models import AccessKey, Country, Notice, Office, RoleAssignment, User
from organization.services import audit
from reporting import storage
from reporting.document import Document, Text, fingerprint, from_json, to_json
from reporting.kinds import ASSEMBLE, KINDS, RENDER
from reporting.models import (
    BoundFigure,
    Question,
    Rendering,
    Report,
    ReportDocument,
    Section,
    SectionComment,
    SectionText,
    SectionVersion,
)

WORD = "Zzyzxcanary"
NUMBER = 987654321
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
OTHER_MISSION = "ZZMISSION"
"""An office that is there with and without drafts: which offices there are is told to everybody."""
UNAPPROVED = ("draft", "submitted", "returned")
IN_WORK = ("planned", "assembled", "cleared")
APPS = ("organization", "jobs", "focus_areas", "indicators", "evaluations", "reporting")
PUBLIC_DATA = {
    "organization.office": "which offices there are is told to everybody",
    "organization.region": "as the standard has them",
    "organization.country": "as the standard has them",
    "focus_areas.*": "the plan and its calendar",
    "indicators.axis": "how things are measured is told to everybody",
    "indicators.category": "how things are measured is told to everybody",
    "indicators.indicator": "how things are measured is told to everybody",
    "indicators.indicatoroption": "how things are measured is told to everybody",
    "indicators.assignment": "who reports on what is told to everybody",
    "indicators.baseline": "decided with the plan",
    "indicators.target": "decided with the plan",
    "indicators.ratingscale": "how things are rated is told to everybody",
    "indicators.ratinggrade": "how things are rated is told to everybody",
    "indicators.series": "published by others",
    "indicators.observation": "published by others",
    "indicators.publishedaggregate": "published by others",
    "indicators.periodwindow": "by when figures are due is no draft",
    "indicators.correction": "made of an approved figure: it is meant to be seen",
    "reporting.session": "the calendar of the governing bodies",
    "reporting.leadtime": "the calendar of the governing bodies",
    "reporting.slot": "the calendar of the governing bodies",
    **draft_evaluations.PUBLIC_DATA,
}
"""Tables without drafts, and why. Every other one gets some."""


@dataclass
class Drafts:
    """What was added: names, codes and numbers in addresses, hashes of frozen things and files."""

    codes: list[str] = field(default_factory=list)
    slugs: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    hashes: list[str] = field(default_factory=list)


def counted() -> dict[str, int]:
    """Table → how many rows."""
    models = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    return {model._meta.label_lower: model._default_manager.count() for model in models}


def is_public(table: str) -> bool:
    """True for a table that holds nothing but what everybody is told."""
    return table in PUBLIC_DATA or f"{table.partition('.')[0]}.*" in PUBLIC_DATA


def add_drafts(people: dict[str, Any]) -> Drafts:
    """Adds all of it; `people` are those of the demonstration."""
    made, now = Drafts(), timezone.now()
    by, editor = people["roap.enter"], people["editor"]
    _figures(made, by, people["qa"], now)
    for report in _reports(made, by, editor, now):
        _narrative(made, report, by, now)
    _of_issued(made, by, now)
    _of_people(made, by, now)
    made.codes += draft_evaluations.add(WORD, NUMBER, lambda text: _hash(made, text), by, now)
    return made


def _figures(made: Drafts, by: User, officer: User, now: Any) -> None:
    """Figures, achievements and all that hangs on them, in years that are not approved."""
    town = Authority.objects.create(
        name=f"{WORD} Town", match_key=f"{WORD} town".lower(), type="local",
        country=Country.objects.get(iso3="XAA"),
    )  # fmt: skip
    twin = Authority.objects.create(
        name=f"{WORD} City", match_key=f"{WORD} city".lower(), type="local",
        country=town.country, merged_into=town,
    )  # fmt: skip
    AuthorityName.objects.create(authority=town, name=f"{WORD}ville", match_key=f"{WORD}ville")
    other = Authority.objects.exclude(pk__in=(town.pk, twin.pk)).earliest("pk")
    pair = sorted((other, town), key=lambda one: one.pk)
    Distinction.objects.create(
        first=pair[0], second=pair[1], reason=WORD, decided_at=now, decided_by=officer
    )
    made.numbers += [town.pk, twin.pk]
    states = cycle(UNAPPROVED)
    for office in Office.objects.filter(assignments__isnull=False).distinct():
        for period in Period.objects.filter(kind="year", code__gte="2017"):
            row = Submission.objects.filter(office=office, period=period).first()
            if row is None:
                row = _submission(office, period, next(states), by, officer, now)
            if row.state in UNAPPROVED:
                made.numbers.append(row.pk)
                _year(made, row, town, by, officer, now)


def _submission(
    office: Office, period: Period, state: str, by: User, officer: User, now: Any
) -> Submission:
    row = Submission(office=office, period=period, state=state)
    if state != "draft":
        row.submitted_at, row.submitted_by = now, by
    if state == "returned":
        row.returned_at, row.returned_by, row.return_note = now, officer, WORD
    row.save()
    return row


def _year(
    made: Drafts, row: Submission, town: Authority, by: User, officer: User, now: Any
) -> None:
    """All that an office can have in a year: a figure of each of its indicators, and what hangs on it."""
    place: dict[str, Any] = {"office": row.office, "period": row.period}
    SubmissionStep.objects.create(
        submission=row, number=row.steps.count() + 1, action="submit", note=WORD,
        content={"figures": [WORD, NUMBER]}, made_at=now, made_by=by,
    )  # fmt: skip
    PeriodException.objects.create(
        reason=WORD, until=now.date(), granted_by=officer, granted_at=now, **place
    )
    category = Category.objects.first()
    for indicator in Indicator.objects.filter(assignments__office=row.office):
        if indicator.kind == "count":
            achieved, _new = Achievement.objects.get_or_create(
                indicator=indicator, authority=town, office=row.office,
                defaults={"period": row.period, "achieved_on": f"{row.period.code}-05-01",
                          "evidence": WORD, "link": f"https://{WORD}.example/", "added_at": now},
            )  # fmt: skip
            made.numbers.append(achieved.pk)
        values: dict[str, Any] = {"value": Decimal(NUMBER), "numerator": None, "denominator": None}
        if indicator.kind == "ratio":
            values = {
                "value": None,
                "numerator": Decimal(NUMBER),
                "denominator": Decimal(NUMBER + 1),
            }
        if indicator.kind == "count":
            values = {"value": None}
        said = {"explanation": WORD, "measures": WORD, "source": WORD, "cause": "funding"}
        figure, _new = Figure.objects.update_or_create(
            indicator=indicator, **place, defaults=values | said | {"changed_at": now}
        )
        FigurePart.objects.update_or_create(
            figure=figure, category=category, defaults={"value": NUMBER}
        )
        CheckAnswer.objects.update_or_create(
            figure=figure, check_code="no_evidence",
            defaults={"sentence": WORD, "answered_at": now, "answered_by": by},
        )  # fmt: skip
        piece = Evidence.objects.create(
            indicator=indicator, title=WORD, note=WORD, added_at=now, added_by=by, **place
        )
        made.numbers.append(piece.pk)
        asked = Remark.objects.create(
            indicator=indicator, kind="query", text=WORD, made_at=now, made_by=officer, **place
        )
        Remark.objects.create(
            indicator=indicator, kind="answer", answers_to=asked, text=WORD, made_at=now,
            made_by=by, **place,
        )  # fmt: skip
    sent = Upload.objects.create(
        kind="figures", file_name=f"{WORD}.csv", sha256=_hash(made, f"{WORD} {row.pk}"), size=9,
        language="en", state="read", sentence=WORD, made_at=now, made_by=by, **place,
    )  # fmt: skip
    made.numbers.append(sent.pk)


def _hash(made: Drafts, text: str) -> str:
    made.hashes.append(hashlib.sha256(text.encode()).hexdigest())
    return made.hashes[-1]


def _reports(made: Drafts, by: User, editor: User, now: Any) -> Iterator[Report]:
    """A report of each kind in each state of work, and corrigenda of the issued one."""
    issued = Report.objects.filter(state="issued", kind="biennial_progress").earliest("pk")
    document = from_json(issued.document.content.encode())
    for kind in KINDS.values():
        free = Period.objects.filter(kind__in=kind.periods).exclude(reports__kind=kind.code)
        for state, period in zip(IN_WORK, free, strict=False):
            slug = f"{kind.code.replace('_', '-')}-{period.code}"
            report = Report.objects.create(kind=kind.code, period=period, slug=slug)
            yield _bring(made, report, state, document, by, editor, now)
    for ordinal, state in enumerate(IN_WORK, 1):
        report = Report.objects.create(
            kind="corrigendum", period=issued.period, slug=f"{issued.slug}-corr-{ordinal}",
            corrects=issued, ordinal=ordinal,
        )  # fmt: skip
        yield _bring(made, report, state, document, by, editor, now)


def _bring(
    made: Drafts, report: Report, state: str, document: Document, by: User, editor: User, now: Any
) -> Report:
    """The report in its state, with a frozen document and files that hold the word and number."""
    made.slugs.append(report.slug)
    made.numbers.append(report.pk)
    if state == "planned":
        return report
    head = dataclasses.replace(
        document.masthead, title=Text({"en": f"{WORD} {report.slug}"}), symbol=WORD
    )
    figures = {
        key: dataclasses.replace(one, value=Decimal(NUMBER)) if one.value is not None else one
        for key, one in document.figures.items()
    }
    frozen = dataclasses.replace(
        document, kind=report.kind, period=report.period.code, masthead=head, figures=figures
    )
    row = ReportDocument.objects.create(
        report=report, number=1, schema_version=frozen.schema_version,
        content=to_json(frozen).decode(), sha256=fingerprint(frozen), gaps=[WORD],
        gaps_confirmed_by=by, assembled_at=now, assembled_by=by,
    )  # fmt: skip
    made.hashes.append(row.sha256)
    for language in LANGUAGES:
        for format in ("pdf", "docx", "xlsx", "html", "json", "csv"):
            content = f"{WORD} {report.slug} {language} {format}".encode()
            made.hashes.append(storage.keep(content, format))
            Rendering.objects.create(
                document=row, language=language, format=format, sha256=made.hashes[-1],
                size=len(content), rendered_at=now,
            )  # fmt: skip
    report.document, report.state, report.agenda_item = row, state, WORD[:20]
    if state == "cleared":
        report.cleared_at, report.cleared_by = now, editor
    report.save()
    return report


def _narrative(made: Drafts, report: Report, by: User, now: Any) -> None:
    """A section in each state, in all languages, with versions, bound figures and comments."""
    office = Office.objects.get(code="QAU")
    for state in Section.State.values:
        section = Section.objects.create(
            report=report, code=f"{state}_{WORD}", office=office, writer=by, state=state,
            note=WORD, changed_at=now, changed_by=by,
        )  # fmt: skip
        for language in LANGUAGES:
            text = SectionText.objects.create(
                section=section, language=language, body=f"{WORD} [[FA2.1@2017:actual]]",
                revision=2, words=2, written_at=now, written_by=by,
            )  # fmt: skip
        SectionVersion.objects.create(
            text=text, revision=1, body=WORD, written_at=now, written_by=by
        )
        BoundFigure.objects.create(
            section=section, reference="FA2.1@2017:actual", value=NUMBER, seen_at=now, seen_by=by
        )
        SectionComment.objects.create(
            section=section, quote=WORD, text=WORD, made_at=now, made_by=by
        )
        made.numbers.append(section.pk)


def _of_issued(made: Drafts, by: User, now: Any) -> None:
    """What may hang on an issued report without being out: texts, work that failed, questions."""
    issued = Report.objects.filter(state="issued")
    other = Office.objects.get(code=OTHER_MISSION)
    asker = User.objects.create(email=f"{WORD.lower()}@example.org", name=f"{WORD} Delegate")
    _role(asker, other, "committee", now)
    for report in issued:
        _narrative(made, report, by, now)
        for paragraph in (0, 1, 2, 3):
            question = Question.objects.create(
                report=report, paragraph=paragraph, office=other, text=f"{WORD} {paragraph}?",
                asked_at=now - timedelta(days=1), asked_by=asker,
            )  # fmt: skip
            made.numbers.append(question.pk)
    failed = {"error_code": WORD, "error_message": WORD, "finished_at": now}
    ends: dict[str, dict[str, Any]] = {
        "queued": {}, "running": {"lease_owner": WORD, "lease_until": now + timedelta(hours=1)},
        "failed": failed, "parked": failed, "cancelled": {"finished_at": now},
    }  # fmt: skip
    for slug in (*issued.values_list("slug", flat=True), *made.slugs):
        for number, (state, values) in enumerate(ends.items(), 50):
            for kind in (ASSEMBLE, RENDER):
                job = Job.objects.create(
                    kind=kind, key=f"{kind}:{slug}:{number}", state=state, requested_by=by,
                    queued_at=now + timedelta(days=1), payload={"report": WORD}, step=WORD,
                    result={"files": [WORD]}, **values,
                )  # fmt: skip
        made.numbers.append(job.pk)


def _role(user: User, office: Office, role: str, now: Any) -> None:
    RoleAssignment.objects.create(user=user, office=office, role=role, since=now.date())


def _of_people(made: Drafts, by: User, now: Any) -> None:
    """Somebody new, messages, keys, and what the audit trail says of all of it."""
    person = User.objects.create(email=f"{WORD.lower()}.staff@example.org", name=f"{WORD} Staff")
    _role(person, Office.objects.get(code="QAU"), "contributor", now)
    for reader in (person, by):
        Notice.objects.create(
            recipient=reader, key=WORD, subject=WORD, text=WORD, path=f"/en/{WORD}/", made_at=now
        )
    AccessKey.objects.create(
        user=by, name=WORD, digest=_hash(made, WORD), made_at=now, expires_on=now.date()
    )
    subject: Model = person
    audit.record(
        action="register person", subject=subject, by=by, at=now, changes={"name": (None, WORD)},
        reason=f"{WORD} {NUMBER}",
    )  # fmt: skip
