"""How English pages write days: the way the portal's English sentences do."""

DATE_FORMAT = "j\xa0F\xa0Y"  # never parted at the end of a line
DATETIME_FORMAT = f"{DATE_FORMAT}, H:i"
