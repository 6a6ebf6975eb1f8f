"""The rubric file (YAML): read, checked, and told what is wrong with it, line by line. Pure.

```yaml
rubric: {code: base-city-105, zh: …, en: …, document: …, confidence: A, total: 105, note_zh: …, note_en: …}
groups:                                   # may be left out
  - {code: base, zh: …, en: …, points: 60, confidence: A}
criteria:
  - code: training
    group: base
    zh: 培训培养
    en: Training
    points: 25                            # the most
    step: 0.5                             # 0.5 unless told
    weight: 1                             # 1 unless told
    comment_at_extremes: true             # true unless told
    confidence: A                         # how well the criterion is founded: A, B or C
    scale_confidence: C                   # and its descriptions
    note_zh: …
    scale:                                # from 0 to the most
      - {points: 0, zh: …, en: …}
      - {points: 25, zh: …, en: …}
```
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from denggao.engines.reviews.rules.rubric import CriterionLine, Group, RubricLines, ScalePoint, plain
from denggao.foundation.plans.nodes import FileRefused, Node, Reader, compose

CONFIDENCES = ("A", "B", "C")
MOST_CRITERIA = 60
MOST_POINTS = Decimal(9999)


def read_rubric_file(content: bytes) -> RubricLines:
    """Raises FileRefused with every fault found."""
    return _Reader().read(compose(content))


class _Reader(Reader):
    """Builds the rubric, only where there is no fault."""

    def read(self, root: Node) -> RubricLines:
        top = self._fields(root, {"rubric", "criteria"}, {"groups"})
        head = self._fields(top.get("rubric"), {"code", "zh", "confidence", "total"}, {"en", "document", "note_zh", "note_en"})
        groups = self._each(top.get("groups"), self._group)
        self.groups = {group.code for group in groups}
        criteria = self._each(top.get("criteria"), self._criterion)
        if "criteria" in top and not 0 < len(criteria) <= MOST_CRITERIA:
            self._say(top["criteria"], _("must hold 1 to %(most)d criteria.") % {"most": MOST_CRITERIA})
        rubric = RubricLines(
            code=self._code(head.get("code")),
            zh=self._text(head.get("zh"), 120),
            en=self._text(head.get("en"), 160),
            document=self._text(head.get("document"), 200),
            confidence=self._choice(head.get("confidence"), CONFIDENCES),
            note_zh=self._text(head.get("note_zh"), 600),
            note_en=self._text(head.get("note_en"), 900),
            groups=tuple(groups),
            criteria=tuple(criteria),
        )
        self._sums(top, head, criteria)
        if self.faults:
            raise FileRefused(self.sentences())
        return rubric

    def _group(self, node: Node) -> Group:
        fields = self._fields(node, {"code", "zh", "points"}, {"en", "confidence"})
        self._decimal(fields.get("points"), Decimal(0))
        return Group(
            self._code(fields.get("code")),
            self._text(fields.get("zh"), 120),
            self._text(fields.get("en"), 160),
            self._confidence(fields.get("confidence")),
        )

    def _criterion(self, node: Node) -> CriterionLine:
        fields = self._fields(
            node,
            {"code", "zh", "points", "scale"},
            {"en", "group", "step", "weight", "comment_at_extremes", "confidence", "scale_confidence", "note_zh", "note_en"},
        )
        group = self._text(fields.get("group"), 40)
        if group and group not in self.groups:
            self._say(fields["group"], _("there is no group “%(code)s” in this file.") % {"code": group})
        most = self._decimal(fields.get("points"), Decimal(0))
        step = self._decimal(fields["step"], Decimal(0)) if "step" in fields else Decimal("0.5")
        if most and step and most % step:
            self._say(fields["points"], _("must be a multiple of the step %(step)s.") % {"step": plain(step)})
        return CriterionLine(
            code=self._code(fields.get("code")),
            group=group,
            zh=self._text(fields.get("zh"), 120),
            en=self._text(fields.get("en"), 160),
            max_points=most,
            step=step,
            weight=self._decimal(fields["weight"], Decimal(0)) if "weight" in fields else Decimal(1),
            scale=self._scale(fields.get("scale"), most, step),
            comment_at_extremes=self._yes(fields.get("comment_at_extremes")),
            confidence=self._confidence(fields.get("confidence")),
            scale_confidence=self._confidence(fields.get("scale_confidence")),
            note_zh=self._text(fields.get("note_zh"), 600),
            note_en=self._text(fields.get("note_en"), 900),
        )

    def _scale(self, node: Node | None, most: Decimal, step: Decimal) -> tuple[ScalePoint, ...]:
        found = [self._scale_point(item, step) for item in self._list(node)]
        at = [point.points for point in found]
        if node is not None and most and (at != sorted(set(at)) or at[:1] != [Decimal(0)] or at[-1:] != [most]):
            self._say(node, _("must rise from 0 to %(most)s, each point once.") % {"most": plain(most)})
        return tuple(found)

    def _scale_point(self, node: Node, step: Decimal) -> ScalePoint:
        fields = self._fields(node, {"points", "zh"}, {"en"})
        points = self._decimal(fields.get("points"), None)
        if step and points % step:
            self._say(fields["points"], _("must be a multiple of the step %(step)s.") % {"step": plain(step)})
        return ScalePoint(points, self._text(fields.get("zh"), 300), self._text(fields.get("en"), 400))

    def _sums(self, top: dict[str, Node], head: dict[str, Node], criteria: Sequence[CriterionLine]) -> None:
        """What the file says it comes to must be what it comes to."""
        total = self._decimal(head.get("total"), Decimal(0))
        if self.faults:
            return
        found = sum((line.most for line in criteria), Decimal(0))
        if total != found:
            self._say(head["total"], _("the criteria come to %(found)s, not to %(total)s.") % _pair(found, total))
        for node in self._list(top.get("groups")):
            code, said = node.value["code"].value, Decimal(str(node.value["points"].value))
            found = sum((line.most for line in criteria if line.group == code), Decimal(0))
            if said != found:
                self._say(node.value["points"], _("the criteria come to %(found)s, not to %(total)s.") % _pair(found, said))

    def _decimal(self, node: Node | None, above: Decimal | None) -> Decimal:
        """A number, above ``above`` or, where that is None, 0 or more; 0 where there is a fault."""
        if node is None:
            return Decimal(0)
        value = node.value
        try:
            number = Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite() or not Decimal(0) <= number <= MOST_POINTS or number == above:
            least = _("above 0") if above is not None else _("0 or more")
            self._say(node, _("must be a number, %(least)s, at most %(most)s.") % {"least": least, "most": plain(MOST_POINTS)})
            return Decimal(0)
        if number != round(number, 3):
            self._say(node, _("must have at most three decimals."))
        return number

    def _yes(self, node: Node | None) -> bool:
        if node is None:
            return True
        if not isinstance(node.value, bool):
            self._say(node, _("must be true or false."))
        return bool(node.value)

    def _confidence(self, node: Node | None) -> str:
        return self._choice(node, CONFIDENCES) if node is not None else "C"


def _pair(found: Decimal, said: Decimal) -> dict[str, str]:
    return {"found": plain(found), "total": plain(said)}
