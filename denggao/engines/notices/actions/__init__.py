"""Every write on notices and objections."""

from denggao.engines.notices.actions.closing import SomeDidNotPass, close_due_notices, close_notice
from denggao.engines.notices.actions.opening import (
    ItemOrder,
    NoticeOrder,
    drop_item,
    drop_subject,
    extend_notice,
    fix_open_ends,
    open_notice,
)
from denggao.engines.notices.actions.refusals import AlreadyOnNotice, NoticeRefused, NotMasked, ObjectionRefused, RulingRefused

__all__ = [
    "AlreadyOnNotice", "ItemOrder", "NotMasked", "NoticeOrder", "NoticeRefused", "ObjectionRefused", "RulingRefused",
    "SomeDidNotPass", "close_due_notices", "close_notice", "drop_item", "drop_subject", "extend_notice", "fix_open_ends",
    "open_notice",
]  # fmt: skip
