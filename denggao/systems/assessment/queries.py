"""Reads that span tables."""

from __future__ import annotations

from django.utils.translation import gettext as _

from denggao.engines.credentials.models import Credential
from denggao.engines.credentials.registry import Facts
from denggao.foundation.standards.ladder import BY_CODE
from denggao.systems.assessment.models import LevelCertificate


def public_facts(credential: Credential) -> Facts:
    """What anyone who verifies a level certificate may know beside its number, name and dates. One query."""
    certificate = LevelCertificate.objects.select_related("occupation").get(pk=credential.pk)
    occupation = certificate.occupation.name if certificate.occupation else certificate.occupation_text
    facts = [(_("Occupation"), occupation or certificate.job_title_text)]
    if certificate.job_title_text and certificate.job_title_text != occupation:
        facts.append((_("Job title"), certificate.job_title_text))
    facts.append((_("Level"), BY_CODE[certificate.level].name))
    return facts
