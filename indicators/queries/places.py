"""Names of the regions that counts are divided by."""

from collections.abc import Mapping

from habitat_plan.kit.wording import Wording
from organization.models import Region


def region_names() -> Mapping[str, Wording]:
    """The regions of UN-Habitat by code, in their order. One query."""
    return dict(Region.objects.filter(scheme=Region.Scheme.UN_HABITAT).values_list("code", "name"))
