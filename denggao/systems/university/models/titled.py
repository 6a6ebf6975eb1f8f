from __future__ import annotations

from django.db import models
from django.utils.translation import get_language


class Titled(models.Model):
    """Something with a title in Chinese and, for readers of English, in English."""

    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=160, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return self.title_en if self.title_en and (get_language() or "").startswith("en") else self.title_zh

    @property
    def audit_text(self) -> str:
        return self.title_zh
