"""Every write on notices and objections."""

from denggao.engines.notices.actions.closing import SomeDidNotPass, close_due_notices, close_notice
from denggao.engines.notices.actions.displaying import DisplayDiffers, note_displays
from denggao.engines.notices.actions.objecting import Handed, Received, fix_answer_days, object_to, receipt_for, receipt_index
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
from denggao.engines.notices.actions.ruling import (
    Identity,
    add_note,
    publish_redacted,
    read_identity,
    rule_on_objection,
    take_up,
)

__all__ = [
    "AlreadyOnNotice", "DisplayDiffers", "Handed", "Identity", "ItemOrder", "NotMasked", "NoticeOrder", "NoticeRefused",
    "ObjectionRefused", "Received", "RulingRefused", "SomeDidNotPass", "add_note", "close_due_notices", "close_notice",
    "drop_item", "drop_subject", "extend_notice", "fix_answer_days", "fix_open_ends", "note_displays", "object_to", "open_notice",
    "publish_redacted", "read_identity", "receipt_for", "receipt_index", "rule_on_objection", "take_up",
]  # fmt: skip
