"""One section as its reader or writer sees it: text, preview, remarks, figures, versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from focus_areas.models import Period
from habitat_plan.kit.errors import RuleBroken
from habitat_plan.kit.wording import LANGUAGES, NATIVE_NAMES
from organization.models import Office, User
from reporting import permissions
from reporting import permissions_narrative as rights
from reporting.forms_narrative import WriteForm
from reporting.kinds import KINDS
from reporting.models import Report, Section, SectionComment, SectionText, SectionVersion
from reporting.queries.figure_search import Asked, FoundIndicator, find, offices_with_figures
from reporting.queries.narrative import (
    SectionRow,
    comments_on,
    draft,
    obstacles,
    section_row,
    title_of,
    translation_state,
    versions_of,
    writers_for,
)
from reporting.rendering.presenting import direction_of
from reporting.rules.words import FORMS, Piece, differences
from reporting.services.narrative import ChangedElsewhere
from reporting.views.drafting import Gauge, OutlineLine, Tag, gauge_of, line_of, report_of, tag_of
from reporting.views.preview import Preview, number_in, preview_of


@dataclass(frozen=True)
class LanguageTab:
    """A language of the section, and whether it is written in it."""

    code: str
    name: str
    state: str
    word: str
    current: bool


@dataclass(frozen=True)
class FoundFigure:
    """A figure that can be put into the sentence."""

    word: str
    shown: str
    reference: str


@dataclass(frozen=True)
class Found:
    """An indicator with its figures for the period asked for."""

    code: str
    title: object
    figures: tuple[FoundFigure, ...]


@dataclass(frozen=True)
class Finder:
    """The form that finds figures, and what it found."""

    asked: Asked
    period: str
    periods: Sequence[Period]
    offices: Sequence[Office]
    found: tuple[Found, ...]

    @property
    def was_asked(self) -> bool:
        """True if somebody looked for something."""
        return bool(self.asked.words)


@dataclass(frozen=True)
class SectionPage:
    """One section as one person sees it. `body` is what stands in the field, with its revision."""

    row: SectionRow
    section: Section
    person: User
    language: str
    title: str | Promise
    report_title: str | Promise
    text: SectionText | None
    body: str
    revision: int
    tabs: tuple[LanguageTab, ...]
    preview: Preview
    gauge: Gauge
    tag: Tag
    matters: tuple[str, ...]
    comments: tuple[SectionComment, ...]
    finder: Finder
    is_frozen: bool
    sees_report: bool
    edits: bool
    offices: Sequence[Office] = ()
    writers: Sequence[User] = ()
    broken: RuleBroken | None = None
    lines: tuple[OutlineLine, ...] = ()

    @property
    def may_write(self) -> bool:
        """True if the text can be changed on this page."""
        return self.row.may_write and not self.is_frozen

    @property
    def in_hand(self) -> bool:
        """True while the section is the office's to share and send."""
        return self.section.state in rights.IN_HAND

    @property
    def forms(self) -> tuple[str, ...]:
        """The plural forms that the language asks for."""
        return FORMS[self.language]

    @property
    def direction(self) -> str:
        """The direction in which the text is written."""
        return direction_of(self.language)

    @property
    def is_translation(self) -> bool:
        """True if the section is written in another language."""
        return self.language != self.section.original

    @property
    def state(self) -> str:
        """Of the text in this language: original, translated, out_of_date or missing."""
        return translation_state(self.row, self.language)

    @property
    def store_key(self) -> str:
        """The name under which the page keeps what is typed on the device."""
        where = f"{self.section.report.slug}/{self.section.code}/{self.language}"
        return f"{self.person.pk}:{where}"


@dataclass(frozen=True)
class Comparison:
    """An earlier text with what changed since."""

    version: SectionVersion
    pieces: tuple[Piece, ...]


