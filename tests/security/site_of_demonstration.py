"""Who takes part in the tests of the whole site, and where its files lie."""

from pathlib import Path
from typing import Any

from django.conf import settings

from indicators.services.demonstration import DOMAIN
from organization.models import User

PEOPLE = (
    "administrator",
    "committee",
    "editor",
    "evaluation",
    "manager",
    "qa",
    "roap.approve",
    "roap.enter",
    "urcdb.approve",
)


def people_of_demonstration() -> dict[str, User]:
    """Who takes part, by the names in their addresses, read anew."""
    return {name: User.objects.get(email=f"{name}@{DOMAIN}") for name in PEOPLE}


def storage_in(folder: Path) -> dict[str, Any]:
    """The settings by which files are kept in this folder."""
    backend = "django.core.files.storage.FileSystemStorage"
    return settings.STORAGES | {"default": {"BACKEND": backend, "OPTIONS": {"location": folder}}}
