"""Writing sections of a report: opening them, saving a text, its versions and its bound figures.

Nothing typed is lost: a save that would overwrite what somebody else wrote is refused with the
other's text, and the database keeps what stood before each sitting.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from organization.models import Office, User
from organization.permissions import require
from organization.services import audit
from reporting import permissions_narrative as permissions
from reporting.assembly.bound import Refused
from reporting.assembly.composer import Place
from reporting.document import Figure
from reporting.models import (
    BoundFigure,
    Report,
    Section,
    SectionText,
    SectionVersion,
)
from reporting.queries.bound import bound_figures, resolved
from reporting.queries.narrative import references_of, written_places
from reporting.rules.markup import parse
from reporting.rules.words import words_in
from reporting.services.first_words import first_words

SITTING = timedelta(minutes=10)
"""A pause longer than this ends a sitting: what stood then is kept."""
LONGEST = 60_000
"""Characters of a section: some twenty times what any outline asks for."""
ORIGINAL = "en"


class ChangedElsewhere(RuleBroken):
    """Somebody saved another text since this one was begun. `theirs` is what stands now."""

    def __init__(self, theirs: SectionText) -> None:
        super().__init__(
            "changed_elsewhere",
            _("%(who)s changed this text while you were writing. Nothing is lost: choose which of "
              "the two stands; the other is kept among the versions.")
            % {"who": theirs.written_by or _("The system")},
            "body",
            (theirs.body,),
        )  # fmt: skip
        self.theirs = theirs


def locked(section: Section) -> Section:
    """The section as it is stored now, kept from others until this is done.

    Raises RuleBroken `frozen` once the report is cleared or issued.
    """
    found = (
        Section.objects.select_for_update(of=("self",))
        .select_related("report__period", "office", "writer")
        .get(pk=section.pk)
    )
    refuse_frozen(found.report)
    return found


def refuse_frozen(report: Report) -> None:
    """Raises RuleBroken `frozen` once the report is cleared or issued."""
    if permissions.is_frozen(report):
        raise RuleBroken(
            "frozen",
            _("This report is %(state)s, so its texts stay as they are. What you typed is kept on "
              "this page: copy it, and ask the report editor.")
            % {"state": report.get_state_display()},
        )  # fmt: skip


def require_writer(by: User, section: Section) -> None:
    """Raises RuleBroken `in_clearance` or NotAllowed unless the person may change the text now."""
    if permissions.may_write(by, section):
        return
    if permissions.writes_for(by, section.office) and section.state not in permissions.IN_HAND:
        raise RuleBroken(
            "in_clearance",
            _("This section is %(state)s. Ask the report editor to return it, then change it.")
            % {"state": section.get_state_display()},
        )
    raise NotAllowed(
        "role_needed",
        _("This section is written by %(office)s. Ask the report editor to assign it to you.")
        % {"office": section.office.name},
    )


@transaction.atomic
def open_sections(*, report: Report, by: User, at: datetime) -> list[Section]:
    """Makes a section for each part of the outline that an office writes; those there are stay.

    Where the outline asks for it, the draft begins with what offices explained in approved data.
    Raises RuleBroken `frozen` and `no_office`.
    """
    require(by, *permissions.OPENS)
    report = Report.objects.select_for_update(of=("self",)).select_related("period").get(
        pk=report.pk
    )  # fmt: skip
    refuse_frozen(report)
    known = set(report.sections.values_list("code", flat=True))
    missing = [place for place in written_places(report.kind) if place.code not in known]
    offices = {office.code: office for office in Office.objects.all()}
    made = [
        Section.objects.create(
            report=report, code=place.code, office=_office(place, offices), original=ORIGINAL,
            changed_at=at, changed_by=by,
        )
        for place in missing
    ]  # fmt: skip
    with override(ORIGINAL):
        seeds = first_words(report, missing, today=at.date())
    texts = [
        _new_text(section, ORIGINAL, seeds[section.code], by, at)
        for section in made
        if seeds.get(section.code)
    ]
    _bind({text.section: [text] for text in texts}, by, at)
    changes = [
        audit.Change("open section", one, {"office": (None, one.office.code)}, office=one.office)
        for one in made
    ]
    audit.record_all(changes=changes, by=by, at=at)
    return made


def _office(place: Place, offices: Mapping[str, Office]) -> Office:
    code = place.section.writer
    if code == "branch" and place.area is not None:
        code = place.area.branch_code
    if code not in offices:
        raise RuleBroken(
            "no_office",
            _("%(section)s is to be written by %(office)s, which is not among the offices. Enter "
              "the office first.") % {"section": place.code, "office": code},
        )  # fmt: skip
    return offices[code]


@transaction.atomic
def save(
    *,
    section: Section,
    language: str,
    body: str,
    seen_revision: int,
    by: User,
    at: datetime,
    keep: bool = False,
    translates: int | None = None,
) -> SectionText:
    """Stores a text in one language. `seen_revision` is the one it was begun from, 0 for none.

    What stood before is kept as a version if another person wrote it or a sitting ended; `keep`
    keeps what is stored now as well. `translates`: the revision of the original that a translation
    was made from, if it is not the present one; 0 while passages are missing.

    Raises RuleBroken `frozen`, `in_clearance`, `too_long`, `unknown_language`, ChangedElsewhere.
    """
    section = locked(section)
    require_writer(by, section)
    body = _fitting(body, language)
    text = (
        SectionText.objects.select_for_update().filter(section=section, language=language).first()
    )
    if text is not None and text.body == body and translates in {None, text.translates}:
        if keep:
            _keep(text, by, at)
        return text
    if text is not None and text.revision != seen_revision:
        raise ChangedElsewhere(text)
    before = text.revision if text else 0
    if text is None:
        text = _new_text(section, language, body, by, at, translates)
    else:
        if text.written_by_id != by.pk or at - text.written_at > SITTING:
            _keep_version(text)
        _rewrite(text, body, by, at, translates)
    _touch(section, by, at)
    _bind({section: list(section.texts.all())}, by, at)
    audit.record(
        action="write section", subject=text, by=by, at=at, office=section.office,
        changes={"revision": (before, text.revision), "words": (None, text.words)},
    )  # fmt: skip
    if keep:
        _keep(text, by, at)
    return text


@transaction.atomic
def set_aside(
    *, section: Section, language: str, body: str, seen_revision: int, by: User, at: datetime
) -> SectionText:
    """Keeps what a writer typed as a version, and lets what somebody else wrote stand.

    The text that stands gets the revision after it. Raises what `save` raises.
    """
    section = locked(section)
    require_writer(by, section)
    body = _fitting(body, language)
    text = (
        SectionText.objects.select_for_update().filter(section=section, language=language).first()
    )
    if text is None or text.revision != seen_revision:
        return save(section=section, language=language, body=body, seen_revision=seen_revision,
                    by=by, at=at)  # fmt: skip
    SectionVersion.objects.create(
        text=text, revision=text.revision + 1, body=body, written_at=at, written_by=by
    )
    if language == section.original:
        # The words that stand are the same, so a translation of them stays up to date.
        section.texts.filter(translates=text.revision).update(translates=text.revision + 2)
    text.revision += 2
    text.save(update_fields=["revision"])
    audit.record(
        action="keep version", subject=text, by=by, at=at, office=section.office,
        changes={"revision": (None, text.revision - 1)},
    )  # fmt: skip
    return text


@transaction.atomic
def restore(*, version: SectionVersion, by: User, at: datetime) -> SectionText:
    """Writes an earlier text again, as a new revision; what stands now is kept as a version."""
    section = locked(version.text.section)
    require_writer(by, section)
    text = SectionText.objects.select_for_update().get(pk=version.text_id)
    _keep_version(text)
    _rewrite(text, version.body, by, at)
    _touch(section, by, at)
    _bind({section: list(section.texts.all())}, by, at)
    audit.record(
        action="restore version", subject=text, by=by, at=at, office=section.office,
        changes={"revision": (version.revision, text.revision)},
    )  # fmt: skip
    return text


@transaction.atomic
def accept_figures(
    *, section: Section, looked_at: Mapping[str, str], by: User, at: datetime
) -> int:
    """The writer has looked at figures that changed: what is approved now is what was seen.

    `looked_at` maps references to what the writer was shown (`Bound.now`): a figure that changed
    once more in between stays stale. Returns how many are fresh now.
    """
    section = locked(section)
    require_writer(by, section)
    references = {section.pk: references_of(section.texts.all())}
    found = bound_figures(references, kind=section.report.kind, today=at.date())
    changes: dict[str, tuple[object, object]] = {}
    for one in found.get(section.pk, ()):
        if not one.is_stale or one.figure is None or looked_at.get(one.reference) != one.now:
            continue
        row = BoundFigure.objects.get(section=section, reference=one.reference)
        changes[one.reference] = (row.value or row.nothing, one.now)
        row.value, row.nothing = _kept_value(one.figure), one.figure.nothing
        row.seen_at, row.seen_by = at, by
        row.save()
    if changes:
        audit.record(
            action="use new figures", subject=section, by=by, at=at, office=section.office,
            changes=changes,
        )  # fmt: skip
    return len(changes)


def _fitting(body: str, language: str) -> str:
    if language not in dict(settings.LANGUAGES):
        raise RuleBroken("unknown_language", _("Choose one of the six languages."), "language")
    body = body.replace("\r\n", "\n")
    if len(body) > LONGEST:
        raise RuleBroken(
            "too_long",
            _("A section has at most %(most)s characters; this one has %(given)s. Shorten it.")
            % {"most": LONGEST, "given": len(body)},
            "body",
        )
    return body


def _new_text(
    section: Section, language: str, body: str, by: User, at: datetime,
    translates: int | None = None,
) -> SectionText:  # fmt: skip
    text = SectionText(section=section, language=language, revision=0)
    _rewrite(text, body, by, at, translates)
    return text


def _rewrite(
    text: SectionText, body: str, by: User, at: datetime, translates: int | None = None
) -> None:
    text.body, text.revision = body, text.revision + 1
    text.words = words_in(parse(body), text.language)
    text.written_at, text.written_by = at, by
    if text.language != text.section.original:
        text.translates = (
            translates
            if translates is not None
            else (
                SectionText.objects.filter(section=text.section, language=text.section.original)
                .values_list("revision", flat=True)
                .first()
            )
        )
    text.save()


def _touch(section: Section, by: User, at: datetime) -> None:
    """Who begins a section of their office is its writer."""
    if section.writer is None and permissions.writes_for(by, section.office):
        section.writer = by
    section.changed_at, section.changed_by = at, by
    section.save(update_fields=["writer", "changed_at", "changed_by"])


def _keep_version(text: SectionText) -> bool:
    """Keeps the text as it stands, once; True if it was not kept yet."""
    if not text.body.strip():
        return False
    _version, made = SectionVersion.objects.get_or_create(
        text=text,
        revision=text.revision,
        defaults={
            "body": text.body,
            "written_at": text.written_at,
            "written_by": text.written_by,
        },
    )
    return made


def _keep(text: SectionText, by: User, at: datetime) -> None:
    """Keeps the present text because its writer asks for it."""
    if _keep_version(text):
        audit.record(
            action="keep version", subject=text, by=by, at=at, office=text.section.office,
            changes={"revision": (None, text.revision)},
        )  # fmt: skip


def _kept_value(figure: Figure) -> Decimal | None:
    places = BoundFigure._meta.get_field("value").decimal_places or 0
    return None if figure.value is None else round(figure.value, places)


def _bind(texts: Mapping[Section, Iterable[SectionText]], by: User, at: datetime) -> None:
    """Remembers what was seen of figures that are new in texts; forgets those that are gone.

    All texts of one report. Figures that were seen before keep what was seen.
    """
    wanted = {section: references_of(found) for section, found in texts.items()}
    known: dict[int, set[str]] = {}
    for row in BoundFigure.objects.filter(section__in=wanted):
        if row.reference in wanted[row.section]:
            known.setdefault(row.section_id, set()).add(row.reference)
        else:
            row.delete()
    new = [
        (section, reference)
        for section, references in wanted.items()
        for reference in references
        if reference not in known.get(section.pk, set())
    ]
    if not new:
        return
    report = new[0][0].report
    found = resolved((reference for _s, reference in new), kind=report.kind, today=at.date())
    BoundFigure.objects.bulk_create(
        BoundFigure(
            section=section, reference=reference, value=_kept_value(figure),
            nothing=figure.nothing, seen_at=at, seen_by=by,
        )
        for section, reference, figure in _figures(new, found)
    )  # fmt: skip


def _figures(
    new: Iterable[tuple[Section, str]], found: Mapping[str, Figure | Refused]
) -> Iterable[tuple[Section, str, Figure]]:
    for section, reference in new:
        figure = found.get(reference)
        if isinstance(figure, Figure):
            yield section, reference, figure
