"""Pictures that come with complaints."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from suyuan.kernel.errors import Invalid, NotFound
from suyuan.quality import pictures, selectors
from suyuan.quality.models import Complaint, ComplaintPicture
from suyuan.quality.services import erase_reporter, file_complaint, file_public_complaint
from suyuan.tenancy.actor import Actor
from tests.recall_world import PDF, picture

pytestmark = pytest.mark.usefixtures("media")


def _photograph(size: tuple[int, int] = (40, 30)) -> bytes:
    """Return a JPEG that tells where it was taken, lying on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010E] = "at home"
    exif.get_ifd(0x8825)[1] = "N"
    file = BytesIO()
    Image.new("RGB", size, "red").save(file, "JPEG", exif=exif)
    return file.getvalue()


def _folder(actor: Actor) -> Path:
    return Path(settings.MEDIA_ROOT) / str(actor.organisation_id) / "complaints"


def _files(actor: Actor) -> list[Path]:
    folder = _folder(actor)
    return sorted(folder.iterdir()) if folder.exists() else []


def _file(actor: Actor, *uploads: bytes) -> Complaint:
    return file_complaint(actor=actor, text="Mouldy", uploads=uploads)


def test_picture_is_kept_upright_without_what_the_camera_added(actor: Actor) -> None:
    complaint = _file(actor, _photograph())

    [row] = selectors.pictures_of(complaint)
    body = pictures.read(actor.organisation_id, row.name)
    with Image.open(BytesIO(body)) as kept:
        assert (kept.format, kept.size) == ("WEBP", (30, 40))
        assert not kept.getexif()
    assert b"at home" not in body
    assert (row.width, row.height) == (30, 40)


def test_picture_is_sealed_on_the_disk_under_a_name_that_tells_nothing(actor: Actor) -> None:
    complaint = _file(actor, picture(), picture())

    stored = _files(actor)
    rows = selectors.pictures_of(complaint)
    assert sorted(row.name for row in rows) == [path.name for path in stored]
    assert stored[0].name != stored[1].name
    assert all(b"WEBP" not in path.read_bytes() for path in stored)


def test_large_photograph_is_shrunk(actor: Actor) -> None:
    [row] = selectors.pictures_of(_file(actor, _photograph((4000, 2000))))

    assert max(row.width, row.height) == 1600


def test_what_hangs_behind_a_photograph_is_not_kept(actor: Actor) -> None:
    complaint = _file(actor, _photograph() + b"<script>alert(1)</script>" * 50)

    [row] = selectors.pictures_of(complaint)
    assert b"script" not in pictures.read(actor.organisation_id, row.name)


@pytest.mark.parametrize(
    ("upload", "code"),
    [
        (PDF, "picture_unreadable"),
        (b"", "picture_unreadable"),
        (b"\xff\xd8\xff" + b"x" * 500, "picture_unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "picture_unreadable"),
        (picture()[:50], "picture_unreadable"),
        (b"x" * (8 * 2**20 + 1), "picture_too_large"),
        (picture(size=(9000, 5000)), "picture_too_large"),
    ],
)
def test_bad_picture_refuses_the_complaint_whole(actor: Actor, upload: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        _file(actor, picture(), upload)

    assert (refusal.value.code, refusal.value.place) == (code, "pictures/2")
    assert not Complaint.objects.exists()
    assert _files(actor) == []


def test_fourth_picture_is_refused_before_any_is_read(actor: Actor) -> None:
    with pytest.raises(Invalid) as refusal:
        file_public_complaint(
            organisation=actor.organisation, text="x", target="", uploads=[b"no picture"] * 4
        )

    assert refusal.value.code == "too_many_photos"


@pytest.mark.django_db(transaction=True)
def test_erasing_who_complained_deletes_the_pictures_and_their_files(actor: Actor) -> None:
    complaint = _file(actor, picture(), picture())

    erase_reporter(actor=actor, number=complaint.number)

    assert not ComplaintPicture.objects.exists()
    assert _files(actor) == []
    assert Complaint.objects.get().erased_at is not None


def test_lost_file_and_other_organisations_picture_do_not_exist(
    actor: Actor, other_actor: Actor
) -> None:
    complaint = _file(actor, picture())
    number = complaint.number
    for path in _files(actor):
        path.unlink()

    row = selectors.get_picture(actor.organisation_id, number, 1)
    with pytest.raises(NotFound):
        pictures.read(actor.organisation_id, row.name)
    with pytest.raises(NotFound):
        selectors.get_picture(actor.organisation_id, number, 2)
    with pytest.raises(NotFound):
        selectors.get_picture(other_actor.organisation_id, number, 1)
