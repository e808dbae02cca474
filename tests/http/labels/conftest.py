"""The world of labels, for this folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings

from suyuan.labels import services
from suyuan.labels.models import LabelTemplateVersion
from suyuan.tenancy.actor import Actor
from tests.issuing_world import lot, order, other_product, product
from tests.labels_world import DESIGN, SHEET

__all__ = ["lot", "order", "other_product", "product"]


@pytest.fixture(autouse=True)
def _own_media(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def template(actor: Actor) -> LabelTemplateVersion:
    """Return a template with one version: a QR code and a text."""
    return services.create_template(actor=actor, name="瓶标", design=DESIGN, sheet=SHEET)
