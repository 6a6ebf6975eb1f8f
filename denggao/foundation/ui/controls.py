"""The controls that stand on every page, drawn without a template: a list's filters are a hundred options. The same HTML as
Django's own templates give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe

Widget = Mapping[str, Any]


# SECURITY: every text that comes from elsewhere goes through ``escaped``, which escapes it.


def escaped(value: Any) -> str:
    """As Django escapes, without asking whether the text is still to be translated."""
    return value.__html__() if hasattr(value, "__html__") else escape(str(value))


def _attributes(widget: Widget) -> str:
    return "".join(
        f" {escaped(name)}" if value is True else f' {escaped(name)}="{escaped(str(value))}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{escaped(str(widget["value"]))}"'
    return f'<input type="{escaped(widget["type"])}" name="{escaped(widget["name"])}"{value}{_attributes(widget)}>'


def _textarea(widget: Widget) -> str:
    return f'<textarea name="{escaped(widget["name"])}"{_attributes(widget)}>\n{escaped(widget["value"] or "")}</textarea>'


def _option(option: Widget) -> str:
    return f'<option value="{escaped(str(option["value"]))}"{_attributes(option)}>{escaped(option["label"])}</option>'


def _select(widget: Widget) -> str:
    groups = []
    for label, options, _index in widget["optgroups"]:
        drawn = "".join(_option(option) for option in options)
        groups.append(f'<optgroup label="{escaped(label)}">{drawn}</optgroup>' if label else drawn)
    return f'<select name="{escaped(widget["name"])}"{_attributes(widget)}>{"".join(groups)}</select>'


_DRAWN: dict[str, Callable[[Widget], str]] = {
    **dict.fromkeys([f"django/forms/widgets/{name}.html" for name in ("input", "text", "hidden", "number", "checkbox")], _input),
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
}


def drawn(template: str, widget: Widget) -> SafeString | None:
    """None for controls that have a template of their own."""
    draw = _DRAWN.get(template)
    return mark_safe(draw(widget)) if draw is not None else None  # noqa: S308  # escaped above
