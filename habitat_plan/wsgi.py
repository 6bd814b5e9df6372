"""The WSGI entry point; without a broker the server also does the background jobs itself."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "habitat_plan.settings")
application = get_wsgi_application()

from jobs import embedded  # noqa: E402  # models can be imported only now

if settings.EMBEDDED and not settings.TESTING:
    embedded.start()
