"""The states of an import and the ways between them."""

from __future__ import annotations

UPLOADED, CHECKING, CHECKED, APPLYING, APPLIED, CANCELLED, FAILED = (
    "uploaded", "checking", "checked", "applying", "applied", "cancelled", "failed",
)  # fmt: skip

# From → to. A worker that died leaves CHECKING or APPLYING behind; whoever takes its job over goes on from there.
TRANSITIONS: dict[str, frozenset[str]] = {
    UPLOADED: frozenset({CHECKING, CANCELLED}),
    CHECKING: frozenset({CHECKING, CHECKED, FAILED, CANCELLED}),
    CHECKED: frozenset({CHECKING, APPLYING, APPLIED, CANCELLED}),
    APPLYING: frozenset({APPLIED, CHECKED}),
    FAILED: frozenset({CHECKING, CANCELLED}),
    APPLIED: frozenset(),
    CANCELLED: frozenset(),
}


def from_which(state: str) -> list[str]:
    """The states from which this one may be reached."""
    return [before for before, after in TRANSITIONS.items() if state in after]
