"""What the clock asks of this app."""

from celery import shared_task
from django.utils import timezone

from evaluations.services import reminders


@shared_task(name="evaluations.remind", ignore_result=True)  # type: ignore[untyped-decorator]  # Celery has no types
def remind() -> None:
    """Makes the reminders that are due; each hour."""
    reminders.remind(at=timezone.now())
