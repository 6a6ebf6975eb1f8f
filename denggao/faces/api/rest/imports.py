"""Spreadsheets handed in by a program: checked and applied in the background, as from the pages."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any, BinaryIO, Literal, cast
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import File, Form, Query, Router, Schema, Status, UploadedFile
from pydantic import Field

from denggao.faces.api.rest import schemas
from denggao.faces.api.rest.access import READING, WRITING, actor_of, needs, token_in
from denggao.faces.api.rest.problems import TooLarge, problem
from denggao.faces.api.rules import Scope
from denggao.foundation.files.uploads import size_refused
from denggao.foundation.sheets import actions
from denggao.foundation.sheets.kinds import kind_of
from denggao.foundation.sheets.models import Import, ImportRow
from denggao.foundation.sheets.policies import visible_imports
from denggao.foundation.sheets.rules import OUTCOMES, in_language
from denggao.foundation.sheets.safety import SheetRefused

router = Router(tags=["imports"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FILE = {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}, "description": "OK"}


class ImportDetail(Schema):
    """One spreadsheet handed in, and where it stands."""

    id: uuid.UUID
    kind: str
    file_name: str
    as_of: dt.date
    state: str = Field(description=_("uploaded, checking, checked, applying, applied, cancelled or failed"))
    error: str = Field(description=_("Why it failed; empty otherwise."))
    counts: dict[str, int] = Field(description=_("Rows by outcome: created, updated, unchanged, refused."))
    created_at: dt.datetime
    applied_at: dt.datetime | None


class Said(Schema):
    """One thing said of a row, in the reader's language."""

    column: str = Field(description=_("Key of the column; empty for the whole row."))
    text: str


class RowDetail(Schema):
    """What becomes, or became, of a row. Its cells are not given."""

    sheet: str
    row: int = Field(description=_("As the spreadsheet shows it."))
    outcome: str
    reasons: list[Said]
    warnings: list[Said]
    record: str = Field(description=_("Id of the record it became; empty where there is none."))


class Handing(Schema):
    """What goes with the file."""

    kind: Literal["roster", "employers", "certificates"] = Field("roster", description=_("Which list it is."))
    as_of: dt.date | None = Field(None, description=_("The date of the list. Today unless told."))


class Applying(Schema):
    only_if_all_valid: bool = Field(default=False, description=_("Apply all rows or none."))


class ImportFilter(Schema):
    state: Literal["", "uploaded", "checking", "checked", "applying", "applied", "cancelled", "failed"] = ""
    limit: int = Field(50, ge=1, le=schemas.LARGEST_PAGE)
    offset: int = Field(0, ge=0, le=1_000_000)


class RowFilter(Schema):
    outcome: Literal["", "created", "updated", "unchanged", "refused"] = ""
    limit: int = Field(50, ge=1, le=schemas.LARGEST_PAGE)
    offset: int = Field(0, ge=0, le=1_000_000)


def _visible(request: HttpRequest) -> QuerySet[Import]:
    """Those of the token's organisation."""
    return visible_imports(actor_of(request))


def _import(request: HttpRequest, public_id: uuid.UUID) -> Import:
    found = _visible(request).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _detail(found: Import) -> ImportDetail:
    return ImportDetail(
        id=found.public_id,
        kind=found.kind,
        file_name=found.file_name,
        as_of=found.as_of,
        state=found.state,
        error=in_language(found.error) if found.error else "",
        counts={outcome: found.counts.get(outcome, 0) for outcome in OUTCOMES},
        created_at=found.created_at,
        applied_at=found.applied_at,
    )


@router.get(
    "/imports",
    **needs(Scope.IMPORTS),
    throttle=READING,
    response={200: schemas.Page[ImportDetail], **schemas.problems(401, 403)},
    summary=_("The organisation's imports"),
    description=_("Newest first."),
)
def list_imports(request: HttpRequest, asked: Query[ImportFilter]) -> schemas.Page[ImportDetail]:
    found = _visible(request)
    if asked.state:
        found = found.filter(state=asked.state)
    page = found.order_by("-created_at", "-id")[asked.offset : asked.offset + asked.limit]
    return schemas.Page[ImportDetail](
        count=found.count(), limit=asked.limit, offset=asked.offset, items=[_detail(item) for item in page]
    )


