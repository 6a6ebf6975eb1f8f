from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from denggao.foundation.files.incoming import GIGABYTE, upload_kind
from denggao.foundation.files.rules import EXTENSIONS


class ReadingForm(forms.Form):
    purpose = forms.CharField(label=_("What you need it for"), max_length=300, help_text=_("It is recorded with your name."))


@dataclass(frozen=True)
class Handed:
    """What a PieceField brought: a file that has arrived in pieces, by its public id, or one sent with the form itself."""

    upload: uuid.UUID | None = None
    file: UploadedFile[Any] | None = None


class PieceInput(forms.FileInput):
    """A file field whose file the script sends in pieces; without a script it goes with the form."""

    template_name = "files/piece_input.html"

    def __init__(self, kind: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.kind = kind

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        kind = upload_kind(self.kind)
        context["widget"] |= {
            "kind": self.kind,
            "accept": ",".join(f".{ending}" for taken in kind.taken for ending in EXTENSIONS[taken]) if kind else "",
            "gigabytes": kind.limit // GIGABYTE if kind else 0,
            "most_megabytes": kind.limit // (1024 * 1024) if kind else 0,
            "megabytes": settings.UPLOAD_LIMIT_BYTES // 1024 // 1024,
        }
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.get(f"{name}-upload") or files.get(name)


class PieceField(forms.Field):
    """A file of a kind registered in ``incoming``, cleaned to Handed or None; ``pieces.receive`` makes a stored file of it."""

    def __init__(self, *, kind: str, **given: Any) -> None:
        super().__init__(widget=PieceInput(kind), **given)

    def clean(self, value: Any) -> Handed | None:
        super().clean(value)
        if not value:
            return None
        if isinstance(value, UploadedFile):
            return Handed(file=value)
        try:
            return Handed(upload=uuid.UUID(str(value)))
        except ValueError:
            raise forms.ValidationError(_("The upload was not understood. Choose the file again.")) from None
