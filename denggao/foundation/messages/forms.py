from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class PreferenceForm(forms.Form):
    by_mail = forms.BooleanField(label=_("Tell me by e-mail as well"), required=False)
