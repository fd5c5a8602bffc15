#!/usr/bin/env bash
# China's working weekends are announced each autumn for the next year. Asked for a year that is not
# announced yet, holidays 0.109 answers every day as if it were settled: feast days from the
# calendar, not one worked weekend, no sign that the answer is a guess. chinesecalendar 1.11.0 agrees
# with it on every day of 2021 to 2026 and raises NotImplementedError for 2027. A deadline counted in
# working days across a New Year is wrong by the worked weekends, silently.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check holidays==0.109 chinesecalendar==1.11.0
"$folder/venv/bin/python" - <<'PY'
from datetime import date, timedelta

import chinese_calendar
import holidays

table = holidays.country_holidays("CN", years=range(2021, 2029))


def days(year):
    return [date(year, 1, 1) + timedelta(n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]


def worked_weekends(year):
    return sum(table.is_working_day(day) for day in days(year) if day.weekday() > 4)


known = [day for year in range(2021, 2027) for day in days(year)]
differing = [day for day in known if table.is_working_day(day) != chinese_calendar.is_workday(day)]
print("2021-2026, days on which the two differ:", len(differing))
for year in (2025, 2026, 2027, 2028):
    print(year, "worked weekend days by holidays:", worked_weekends(year))
try:
    chinese_calendar.is_workday(date(2027, 1, 4))
    raise SystemExit("chinesecalendar knows 2027 now")
except NotImplementedError as refusal:
    print("chinesecalendar:", refusal)
assert not differing
assert worked_weekends(2026) > 0
assert worked_weekends(2027) == worked_weekends(2028) == 0
assert not table.is_working_day(date(2027, 10, 1))
PY
