"""Collect the sentences to translate: Django's command, which also knows our marker `N_`."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    # Pure code knows no Django: it marks its sentences with `N_` and its callers translate them.
    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=N_"]
