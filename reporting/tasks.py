"""What the clock asks of this app."""

from celery import shared_task
from django.utils import timezone

from reporting.services import corrections


@shared_task(name="reporting.draft_corrigenda", ignore_result=True)  # type: ignore[untyped-decorator]  # Celery has no types
def draft_corrigenda() -> None:
    """Drafts the corrigenda that later corrections ask for; each hour."""
    corrections.draft_all(at=timezone.now())
