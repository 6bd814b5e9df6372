"""Background jobs: rows with leases that workers claim."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """The jobs app."""

    name = "jobs"
    verbose_name = _("background jobs")

    def ready(self) -> None:
        """Registers the drill's job."""
        from jobs import rehearsal  # noqa: F401, PLC0415  # apps must be loaded first
