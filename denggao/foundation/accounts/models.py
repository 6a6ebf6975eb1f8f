from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models


class UserManager(BaseUserManager["User"]):
    def create_user(self, password: str | None = None, **fields: Any) -> User:
        user = self.model(**fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account: the right to sign in, for one human being. Holds no personal data: e-mail address and phone lie in
    ``people``, what it may do in ``organisations``. ``is_demo`` accounts can't sign in outside demo mode."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    language = models.CharField(max_length=10, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "public_id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    audited: ClassVar[tuple[str, ...]] = ("is_active", "is_demo")

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def audit_text(self) -> str:
        return f"account {str(self.public_id)[:8]}"
