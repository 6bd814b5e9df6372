"""`manage.py verify_recommendations`: names what differs, and writes anew only when asked."""

from io import StringIO

import evaluation_rows as rows
import factories
import pytest
from django.core.management import CommandError, call_command

from evaluations.models import Stand

pytestmark = pytest.mark.django_db


def _said(*options: str) -> str:
    out = StringIO()
    call_command("verify_recommendations", *options, stdout=out)
    return out.getvalue().strip()


def test_says_that_all_stand_where_their_history_says() -> None:
    rows.recommendation(rows.evaluation("2-2016", state="published"), office=factories.office())
    assert _said() == "All recommendations stand where their history says."


def test_names_what_differs_and_changes_nothing_unasked() -> None:
    rows.recommendation(rows.evaluation("2-2016", state="published"), office=factories.office())
    Stand.objects.update(standing="implemented")
    with pytest.raises(CommandError, match="2-2016-1"):
        _said()
    assert Stand.objects.get().standing == "implemented"
    assert _said("--renew") == "1 recommendations were written anew."
    assert Stand.objects.get().standing == "awaiting"
