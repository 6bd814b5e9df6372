"""The Celery application with a clock that runs quickly: each scheduled task once a second."""

from habitat_plan.celery import app

app.conf.beat_schedule = {
    name: {**entry, "schedule": 1.0} for name, entry in app.conf.beat_schedule.items()
}
