"""The app under test: function_app.py in a host, which can be killed and started again."""

import secrets
from collections.abc import Mapping
from pathlib import Path

from tests.local import process
from tests.local.host.__main__ import KEY_VARIABLE
from tests.local.process import Service


class App:
    """A host that comes back with the same address and the same key."""

    def __init__(self, settings: Mapping[str, str], *, port: int, state: Path) -> None:
        """Keep how it is started; `state` is a folder for what its timers remember."""
        self._settings = {**settings, KEY_VARIABLE: secrets.token_urlsafe(32)}
        self._port = port
        self._state = state
        self._service: Service | None = None

    def start(self) -> Service:
        """Start it and wait until it is ready."""
        assert not self.is_running
        options = ["--app", str(process.ROOT), "--port", str(self._port)]
        command = process.module("host", *options, "--state", str(self._state))
        self._service = process.start("host", command, env=self._settings)
        self._port = int(self._service.info["http"].rpartition(":")[2])
        return self._service

    def kill(self) -> None:
        """End it as a crash of the machine would."""
        if self._service:
            self._service.kill()

    def stop(self) -> None:
        """Ask it to end."""
        if self._service:
            self._service.stop()

    @property
    def is_running(self) -> bool:
        """Whether its process is there."""
        return self._service is not None and self._service.process.poll() is None

    @property
    def facts(self) -> dict[str, str]:
        """Its address and its key."""
        assert self._service is not None
        return {name: self._service.info[name] for name in ("http", "key")}

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._service is not None
        return self._service.pid
