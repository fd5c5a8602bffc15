"""Collect the sentences to translate: Django's command, which also knows our marker `N_`."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    # Pure code knows no Django: it marks its sentences with `N_` and its callers translate them.
    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=N_"]
    # A new sentence stays empty until somebody translates it: a guess would look finished.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]
