"""What people send from the page of one section: the text, a note, a remark, figures looked at."""

from django import forms
from django.http import QueryDict

from reporting.services.narrative import LONGEST


class WriteForm(forms.Form):
    """A text with the revision it was begun from; what was typed stays after a refusal."""

    body = forms.CharField(required=False, strip=False, max_length=2 * LONGEST)
    revision = forms.IntegerField(required=False, min_value=0)
    note = forms.CharField(required=False)
    remark = forms.CharField(required=False)
    quote = forms.CharField(required=False)
    office = forms.CharField(required=False)
    writer = forms.IntegerField(required=False)
    q = forms.CharField(required=False)
    period = forms.CharField(required=False)
    scope = forms.CharField(required=False)

    @property
    def typed(self) -> str:
        """The text as it was sent, its lines ended as they are stored."""
        return str(self.data.get("body", "")).replace("\r\n", "\n")

    @property
    def looks(self) -> list[str]:
        """Figures that the writer looked at, each as its reference, `=`, and what was shown."""
        data = self.data
        return data.getlist("look") if isinstance(data, QueryDict) else []

    def number(self, name: str) -> int:
        """A number that was sent, 0 for anything else."""
        return int(self.cleaned_data.get(name) or 0) if self.is_valid() else 0

    def text(self, name: str) -> str:
        """Words that were sent, without blank ends."""
        return str(self.data.get(name, "")).strip()
