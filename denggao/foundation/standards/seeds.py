"""What the product brings: the taxonomy's editions, moves, job titles and rule values, from the files in ``data/``.

Runs after every migrate and changes nothing when nothing is missing. What the office added or took back stays as it is.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from denggao.foundation.standards.models import JobTitle, Occupation, OccupationEntry, OccupationMove, RuleValue
from denggao.foundation.standards.rules import edition_year, group_names, occupation_key

DATA = Path(__file__).parent / "data"
JOB_TITLE_EDITION = "工种"


def load_seeds(**_signal: Any) -> None:
    with transaction.atomic():
        rows = _rows("occupations.csv")
        if _add_moves() | _add_entries(row for row in rows if JOB_TITLE_EDITION not in row["edition"]):
            regroup()
        _add_job_titles(
            [*_rows("job_titles.csv"), *map(_as_job_title, (row for row in rows if JOB_TITLE_EDITION in row["edition"]))]
        )
        _add_rule_values()


def regroup() -> None:
    """Derive anew, from the editions' rows and the moves that stand, which rows are one occupation."""
    entries = list(OccupationEntry.objects.order_by("id"))
    keys = [occupation_key(entry.name_zh) for entry in entries]
    moves = OccupationMove.objects.filter(removed_at__isnull=True).values_list("old_code", "new_code")
    known = {occupation.name_key: occupation for occupation in Occupation.objects.all()}
    before = {occupation.pk: (occupation.code, occupation.merged_into_id) for occupation in known.values()}
    groups = group_names([(entry.code, key) for entry, key in zip(entries, keys, strict=True)], moves)
    newest = [max((entries[position] for position in group), key=lambda entry: (entry.year, -entry.id)) for group in groups]
    taken: set[str] = set()
    fresh: list[Occupation] = []
    for entry in newest:
        occupation = known.get(occupation_key(entry.name_zh))
        if occupation is None:
            occupation = Occupation(name_key=occupation_key(entry.name_zh))
            fresh.append(occupation)
        occupation.name_zh, occupation.name_en, occupation.merged_into = entry.name_zh, entry.name_en, None
        # Two editions may give one code to two occupations: the code is a label here, not the identity.
        occupation.code = entry.code if entry.code not in taken else f"{entry.code}@{entry.year}"
        taken.add(occupation.code)
        known[occupation.name_key] = occupation
    Occupation.objects.bulk_create(fresh)
    moved: list[OccupationEntry] = []
    for group, entry in zip(groups, newest, strict=True):
        primary = known[occupation_key(entry.name_zh)]
        for position in group:
            if entries[position].occupation_id != primary.pk:
                entries[position].occupation = primary
                moved.append(entries[position])
            other = known.get(keys[position])
            if other is not None and other is not primary:
                other.merged_into = primary
                other.code = other.code if "@" in other.code or other.code not in taken else f"{other.code}@{other.pk}"
    changed = [item for item in known.values() if item.pk in before and before[item.pk] != (item.code, item.merged_into_id)]
    Occupation.objects.bulk_update(changed, ["code", "name_zh", "name_en", "merged_into"])
    OccupationEntry.objects.bulk_update(moved, ["occupation"], batch_size=500)


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _add_moves() -> bool:
    known = set(OccupationMove.objects.values_list("old_code", "new_code"))
    fresh = [OccupationMove(**row) for row in _rows("moves.csv") if (row["old_code"], row["new_code"]) not in known]
    OccupationMove.objects.bulk_create(fresh)
    return bool(fresh)


def _add_entries(rows: Iterable[dict[str, str]]) -> bool:
    known = set(OccupationEntry.objects.values_list("code", "edition", "name_zh"))
    fresh = [row for row in rows if (row["code"], row["edition"], row["name_zh"]) not in known]
    if not fresh:
        return False
    # An entry belongs to an occupation from the start; ``regroup`` says to which once all are there.
    homes = {occupation.name_key: occupation for occupation in Occupation.objects.all()}
    homeless: dict[str, Occupation] = {}
    for row in fresh:
        key = occupation_key(row["name_zh"])
        if key not in homes and key not in homeless:
            homeless[key] = Occupation(
                code=f"{row['code']}@{len(homeless)}", name_key=key, name_zh=row["name_zh"], name_en=row["name_en"]
            )
    Occupation.objects.bulk_create(homeless.values())
    homes |= homeless
    OccupationEntry.objects.bulk_create(
        OccupationEntry(occupation=homes[occupation_key(row["name_zh"])], year=edition_year(row["edition"]), **row) for row in fresh
    )
    return True


def _as_job_title(row: dict[str, str]) -> dict[str, str]:
    """A row of the list that says of itself that it is a job title: its code begins with its occupation's."""
    return {
        "name_zh": row["name_zh"].split("(")[0].strip(),
        "occupation": row["code"].rsplit("-", 1)[0],
        "source": row["source"],
        "confidence": "C",
    }


def _add_job_titles(rows: Iterable[dict[str, str]]) -> None:
    known = set(JobTitle.objects.values_list("name_key", flat=True))
    fresh = [row for row in rows if occupation_key(row["name_zh"]) not in known]
    if not fresh:
        return
    homes: dict[str, Occupation] = {}
    for occupation in Occupation.objects.current():
        homes[occupation.name_zh] = homes[occupation.code] = occupation
    JobTitle.objects.bulk_create(
        JobTitle(
            name_zh=row["name_zh"],
            name_key=occupation_key(row["name_zh"]),
            occupation=homes[row["occupation"]],
            source=row["source"],
            confidence=row["confidence"],
        )
        for row in fresh
    )


def _add_rule_values() -> None:
    known = set(RuleValue.objects.values_list("key", "region", "valid_from"))
    RuleValue.objects.bulk_create(
        RuleValue(
            key=row["key"],
            region=row["region"],
            value=Decimal(row["value"]),
            unit=row["unit"],
            valid_from=dt.date.fromisoformat(row["valid_from"]),
            valid_to=dt.date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            document=row["document"],
            clause=row["clause"],
            confidence=row["confidence"],
        )
        for row in _rows("rule_values.csv")
        if (row["key"], row["region"], dt.date.fromisoformat(row["valid_from"])) not in known
    )