@router.post(
    "/imports",
    **needs(Scope.IMPORTS_WRITE),
    throttle=WRITING,
    response={201: ImportDetail, **schemas.problems(400, 401, 403, 409, 413)},
    summary=_("Hand in a spreadsheet"),
    description=_(
        "A roster is that of the token's organisation. The file is checked in the background: ask for the import until its state "
        "is checked, look at its rows, then apply it."
    ),
)
def hand_in(request: HttpRequest, given: Form[Handing], file: Annotated[UploadedFile, File(...)]) -> Any:
    if size_refused(request):
        raise TooLarge(gettext("The file is larger than this installation takes."))
    now = timezone.now()
    options = {"employer": str(token_in(request).organisation.public_id)} if given.kind == "roster" else {}
    as_of = given.as_of or timezone.localdate(now)
    try:
        found = actions.hand_in(
            kind_of(given.kind), file.name or "file", cast(BinaryIO, file), options, as_of=as_of, actor=actor_of(request), now=now
        )
    except SheetRefused as refusal:
        return problem(422, errors=[{"field": "file", "detail": str(refusal)}])
    return Status(201, _detail(found))


@router.get(
    "/imports/{import_id}",
    **needs(Scope.IMPORTS),
    throttle=READING,
    response={200: ImportDetail, **schemas.problems(401, 403, 404)},
    summary=_("One import"),
    description=_("Where it stands, and how many rows became what."),
)
def read_import(request: HttpRequest, import_id: uuid.UUID) -> ImportDetail:
    return _detail(_import(request, import_id))


@router.get(
    "/imports/{import_id}/rows",
    **needs(Scope.IMPORTS),
    throttle=READING,
    response={200: schemas.Page[RowDetail], **schemas.problems(401, 403, 404)},
    summary=_("The rows of an import"),
    description=_("In the file's order, each fault once, in words."),
)
def list_rows(request: HttpRequest, import_id: uuid.UUID, asked: Query[RowFilter]) -> schemas.Page[RowDetail]:
    rows = ImportRow.objects.filter(sheet_import=_import(request, import_id)).defer("cells", "changes", "normalised")
    if asked.outcome:
        rows = rows.filter(outcome=asked.outcome)
    page = rows.order_by("id")[asked.offset : asked.offset + asked.limit]
    return schemas.Page[RowDetail](
        count=rows.count(), limit=asked.limit, offset=asked.offset, items=[_row_detail(row) for row in page]
    )


def _row_detail(row: ImportRow) -> RowDetail:
    return RowDetail(
        sheet=row.sheet,
        row=row.number,
        outcome=row.outcome,
        reasons=[Said(column=entry["column"], text=in_language(entry)) for entry in row.reasons],
        warnings=[Said(column=entry["column"], text=in_language(entry)) for entry in row.warnings],
        record=row.object_id,
    )


@router.post(
    "/imports/{import_id}/apply",
    **needs(Scope.IMPORTS_WRITE),
    throttle=WRITING,
    response={202: ImportDetail, **schemas.problems(400, 401, 403, 404, 409)},
    summary=_("Apply a checked import"),
    description=_("Its valid rows, or none, in the background. Asked for twice, it is done once."),
)
def apply(request: HttpRequest, import_id: uuid.UUID, asked: Applying) -> Status[ImportDetail]:
    found = _import(request, import_id)
    actions.start_apply(found, only_if_all_valid=asked.only_if_all_valid, actor=actor_of(request), now=timezone.now())
    return Status(202, _detail(found))


@router.post(
    "/imports/{import_id}/cancel",
    **needs(Scope.IMPORTS_WRITE),
    throttle=WRITING,
    response={200: ImportDetail, **schemas.problems(401, 403, 404, 409)},
    summary=_("Cancel an import"),
    description=_("Nothing of it is applied."),
)
def cancel(request: HttpRequest, import_id: uuid.UUID) -> ImportDetail:
    return _detail(actions.cancel_import(_import(request, import_id), actor=actor_of(request), now=timezone.now()))


_workbook = needs(Scope.IMPORTS_WRITE)
_workbook["openapi_extra"] = {**_workbook["openapi_extra"], "responses": {200: _FILE}}


@router.post(
    "/imports/{import_id}/workbook",
    **_workbook,
    throttle=WRITING,
    response={200: None, **schemas.problems(401, 403, 404, 409)},
    summary=_("The workbook handed back"),
    description=_(
        "The file as it was handed in, with a result column and the faulty cells marked. Taking it is recorded: it holds what the "
        "file held."
    ),
)
def take_workbook(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    found = _import(request, import_id)
    data = actions.take_workbook(found, actor=actor_of(request), now=timezone.now())
    stem = found.file_name.rpartition(".")[0] or found.file_name
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(stem)}-result.xlsx"
    response["Cache-Control"] = "private, no-store"
    return response
