"""The list of evaluations, one evaluation, and what the feed says, as their templates show them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from evaluations.models import Evaluation, EvaluationFile, EvaluationStep, Project, Scope
from evaluations.pages.board_words import figure, rate_sentence, state_words
from evaluations.permissions import (
    Person,
    is_of_secretariat,
    may_answer_as_a_whole,
    may_evaluate,
)
from evaluations.queries.evaluations import EvaluationPage
from evaluations.queries.lessons import lessons_of
from evaluations.queries.recommendations import Recommended
from evaluations.queries.site import (
    News,
    Recommendations,
    Shelf,
    SiteAsked,
    site,
    site_choices,
    titles_of,
)
from evaluations.rules.follow_up import Standing
from evaluations.rules.tallies import OPEN, number, rate, tally
from evaluations.services.recommendations import HAS_FINDINGS
from evaluations.standing_words import DECISIONS
from habitat_plan.kit.wording import NATIVE_NAMES, LocalText, Wording
from indicators.pages.number_words import begin, in_words

CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Characters that no XML holds."""


SAID = frozenset({Standing.AWAITING, Standing.REJECTED})
"""Standings that management's decision tells already."""


@dataclass(frozen=True)
class FileLine:
    """A file in the list of downloads, with the name of its language in that language."""

    file: EvaluationFile
    language: str


@dataclass(frozen=True)
class ScopeLine:
    """What an evaluation looks at: its kind, and its name unless that is the kind's."""

    kind: str
    name: Wording | str


@dataclass(frozen=True)
class ListLine:
    """An evaluation in the list."""

    evaluation: Evaluation
    files: Sequence[FileLine]
    scopes: Sequence[ScopeLine]
    counts: str
    counts_made_up: bool


@dataclass(frozen=True)
class Answered:
    """A recommendation on the page of its evaluation, with the second part of the response.

    `state` is empty where the decision says it all.
    """

    one: Recommended
    decision: str
    state: str
    is_late: bool

    @property
    def illustrative(self) -> bool:
        """True if it is made up."""
        return self.one.recommendation.illustrative


@dataclass(frozen=True)
class Words:
    """A long text of an evaluation under its heading."""

    code: str
    heading: str
    texts: Sequence[LocalText]


@dataclass(frozen=True)
class StepLine:
    """A step of an evaluation, and the state that it led to in words."""

    step: EvaluationStep
    state: str


def file_lines(files: Sequence[EvaluationFile]) -> list[FileLine]:
    """The files in the order of the languages."""
    order = [code for code, _name in settings.LANGUAGES]
    in_order = sorted(files, key=lambda file: (file.kind, order.index(file.language)))
    return [FileLine(file, NATIVE_NAMES[file.language]) for file in in_order]


def scope_lines(scopes: Sequence[Scope], titles: Mapping[str, Wording | None]) -> list[ScopeLine]:
    """What an evaluation looks at, in words."""
    lines = []
    for scope in scopes:
        kind = str(scope.get_kind_display())
        name: Wording | str = str(scope) if str(scope) != kind else ""
        named = scope.project or scope.country or scope.region or scope.office
        if named is not None:
            name = named.title if isinstance(named, Project) else named.name
        if scope.focus_area:
            name = titles.get(scope.focus_area.code) or scope.focus_area.code
        lines.append(ScopeLine(begin(kind), name))
    return lines


def counted(found: Recommendations) -> str:
    """How many recommendations there are and where they stand; empty if there are none."""
    if not found.given:
        return ""
    said = {
        "given": figure(found.given),
        "implemented": figure(found.implemented),
        "open": figure(found.open),
    }
    return (
        ngettext(
            "%(given)s recommendation: %(implemented)s implemented, %(open)s open",
            "%(given)s recommendations: %(implemented)s implemented, %(open)s open",
            found.given,
        )
        % said
    )


def list_context(user: Person, asked: SiteAsked, *, today: date) -> dict[str, Any]:
    """Everything that the list of evaluations shows."""
    shelf = site(user, asked, on=today)
    offered = site_choices(user, on=today)
    lines = [
        ListLine(
            evaluation=row.evaluation,
            files=file_lines(row.files),
            scopes=scope_lines(row.scopes, offered.focus_areas),
            counts=counted(row.recommendations),
            counts_made_up=row.recommendations.illustrative > 0,
        )
        for row in shelf.rows
    ]
    return {
        "heading": list_heading(shelf, asked),
        "shelf": shelf,
        "lines": lines,
        "asked": asked,
        "choices": offered,
        "kinds": [(kind, Evaluation.Kind(kind).label) for kind in offered.kinds],
        "languages": [(code, NATIVE_NAMES[code]) for code in sorted(offered.languages)],
        "previous": shelf.page - 1,
        "next": shelf.page + 1,
        "is_of_secretariat": is_of_secretariat(user),
        "may_evaluate": may_evaluate(user),
        "illustrative": any(one.evaluation.illustrative or one.counts_made_up for one in lines),
        "today": today,
    }


