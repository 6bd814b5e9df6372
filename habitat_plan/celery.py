"""The Celery application: its settings are those named CELERY_ in the settings file."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "habitat_plan.settings")

app = Celery("habitat_plan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Celery's current application is kept for each thread; without a default, the threads of the
# server would ring the bell of an application that knows no broker.
app.set_default()
