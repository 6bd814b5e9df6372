"""Where recommendations are, in words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evaluations.rules.ageing import NO_DATE
from evaluations.rules.follow_up import Standing

Words = str | Promise

STANDINGS: Mapping[str, Words] = {
    Standing.AWAITING: _("Waiting for management’s response"),
    Standing.REJECTED: _("Rejected"),
    Standing.UNPLANNED: _("Accepted; no action planned yet"),
    Standing.NOT_STARTED: _("Not started"),
    Standing.IN_PROGRESS: _("In progress"),
    Standing.TO_VERIFY: _("Owner says done; closure not verified"),
    Standing.IMPLEMENTED: _("Implemented and verified"),
    Standing.OVERTAKEN: _("Overtaken by events"),
}
DECISIONS: Mapping[str, Words] = {
    "accepted": _("Accepted"),
    "partly": _("Partly accepted"),
    "rejected": _("Rejected, with reason"),
    "awaiting": _("No response yet"),
    "": _("No response yet"),
}
BANDS: Mapping[str, Words] = {
    "not_due": _("Not yet due"),
    "to_90": _("Late up to 90 days"),
    "to_180": _("91 to 180 days"),
    "to_365": _("181 to 365 days"),
    "over_365": _("More than a year"),
    NO_DATE: _("No day named"),
}
