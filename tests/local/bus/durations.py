"""ISO 8601 durations as ARM writes them: `PT5M`, `P14D`, `P10675199DT2H48M5.4775807S`."""

import re
from datetime import timedelta

_DURATION = re.compile(
    r"P(?!$)(?:(?P<days>\d+)D)?"
    r"(?:T(?!$)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)


def duration(text: str) -> timedelta:
    """Read a duration of days, hours, minutes and seconds; ValueError when it is none."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(
            f"{text!r} is not an ISO 8601 duration of days, hours, minutes and seconds"
        )
    return timedelta(
        **{unit: float(number) for unit, number in match.groupdict().items() if number is not None}
    )
