"""Which year a page shows when nobody asked for one."""

from datetime import date

from django.db.models import Max

from focus_areas.models import Period
from indicators.models import Submission
from indicators.queries.standing import APPROVED


def latest_year(today: date) -> Period | None:
    """The latest year that has ended and of which some office's figures are approved.

    None before the first approval. Two queries.
    """
    approved = Submission.objects.filter(state__in=APPROVED, period__end__lt=today)
    end: date | None = approved.aggregate(end=Max("period__end"))["end"]
    return Period.objects.filter(kind=Period.Kind.YEAR, end=end).first() if end else None
