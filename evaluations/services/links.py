"""Links of a recommendation to what it touches or led to. None is deleted: it is taken back."""

import re
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from evaluations.models import Link, Project, Recommendation
from evaluations.queries.links import Thing, known_codes, near, thing_of
from evaluations.services.wordings import with_text
from focus_areas.models import PlanRevision, PlanText
from habitat_plan.kit.errors import RuleBroken
from habitat_plan.kit.wording import LANGUAGES, Wording
from indicators.models import Indicator, Target
from organization.models import Role, User
from organization.permissions import require
from organization.services import audit

LONGEST = 500
CODE_LONGEST = 60
LAST_PARAGRAPH = 118
"""The last numbered paragraph of the plan."""
PARAGRAPH = re.compile(r"(?:[pP]\.?\s*)?(\d{1,3})\s*\(?([a-zA-Z]?)\)?")
TYPES: dict[str, type] = {
    Link.Kind.INDICATOR: Indicator,
    Link.Kind.TARGET: Target,
    Link.Kind.RISK: PlanText,
    Link.Kind.PROJECT: Project,
    Link.Kind.REVISION: PlanRevision,
    Link.Kind.PARAGRAPH: str,
}


@transaction.atomic
def link(
    *,
    recommendation: Recommendation,
    kind: str,
    thing: Thing,
    note: str,
    language: str,
    by: User,
    at: datetime,
) -> Link:
    """Says what a recommendation touches, or (a revision of the plan) led to.

    `thing` is the row itself or its code as people type it: `FA2.1`, `FA2.1@2017/ROAF`, `K1`,
    a project's code, `p.100`, `2017`. Raises NotAllowed, and RuleBroken `kind_unknown`,
    `code_needed`, `code_unknown`, `linked_already`, `language_unknown`, `text_too_long`.
    """
    require(by, Role.EVALUATION_OFFICER)
    if kind not in TYPES:
        raise RuleBroken("kind_unknown", _("Choose what the recommendation touches."), "kind")
    named = read_code(kind, thing) if isinstance(thing, str) else thing
    if not isinstance(named, TYPES[kind]):
        raise RuleBroken(
            "kind_unknown", _("This code names something else. Choose its kind."), "kind"
        )
    words = _note(note, language)
    # Two sendings of one form wait for each other here.
    Recommendation.objects.select_for_update(no_key=True, of=("self",)).get(pk=recommendation.pk)
    place: dict[str, Any] = {kind: named}
    if Link.objects.filter(
        recommendation=recommendation, kind=kind, removed_at__isnull=True, **place
    ).exists():
        raise RuleBroken(
            "linked_already",
            _("This recommendation has that link already. Choose something else."),
            "code",
        )
    made = Link.objects.create(
        recommendation=recommendation, kind=kind, note=words, made_at=at, **place
    )
    changes = {
        "recommendation": (None, recommendation.code),
        kind: (None, named),
        "note": (None, words),
    }
    audit.record(
        action="link recommendation", subject=made, by=by, at=at, changes=changes,
        office=recommendation.office,
    )  # fmt: skip
    return made


@transaction.atomic
def unlink(*, link: Link, reason: str, by: User, at: datetime) -> Link:
    """Takes a link back; it stays in the trail with the reason. Taken back already, it stays so.

    Raises NotAllowed, and RuleBroken `reason_needed`, `text_too_long`.
    """
    require(by, Role.EVALUATION_OFFICER)
    link = (
        Link.objects.select_for_update(of=("self",))
        .select_related("recommendation__evaluation", "recommendation__office")
        .get(pk=link.pk)
    )
    if link.removed_at is not None:
        return link
    said = _short(reason, "reason")
    if not said:
        raise RuleBroken("reason_needed", _("Give the reason, in a sentence."), "reason")
    link.removed_at = at
    link.save(update_fields=["removed_at"])
    audit.record(
        action="unlink recommendation", subject=link, by=by, at=at, reason=said,
        changes={"removed_at": (None, at), link.kind: (thing_of(link), None)},
        office=link.recommendation.office,
    )  # fmt: skip
    return link


def read_code(kind: str, typed: str) -> Thing:
    """What a code as people type it names. Raises RuleBroken `code_needed`, `code_unknown`."""
    code = " ".join(typed.split())
    if not code:
        raise RuleBroken("code_needed", _("Write the code."), "code")
    if kind == Link.Kind.PARAGRAPH:
        return _paragraph(code)
    known = known_codes(kind)
    wanted = code.casefold().replace(" ", "@" if kind == Link.Kind.TARGET else "")
    for one, named in known.items():
        if one.casefold() == wanted:
            return named
    raise _unknown(kind, code, list(known))


def _paragraph(code: str) -> str:
    found = PARAGRAPH.fullmatch(code)
    if found is None or not 1 <= int(found[1]) <= LAST_PARAGRAPH:
        raise RuleBroken(
            "code_unknown",
            _("Write a paragraph of the plan as p.100, or p.10 g; the plan has %(last)s.")
            % {"last": LAST_PARAGRAPH},
            "code",
        )
    letter = found[2].lower()
    return f"p.{int(found[1])}{f' {letter}' if letter else ''}"


def _unknown(kind: str, code: str, known: list[str]) -> RuleBroken:
    """The sentence for a code that names nothing, with what is near it."""
    sentences = {
        Link.Kind.INDICATOR: _("There is no indicator %(code)s."),
        Link.Kind.TARGET: _("There is no target %(code)s. Write it as FA2.1@2017."),
        Link.Kind.RISK: _("The plan has no risk %(code)s."),
        Link.Kind.PROJECT: _("The register holds no project %(code)s."),
        Link.Kind.REVISION: _("The plan has no revision %(code)s."),
    }
    shown = code if len(code) <= CODE_LONGEST else f"{code[:CODE_LONGEST]}…"
    message = sentences[Link.Kind(kind)] % {"code": shown}
    found = near(code[:CODE_LONGEST], known)
    details = (_("Near it: %(codes)s.") % {"codes": ", ".join(found)},) if found else ()
    return RuleBroken("code_unknown", message, "code", details)


def _note(note: str, language: str) -> Wording:
    if language not in LANGUAGES:
        raise RuleBroken("language_unknown", _("Choose one of the six languages."), "language")
    return with_text(None, language, _short(note, "note"))


def _short(text: str, field: str) -> str:
    said = text.strip()
    if "\x00" in said:
        sentence = _("This text holds a sign that is no letter. Type it again.")
        raise RuleBroken("text_damaged", sentence, field)
    if len(said) > LONGEST:
        raise RuleBroken(
            "text_too_long",
            _("This text has %(length)s characters; %(longest)s are the most. Shorten it.")
            % {"length": len(said), "longest": LONGEST},
            field,
        )
    return said
