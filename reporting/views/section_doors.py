"""What the buttons of a section's page do: each saves the text first, so nothing typed is lost."""

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from organization.models import Office, User
from reporting.forms_narrative import WriteForm
from reporting.kinds import KINDS
from reporting.models import Report, Section, SectionComment
from reporting.queries.narrative import readable_section
from reporting.services import narrative, plan_report, section_steps
from reporting.services.narrative import ChangedElsewhere
from reporting.views.section_page import saved_sentence, section_page

Answer = tuple[HTTPStatus, dict[str, Any]]


def open_report(report: Report, *, by: User, at: datetime) -> str:
    """Opens the sections of a report, which is planned first if nobody did; says how many."""
    if report.pk is None:
        report = plan_report(kind=KINDS[report.kind], period=report.period, by=by, at=at)
    made = narrative.open_sections(report=report, by=by, at=at)
    said = ngettext(
        "%(count)s section is open for writing.",
        "%(count)s sections are open for writing.",
        len(made),
    )
    return said % {"count": len(made)}


def opened(slug: str, code: str, user: User) -> Section:
    """The section to write in or remark on; 404 for whoever may not read it."""
    found = readable_section(slug, code, user)
    if found is None:
        raise Http404
    return found


def taken(section: Section, form: WriteForm, *, by: User, at: datetime) -> str:
    """Saves the text if one was sent, takes the step that was asked for, and says what was done.

    Raises what the services raise, and Http404 for a step that is not known.
    """
    do, _colon, rest = form.text("do").partition(":")
    if "body" in form.data:
        language, seen = form.text("in") or section.original, form.number("revision")
        stored: dict[str, Any] = {
            "section": section, "language": language, "body": form.typed, "by": by, "at": at,
        }  # fmt: skip
        if do == "aside":
            narrative.set_aside(seen_revision=seen, **stored)
        else:
            narrative.save(seen_revision=seen, keep=do == "keep", **stored)
    step = _STEPS.get(do)
    if step is None:
        raise Http404
    return step(section, form, rest, {"by": by, "at": at})


def autosaved(section: Section, request: HttpRequest, *, by: User, at: datetime) -> Answer:
    """Saves what a page sent by itself: 200 with the preview, or why not.

    403 not allowed, 409 changed by somebody else (with their text), 423 frozen or in clearance,
    422 for what else is refused.
    """
    form = WriteForm(request.POST)
    try:
        text = narrative.save(
            section=section, language=form.text("in") or section.original, body=form.typed,
            seen_revision=form.number("revision"), by=by, at=at,
        )  # fmt: skip
    except ChangedElsewhere as broken:
        theirs = broken.theirs
        content = {"said": str(broken.message), "theirs": theirs.body, "revision": theirs.revision}
        return HTTPStatus.CONFLICT, content
    except RuleBroken as broken:
        held = {"frozen", "in_clearance"}
        status = HTTPStatus.LOCKED if broken.code in held else HTTPStatus.UNPROCESSABLE_ENTITY
        if isinstance(broken, NotAllowed):
            status = HTTPStatus.FORBIDDEN
        return status, {"said": str(broken.message)}
    now = section_page(
        section.report.slug, section.code, by, language=text.language,
        today=timezone.localdate(), alone=True,
    )  # fmt: skip
    side = render_to_string("reporting/draft_preview.html", {"page": now}, request)
    said = saved_sentence(text.written_at)
    return HTTPStatus.OK, {"revision": text.revision, "said": said, "side": side}


Who = Mapping[str, Any]
Step = Callable[[Section, WriteForm, str, Who], str]


def _saved(section: Section, form: WriteForm, rest: str, who: Who) -> str:
    return _("Saved.")


def _kept(section: Section, form: WriteForm, rest: str, who: Who) -> str:
    return _("Saved, and kept as a version.")


def _set_aside(section: Section, form: WriteForm, rest: str, who: Who) -> str:
    return _("The other text stands. Yours is kept among the versions.")


def _share(section: Section, form: WriteForm, rest: str, who: Who) -> str:
    section_steps.share(section=section, **who)
    return _("Your office can read and write this section now.")


def _send(section: Section, form: WriteForm, rest: str, who: Who) -> str:
    section_steps.send(section=section, **who)
    return _("Sent. The report editor decides next.")


def _return(section: Section, form: WriteForm, rest: str, who: Who) -> str:
    section_steps.give_back(section=section, note=form.text("note"), **who)
    return _("Returned with your note.")


def _accept(section: Section, form: WriteForm, rest: str, who: Who) -> str:
    section_steps.accept(section=section, **who)
    return _("Accepted. The section is cleared.")


def _figures(section: Section, form: WriteForm, rest: str, who: Who) -> str:
    looked_at = dict(one.rpartition("=")[::2] for one in form.looks)
    if rest:
        looked_at = {rest: looked_at.get(rest, "")}
    count = narrative.accept_figures(section=section, looked_at=looked_at, **who)
    return ngettext("%(count)s figure is fresh again.", "%(count)s figures are fresh again.",
                    count) % {"count": count}  # fmt: skip


def _comment(section: Section, form: WriteForm, rest: str, who: Who) -> str:
    section_steps.comment(
        section=section, text=form.text("remark"), quote=form.text("quote"), **who
    )
    return _("Your remark stands beside the text.")


def _settle(section: Section, form: WriteForm, rest: str, who: Who) -> str:
    found = SectionComment.objects.filter(
        section=section, pk=int(rest) if rest.isdecimal() else 0
    ).first()
    if found is None:
        raise Http404
    section_steps.settle_comment(comment=found, **who)
    return _("The remark is settled.")


def _assign(section: Section, form: WriteForm, rest: str, who: Who) -> str:
    office = Office.objects.filter(code=form.text("office")).first() or section.office
    writer = User.objects.filter(pk=form.number("writer")).first()
    if writer is not None and office != section.office and writer == section.writer:
        writer = None
    moved = section_steps.assign(section=section, office=office, writer=writer, **who)
    return _("Assigned to %(office)s.") % {"office": moved.office.name}


_STEPS: Mapping[str, Step] = {
    "save": _saved,
    "find": _saved,
    "keep": _kept,
    "aside": _set_aside,
    "share": _share,
    "send": _send,
    "return": _return,
    "accept": _accept,
    "figures": _figures,
    "comment": _comment,
    "settle": _settle,
    "assign": _assign,
}
