"""What is typed to move in the calendar: other days for a session, another session for a report."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from habitat_plan.kit import formats
from indicators.forms.plain import PlainForm, day_field
from reporting.models import Session
from reporting.models.calendar import Body


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stands in the audit trail."),
        error_messages={"required": _("Say in a sentence why it is moved.")},
    )


class SessionField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable
    """A choice among sessions, by name and first day."""

    def label_from_instance(self, obj: Session) -> str:
        """The name in the language of the page, with the day it begins."""
        return f"{obj.name}, {formats.day(obj.starts_on, get_language() or 'en')}"


class BodyFilter(forms.Form):
    """Which body's reports are shown."""

    body = forms.ChoiceField(
        label=_("Reports to"), choices=[("", _("all bodies")), *Body.choices], required=False
    )


class MoveSessionForm(PlainForm):
    """Other days for a session, where they were published, and why."""

    starts_on = day_field(_("First day"))
    ends_on = day_field(_("Last day"))
    source = forms.CharField(
        label=_("Where the days were published"),
        required=False,
        max_length=Session._meta.get_field("source").max_length,
        help_text=_(
            "A document symbol or the name of a page. Without it the days are marked as a "
            "planning assumption."
        ),
    )
    reason = _reason()


class MoveReportForm(PlainForm):
    """The session that a report is to go to, and why."""

    reason = _reason()

    def __init__(self, *args: Any, sessions: QuerySet[Session], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["session"] = SessionField(
            sessions,
            label=_("Session"),
            error_messages={
                "required": _("Choose the session."),
                "invalid_choice": _("Choose one of the sessions in the list."),
            },
        )
        self.order_fields(["session", "reason"])
