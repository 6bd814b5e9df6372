"""What the clock asks of this app."""

from celery import shared_task
from django.utils import timezone

from indicators.services import reminders, uploads


@shared_task(name="indicators.remind", ignore_result=True)  # type: ignore[untyped-decorator]  # Celery has no types
def remind() -> None:
    """Makes the reminders that are due; each hour."""
    reminders.remind(at=timezone.now())


@shared_task(name="indicators.remove_old_uploads", ignore_result=True)  # type: ignore[untyped-decorator]  # Celery has no types
def remove_old_uploads() -> None:
    """Puts files away that nobody confirmed within thirty days; some times a day."""
    uploads.remove_old(at=timezone.now())
