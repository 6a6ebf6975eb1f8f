"""How forms are drawn: one template a field, with the error beside it."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    pass
