"""`manage.py makemessages` that also finds the sentences of reports."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Adds the keywords of `reporting.assembly.words`."""

    xgettext_options = [
        *makemessages.Command.xgettext_options,
        "--keyword=said",
        "--keyword=sentence",
    ]
