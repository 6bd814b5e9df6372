"""Reads of what offices write: the outline with its texts, one section, what stands in the way.

Whoever may not read a text sees its place in the outline at most. Fixed query counts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from focus_areas.models import Period, Result
from focus_areas.queries import PlanElement, elements
from organization.models import Office, User
from reporting import permissions_narrative as permissions
from reporting.assembly.composer import Place, places
from reporting.kinds import KINDS, OutlineSection
from reporting.models import (
    Report,
    Section,
    SectionComment,
    SectionText,
    SectionVersion,
)
from reporting.queries.bound import Bound, bound_figures
from reporting.rules.markup import Finding, Narrative, parse
from reporting.rules.words import FORMS, fits

PRINTED_WRONG = ("bad_reference", "footnote_holds_markup")
"""Findings with which a reference would be printed as it was typed."""


@dataclass(frozen=True)
class Obstacle:
    """Something that stands between a section and clearance, in a sentence."""

    code: str
    section: str
    sentence: str


@dataclass(frozen=True)
class Clearance:
    """What stands between a report's texts and clearance.

    `blocking` must be settled; `open` is listed for the editor to confirm. `section` of each is
    the code in the address of its page.
    """

    blocking: tuple[Obstacle, ...] = ()
    open: tuple[Obstacle, ...] = ()


@dataclass(frozen=True)
class SectionRow:
    """A place in the outline with what is written there. `section` is None till it is opened."""

    place: Place
    section: Section | None = None
    texts: Mapping[str, SectionText] = field(default_factory=dict)
    bound: tuple[Bound, ...] = ()
    comments: int = 0
    may_read: bool = False
    may_write: bool = False

    @property
    def code(self) -> str:
        """The code in the address."""
        return self.place.code

    @property
    def outline(self) -> OutlineSection:
        """What the outline asks for."""
        return self.place.section

    @property
    def original(self) -> SectionText | None:
        """The text in the language it is written in."""
        return self.texts.get(self.section.original) if self.section else None

    @property
    def words(self) -> int:
        """Words written in the original."""
        return self.original.words if self.original else 0

    @property
    def is_written(self) -> bool:
        """True if there are any."""
        return self.original is not None and bool(self.original.body.strip())

    @property
    def over(self) -> int:
        """Words over the limit."""
        return max(0, self.words - self.outline.words) if self.outline.words else 0

    @property
    def stale(self) -> tuple[Bound, ...]:
        """Figures that changed after the writer saw them."""
        return tuple(one for one in self.bound if one.is_stale)

    @property
    def unresolved(self) -> tuple[Bound, ...]:
        """References without an approved figure to print."""
        return tuple(one for one in self.bound if one.refused)

    @property
    def without_figure(self) -> int:
        """How many references of the printed texts name no figure."""
        typed = (one for text in self.current.values() for one in parse(text.body).findings)
        return len(self.unresolved) + sum(one.code in PRINTED_WRONG for one in typed)

    @property
    def current(self) -> dict[str, SectionText]:
        """The texts that a report prints: the original and translations that are up to date."""
        return {
            language: text
            for language, text in self.texts.items()
            if translation_state(self, language) in {"original", "translated"}
        }


@dataclass(frozen=True)
class Draft:
    """A report's outline as one person may see it."""

    report: Report
    rows: tuple[SectionRow, ...]
    edits: bool
    may_open: bool
    is_frozen: bool

    @property
    def is_opened(self) -> bool:
        """True once every section that the outline asks for is there."""
        return all(row.section for row in self.rows)


def translation_state(row: SectionRow, language: str) -> str:
    """Of one language: original, translated, out_of_date or missing."""
    text, original = row.texts.get(language), row.original
    if row.section is not None and language == row.section.original:
        return "original"
    if text is None or not text.body.strip() or original is None:
        return "missing"
    return "translated" if text.translates == original.revision else "out_of_date"


def written_places(report_kind: str) -> list[Place]:
    """The sections that offices write, where they stand, in order. Two queries at most."""
    kind = KINDS[report_kind]
    return list(_written(kind.outline, elements(Result.Level.FOCUS_AREA), None))


def _written(
    sections: Iterable[OutlineSection], areas: Sequence[PlanElement], area: PlanElement | None
) -> Iterator[Place]:
    for place in places(sections, areas, area):
        if place.section.is_written:
            yield place
        yield from _written(place.section.sections, areas, place.area)


