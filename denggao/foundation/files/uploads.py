"""Uploads past the installation's limit are let go while they arrive: neither memory nor disk takes them."""

from __future__ import annotations

from typing import IO, Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

_FORM_BYTES = 1024 * 1024
_KEY = "denggao.upload_refused"


class LimitedUploads(FileUploadHandler):
    """Stands before Django's own handlers."""

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, str],  # noqa: N803 -- Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> tuple[Any, MultiValueDict[str, Any]] | None:
        self.announced = content_length
        return None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if self.request is not None and self.announced > settings.UPLOAD_LIMIT_BYTES + _FORM_BYTES:
            self.request.META[_KEY] = self.announced
            raise SkipFile
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def size_refused(request: HttpRequest) -> int:
    """How many bytes an upload had that was let go; 0 where none was. To be asked once the form was read."""
    return int(request.META.get(_KEY, 0)) if request.method == "POST" and request.POST is not None else 0
