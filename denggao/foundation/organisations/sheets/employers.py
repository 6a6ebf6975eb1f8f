"""Bodies, employers above all, as a sheet: columns, judgement, and what becomes of the rows."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor
from denggao.foundation.organisations.actions.bodies import Details, write_bodies
from denggao.foundation.organisations.hooks import Joining, Span, joining
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.organisations.policies import can_keep_organisations
from denggao.foundation.organisations.queries import bodies_by_code, bodies_without_code, chunks
from denggao.foundation.organisations.rules import body_key, credit_code_check, credit_code_faults, normal_credit_code
from denggao.foundation.organisations.sheets.roster_columns import column, short_text
from denggao.foundation.sheets import cells
from denggao.foundation.sheets.kinds import Absence, Cell, Context, Fault, Judgement, Row
from denggao.foundation.standards.models import Industry

OBJECT = Organisation._meta.label_lower
