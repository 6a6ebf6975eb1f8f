"""By which rubric a stage judges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from denggao.engines.cases.refusals import CaseRefused
from denggao.engines.reviews.models import RubricVersion


def newest_of(code: str) -> RubricVersion | None:
    """The rubric's own newest version. Weights that were changed for one call are that call's, not the rubric's."""
    return RubricVersion.objects.filter(rubric__code=code, alone=False).order_by("-version").first()


def rubric_of(options: Mapping[str, Any]) -> RubricVersion:
    """The version of the rubric this stage is judged by: the one named, else the rubric's own newest. Raises CaseRefused where
    there is none."""
    code, named = options.get("rubric", ""), options.get("rubric_version")
    found = RubricVersion.objects.filter(rubric__code=code, version=named).first() if named else newest_of(code)
    if found is None:
        raise CaseRefused(
            _("The rubric “%(code)s” has not been loaded; the office loads it first.") % {"code": options.get("rubric", "")}
        )
    return found
