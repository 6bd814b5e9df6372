"""A count of authorities in words: how the offices' counts become one, by type and by region."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from habitat_plan.kit.wording import Wording
from indicators.models import Authority
from indicators.rules.counts import DistinctTotal


@dataclass(frozen=True)
class Part:
    """One category of an axis: how many of the distinct authorities fall in it."""

    name: Wording | str
    number: Decimal
    quiet: bool = False


def parts(counts: Mapping[str, int], names: Mapping[str, Wording | str]) -> list[Part]:
    """The categories in their order; what nobody divided comes last, pale."""
    found = [Part(names[code], Decimal(counts[code])) for code in names if counts.get(code)]
    rest = sum(number for code, number in counts.items() if code not in names)
    if rest:
        found.append(Part(_("Not disaggregated"), Decimal(rest), quiet=True))
    return found


def count_context(counted: DistinctTotal, regions: Mapping[str, Wording]) -> dict[str, Any]:
    """The sums under the table of offices, and the distinct authorities along two axes."""
    distinct = int(counted.total.number or 0)
    types = {code: str(label).capitalize() for code, label in Authority.Type.choices}
    return {
        "overlap": len(counted.overlaps),
        "sum_of_offices": counted.sum_of_offices,
        "counted_again": distinct - counted.sum_of_offices,
        "distinct": distinct,
        "by_type": parts(counted.by_type, types),
        "by_region": parts(counted.by_region, regions),
    }
