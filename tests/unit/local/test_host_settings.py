from pathlib import Path

import pytest

from tests.local.host.settings import (
    Connection,
    HostFile,
    SettingError,
    connection,
    host_file,
    resolved,
)


def test_a_setting_named_in_a_binding_is_put_in_its_place() -> None:
    text = resolved("%QUEUE%/$DeadLetterQueue", {"QUEUE": "jobs"})

    assert text == "jobs/$DeadLetterQueue"


def test_a_setting_that_is_missing_is_named() -> None:
    with pytest.raises(SettingError, match="QUEUE"):
        resolved("%QUEUE%", {})


def test_a_connection_string_wins_over_a_namespace() -> None:
    settings = {"Bus": "Endpoint=x", "Bus__fullyQualifiedNamespace": "bus.example"}

    assert connection("Bus", settings) == Connection(text="Endpoint=x")


def test_a_connection_may_be_a_namespace() -> None:
    settings = {"Bus__fullyQualifiedNamespace": "bus.example"}

    assert connection("Bus", settings) == Connection(namespace="bus.example")


def test_a_missing_connection_is_named_in_both_spellings() -> None:
    with pytest.raises(SettingError, match="neither Bus nor Bus__fullyQualifiedNamespace"):
        connection("Bus", {})


def test_without_a_host_file_all_is_by_default(tmp_path: Path) -> None:
    assert host_file(tmp_path / "host.json") == HostFile()


def test_a_host_file_is_obeyed(tmp_path: Path) -> None:
    file = tmp_path / "host.json"
    file.write_text("""
        {"functionTimeout": "1.00:02:03", "extensions": {
            "http": {"routePrefix": ""},
            "serviceBus": {"maxConcurrentCalls": 2, "prefetchCount": 1,
                           "maxAutoLockRenewalDuration": "00:10:00"}}}
    """)

    read = host_file(file)

    assert read == HostFile(
        function_timeout=86523.0,
        route_prefix="",
        concurrent_calls=2,
        prefetch_count=1,
        lock_renewal=600.0,
    )


def test_a_function_may_run_for_ever(tmp_path: Path) -> None:
    file = tmp_path / "host.json"
    file.write_text('{"functionTimeout": "-1"}')

    assert host_file(file).function_timeout is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "not JSON"),
        ('{"functionTimeout": "5 minutes"}', "functionTimeout"),
        ('{"extensions": {"serviceBus": {"autoCompleteMessages": false}}}', "autoComplete"),
    ],
)
def test_a_host_file_that_cannot_be_obeyed_is_refused(
    tmp_path: Path, text: str, complaint: str
) -> None:
    file = tmp_path / "host.json"
    file.write_text(text)

    with pytest.raises(SettingError, match=complaint):
        host_file(file)