def list_heading(shelf: Shelf, asked: SiteAsked) -> str:
    """How many evaluations are published, or fit what was asked."""
    found = shelf.published + shelf.at_work
    if asked.is_narrowed:
        if not found:
            return _("No evaluation fits")
        text = ngettext("one evaluation fits", "%(number)s evaluations fit", found)
        return begin(text % {"number": in_words(found)})
    if not shelf.published:
        return _("No evaluation is published yet")
    said = {"number": in_words(shelf.published), "year": shelf.latest}
    if shelf.latest is None:
        text = ngettext(
            "one evaluation is published",
            "%(number)s evaluations are published",
            shelf.published,
        )
    else:
        text = ngettext(
            "one evaluation is published, in %(year)s",
            "%(number)s evaluations are published, the latest in %(year)s",
            shelf.published,
        )
    return begin(text % said)


def evaluation_context(page: EvaluationPage, user: Person) -> dict[str, Any]:
    """Everything that the page of one evaluation shows."""
    evaluation = page.evaluation
    codes = [scope.focus_area.code for scope in page.scopes if scope.focus_area]
    counts = tally(one.counted() for one in page.recommendations)
    found = Recommendations(
        given=len(page.recommendations),
        open=number(counts, OPEN),
        implemented=number(counts, {Standing.IMPLEMENTED}),
    )
    made_up = [one.recommendation.illustrative for one in page.recommendations]
    has_findings = evaluation.state in HAS_FINDINGS
    return {
        "page": page,
        "evaluation": evaluation,
        "counts": counted(found),
        "rate": rate_sentence(rate(counts)) if counts else "",
        "scopes": scope_lines(page.scopes, titles_of(codes)),
        "files": file_lines(page.files),
        "lessons": (lessons := lessons_of(evaluation, user, on=page.day)),
        "answered": [answered(one) for one in page.recommendations],
        "words": words_of(evaluation),
        "terms": paragraphs(evaluation.terms),
        "steps": [StepLine(step, begin(state_label(step.to_state))) for step in page.steps],
        "response": paragraphs(page.response.text) if page.response else [],
        "differences": paragraphs(page.response.differences) if page.response else [],
        "is_of_secretariat": is_of_secretariat(user),
        "may_edit": may_evaluate(user),
        "may_recommend": has_findings and may_evaluate(user),
        "may_respond": has_findings and may_answer_as_a_whole(user),
        "illustrative": evaluation.illustrative
        or any(made_up)
        or any(one.illustrative for one in lessons)
        or _invented(page),
        "assumed_scale": any(one.rating and one.rating.grade.is_assumed for one in page.ratings),
    }


def words_of(evaluation: Evaluation) -> list[Words]:
    """What an evaluation says of itself, under headings; nothing that is empty."""
    found = [
        Words("summary", _("Summary"), paragraphs(evaluation.summary)),
        Words("purpose", _("Purpose"), paragraphs(evaluation.purpose)),
    ]
    return [one for one in found if one.texts]


def state_label(state: str) -> str:
    """A state of an evaluation in words."""
    return str(Evaluation.State(state).label)


def _invented(page: EvaluationPage) -> bool:
    return any(finding.illustrative for finding in page.findings)


def answered(one: Recommended) -> Answered:
    """A recommendation with what management answered."""
    return Answered(
        one=one,
        decision=str(DECISIONS[one.decision]),
        state="" if one.standing in SAID else state_words(one.standing, one.closed_on),
        is_late=one.is_open and (one.days_late or 0) > 0,
    )


def paragraphs(wording: Wording | None) -> list[LocalText]:
    """A long text, paragraph by paragraph, in the reader's language if it is there."""
    if not wording:
        return []
    local = wording.local()
    pieces = [piece.strip() for piece in re.split(r"\n\s*\n", local.text)]
    return [LocalText(p, local.language, local.status, local.source) for p in pieces if p]


def entry_title(one: News) -> str:
    """The title of an evaluation in the feed, which says whether it is made up."""
    evaluation = one.evaluation
    title = str(evaluation.title)
    if evaluation.number:
        said = {"number": evaluation.number, "title": title}
        title = _("Evaluation Report %(number)s: %(title)s") % said
    if evaluation.illustrative:
        title = _("Illustrative: %(title)s") % {"title": title}
    return CONTROLS.sub("", title)


def entry_text(one: News) -> str:
    """What the feed says of an evaluation."""
    evaluation = one.evaluation
    text = str(evaluation.summary or evaluation.purpose or "") or begin(
        str(evaluation.get_kind_display())
    )
    return CONTROLS.sub("", Truncator(text).chars(600))


def feed(entries: Sequence[News], absolute: Callable[[str], str]) -> str:
    """The feed of published evaluations in Atom; `absolute` makes an address of a path."""
    made = Atom1Feed(
        title=_("UN-Habitat: published evaluations"),
        subtitle=_("Evaluation reports of UN-Habitat, the latest first."),
        link=absolute(reverse("evaluations")),
        feed_url=absolute(reverse("evaluations-feed")),
        description="",
        language=get_language() or "en",
    )
    for one in entries:
        address = absolute(reverse("evaluation", args=[one.evaluation.code]))
        made.add_item(
            title=entry_title(one),
            link=address,
            unique_id=address,
            description=entry_text(one),
            pubdate=one.since,
            updateddate=one.since,
            categories=[str(one.evaluation.get_kind_display())],
        )
    return made.writeString("utf-8")