def section_page(
    slug: str,
    code: str,
    user: User,
    *,
    language: str,
    today: date,
    asked: Asked | None = None,
    form: WriteForm | None = None,
    broken: RuleBroken | None = None,
    alone: bool = False,
) -> SectionPage:
    """One section; 404 for whoever may not read it. What was typed stays after a refusal.

    `alone`: without the outline beside it.
    """
    report = report_of(slug, user)
    row, lines = (_alone if alone else _in_outline)(report, code, user, today)
    if row is None or row.section is None:
        raise Http404
    language = language if language in LANGUAGES else row.section.original
    text = row.texts.get(language)
    edits = rights.edits(user)
    return SectionPage(
        row=row,
        section=row.section,
        person=user,
        language=language,
        title=title_of(row.place),
        report_title=KINDS[report.kind].title,
        text=text,
        body=form.typed if form is not None else text.body if text else "",
        revision=_revision(form, text),
        tabs=tuple(_tabs(row, language)),
        preview=preview_of(text.body if text else "", language, row.bound),
        gauge=gauge_of(text.words if text else 0, row.outline.words),
        tag=tag_of(row),
        matters=tuple(one.sentence for one in obstacles(row)),
        comments=tuple(comments_on(row.section)),
        finder=finder_of(report, asked or Asked(), today=today, language=language),
        is_frozen=rights.is_frozen(report),
        sees_report=permissions.may_see(user, report),
        edits=edits,
        offices=list(Office.objects.filter(retired_on=None)) if edits else (),
        writers=writers_for(row.section.office) if edits else (),
        broken=broken,
        lines=lines,
    )


Placed = tuple[SectionRow | None, tuple[OutlineLine, ...]]


def _alone(report: Report, code: str, user: User, today: date) -> Placed:
    return (section_row(report, code, user, today=today) if report.pk else None), ()


def _in_outline(report: Report, code: str, user: User, today: date) -> Placed:
    """The section if the person may read it, with the whole outline as they may see it."""
    found = draft(report, user, today=today) if report.pk else None
    rows = found.rows if found else ()
    row = next((one for one in rows if one.code == code and one.may_read), None)
    return row, tuple(line_of(one, report, current=code) for one in rows)


def _revision(form: WriteForm | None, text: SectionText | None) -> int:
    """What the text on the page was begun from; the stored one if it is saved already."""
    stored = text.revision if text else 0
    if form is None or (text is not None and form.typed == text.body):
        return stored
    return form.number("revision")


def _tabs(row: SectionRow, current: str) -> list[LanguageTab]:
    words = {
        "original": _("original"),
        "translated": _("translated"),
        "out_of_date": _("out of date"),
        "missing": _("not translated"),
    }
    states = {language: translation_state(row, language) for language in LANGUAGES}
    return [
        LanguageTab(one, NATIVE_NAMES[one], state, words[state], one == current)
        for one, state in states.items()
    ]


def finder_of(report: Report, asked: Asked, *, today: date, language: str) -> Finder:
    """The form that finds figures with what was found."""
    found = find(report, asked, today=today) if asked.words else ()
    return Finder(
        asked=asked,
        period=asked.period or report.period.code,
        periods=list(Period.objects.order_by("ordinal")),
        offices=offices_with_figures(),
        found=tuple(_found(one, language) for one in found),
    )


def _found(one: FoundIndicator, language: str) -> Found:
    words = {
        "actual": _("Actual"),
        "baseline": _("Baseline"),
        "target": _("Target"),
        "first": _("First target"),
        "change": _("Change since the baseline"),
        "progress": _("Progress to the target, per cent"),
        "expected": _("Progress expected, per cent"),
    }
    figures = (
        FoundFigure(words[what], number_in(figure, language), figure.key)
        for what, figure in one.figures
    )
    return Found(one.indicator.code, one.indicator.title, tuple(figures))


def version_list(page: SectionPage) -> list[SectionVersion]:
    """The earlier states of the text in the page's language."""
    return versions_of(page.text) if page.text else []


def compared(page: SectionPage, revision: int) -> Comparison:
    """One earlier state with what changed since; 404 if it was not kept."""
    version = next((one for one in version_list(page) if one.revision == revision), None)
    if version is None or page.text is None:
        raise Http404
    return Comparison(version, differences(version.body, page.text.body))


def conflict_context(page: SectionPage, broken: ChangedElsewhere) -> dict[str, object]:
    """Both texts of a page that two people wrote at once."""
    theirs = broken.theirs
    pieces = differences(theirs.body, page.body)
    return {"page": page, "broken": broken, "theirs": theirs, "pieces": pieces}


def saved_sentence(at: datetime) -> str:
    """Says when the server stored the text."""
    return _("Saved at %(time)s") % {"time": f"{timezone.localtime(at):%H:%M}"}
