"""Formats, components and charts for templates. They only show; they decide nothing."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from habitat_plan.kit import charts, formats
from habitat_plan.kit.icons import ICONS
from habitat_plan.kit.wording import LocalText, Wording

register = template.Library()

# A chart for a telephone, and the width from which a chart needs one.
_NARROW = {"width": 330, "height": 220}
_WIDE = 400
_RATINGS = {
    "achieved": ("disc-tick", gettext_lazy("Achieved")),
    "ontrack": ("disc", gettext_lazy("On track")),
    "offtrack": ("diamond", gettext_lazy("Off track")),
    "noprogress": ("square", gettext_lazy("No progress")),
    "notrated": ("ring", gettext_lazy("Not rated")),
}
# State of work → how it weighs on the reader (wait, act, done), shape, word.
_STATES = {
    "draft": ("wait", "half", gettext_lazy("Draft")),
    "submitted": ("wait", "half", gettext_lazy("Submitted")),
    "returned": ("act", "back", gettext_lazy("Returned")),
    "approved": ("done", "tick", gettext_lazy("Approved")),
    "verified": ("done", "tick", gettext_lazy("Verified")),
    "late": ("act", "warning", gettext_lazy("Late")),
    "due": ("wait", "clock", gettext_lazy("Due")),
    "coming": ("", "clock", gettext_lazy("Coming")),
    "open": ("wait", "half", gettext_lazy("Open")),
    "closed": ("", "lock", gettext_lazy("Closed")),
    "planned": ("", "clock", gettext_lazy("Planned")),
    "assembled": ("wait", "half", gettext_lazy("Assembled")),
    "cleared": ("wait", "tick", gettext_lazy("Cleared")),
    "issued": ("done", "tick", gettext_lazy("Issued")),
    "queued": ("wait", "clock", gettext_lazy("Waiting to start")),
    "running": ("wait", "half", gettext_lazy("Under way")),
    "done": ("done", "tick", gettext_lazy("Done")),
    "failed": ("act", "warning", gettext_lazy("Could not be done")),
    "parked": ("act", "warning", gettext_lazy("Set aside after several tries")),
    "cancelled": ("", "ring", gettext_lazy("Cancelled")),
}
_NOTHING = {
    "not_due": ("nil", gettext_lazy("not due")),
    "not_reported": ("nil-missing", gettext_lazy("not reported")),
    "not_approved": ("nil-missing", gettext_lazy("not approved")),
    "not_applicable": ("nil-na", gettext_lazy("n/a")),
}


def _language() -> str:
    return get_language() or "en"


@register.filter
def figure(value: Decimal | int | None, decimals: int = 0) -> str:
    """A number as the language writes it; nothing gives nothing (use `nothing` to say which)."""
    return "" if value is None else formats.figure(value, int(decimals), _language())


@register.filter
def signed(value: Decimal | int | None, decimals: int = 0) -> str:
    """A difference, with its plus or minus."""
    return "" if value is None else formats.figure(value, int(decimals), _language(), signed=True)


@register.filter
def percent(value: Decimal | int | None, decimals: int = 0) -> str:
    """A value that is already in per cent: 29.5 gives 29.5 %."""
    return "" if value is None else formats.per_cent(value, int(decimals), _language())


@register.filter
def share(value: Decimal | int | None, decimals: int = 0) -> str:
    """A share of a whole: 0.65 gives 65 %."""
    return "" if value is None else formats.share(value, int(decimals), _language())


@register.filter
def day(value: dt.date | None) -> str:
    """2 February 2018; a moment gives its day on the site's clock."""
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value)
    return "" if value is None else formats.day(value, _language())


@register.filter
def moment(value: dt.datetime | None) -> str:
    """2 February 2018, 16:40, on the site's clock."""
    return "" if value is None else formats.moment(timezone.localtime(value), _language())


@register.simple_tag
def wording(text: Wording | LocalText | str | None, *, mark: bool = True) -> SafeString | str:
    """A text of the plan in the active language, in its own language and direction.

    Working translations carry a quiet mark, except in English, where texts stand as entered.
    """
    if text is None or isinstance(text, str):
        return text or ""
    local = text.local() if isinstance(text, Wording) else text
    direction = "rtl" if local.language == "ar" else "ltr"
    told = format_html('<bdi lang="{}" dir="{}">{}</bdi>', local.language, direction, local.text)
    if not (mark and local.is_working and local.language != "en" and local.text):
        return told
    note = _("working translation, not official")
    return told + format_html(
        '<small class="working" title="{0}"><span aria-hidden="true">°</span>'
        '<span class="visually-hidden"> ({0})</span></small>',
        note,
    )


