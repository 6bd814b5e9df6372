"""The form of evidence."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from habitat_plan.kit.uploads import KINDS
from indicators.forms.plain import PlainForm
from indicators.models import Achievement

ENDINGS = ",".join(ending for kind in KINDS.values() for ending in kind.endings)


class PieceForm(PlainForm):
    """A file, a link or a note that shows where an entry comes from."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,  # said by the rule on files, in its own words
        help_text=_(
            "Up to 10 MB: PDF, JPEG, PNG, TXT, CSV, DOCX, XLSX, PPTX, ODT or ODS. "
            "Pictures are kept without the place and time they were taken."
        ),
        widget=forms.FileInput(attrs={"accept": ENDINGS}),
    )
    link = forms.CharField(label=_("Link"), max_length=200, required=False)
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=5_000, widget=forms.Textarea(attrs={"rows": 2})
    )
    achievement = forms.ModelChoiceField(
        Achievement.objects.none(), label=_("Authority"), required=False
    )

    def __init__(self, *args: Any, achievements: list[Achievement], **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "evidence_%s")
        super().__init__(*args, **kwargs)
        if not achievements:
            del self.fields["achievement"]
            return
        field: Any = self.fields["achievement"]
        field.queryset = Achievement.objects.filter(pk__in=[one.pk for one in achievements])
        names = {one.pk: one.authority.name for one in achievements}
        field.label_from_instance = lambda one: names[one.pk]


class RetireForm(PlainForm):
    """Why a piece of evidence no longer counts."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=2_000)


class WhichEvidenceForm(forms.Form):
    """Which office and year the list of evidence is narrowed to."""

    office = forms.ChoiceField(label=_("Office"), required=False)
    year = forms.ChoiceField(label=_("Year"), required=False)

    def __init__(
        self, *args: Any, offices: list[tuple[str, str]], years: list[tuple[str, str]], **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.fields["office"].choices = [("", _("All")), *offices]  # type: ignore[attr-defined]
        self.fields["year"].choices = [("", _("All")), *years]  # type: ignore[attr-defined]
