"""Bodies, employers above all, as a sheet: columns, judgement, and what becomes of the rows."""

from __future__ import annotations

from denggao.foundation.organisations.models import Organisation

OBJECT = Organisation._meta.label_lower
