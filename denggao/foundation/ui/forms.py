"""How forms are drawn: one template a field, with the error beside it."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """``{{ form }}`` draws the whole form, error summary first; ``<c-field>`` draws one field. Widgets and errors come from
    ``templates/django/forms`` and carry the product's classes."""

    form_template_name = "ui/forms/form.html"
    formset_template_name = "ui/forms/formset.html"
    field_template_name = "ui/forms/field.html"
