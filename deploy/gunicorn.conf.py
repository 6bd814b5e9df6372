"""Server settings. Embedded: one process, so that its worker thread hears every job."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "habitat_plan.settings")

from django.conf import settings

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = 1 if settings.EMBEDDED else int(os.environ.get("WEB_WORKERS", "2"))
threads = 8
max_requests = 0 if settings.EMBEDDED else 5000
max_requests_jitter = 0 if settings.EMBEDDED else 500
wsgi_app = "habitat_plan.wsgi:application"
