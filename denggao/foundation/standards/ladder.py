"""The skill levels, as data: five to one, and the eight-step ladder around them.

Source: 人社部发〔2022〕14号, “新八级工” (as re-told; see docs, "Rules and their sources"). Level codes are what the register, the
API and the ledger store: ``"5"`` … ``"1"``, and ``apprentice``, ``special``, ``chief`` at the ends.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language


@dataclass(frozen=True)
class Level:
    code: str
    rank: int
    grade_zh: str
    worker_zh: str
    name_en: str
    certified: bool = True

    @property
    def name_zh(self) -> str:
        return f"{self.grade_zh}/{self.worker_zh}" if self.grade_zh else self.worker_zh

    @property
    def name(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


LADDER = (
    Level("apprentice", 0, "", "学徒工", "Apprentice worker", certified=False),
    Level("5", 1, "五级", "初级工", "Level 5 (junior)"),
    Level("4", 2, "四级", "中级工", "Level 4 (intermediate)"),
    Level("3", 3, "三级", "高级工", "Level 3 (senior)"),
    Level("2", 4, "二级", "技师", "Level 2 (technician)"),
    Level("1", 5, "一级", "高级技师", "Level 1 (senior technician)"),
    Level("special", 6, "", "特级技师", "Special technician"),
    Level("chief", 7, "", "首席技师", "Chief technician"),
)
BY_CODE = {level.code: level for level in LADDER}
LEVEL_CHOICES = [(level.code, level.name_zh) for level in LADDER]


def rank(code: str) -> int:
    return BY_CODE[code].rank
