"""Logos: what is taken, what is stored, who may use it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.conf import LazySettings
from PIL import Image

from suyuan.kernel.errors import Invalid, NotFound
from suyuan.labels import pictures, selectors, services
from suyuan.labels.errors import LogoInUse, TooManyLogos
from suyuan.labels.models import LabelPicture
from suyuan.tenancy.actor import Actor
from tests.labels_world import ROLL, logo_file, with_elements

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def _own_media(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def stored(tmp_path: Path) -> list[Path]:
    return [path for path in tmp_path.rglob("*") if path.is_file()]


def add(actor: Actor, content: bytes, name: str = "mark") -> LabelPicture:
    return services.add_logo(actor=actor, name=name, content=content)


def shown(actor: Actor, digest: str) -> str:
    """Store a label that shows a logo, and return its number."""
    element = {"kind": "picture", "x": 1, "y": 1, "width_mm": 9, "height_mm": 9}
    design = with_elements({**element, "picture": digest})
    row = services.create_template(actor=actor, name="x", design=design, sheet=ROLL)
    return row.number


@pytest.mark.parametrize(
    "content",
    [
        SVG,
        b"<html><script>alert(1)</script></html>",
        b"%PDF-1.7\n",
        b"",
        logo_file()[:40],
        b"GIF89a" + bytes(20),
        b"\x00\x00\x01\x00" + bytes(40),
    ],
)
def test_what_is_no_picture_is_refused_and_leaves_nothing(
    actor: Actor, tmp_path: Path, content: bytes
) -> None:
    with pytest.raises(Invalid) as caught:
        add(actor, content)
    assert caught.value.code == "picture_unreadable"
    assert not LabelPicture.objects.exists()
    assert not stored(tmp_path)


def test_a_picture_of_too_many_pixels_is_refused_by_its_header(actor: Actor) -> None:
    with pytest.raises(Invalid) as caught:
        add(actor, logo_file(size=(7_000, 7_000)))
    assert caught.value.code == "picture_too_large"


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_logo_is_stored_as_png_drawn_anew(actor: Actor, form: str) -> None:
    content = logo_file(form, size=(2_000, 100)) + b"<script>alert(1)</script>"
    row = add(actor, content)
    kept = pictures.read(actor.organisation_id, row.digest)
    assert kept.startswith(b"\x89PNG")
    assert b"script" not in kept
    assert Image.open(io.BytesIO(kept)).size == (row.width, row.height) == (1_200, 60)


def test_the_same_logo_twice_is_kept_once(actor: Actor, tmp_path: Path) -> None:
    assert add(actor, logo_file()) == add(actor, logo_file(), name="again")
    assert len(stored(tmp_path)) == 1


def test_two_organisations_never_share_a_name(actor: Actor, other_actor: Actor) -> None:
    assert add(actor, logo_file()).digest != add(other_actor, logo_file()).digest


def test_another_organisations_logo_looks_like_none(actor: Actor, other_actor: Actor) -> None:
    digest = add(other_actor, logo_file()).digest
    with pytest.raises(NotFound):
        selectors.get_logo(actor.organisation_id, digest)
    with pytest.raises(NotFound):
        services.remove_logo(actor=actor, digest=digest)
    with pytest.raises(NotFound):
        pictures.read(actor.organisation_id, digest)
    assert selectors.pictures_named(actor.organisation_id, frozenset({digest})) == {}


@pytest.mark.parametrize("digest", ["", "x", "../../../etc/passwd", "A" * 64, "0" * 63])
def test_no_name_leads_out_of_the_folder(actor: Actor, digest: str) -> None:
    with pytest.raises(NotFound):
        pictures.read(actor.organisation_id, digest)
    with pytest.raises(NotFound):
        selectors.get_logo(actor.organisation_id, digest)


def test_a_logo_that_an_old_version_shows_stays(
    actor: Actor, tmp_path: Path, django_capture_on_commit_callbacks: object
) -> None:
    digest = add(actor, logo_file()).digest
    number = shown(actor, digest)
    services.save_template(
        actor=actor, number=number, base=1, name="x", design=with_elements(), sheet=ROLL
    )
    with pytest.raises(LogoInUse) as caught:
        services.remove_logo(actor=actor, digest=digest)
    assert caught.value.data["number"] == number
    version = selectors.get_template(actor.organisation_id, number, 1)
    assert selectors.pictures_of(version)[digest].startswith(b"\x89PNG")
    assert len(stored(tmp_path)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_logo_that_nothing_shows_goes_with_its_file(actor: Actor, tmp_path: Path) -> None:
    digest = add(actor, logo_file()).digest
    services.remove_logo(actor=actor, digest=digest)
    assert not LabelPicture.objects.exists()
    assert not stored(tmp_path)


def test_a_label_whose_logo_file_is_lost_is_still_read(actor: Actor, tmp_path: Path) -> None:
    digest = add(actor, logo_file()).digest
    number = shown(actor, digest)
    for path in stored(tmp_path):
        path.unlink()
    version = selectors.get_template(actor.organisation_id, number)
    assert selectors.pictures_of(version) == {}


def test_the_number_of_logos_is_limited(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_LOGOS", 1)
    add(actor, logo_file())
    with pytest.raises(TooManyLogos):
        add(actor, logo_file(size=(50, 50)))


def test_a_logo_has_a_name_even_where_none_was_given(actor: Actor) -> None:
    row = add(actor, logo_file(), name="")
    assert row.name == row.digest[:8]
    assert list(selectors.logos(actor.organisation_id)) == [row]
