"""What the clock asks of this app."""

from celery import shared_task
from django.utils import timezone

from organization.services import notices


@shared_task(name="organization.send_notices", ignore_result=True)  # type: ignore[untyped-decorator]  # Celery has no types
def send_notices() -> None:
    """Sends what waits to be told by e-mail; each minute."""
    notices.send(at=timezone.now())
