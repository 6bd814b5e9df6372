"""Who: people, offices, roles, countries and places, and the audit trail."""

from django.apps import AppConfig


class OrganizationConfig(AppConfig):
    """The lowest floor: everything else may point here."""

    name = "organization"
