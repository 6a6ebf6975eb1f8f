"""By which rubric a stage judges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from denggao.engines.cases.refusals import CaseRefused
from denggao.engines.reviews.models import RubricVersion


def rubric_of(options: Mapping[str, Any]) -> RubricVersion:
    """The version of the rubric this stage is judged by. Raises CaseRefused where there is none."""
    versions = RubricVersion.objects.filter(rubric__code=options.get("rubric", ""))
    if options.get("rubric_version"):
        versions = versions.filter(version=options["rubric_version"])
    found = versions.order_by("-version").first()
    if found is None:
        raise CaseRefused(
            _("The rubric “%(code)s” has not been loaded; the office loads it first.") % {"code": options.get("rubric", "")}
        )
    return found
