"""Wiring: settings, addresses, the Celery application, and the kit."""

from habitat_plan.celery import app as celery_app

__all__ = ["celery_app"]