def rows_of(report: Report, user: User | None, *, today: date) -> tuple[SectionRow, ...]:
    """Every section that the outline asks for, and those that were opened for an earlier one.

    Without a person all texts are read, for the report's own needs.
    """
    return _rows(report, _sections_of(report), user, today=today)


def _sections_of(report: Report) -> dict[str, Section]:
    rows = report.sections.select_related("office", "writer", "report")
    return {row.code: row for row in rows}


def _rows(
    report: Report, sections: Mapping[str, Section], user: User | None, *, today: date
) -> tuple[SectionRow, ...]:
    texts: dict[int, dict[str, SectionText]] = {}
    ids = [row.pk for row in sections.values()]
    for text in SectionText.objects.filter(section__in=ids).select_related("written_by"):
        texts.setdefault(text.section_id, {})[text.language] = text
    open_comments = SectionComment.objects.filter(section__in=ids, settled_at__isnull=True)
    comments = list(open_comments.values_list("section_id", flat=True))
    references = {
        row.pk: references_of(texts.get(row.pk, {}).values())
        for row in sections.values()
        if row.pk in texts
    }
    bound = bound_figures(references, kind=report.kind, today=today)
    found = []
    for place in written_places(report.kind):
        section = sections.get(place.code)
        found.append(
            SectionRow(
                place,
                section,
                texts.get(section.pk, {}) if section else {},
                bound.get(section.pk, ()) if section else (),
                comments.count(section.pk) if section else 0,
                may_read=section is not None
                and (user is None or permissions.may_read(user, section)),
                may_write=section is not None
                and user is not None
                and permissions.may_write(user, section),
            )
        )
    return tuple(found)


def references_of(texts: Iterable[SectionText]) -> tuple[str, ...]:
    """What the texts of a section refer to, each once."""
    return tuple(dict.fromkeys(one for text in texts for one in parse(text.body).references))


def draft(report: Report, user: User, *, today: date) -> Draft | None:
    """The outline as the person may see it; None if nothing of it is theirs to see.

    Editors, quality assurance officers and managers see all of it; an office its own sections.
    """
    sees_all = permissions.reads_sent(user)
    mine = permissions.offices_of(user)
    sections = _sections_of(report)
    if not sees_all and not any(one.office_id in mine for one in sections.values()):
        return None  # before figures are computed: by the time it takes, nobody learns of a draft
    rows = _rows(report, sections, user, today=today)
    seen = tuple(row for row in rows if sees_all or (row.section and row.section.office_id in mine))
    if not sees_all and not seen:
        return None
    return Draft(
        report=report,
        rows=seen,
        edits=permissions.edits(user),
        may_open=permissions.may_open(user),
        is_frozen=permissions.is_frozen(report),
    )


def readable_section(slug: str, code: str, user: User) -> Section | None:
    """The section without its texts, if the person may read it. One query for their roles."""
    section = (
        Section.objects.filter(report__slug=slug, code=code)
        .select_related("office", "writer", "report__period", "changed_by")
        .first()
    )
    return section if section is not None and permissions.may_read(user, section) else None


def section_row(report: Report, code: str, user: User, *, today: date) -> SectionRow | None:
    """One section that was opened, if the person may read it; None also if there is none."""
    section = readable_section(report.slug, code, user)
    if section is None:
        return None
    rows = _rows(report, {code: section}, user, today=today)
    return next((row for row in rows if row.code == code), None)


def row_of(section: Section, *, today: date) -> SectionRow | None:
    """One section whoever asks, for services; None if the outline has no such section any more."""
    rows = _rows(section.report, {section.code: section}, None, today=today)
    return next((row for row in rows if row.section), None)


def versions_of(text: SectionText) -> list[SectionVersion]:
    """Earlier states of a text, the newest first. One query."""
    return list(text.versions.select_related("written_by"))


def comments_on(section: Section) -> list[SectionComment]:
    """Remarks of colleagues: open ones first, then by age. One query."""
    rows = section.comments.select_related("made_by", "settled_by")
    return sorted(rows, key=lambda row: (row.settled_at is not None, row.made_at))


