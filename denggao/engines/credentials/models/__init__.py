"""Certificates of people as they were registered (``certificates``), and what the platform itself issues (``issued``)."""

from denggao.engines.credentials.models.certificates import Credential, Scan
from denggao.engines.credentials.models.issued import Issued, IssuedEvent, NumberCounter, ReasonClass, Standing

__all__ = ["Credential", "Issued", "IssuedEvent", "NumberCounter", "ReasonClass", "Scan", "Standing"]
