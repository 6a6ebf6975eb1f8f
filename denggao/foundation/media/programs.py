"""The programs of the machine that make films and papers ready, where it has them. None is needed to run."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

# SECURITY: the input is read by a reader chosen here from what the file is, over this machine's loopback alone: a playlist
# that names other addresses or files is none.
_READERS = {
    "video/mp4": "mov", "video/webm": "matroska",
    "audio/mpeg": "mp3", "audio/mp4": "mov", "audio/ogg": "ogg", "audio/wav": "wav",
}  # fmt: skip
_MOST_PIXELS = 8192 * 4320
_STILL_SECONDS = 60.0
_OFFICE_SECONDS = 180
_PLAIN = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}


class ProgramFailed(Exception):
    """The program ended with a fault, or stood still; the message is its last words, for the log."""


def ffmpeg() -> str:
    """Where it is, or nothing."""
    return shutil.which("ffmpeg") or ""


def ffprobe() -> str:
    return shutil.which("ffprobe") or ""


def office() -> str:
    return shutil.which("soffice") or shutil.which("libreoffice") or ""


def input_options(content_type: str, address: str) -> list[str]:
    return ["-protocol_whitelist", "http,tcp", "-max_pixels", str(_MOST_PIXELS), "-f", _READERS[content_type], "-i", address]


def probed(content_type: str, address: str) -> dict[str, Any]:
    """What ffprobe says: ``format`` and ``streams``. Raises ProgramFailed."""
    options = input_options(content_type, address)
    options[2:4] = []
    asked = [ffprobe(), "-v", "error", "-of", "json", "-show_format", "-show_streams", *options]
    try:
        done = subprocess.run(asked, capture_output=True, timeout=_STILL_SECONDS, check=False, env=_PLAIN)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise ProgramFailed("timeout") from None
    if done.returncode:
        raise ProgramFailed(done.stderr.decode("utf-8", "replace")[-300:])
    found: dict[str, Any] = json.loads(done.stdout)
    return found


class Running:
    """ffmpeg at work: its output is read as a stream, how far it is (seconds of the film) told beside it. One that stands still
    for a minute is ended. ``read`` raises ProgramFailed at the end of a run that failed, and whatever ``watch`` raises."""

    def __init__(self, arguments: Sequence[str], *, watch: Callable[[float], None] = lambda _seconds: None) -> None:
        command = [*_gently(), ffmpeg(), "-nostdin", "-v", "error", "-progress", "pipe:2", "-nostats", *arguments, "pipe:1"]
        self._process = subprocess.Popen(  # noqa: S603 -- the arguments are the product's own
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_PLAIN
        )
        self._watch, self._told = watch, time.monotonic()
        self._seconds, self._alive, self._said = 0.0, time.monotonic(), ""
        self._done = threading.Event()
        threading.Thread(target=self._listen, args=(self._process.stderr,), daemon=True).start()
        threading.Thread(target=self._guard, daemon=True).start()

    def seekable(self) -> bool:
        return False

    def read(self, count: int) -> bytes:
        assert self._process.stdout is not None
        piece = self._process.stdout.read(count)
        if time.monotonic() - self._told > 1.5:
            self._told = time.monotonic()
            self._watch(self._seconds)
        if not piece and self._process.wait():
            raise ProgramFailed(self._said[-300:])
        return piece

    def close(self) -> None:
        self._done.set()
        with suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_fault: object) -> None:
        self.close()

    def _listen(self, errors: IO[bytes] | None) -> None:
        with suppress(ValueError, OSError):
            for line in errors or ():
                self._alive = time.monotonic()
                name, _equals, value = line.decode("utf-8", "replace").strip().partition("=")
                if name == "out_time_us" and value.isdecimal():
                    self._seconds = int(value) / 1_000_000
                elif not _equals:
                    self._said = f"{self._said} {name}"[-1000:]

    def _guard(self) -> None:
        while not self._done.wait(2):
            if time.monotonic() - self._alive > _STILL_SECONDS:
                with suppress(ProcessLookupError):
                    self._process.kill()
                return


def _gently() -> list[str]:
    nice = shutil.which("nice")
    return [nice, "-n", "10"] if nice else []


def office_as_pdf(data: IO[bytes], ending: str) -> bytes:
    """A text, table or slides as PDF, by LibreOffice. Raises ProgramFailed.

    # PRIVACY: LibreOffice reads from a folder. The plain file lies in one of its own, closed to others, while it works.
    """
    with TemporaryDirectory(prefix="denggao-office-") as folder:
        place = Path(folder)
        source = place / f"paper.{ending}"
        with source.open("wb") as kept:
            shutil.copyfileobj(data, kept)
        command = [*_gently(), office(), f"-env:UserInstallation={(place / 'profile').as_uri()}", "--headless", "--norestore"]
        command += ["--convert-to", "pdf", "--outdir", folder, str(source)]
        try:
            subprocess.run(  # noqa: S603 -- the arguments are the product's own
                command, capture_output=True, timeout=_OFFICE_SECONDS, check=True, env={**_PLAIN, "HOME": folder}
            )
            return (place / "paper.pdf").read_bytes()
        except (subprocess.SubprocessError, OSError) as error:
            raise ProgramFailed(type(error).__name__) from error
