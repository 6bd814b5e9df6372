"""Background jobs: rows with leases that workers claim."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """The jobs app."""

    name = "jobs"
    verbose_name = _("background jobs")
