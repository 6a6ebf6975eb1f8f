"""The background work of large packages. Each job bears being cut off and begun again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from denggao.foundation.jobs.registry import Progress, job
from denggao.systems.university.actions.handing_in import CHECK_JOB, IMPORT_JOB, apply_package, check_package
from denggao.systems.university.models import PackageImport


def _abandoned(arguments: dict[str, Any], sentence: str) -> None:
    PackageImport.objects.filter(
        public_id=arguments["import"], state__in=[PackageImport.State.CHECKING, PackageImport.State.IMPORTING]
    ).update(state=PackageImport.State.BROKEN, sentences=[sentence], ended_at=timezone.now())


def _handed_in(arguments: dict[str, Any]) -> PackageImport:
    return PackageImport.objects.select_related("file", "school").get(public_id=arguments["import"])


@job(CHECK_JOB, title=_("Looking through a course package"), queue="heavy", lease=dt.timedelta(minutes=5), on_failure=_abandoned)
def check(arguments: dict[str, Any], progress: Progress) -> None:
    check_package(_handed_in(arguments), actor=progress.actor, now=progress.now())


@job(IMPORT_JOB, title=_("Bringing in a course package"), queue="heavy", lease=dt.timedelta(minutes=5), on_failure=_abandoned)
def bring(arguments: dict[str, Any], progress: Progress) -> None:
    apply_package(_handed_in(arguments), actor=progress.actor, now=progress.now(), tell=lambda done, total: progress(done, total))
