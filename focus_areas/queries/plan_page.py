"""The plan in one page: vision to annex, with what stands under each text."""

from collections.abc import Mapping
from dataclasses import dataclass

from focus_areas.models import FundedPosts, Phase, PlanRevision, PlanText
from focus_areas.queries.texts import revisions, texts, wordings_of

# The texts of the plan page, in order: section → kinds of text.
PLAN_SECTIONS: Mapping[str, tuple[str, ...]] = {
    "frame": ("vision", "mission", "goal"),
    "cross_cutting": ("cross_cutting", "cross_cutting_asks", "cross_cutting_method"),
    "principles": ("principle",),
    "lessons": ("lesson", "mtsip_issue", "mandate"),
    "obligations": ("obligation", "addressee"),
    "risks": ("risk", "mitigation"),
    "swot": ("strength", "weakness", "opportunity", "threat"),
    "factors": ("factor_group", "factor"),
}


@dataclass(frozen=True)
class TextBranch:
    """A text of the plan with the texts that stand under it: a risk with what is done about it."""

    text: PlanText
    below: tuple[PlanText, ...]


def _branches(found: list[PlanText]) -> tuple[TextBranch, ...]:
    codes = {text.code for text in found}
    return tuple(
        TextBranch(text, tuple(one for one in found if one.parent == text.code))
        for text in found
        if text.parent not in codes
    )


@dataclass(frozen=True)
class PlanPage:
    """The plan in one page: revisions, both wordings of the result, texts by section, calendar."""

    revisions: tuple[PlanRevision, ...]
    results: tuple[PlanText, ...]
    sections: Mapping[str, tuple[TextBranch, ...]]
    phases: tuple[tuple[Phase, PlanText | None, tuple[PlanText, ...]], ...]
    posts: tuple[FundedPosts, ...]

    @property
    def all_posts(self) -> int:
        """The sum of the posts by fund."""
        return sum(row.posts for row in self.posts)


def plan_page() -> PlanPage:
    """Everything on the page of the plan. Six queries."""
    kinds = [kind for section in PLAN_SECTIONS.values() for kind in section]
    found = texts(kinds=[*kinds, "phase", "milestone"])
    by_kind: dict[str, list[PlanText]] = {}
    for text in sorted(found.values(), key=lambda text: (text.ordinal, text.code)):
        by_kind.setdefault(text.kind, []).append(text)
    phases = Phase.objects.prefetch_related("milestones")
    return PlanPage(
        revisions=tuple(revisions()),
        results=tuple(wordings_of("SR.result")),
        sections={
            section: _branches([text for kind in kinds for text in by_kind.get(kind, [])])
            for section, kinds in PLAN_SECTIONS.items()
        },
        phases=tuple(
            (
                phase,
                found.get(phase.code),
                tuple(found[one.code] for one in phase.milestones.all() if one.code in found),
            )
            for phase in phases
        ),
        posts=tuple(FundedPosts.objects.all()),
    )
