"""A product's page and its pictures; picture files, public and within the organisation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from suyuan.kernel.errors import Invalid, NotFound, SuyuanError
from suyuan.masterdata import pictures, selectors, services
from suyuan.masterdata.categories import CATEGORIES
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office, public
from suyuan.web.masterdata.forms import PictureForm
from suyuan.web.masterdata.screens import PRODUCTS
from suyuan.web.masterdata.views.rows import page_context
from suyuan.web.messages import sentence

_FOR_EVER = 31_536_000  # seconds; the name changes with the content


@back_office(Right.MASTERDATA_VIEW)
def product(request: HttpRequest, actor: Actor, gtin: str) -> HttpResponse:
    """Show a product: fields, pictures, latest lots, record rules of its category."""
    row = selectors.get_product(actor.organisation_id, gtin)
    category = CATEGORIES.get(row.category)
    context = page_context(actor, PRODUCTS, row) | {
        "pictures": selectors.pictures_of(actor.organisation_id, row.id),
        "picture_form": PictureForm(),
        "hints": category.hints if category else (),
    }
    return render(request, "masterdata/product.html", context)


@require_POST
@back_office(Right.MASTERDATA_EDIT)
def add(request: HttpRequest, actor: Actor, gtin: str) -> HttpResponse:
    """Store an uploaded picture."""
    selectors.get_product(actor.organisation_id, gtin)  # what is not theirs is not found first
    upload = request.FILES.get("picture")
    try:
        if upload is None or (upload.size or 0) > pictures.MOST_BYTES:
            code = "required" if upload is None else "picture_too_large"
            raise Invalid(code, place="picture", limit_mb=8, most_megapixels=40)
        services.add_picture(actor=actor, gtin=gtin, content=upload.read())
        messages.success(request, gettext("Picture added."))
    except NotFound:
        raise
    except SuyuanError as error:
        messages.error(request, sentence(error))
    return redirect("masterdata:product", org=actor.organisation.slug, gtin=gtin)


@require_POST
@back_office(Right.MASTERDATA_EDIT)
def remove(request: HttpRequest, actor: Actor, gtin: str, digest: str) -> HttpResponse:
    """Take a picture off the product."""
    services.remove_picture(actor=actor, gtin=gtin, digest=digest)
    messages.success(request, gettext("Picture removed."))
    return redirect("masterdata:product", org=actor.organisation.slug, gtin=gtin)


@require_POST
@back_office(Right.MASTERDATA_EDIT)
def first(request: HttpRequest, actor: Actor, gtin: str, digest: str) -> HttpResponse:
    """Put a picture in front."""
    services.move_picture(actor=actor, gtin=gtin, digest=digest, position=0)
    return redirect("masterdata:product", org=actor.organisation.slug, gtin=gtin)


def _file(content: bytes, *, cache: str) -> HttpResponse:
    response = HttpResponse(content, content_type="image/webp")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = f"{cache}, max-age={_FOR_EVER}, immutable"
    return response


@require_GET
@back_office(Right.MASTERDATA_VIEW)
def own_file(request: HttpRequest, actor: Actor, digest: str) -> HttpResponse:
    """Serve a picture file of the organisation."""
    return _file(pictures.read(actor.organisation_id, digest), cache="private")


@require_GET
@public
def public_file(request: HttpRequest, digest: str) -> HttpResponse:
    """Serve a picture file of a published product, which is an own one.

    The name is the content's digest, so it can be cached for ever, and nobody can guess one.
    """
    row = selectors.public_picture(digest)
    if row is None:
        raise NotFound(kind="picture")
    return _file(pictures.read(row.organisation_id, digest), cache="public")
