"""The rows below a row, read in the same query: one JSON array of arrays on each database."""

from typing import Any

from django.db.models import Expression, JSONField, Model, QuerySet, Subquery
from django.db.models.functions import JSONArray


class JSONRows(Subquery):
    """The rows of a queryset as a list of lists of these columns; None or [] if there are none.

    The queryset refers to the row it hangs on by `OuterRef`. A column is a name or an expression;
    what JSON cannot hold exactly (a decimal) is to be cast to text. No order is kept.
    """

    def __init__(self, queryset: QuerySet[Model], *columns: str | Expression) -> None:
        super().__init__(queryset.order_by().values(row=JSONArray(*columns)), JSONField())

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """An array of what is JSON already, so that it is not quoted again."""
        template = '(SELECT json_group_array(json("row")) FROM (%(subquery)s) AS "rows")'
        return self.as_sql(compiler, connection, template=template, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """The same by PostgreSQL's name for it."""
        template = '(SELECT jsonb_agg("row") FROM (%(subquery)s) AS "rows")'
        return self.as_sql(compiler, connection, template=template, **extra)
