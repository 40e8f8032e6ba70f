import logging
import sys

from tests.local.host.logs import FORMAT, OneLine


def test_a_traceback_stays_on_the_line_of_its_record() -> None:
    try:
        raise ValueError("first line\nsecond line")
    except ValueError:
        record = logging.makeLogRecord({"msg": "it failed", "exc_info": sys.exc_info()})
    record.invocation = "[f 1] "

    line = OneLine(FORMAT).format(record)

    assert "[f 1]" in line
    assert "second line" in line
    assert "\n" not in line
