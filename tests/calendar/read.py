"""Prints the events of a calendar as JSON, as the library icalendar understands them."""

import json
import sys

from icalendar import Calendar


def main() -> None:
    with open(sys.argv[1], "rb") as file:
        calendar = Calendar.from_ical(file.read())
    problems = [str(problem) for component in calendar.walk() for problem in component.errors]
    events = [
        {
            "uid": str(event["UID"]),
            "stamp": event.decoded("DTSTAMP").isoformat(),
            "start": event.decoded("DTSTART").isoformat(),
            "end": event.decoded("DTEND").isoformat(),
            "summary": str(event["SUMMARY"]),
            "description": str(event.get("DESCRIPTION", "")),
            "status": str(event["STATUS"]),
            "reminders": [alarm.decoded("TRIGGER").days for alarm in event.walk("VALARM")],
        }
        for event in calendar.walk("VEVENT")
    ]
    json.dump({"name": str(calendar["NAME"]), "problems": problems, "events": events}, sys.stdout)


main()
