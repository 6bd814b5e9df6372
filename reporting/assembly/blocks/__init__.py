"""The blocks that outlines are made of: a name and what it sets into the document."""

from collections.abc import Mapping

from reporting.assembly.blocks import (
    accomplishments,
    areas,
    evaluation,
    imdis,
    mandate,
    narrative,
    portfolio,
    strategic,
    support,
)
from reporting.assembly.composer import Maker

BLOCKS: Mapping[str, Maker] = {
    "mandate": mandate.mandate,
    "method": mandate.method,
    "how_rated": mandate.how_rated,
    "how_weighted": mandate.how_weighted,
    "missing": mandate.missing,
    "text": narrative.text,
    "areas_in_short": areas.in_short,
    "areas_table": areas.table,
    "area_promise": areas.promise,
    "area_results": areas.results,
    "area_tables": areas.tables_of_areas,
    "accomplishments_in_short": accomplishments.in_short,
    "accomplishments_table": accomplishments.table,
    "area_accomplishments": accomplishments.of_area,
    "accomplishment_tables": accomplishments.tables_of_accomplishments,
    "support_table": support.table,
    "support_results": support.results,
    "markers": support.markers,
    "strategic_in_short": strategic.in_short,
    "plan_promise": strategic.promise,
    "strategic_table": strategic.table,
    "strategic_results": strategic.results,
    "strategic_tables": strategic.tables_of_series,
    "evaluated_share": evaluation.share,
    "evaluations": evaluation.evaluations,
    "recommendations": evaluation.recommendations,
    "portfolio": portfolio.portfolio,
    "budget": portfolio.budget,
    "outputs": portfolio.outputs,
    "implementation_rates": portfolio.rates,
    "imdis_indicators": imdis.indicators,
    "imdis_accounts": imdis.accounts,
    "imdis_outputs": imdis.outputs,
}
