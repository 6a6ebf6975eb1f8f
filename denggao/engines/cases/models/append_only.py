"""Rows that are written once. Python refuses to change them here, the database by a trigger (migration ``0002``)."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models


class NeverChanged(Exception):
    """A row that is written once was to be changed or deleted: a fault of the program, never a user's."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    def update(self, **fields: Any) -> NoReturn:
        raise NeverChanged(self.model._meta.label)

    def delete(self) -> NoReturn:
        raise NeverChanged(self.model._meta.label)

    def bulk_update(self, *args: Any, **options: Any) -> NoReturn:
        raise NeverChanged(self.model._meta.label)


class AppendOnly(models.Model):
    """A row that is written once and stays."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        if self.pk is not None and not self._state.adding:
            raise NeverChanged(self._meta.label)
        super().save(*args, **{**options, "force_insert": True})

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise NeverChanged(self._meta.label)