def writers_for(office: Office) -> list[User]:
    """The people who write for an office today. One query."""
    return list(
        User.objects.filter(
            is_active=True,
            assignments__role__in=permissions.WRITES,
            assignments__office=office,
            assignments__until__isnull=True,
        )
        .distinct()
        .order_by("name")
    )


def obstacles(row: SectionRow) -> list[Obstacle]:
    """What must be settled in one section before it is sent or the report is cleared."""
    found = []
    for language, text in row.current.items():
        narrative = parse(text.body)
        found += [
            Obstacle("unresolved", row.code, sentence_of(one))
            for one in narrative.findings
            if one.code in PRINTED_WRONG
        ]
        found += [
            Obstacle("forms", row.code, sentence) for sentence in misfits(narrative, language)
        ]
    found += [Obstacle("unresolved", row.code, str(one.refused.message))
              for one in row.bound if one.refused]  # fmt: skip
    found += [
        Obstacle(
            "stale",
            row.code,
            _("%(reference)s changed after the sentence was written. Look at the sentence again.")
            % {"reference": one.reference},
        )
        for one in row.stale
    ]
    return list(dict.fromkeys(found))


def sentence_of(one: Finding) -> str:
    """What is not as its writer meant it, with what to do."""
    said = {
        "bad_reference": _(
            "Line %(line)s: %(words)s names no figure. Write it as FA2.1@2016-2017:actual."
        ),
        "emphasis_open": _(
            "Line %(line)s: an asterisk has no partner, so it is printed. Close the emphasis, or "
            "put a backslash before it."
        ),
        "footnote_holds_markup": _(
            "Line %(line)s: %(words)s cannot stand in a footnote. Put it into the sentence."
        ),
        "footnote_twice": _(
            "Line %(line)s: there are two footnotes %(words)s. Give the second one another number."
        ),
        "footnote_unknown": _(
            "Line %(line)s: there is no footnote %(words)s. Write it on a line of its own: "
            "[^%(words)s]: and its words."
        ),
        "footnote_unused": _(
            "Line %(line)s: no sentence leads to footnote %(words)s, so it is not printed. Put "
            "[^%(words)s] into the sentence."
        ),
    }
    return said[one.code] % {"line": one.line, "words": one.words}


def misfits(narrative: Narrative, language: str) -> list[str]:
    """Sentences on figures whose forms are not as many as the language asks for."""
    names = FORMS[language]
    return [
        _(
            "Line %(line)s: %(reference)s has %(given)s forms of the words after it. This language "
            "asks for %(asked)s: %(names)s."
        )
        % {
            "line": passage.line,
            "reference": binding.reference,
            "given": len(binding.forms),
            "asked": len(names),
            "names": ", ".join(names),
        }
        for passage, binding in narrative.bindings
        if not fits(binding.forms, language)
    ]


def clearance(report: Report, *, today: date) -> Clearance:
    """What stands between the texts of a report and its clearance.

    Unresolved references, stale figures and forms that do not fit block it. A section that is not
    written, or not accepted yet, is listed for the editor to confirm.
    """
    rows = rows_of(report, None, today=today)
    waiting = []
    for row in rows:
        title = str(title_of(row.place))
        if not row.is_written:
            waiting.append(
                Obstacle(
                    "not_written", row.code, _("%(section)s: not written") % {"section": title}
                )
            )
        elif row.section and row.section.state != Section.State.CLEARED:
            waiting.append(Obstacle("not_accepted", row.code, _("%(section)s: %(state)s") % {
                "section": title, "state": row.section.get_state_display()}))  # fmt: skip
    return Clearance(tuple(one for row in rows for one in obstacles(row)), tuple(waiting))


def title_of(place: Place) -> str | Promise:
    """The heading of a section in the reader's language, with its focus area."""
    own = str(place.section.title)
    if place.area is None:
        return own
    area = f"{place.area.code} {place.area.title}"
    return f"{area}: {own}" if own else area


def turn_of(slug: str) -> tuple[str, Period] | None:
    """The kind and period of a report of this name that nobody has begun yet. Some queries."""
    for kind in KINDS.values():
        code = kind.code.replace("_", "-")
        if not slug.startswith(f"{code}-"):
            continue
        period = Period.objects.filter(
            code=slug.removeprefix(f"{code}-"), kind__in=kind.periods
        ).first()
        if period:
            return kind.code, period
    return None
