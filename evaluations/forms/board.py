"""What is asked of the recommendation board and of the list of evaluations, in query strings.

Whatever cannot be read is as if it had not been asked: an old or mistyped link still shows a page.
"""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings

from evaluations.models import Evaluation
from evaluations.queries.board_asked import BY, STATES, Asked
from evaluations.queries.site import STATES as STATES_OF_SITE
from evaluations.queries.site import SiteAsked
from evaluations.rules.texts import words_of

FIRST_YEAR, LAST_YEAR = 1990, 2100
LONGEST = 200
"""Characters of what is searched for."""
MOST_PAGES = 1_000_000
VIEWS = ("list", "management", "committee")


class Query(forms.Form):
    """A query string, read field by field: a field that is wrong is left out."""

    q = forms.CharField(required=False, max_length=LONGEST)
    year = forms.IntegerField(required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR)
    page = forms.IntegerField(required=False, min_value=1, max_value=MOST_PAGES)

    def given(self) -> dict[str, Any]:
        """What was asked and can be read, by name."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def words(self) -> tuple[str, ...]:
        """The words that are searched for."""
        return words_of(self.given().get("q", ""))


class BoardQuery(Query):
    """What is asked of the recommendation board."""

    evaluation = forms.SlugField(required=False, max_length=40)
    office = forms.SlugField(required=False, max_length=20)
    state = forms.ChoiceField(required=False, choices=[(one, one) for one in STATES])
    by = forms.ChoiceField(required=False, choices=[(one, one) for one in BY])
    on = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    view = forms.ChoiceField(required=False, choices=[(one, one) for one in VIEWS])

    def asked(self, *, today: date) -> Asked:
        """What the board is asked for; a day that is today or later is today."""
        given = self.given()
        on = given.get("on")
        names = ("evaluation", "office", "year", "state", "by", "page")
        chosen = {name: given[name] for name in names if name in given}
        return Asked(**chosen, words=self.words, on=on if on and _is_past(on, today) else None)

    @property
    def chosen_view(self) -> str:
        """The view that is asked for; empty if none is."""
        return str(self.given().get("view", ""))


def _is_past(on: date, today: date) -> bool:
    return on.year >= FIRST_YEAR and on < today


class SiteQuery(Query):
    """What is asked of the list of evaluations."""

    kind = forms.ChoiceField(required=False, choices=Evaluation.Kind.choices)
    area = forms.RegexField(r"^FA\d{1,3}$", required=False)
    language = forms.ChoiceField(required=False, choices=settings.LANGUAGES)
    state = forms.ChoiceField(required=False, choices=[(one, one) for one in STATES_OF_SITE])

    def asked(self) -> SiteAsked:
        """What the list is asked for."""
        given = self.given()
        names = ("kind", "year", "language", "state", "page")
        chosen = {name: given[name] for name in names if name in given}
        return SiteAsked(**chosen, words=self.words, focus_area=given.get("area", ""))
