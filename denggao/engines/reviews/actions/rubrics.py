"""Loading rubrics and changing their weights: a version is never edited, a change is the next one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from denggao.engines.reviews.models import Criterion, Rubric, RubricVersion
from denggao.engines.reviews.refusals import given_reason
from denggao.engines.reviews.rules.ranking import hash_of
from denggao.engines.reviews.rules.rubric import RubricLines, content_of, plain, reweighed
from denggao.engines.reviews.rules.rubric_file import read_rubric_file
from denggao.engines.reviews.sealing import can_keep_rubrics
from denggao.foundation.audit.actions import Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot


class RubricRefused(Refused):
    """The rubric stays as it is. ``faults`` are sentences by criterion code; ``""`` for the whole."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("\n".join(faults.values()))
        self.faults = dict(faults)


@action("reviews.rubric.load", requires=can_keep_rubrics, batch=True)
def load_rubric(*, content: bytes, actor: Actor, now: dt.datetime) -> RubricVersion:
    """Load a rubric file. One that says what some version of the rubric says already is that version; anything else is a
    new one. Raises FileRefused with every fault of the file."""
    lines = read_rubric_file(content)
    found = RubricVersion.objects.filter(rubric__code=lines.code, content_hash=hash_of(content_of(lines)), alone=False).first()
    if found is not None:
        return found
    rubric, _created = Rubric.objects.update_or_create(
        code=lines.code,
        defaults={
            "title_zh": lines.zh,
            "title_en": lines.en,
            "document": lines.document,
            "confidence": lines.confidence,
            "note_zh": lines.note_zh,
            "note_en": lines.note_en,
        },
    )
    version = _write(rubric, lines, based_on=None, reason="", actor=actor, now=now)
    note([Line.about("reviews.rubric.load", version, after=snapshot(version))])
    return version


@action("reviews.rubric.reweigh", requires=can_keep_rubrics, batch=True)
def reweigh_rubric(
    version: RubricVersion, *, weights: Mapping[str, Decimal], reason: str, alone: bool = False, actor: Actor, now: dt.datetime
) -> RubricVersion:
    """Change weights, by criterion code, for the rounds that will use the new version; panels that judge by the old one go on
    by it. ``alone``: for one call, which names it.
    Weights that change nothing give the same version. Raises RubricRefused, ReasonMissing."""
    lines = version.lines()
    faults = reweighed(lines, weights)
    if faults:
        raise RubricRefused(faults)
    changed = replace(lines, criteria=tuple(replace(line, weight=weights.get(line.code, line.weight)) for line in lines.criteria))
    if content_of(changed) == content_of(lines):
        return version
    reason = given_reason(reason, _("Reason: say why the weights change, such as the call’s document. It stands in the history."))
    made = _write(version.rubric, changed, based_on=version, reason=reason, alone=alone, actor=actor, now=now)
    weighed = {line.code: plain(line.weight) for line in changed.criteria}
    before = {"weights": {line.code: plain(line.weight) for line in lines.criteria}}
    note([Line.about("reviews.rubric.reweigh", made, before=before, after={**snapshot(made), "weights": weighed})])
    return made


def _write(
    rubric: Rubric,
    lines: RubricLines,
    *,
    based_on: RubricVersion | None,
    reason: str,
    alone: bool = False,
    actor: Actor,
    now: dt.datetime,
) -> RubricVersion:
    latest = rubric.versions.order_by("-version").values_list("version", flat=True).first() or 0
    try:
        with transaction.atomic():
            version = RubricVersion.objects.create(
                rubric=rubric,
                version=latest + 1,
                total=lines.total,
                groups=[{"code": one.code, "zh": one.zh, "en": one.en, "confidence": one.confidence} for one in lines.groups],
                content_hash=hash_of(content_of(lines)),
                based_on=based_on,
                reason=reason,
                alone=alone,
                created_at=now,
                created_by=actor.id,
            )
    except IntegrityError:
        raise RubricRefused({"": _("Someone made a new version at this moment. Look at it, then try again.")}) from None
    Criterion.objects.bulk_create(
        Criterion(
            version=version,
            code=line.code,
            group=line.group,
            name_zh=line.zh,
            name_en=line.en,
            max_points=line.max_points,
            step=line.step,
            weight=line.weight,
            scale=[{"points": plain(point.points), "zh": point.zh, "en": point.en} for point in line.scale],
            comment_required_at_extremes=line.comment_at_extremes,
            confidence=line.confidence,
            scale_confidence=line.scale_confidence,
            note_zh=line.note_zh,
            note_en=line.note_en,
            position=position,
        )
        for position, line in enumerate(lines.criteria, start=1)
    )
    return version
