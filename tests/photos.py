"""Photos that no camera took: labels on a table, turned, dim, blurred, seen aslant.

Owns: making them with Pillow from what the product draws; each is the same every time.
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from PIL import Image, ImageFilter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from suyuan.core.carriers import Symbology, draw, formats

SIZE = (1_000, 800)
A4 = (595.28, 841.89)
LINK = "https://t.example/01/09521234000013/21/"


def label(text: str, symbology: Symbology = "qr", *, module: int = 4) -> Image.Image:
    """Return a code on a white label."""
    png = formats.png(draw(text, symbology=symbology), module=module)
    code = Image.open(io.BytesIO(png)).convert("L")
    card = Image.new("L", (code.width + 60, code.height + 60), 245)
    card.paste(code, (30, 30))
    return card


def table(*cards: tuple[Image.Image, tuple[int, int]], size: tuple[int, int] = SIZE) -> Image.Image:
    """Return cards on a grained table."""
    grain = np.random.default_rng(7).normal(170, 12, size[::-1]).clip(0, 255)
    photo = Image.fromarray(grain.astype(np.uint8))
    for card, place in cards:
        photo.paste(card, place)
    return photo


def turned(card: Image.Image, degrees: float) -> Image.Image:
    return card.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=170)


def aslant(card: Image.Image) -> Image.Image:
    """Return the card as seen from the side: a true perspective, not a shear."""
    width, height = card.size
    corners = [(0, 0), (width, 0), (width, height), (0, height)]
    seen = [(0.06, 0.0), (0.94, 0.1), (1.0, 0.9), (0.0, 1.0)]
    rows: list[list[float]] = []
    values: list[float] = []
    for (x, y), (u, v) in zip(corners, seen, strict=True):
        a, b = u * width, v * height
        rows += [[a, b, 1, 0, 0, 0, -x * a, -x * b], [0, 0, 0, a, b, 1, -y * a, -y * b]]
        values += [x, y]
    solved = np.linalg.solve(np.array(rows), np.array(values))
    return card.transform(
        card.size,
        Image.Transform.PERSPECTIVE,
        tuple(solved.tolist()),
        Image.Resampling.BICUBIC,
        fillcolor=170,
    )


def blurred(photo: Image.Image, radius: float = 1.8) -> Image.Image:
    return photo.filter(ImageFilter.GaussianBlur(radius))


def dim(photo: Image.Image) -> Image.Image:
    """Return what a sensor makes of little light: dark and noisy."""
    values = np.asarray(photo, dtype=np.float64) * 0.16 + 8
    values += np.random.default_rng(8).normal(0, 3, values.shape)
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))


def half_in_shadow(photo: Image.Image) -> Image.Image:
    light = np.linspace(0.15, 1, photo.width)[None, :]
    values = np.asarray(photo, dtype=np.float64) * light
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))


def noisy(photo: Image.Image) -> Image.Image:
    values = np.asarray(photo, dtype=np.float64)
    values = values + np.random.default_rng(9).normal(0, 45, values.shape)
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))


def file(photo: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    photo.save(out, kind, **options)
    return out.getvalue()


def sheet(rows: int, columns: int, *, pages: int = 1, encrypt: Any = None) -> bytes:
    """Return A4 pages of QR codes, numbered in reading order."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, encrypt=encrypt, invariant=1)
    number = 0
    for _page in range(pages):
        for row in range(rows):
            for column in range(columns):
                png = formats.png(draw(f"{LINK}{number:06}"), module=4)
                x, y = 30 + column * 540 / columns, 780 - row * 750 / rows
                canvas.drawImage(ImageReader(io.BytesIO(png)), x, y, 50, 50)
                number += 1
        canvas.showPage()
    canvas.save()
    return out.getvalue()