@register.simple_tag
def icon(name: str) -> SafeString:
    """A small shape in the colour of its text; it never stands without a word."""
    return mark_safe(  # noqa: S308 - our own constants
        f'<svg class="g" viewBox="0 0 12 12" aria-hidden="true">{ICONS[name]}</svg>'
    )


@register.inclusion_tag("components/chip.html")
def chip(rating: Any, label: str = "", href: str = "", reason: str = "") -> dict[str, Any]:
    """A rating: shape, word, colour. Takes a status or anything that has one.

    `label` is the word of the rating scale, if it differs; `href` leads to the reason.
    """
    key = _key(rating).replace("_", "")
    shape, word = _RATINGS[key]
    return {"key": key, "shape": shape, "label": label or word, "href": href, "reason": reason}


@register.inclusion_tag("components/tag.html")
def tag(state: Any, label: str = "") -> dict[str, Any]:
    """A state of work: square and outlined, so that nobody takes it for a rating."""
    weight, shape, word = _STATES[_key(state)]
    return {"weight": weight, "shape": shape, "label": label or word}


@register.inclusion_tag("components/nothing.html")
def nothing(kind: Any, reason: str = "") -> dict[str, Any]:
    """Why there is no value: not_due, not_reported, not_approved or not_applicable."""
    look, word = _NOTHING[_key(kind)]
    return {"look": look, "word": word, "reason": reason}


@register.inclusion_tag("components/bullet.html")
def bullet(achievement: Decimal | None, expected: Decimal | None, status: Any) -> dict[str, Any]:
    """Progress from baseline to target with its share in words beside it."""
    key = _key(status).replace("_", "")
    drawing = charts.bullet(achievement, expected, key)
    return {"drawing": mark_safe(drawing), "achievement": achievement}  # noqa: S308 - escaped


@register.simple_tag
def spark(values: Sequence[Decimal | None]) -> SafeString:
    """The shape of a series."""
    return mark_safe(charts.spark(values))  # noqa: S308 - escaped by charts


@register.simple_tag
def share_bar(
    value: Decimal | None, maximum: Decimal, overlap: Decimal | None = None, quiet: bool = False
) -> SafeString:
    """The bar of one table row."""
    return mark_safe(charts.share_bar(value, maximum, overlap, quiet=quiet))  # noqa: S308 - escaped


@register.inclusion_tag("components/chart.html")
def line_chart(
    points: Sequence[charts.Point],
    *,
    name: str,
    decimals: int = 0,
    in_per_cent: bool = False,
    **options: Any,
) -> dict[str, SafeString]:
    """A line chart; options are those of `charts.line_chart` (marks, published, width, ...).

    A wide one is drawn a second time for telephones, or its letters would be too small to read.
    """
    language = _language()

    def number(value: Decimal) -> str:
        written = formats.per_cent if in_per_cent else formats.figure
        return written(value, decimals, language)

    def tick(value: Decimal) -> str:
        exponent = value.as_tuple().exponent
        return formats.figure(value, max(0, -int(exponent)), language)

    def drawn(**size: int) -> str:
        same = options | size
        return charts.line_chart(points, name=name, number=number, tick=tick, **same)

    return _both(drawn(), drawn(**_NARROW) if options.get("width", 580) > _WIDE else "")


@register.inclusion_tag("components/chart.html")
def bars(rows: Sequence[charts.Bar], *, name: str, decimals: int = 0) -> dict[str, SafeString]:
    """A chart of bars with their labels; in Arabic they start from the right."""
    language = _language()

    def drawn(width: int) -> str:
        return charts.bars(
            rows,
            name=name,
            number=lambda value: formats.figure(value, decimals, language),
            width=width,
            right_to_left=language == "ar",
        )

    return _both(drawn(580), drawn(_NARROW["width"]))


def _both(wide: str, narrow: str) -> dict[str, SafeString]:
    return {"wide": mark_safe(wide), "narrow": mark_safe(narrow)}  # noqa: S308 - escaped by charts


def _key(given: Any) -> str:
    """The code of a status or state: given itself, as an enumeration's value, or on an object."""
    given = getattr(given, "status", given)
    return str(getattr(given, "value", given)).lower()
