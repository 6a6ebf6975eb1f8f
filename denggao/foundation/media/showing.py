"""How a stored file is shown in a page: what a player or a reader of papers needs to know, in two queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.urls import reverse

from denggao.foundation.files.models import StoredFile
from denggao.foundation.media.models import Conversion, Output

HLS = "application/vnd.apple.mpegurl"


@dataclass(frozen=True)
class Source:
    """An address to play from. ``height`` 0 where it adapts by itself or is not known."""

    url: str
    type: str
    height: int = 0


@dataclass(frozen=True)
class Page:
    url: str
    number: int
    width: int
    height: int


@dataclass(frozen=True)
class Shown:
    """``state`` is a Conversion's, empty for a file nobody had made ready. ``sources`` best first: HLS where there is one, then
    plain files from large to small, the file as it was handed in last. ``poster`` and ``pages`` may be empty; ``seconds`` 0 where
    unknown; ``percent`` while it is made ready; ``message`` what its author is to know."""

    file_id: UUID
    name: str
    url: str
    download_url: str
    content_type: str
    kind: str = ""
    state: str = ""
    message: str = ""
    percent: int = 0
    seconds: float = 0.0
    width: int = 0
    height: int = 0
    poster: str = ""
    sources: tuple[Source, ...] = ()
    pages: tuple[Page, ...] = ()
    subtitles: str = ""
    page_count: int = 0
    facts: dict[str, Any] = field(default_factory=dict)


def file_url(stored: StoredFile) -> str:
    """Where a file is shown in a page: a picture, a film, sound, subtitles. Who may read it may."""
    return reverse("media:file", args=[stored.public_id])


def shown(stored: StoredFile) -> Shown:
    return shown_files([stored])[stored.pk]


def shown_files(files: Iterable[StoredFile]) -> dict[int, Shown]:
    """By the files' database ids. Two queries, however many."""
    known = {stored.pk: stored for stored in files}
    found = {conversion.source_id: conversion for conversion in _conversions(known)}
    return {pk: _shown(stored, found.get(pk)) for pk, stored in known.items()}


def seconds_of(file_id: UUID) -> float | None:
    """How long a film or recording is; 0 where it was looked through and doesn't say, None before that. One query."""
    found = Conversion.objects.filter(source__public_id=file_id, kind__in=(Conversion.Kind.VIDEO, Conversion.Kind.AUDIO))
    for state, facts in found.values_list("state", "facts"):
        if facts.get("seconds") or state not in {Conversion.State.WAITING, Conversion.State.RUNNING}:
            return float(facts.get("seconds") or 0)
    return None


def _conversions(files: Iterable[int]) -> Iterable[Conversion]:
    return Conversion.objects.filter(source__in=list(files)).prefetch_related("outputs__file")


def _shown(stored: StoredFile, conversion: Conversion | None) -> Shown:
    url, download = file_url(stored), reverse("files:file", args=[stored.public_id])
    plain = Source(url, stored.content_type)
    if conversion is None:
        return Shown(stored.public_id, stored.name, url, download, stored.content_type, sources=(plain,))
    outputs = list(conversion.outputs.all())
    facts = conversion.facts
    poster = _first(outputs, Output.Role.POSTER)
    subtitles = _first(outputs, Output.Role.SUBTITLE)
    return Shown(
        file_id=stored.public_id,
        name=stored.name,
        url=url,
        download_url=download,
        content_type=stored.content_type,
        kind=conversion.kind,
        state=conversion.state,
        message=conversion.message,
        percent=conversion.progress,
        seconds=facts.get("seconds", 0.0),
        width=facts.get("width", 0),
        height=facts.get("height", 0),
        poster=file_url(poster.file) if poster else "",
        sources=tuple(_sources(conversion, outputs, plain)),
        pages=tuple(_pages(outputs)),
        subtitles=file_url(subtitles.file) if subtitles else "",
        page_count=facts.get("pages", 0),
        facts=facts,
    )


def _first(outputs: list[Output], role: Output.Role) -> Output | None:
    return next((output for output in outputs if output.role == role), None)


def _sources(conversion: Conversion, outputs: list[Output], plain: Source) -> Iterable[Source]:
    made = sorted((output for output in outputs if output.role == Output.Role.RENDITION), key=lambda output: -output.position)
    # While it is still made ready, what is there already is not all: the film as it came is.
    if conversion.state == Conversion.State.DONE:
        if conversion.kind == Conversion.Kind.VIDEO and made:
            yield Source(reverse("media:master", args=[conversion.public_id]), HLS)
        for output in made:
            yield Source(file_url(output.file), output.file.content_type, output.facts.get("height", 0))
    yield plain


def _pages(outputs: list[Output]) -> Iterable[Page]:
    for output in outputs:
        if output.role == Output.Role.PAGE:
            yield Page(file_url(output.file), output.position, output.facts.get("width", 0), output.facts.get("height", 0))
