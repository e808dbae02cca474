"""The baseline of `page`: Django with nothing in it, answering two letters.

Owns: a WSGI entry of its own, with settings of its own. Never import it beside the product's.
"""

from __future__ import annotations

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

if not settings.configured:
    settings.configure(
        SECRET_KEY="a baseline keeps no secrets",  # noqa: S106 - there is none
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="suyuan.cli.bench.bare_urls",
        MIDDLEWARE=[],
    )
    django.setup()
application = get_wsgi_application()
