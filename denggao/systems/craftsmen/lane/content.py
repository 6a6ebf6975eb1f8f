"""What a candidate's file says, gathered from what is kept: nothing is typed anew. In Chinese, as it is handed over."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from django.utils import translation
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from denggao.engines.cases.models import SUBJECT_KIND, Attachment, Case, Decision, Snapshot, Step, StepKind
from denggao.engines.cases.showing import ShownField, shown_sections
from denggao.engines.notices.models import NoticeItem
from denggao.engines.reviews.models import Panel
from denggao.foundation.files.models import StoredFile
from denggao.foundation.people.models import IdentityDocument
from denggao.systems.craftsmen.facts import facts_of
from denggao.systems.craftsmen.lane.models import Candidacy
from denggao.systems.craftsmen.models import Craftsman

OFFICIAL = "zh-hans"
_WAY = (StepKind.CONSENTED, StepKind.PASSED, StepKind.REVIEWED, StepKind.RANKED, StepKind.VOTED, StepKind.NOTICED)
_SHORT = 40
# What stands in the head of the file already.
_IN_HEAD = frozenset({"name", "document_number"})


def nomination_snapshot(case: Case) -> Snapshot | None:
    """What was last submitted: what experts and jury judged."""
    found: Snapshot | None = Snapshot.objects.filter(case=case).order_by("-number").first()
    return found


def evidence_of(frozen: Snapshot) -> list[StoredFile]:
    """The files of a submission, in the order of the form, once each."""
    by_id = {str(one.file.public_id): one.file for one in Attachment.objects.filter(case=frozen.case).select_related("file")}
    asked = [str(one["id"]) for one in frozen.files]
    return [by_id[each] for each in asked if each in by_id and by_id[each].erased_at is None]


def content_of(candidacy: Candidacy, *, number: str, on: dt.date) -> dict[str, Any]:
    """The file as plain JSON: the same for the same facts. ``number`` is the document number as it may be shown. PRIVACY: tables
    and numbers of the nomination are masked as on its page. About ten queries."""
    craftsman = candidacy.craftsman
    frozen = nomination_snapshot(craftsman.case)
    with translation.override(OFFICIAL):
        evidence = evidence_of(frozen) if frozen is not None else []
        return {
            "title": _("%(selection)s: file of a candidate") % {"selection": candidacy.get_selection_display()},
            "year": candidacy.year,
            "name": craftsman.person.name,
            "basics": [[label, value or "—"] for label, value in _basics(craftsman, number)],
            "known": [[one.label, one.value, one.source] for one in facts_of([craftsman.person_id], on)[craftsman.person_id]],
            "sections": _sections(frozen, evidence) if frozen is not None else [],
            "way": _way(craftsman),
            "recommendation": candidacy.recommendation or _("Recommended by the area."),
            "evidence": [[place, one.name, one.size, one.sha256] for place, one in enumerate(evidence, start=1)],
        }


def hash_of(content: dict[str, Any]) -> str:
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def document_of(craftsman: Craftsman) -> IdentityDocument | None:
    return IdentityDocument.objects.filter(person=craftsman.person).select_related("person").order_by("pk").first()


def _basics(craftsman: Craftsman, number: str) -> list[tuple[str, str]]:
    person, nomination = craftsman.person, craftsman.nomination
    sexes = {"male": _("male"), "female": _("female")}
    return [
        (_("Name"), person.name),
        (_("Sex"), sexes.get(person.sex, "")),
        (_("Date of birth"), person.born_on.isoformat() if person.born_on else ""),
        (_("Document number"), number),
        (_("Employer"), craftsman.employer.name if craftsman.employer else ""),
        (_("Post"), craftsman.post),
        (_("Occupation"), nomination.occupation),
        (_("Industry"), craftsman.industry.name),
        (_("Years on the front line"), str(nomination.front_line_years)),
        (_("Title held"), _("Lingang craftsman")),
        (_("Named on"), craftsman.named_on.isoformat()),
        (_("Naming order"), f"{craftsman.order.number} {craftsman.order.title}"),
        (_("Certificate"), craftsman.certificate.number if craftsman.certificate else ""),
    ]


def _sections(frozen: Snapshot, evidence: list[StoredFile]) -> list[dict[str, Any]]:
    """Every answer of the nomination under its label."""
    files = {str(one.public_id): one for one in evidence}
    form = frozen.case.declared.forms[frozen.form_version]
    shown = []
    for section in shown_sections(form, frozen.answers or {}, files):
        fields = _fields([one for one in section.fields if not one.is_empty and one.name not in _IN_HEAD])
        if fields:
            shown.append({"title": section.title, "fields": fields})
    return shown


def _fields(answered: list[ShownField]) -> list[dict[str, Any]]:
    """Short answers beside each other as pairs; what takes room under its own label."""
    made: list[dict[str, Any]] = []
    for one in answered:
        if one.kind == "rows" or one.is_wide or len(one.as_text) > _SHORT:
            made.append(_field(one))
        elif made and made[-1]["kind"] == "pairs":
            made[-1]["value"].append([one.label, one.as_text])
        else:
            made.append({"label": "", "kind": "pairs", "value": [[one.label, one.as_text]]})
    return made


def _field(shown: ShownField) -> dict[str, Any]:
    if shown.kind == "rows":
        return {"label": shown.label, "kind": "rows", "titles": list(shown.titles), "value": shown.value}
    return {"label": shown.label, "kind": "text", "value": shown.as_text}


def _way(craftsman: Craftsman) -> list[list[str]]:
    """How the title came about: judged, shown, decided, named."""
    case = craftsman.case
    steps = {one.kind: one for one in Step.objects.filter(case=case, kind__in=_WAY).order_by("number")}
    lines = [[_("Nomination"), case.number or "—"]]
    lines += [[str(StepKind(kind).label), _at(steps[kind].at)] for kind in _WAY if kind in steps]
    panel = Panel.objects.filter(subject_kind=SUBJECT_KIND, subject_id=case.public_id, result__isnull=False).order_by("-pk").first()
    if panel is not None:
        lines.append([_("Result of the review"), f"{panel.result:.2f}"])
    item = NoticeItem.objects.filter(subject_id=case.public_id).select_related("notice").order_by("-pk").first()
    if item is not None:
        last = item.notice.last_on.isoformat() if item.notice.last_on else "—"
        lines.append([_("Public notice"), f"{item.notice.number} · {item.notice.first_on.isoformat()} – {last}"])
    decision = Decision.objects.filter(case=case, approved=True).order_by("-pk").first()
    if decision is not None:
        lines.append([_("Decision"), f"{_at(decision.at)} · {decision.reason}"])
    lines.append([_("Naming"), f"{craftsman.order.number} · {craftsman.named_on.isoformat()}"])
    return lines


def _at(moment: dt.datetime) -> str:
    return localdate(localtime(moment)).isoformat()
