"""What a skill is called and what is asked of it: the taxonomy with the numbers of policy, and the teaching standards."""

from denggao.foundation.standards.models.taxonomy import (
    CONFIDENCE,
    Industry,
    JobTitle,
    Named,
    Occupation,
    OccupationEntry,
    OccupationMove,
    OccupationName,
    OccupationQuerySet,
    RuleValue,
)
from denggao.foundation.standards.models.teaching import StandardItem, StandardVersion, TeachingStandard

__all__ = [
    "CONFIDENCE",
    "Industry",
    "JobTitle",
    "Named",
    "Occupation",
    "OccupationEntry",
    "OccupationMove",
    "OccupationName",
    "OccupationQuerySet",
    "RuleValue",
    "StandardItem",
    "StandardVersion",
    "TeachingStandard",
]
