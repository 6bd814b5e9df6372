"""What "My work" shows of evaluations."""

from django import template
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from evaluations.queries.waiting import Asked, asked_of

register = template.Library()


@register.simple_tag(takes_context=True)
def asked_by_evaluations(context: template.Context) -> Asked:
    """Actions to report on, closures to verify and answers to give, for the person of the page."""
    request = context.get("request")
    return asked_of(getattr(request, "user", AnonymousUser()), on=timezone.localdate())
