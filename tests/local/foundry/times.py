"""Times and durations on the wire: Unix seconds on `training_jobs`, ISO 8601 on `jobs`."""

from datetime import datetime, timedelta


def unix(time: datetime | None) -> int | None:
    """Write a time as whole seconds since 1970."""
    return int(time.timestamp()) if time else None


def iso(time: datetime | None) -> str | None:
    """Write a time as ISO 8601."""
    return time.isoformat() if time else None


def duration(length: timedelta) -> str:
    """Write a duration as ISO 8601, in seconds alone."""
    return f"PT{length.total_seconds():.3f}S"
