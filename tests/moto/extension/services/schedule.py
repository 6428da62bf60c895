"""When an AWS schedule expression fires: `cron(...)` with six fields, or `rate(...)`."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
WEEKDAYS = "SUN MON TUE WED THU FRI SAT".split()
LAST_YEAR = 2199


def runs(
    expression: str, timezone: str, *, start: datetime, after: datetime, count: int
) -> list[datetime]:
    """The next runs after a time; a rate counts from the start."""
    if rate := RATE.fullmatch(expression.strip()):
        step = timedelta(**{f"{rate[2]}s": int(rate[1])})
        passed = max((after - start) // step, -1)
        return [start + step * (passed + number) for number in range(1, count + 1)]
    local = after.astimezone(ZoneInfo(timezone))
    times = (
        moment.astimezone(UTC)
        for moment in _Cron(expression).moments(local)
        if moment > after
    )
    return list(islice(times, count))


class _Cron:
    """A cron expression: minutes, hours, day of month, month, day of week, year."""

    def __init__(self, expression: str) -> None:
        found = re.fullmatch(r"cron\((.+)\)", expression.strip())
        fields = found[1].upper().split() if found else []
        if len(fields) != 6:
            raise ValueError(f"not a schedule expression: {expression}")
        self.minutes = _numbers(fields[0], 0, 59)
        self.hours = _numbers(fields[1], 0, 23)
        self.month_days = fields[2]
        self.months = set(_numbers(fields[3], 1, 12, MONTHS))
        self.week_days = fields[4]
        self.years = set(_numbers(fields[5], 1970, LAST_YEAR))

    def moments(self, local: datetime) -> Iterator[datetime]:
        """All moments from the start of the local day on."""
        day = local.date()
        while day.year <= max(self.years):
            if day.year in self.years and day.month in self.months and self._on(day):
                for hour in self.hours:
                    for minute in self.minutes:
                        yield datetime.combine(day, time(hour, minute), local.tzinfo)
            day += timedelta(days=1)

    def _on(self, day: date) -> bool:
        """Whether both day fields allow the day; AWS wants `?` in one of them."""
        return self._on_month_day(day) and self._on_week_day(day)

    def _on_month_day(self, day: date) -> bool:
        last = monthrange(day.year, day.month)[1]
        if self.month_days == "?":
            return True
        if self.month_days == "L":
            return day.day == last
        if self.month_days.endswith("W"):
            return day == _nearest_working_day(day, int(self.month_days[:-1]), last)
        return day.day in _numbers(self.month_days, 1, 31)

    def _on_week_day(self, day: date) -> bool:
        weekday = day.isoweekday() % 7 + 1
        if self.week_days == "?":
            return True
        if self.week_days == "L":
            return weekday == 7
        if self.week_days.endswith("L"):
            is_last = day.day > monthrange(day.year, day.month)[1] - 7
            return is_last and weekday in _numbers(self.week_days[:-1], 1, 7, WEEKDAYS)
        if "#" in self.week_days:
            name, _, which = self.week_days.partition("#")
            is_which = (day.day - 1) // 7 + 1 == int(which)
            return is_which and weekday in _numbers(name, 1, 7, WEEKDAYS)
        return weekday in _numbers(self.week_days, 1, 7, WEEKDAYS)


def _nearest_working_day(day: date, wanted: int, last: int) -> date:
    """The working day of the same month that is nearest to a day of it."""
    target = day.replace(day=min(wanted, last))
    if target.isoweekday() == 6:
        return target + timedelta(days=-1 if target.day > 1 else 2)
    if target.isoweekday() == 7:
        return target + timedelta(days=1 if target.day < last else -2)
    return target


def _numbers(
    field: str, least: int, most: int, names: list[str] | None = None
) -> list[int]:
    """The numbers that a field allows, in order: `*`, `1,3`, `2-5`, `0/15`, `MON-FRI`."""

    def number(text: str) -> int:
        return names.index(text) + least if names and text in names else int(text)

    allowed: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, final = span.partition("-")
        if span in ("*", "?"):
            begin, end = least, most
        else:
            begin = number(first)
            end = number(final) if final else most if step else begin
        if not least <= begin <= end <= most:
            raise ValueError(f"{field} is not within {least} to {most}")
        allowed.update(range(begin, end + 1, int(step) if step else 1))
    return sorted(allowed)
