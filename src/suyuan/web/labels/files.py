"""Pictures of labels and of starts, proofs, logos: what pages show and people download."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from suyuan.kernel.errors import Invalid, SuyuanError
from suyuan.labels import pictures, selectors, services
from suyuan.labels.errors import LogoInUse
from suyuan.labels.models import LabelPicture
from suyuan.labels.starts import STARTS
from suyuan.masterdata.pictures import MOST_BYTES
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.labels.drawing import picture, proof_pdf, proof_png
from suyuan.web.labels.example import usual
from suyuan.web.labels.forms import LogoForm
from suyuan.web.labels.views import start_named
from suyuan.web.messages import sentence

_FOR_EVER: Final = 31_536_000  # seconds; the name changes with the content
_A_WHILE: Final = 300  # a version stays, but the product in its example may be renamed


@require_safe
@back_office(Right.LABELS_DESIGN)
def version_svg(request: HttpRequest, actor: Actor, number: str, version: int) -> HttpResponse:
    """Draw a version of a template."""
    row = selectors.get_template(actor.organisation_id, number, version)
    return _svg(picture(actor, row.design, usual(actor)))


@require_safe
@back_office(Right.LABELS_DESIGN)
def start_svg(request: HttpRequest, actor: Actor, start: str, language: str) -> HttpResponse:
    """Draw a ready-made start."""
    code, written = start_named(start, language)
    return _svg(picture(actor, STARTS[code].draw(written)))


@require_safe
@back_office(Right.LABELS_DESIGN)
def proof(request: HttpRequest, actor: Actor, number: str, form: str) -> HttpResponse:
    """Send a page, or one label, to look at on paper; its codes were never issued."""
    row = selectors.get_template(actor.organisation_id, number)
    key = request.GET.get("example", "")
    if form == "png":
        body, content_type = proof_png(actor, row.design, key), "image/png"
    else:
        body, content_type = proof_pdf(actor, row.design, row.sheet, key), "application/pdf"
    headers = {
        "Content-Disposition": f'inline; filename="{row.number}-v{row.version}.{form}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(body, content_type=content_type, headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.LABELS_DESIGN)
def logos(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the logos; take one in, for the page itself or for the designer's script."""
    form = LogoForm()
    if request.method == "POST":
        by_script = request.headers.get("Accept") == "application/json"
        try:
            row = _upload(request, actor)
        except SuyuanError as error:
            if by_script:
                return JsonResponse({"fault": sentence(error)}, status=error.status)
            form = LogoForm(request.POST, request.FILES)
            form.add_error("picture", sentence(error))
        else:
            if by_script:
                return JsonResponse(logo_data(actor, row), status=201)
            messages.success(request, _("Logo added."))
            return redirect("labels:logos", org=actor.organisation.slug)
    context = {
        "logos": selectors.logos(actor.organisation_id),
        "form": form,
        "organisation": actor.organisation,
    }
    status = 422 if form.is_bound else 200
    return render(request, "labels/logos.html", context, status=status)


def _upload(request: HttpRequest, actor: Actor) -> LabelPicture:
    upload = request.FILES.get("picture")
    if upload is None:
        raise Invalid("required", place="picture")
    if (upload.size or 0) > MOST_BYTES:
        raise Invalid("picture_too_large", place="picture", limit_mb=8, most_megapixels=40)
    name = (upload.name or "").rpartition(".")[0]
    shown = "".join(sign for sign in name if sign.isprintable())
    return services.add_logo(actor=actor, name=shown, content=upload.read())


def logo_data(actor: Actor, row: LabelPicture) -> dict[str, object]:
    """Return a logo as the designer's script reads it."""
    parts = {"org": actor.organisation.slug, "digest": row.digest}
    return {
        "digest": row.digest,
        "name": row.name,
        "url": reverse("labels:logo", kwargs=parts),
        "width": row.width,
        "height": row.height,
    }


@require_POST
@back_office(Right.LABELS_DESIGN)
def remove_logo(request: HttpRequest, actor: Actor, digest: str) -> HttpResponse:
    """Forget a logo that no label shows."""
    try:
        services.remove_logo(actor=actor, digest=digest)
        messages.success(request, _("Logo removed."))
    except LogoInUse as error:
        messages.error(request, sentence(error))
    return redirect("labels:logos", org=actor.organisation.slug)


@require_safe
@back_office(Right.LABELS_DESIGN)
def logo(request: HttpRequest, actor: Actor, digest: str) -> HttpResponse:
    """Serve a logo of the organisation."""
    row = selectors.get_logo(actor.organisation_id, digest)
    response = HttpResponse(
        pictures.read(actor.organisation_id, row.digest), content_type="image/png"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = f"private, max-age={_FOR_EVER}, immutable"
    return response


def _svg(body: str) -> HttpResponse:
    headers = {
        "Cache-Control": f"private, max-age={_A_WHILE}",
        "X-Content-Type-Options": "nosniff",
        # The picture stands alone when it is opened by itself.
        "Content-Security-Policy": "default-src 'none'; img-src data:; style-src 'none'",
    }
    return HttpResponse(body, content_type="image/svg+xml", headers=headers)
