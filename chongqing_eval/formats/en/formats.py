"""How English pages write days: the way the portal's English sentences do."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, H:i"
