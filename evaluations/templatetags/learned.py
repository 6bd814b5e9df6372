"""On pages of the plan and of results: the recommendations that touch or changed them.

A reader sees those of evaluations that the reader may see. Pages that are kept for the public are
made for a person without a session, on one day (`organization.kept`).
"""

from collections.abc import Mapping
from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser
from django.template import Context
from django.utils.timezone import localdate

from evaluations.models import Link
from evaluations.permissions import Person
from evaluations.queries import links
from focus_areas.models import PlanRevision
from indicators.models import Indicator

register = template.Library()
KEPT = "evaluations.led_to"


def _reader(context: Context) -> Person:
    request = context.get("request")
    user: Person = getattr(request, "user", None) or AnonymousUser()
    return user


@register.inclusion_tag("evaluations/touching.html", takes_context=True)
def touching(context: Context, indicator: Indicator) -> dict[str, Any]:
    """The recommendations that touch an indicator or a target of it."""
    found = links.touching(indicator, user=_reader(context), on=localdate())
    return {"links": found}


@register.inclusion_tag("evaluations/led_to.html", takes_context=True)
def led_to(context: Context, revision: PlanRevision) -> dict[str, Any]:
    """The recommendations that led to a revision of the plan. One query for all revisions."""
    kept: Any = context.render_context
    found: Mapping[int, list[Link]] | None = kept.get(KEPT)
    if found is None:
        found = kept[KEPT] = links.led_to(user=_reader(context), on=localdate())
    return {"links": found.get(revision.pk, [])}
