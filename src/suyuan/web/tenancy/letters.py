"""Letters to people who are not here yet."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import Invitation
from suyuan.web.rights import role_name

_LOG = logging.getLogger(__name__)


def invitation_link(token: str) -> str:
    """Return the address that opens an invitation."""
    return settings.PUBLIC_URL + reverse("invitation", kwargs={"token": token})


def send_invitation(*, actor: Actor, invitation: Invitation, token: str, language: str) -> bool:
    """Send the link to the invited address; tell whether the mail server took it."""
    name = actor.organisation.name(language)
    message = EmailMessage(
        subject=_("Invitation to %(organisation)s on Suyuan") % {"organisation": name},
        body=render_to_string(
            "tenancy/letters/invitation.txt",
            {
                "organisation": name,
                "role": role_name(invitation.role),
                "inviter": actor.name.removeprefix("user:"),
                "link": invitation_link(token),
                "invitation": invitation,
            },
        ),
        to=[invitation.email],
    )
    try:
        return message.send() == 1
    except (SMTPException, OSError):
        _LOG.exception("the invitation letter could not be sent")
        return False
