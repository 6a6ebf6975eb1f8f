"""How an invitation reaches whom it is meant for."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.messages.tasks import send_sms
from denggao.foundation.organisations.models import Invitation
from denggao.foundation.people.signin.letters import post_letter
from denggao.foundation.ui.templatetags.dg import role_label

_UNSENT_MAIL = "django.core.mail.backends.filebased.EmailBackend"
_UNSENT_SMS = "denggao.foundation.messages.sms.ConsoleGateway"


def link_of(secret: str) -> str:
    return f"{settings.BASE_URL}{reverse('members:open_invitation', args=[secret])}"


def reaches(kind: str) -> bool:
    """Whether this machine can deliver to such an address; otherwise whoever invites hands the link over."""
    return settings.EMAIL_BACKEND != _UNSENT_MAIL if kind == Invitation.Kind.EMAIL else settings.SMS_GATEWAY != _UNSENT_SMS


def send_invitation(invitation: Invitation, secret: str, *, actor: Actor, now: dt.datetime) -> None:
    """A letter, or a text message, with the link. Nothing goes out where this machine can't deliver."""
    if not reaches(invitation.kind):
        return
    link = link_of(secret)
    with translation.override(invitation.language or settings.LANGUAGE_CODE):
        values = {
            "role": role_label(Role(invitation.role)),
            "body": invitation.organisation.name if invitation.organisation else "",
        }
        if invitation.kind == Invitation.Kind.PHONE:
            text = _("Denggao: you are invited as %(role)s. Open within 7 days: %(link)s") % {"role": values["role"], "link": link}
            send_sms(invitation.address, text, actor=actor, now=now)
            return
    subject = gettext_lazy("You are invited")
    context = {**values, "link": link}
    post_letter(invitation.address, subject, "members/letters/invitation.txt", context, language=invitation.language, now=now)
