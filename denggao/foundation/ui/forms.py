"""How forms are drawn: one template a field, with the error beside it."""

from __future__ import annotations

from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest

from denggao.foundation.ui.controls import drawn


class Renderer(TemplatesSetting):
    """``{{ form }}`` draws the whole form, error summary first; ``<c-field>`` draws one field. Widgets and errors come from
    ``templates/django/forms`` and carry the product's classes."""

    form_template_name = "ui/forms/form.html"
    formset_template_name = "ui/forms/formset.html"
    field_template_name = "ui/forms/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        plain = drawn(template_name, context["widget"]) if "widget" in context else None
        return plain if plain is not None else super().render(template_name, context, request)
