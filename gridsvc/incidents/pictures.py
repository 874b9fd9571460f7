"""Pictures from outside made into ones that can be kept and shown: re-encoded, turned upright, without metadata.

Nothing of the sent bytes survives but the colours of the pixels: no EXIF with the reporter's home, no thumbnail of what
was cut away, no markup that a browser might take for a page.
"""

import hashlib
import io
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING

from gridsvc.errors import InvalidInput, TooLarge

if TYPE_CHECKING:
    from PIL.Image import Image

MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp")
MAX_BYTES = 12 * 1024 * 1024
MAX_PIXELS = 50_000_000
LONGEST_SIDE, THUMB_SIDE = 2048, 320
"""Pixels; what is smaller stays as it is."""
SHORTEST_SIDE = 8
STRIP_PIXELS = 2_000_000
QUALITY, THUMB_QUALITY = 85, 75

_FORMATS = ("JPEG", "PNG", "WEBP")
_ORIENTATION = 0x0112
_SCAN = b"\xff\xda"
MOST_SCANS = 100
"""Of a JPEG: each is a pass over all pixels, however few bytes it takes; cameras write 1, progressive ones some 10."""
MAX_WEBP_PIXELS = 20_000_000
"""Its decoder holds a picture whole, several times over."""
_UNREADABLE = "The picture cannot be read: send a whole JPEG, PNG or WebP."
_UNREADABLE_ZH = "照片无法读取：请发送完整的 JPEG、PNG 或 WebP。"


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG as it is kept, and a small copy. `digest` is the SHA-256 (hex) of `data`."""

    digest: str
    media_type: str
    width: int
    height: int
    data: bytes
    thumb: bytes


def read_picture(sent: bytes) -> Picture:
    """The picture of some bytes, whatever they are called; loads Pillow. The largest take seconds and 300 MB, as WebP
    three times that, which its decoder takes.

    Raises InvalidInput for what is no picture of the three kinds, broken or tiny; TooLarge for too many pixels, before
    any of them is unpacked. Of an animation the first frame is taken.
    """
    upright = _turn(*_open(sent))
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    data = _encode(upright, QUALITY)
    small = upright.copy()
    small.thumbnail((THUMB_SIDE, THUMB_SIDE))
    width, height = upright.size
    digest = hashlib.sha256(data).hexdigest()
    return Picture(digest, "image/jpeg", width, height, data, _encode(small, THUMB_QUALITY))


def _open(sent: bytes) -> "tuple[Image, int]":
    """The pixels as RGB, and how they are to be turned."""
    pillow = _pillow()
    # Pillow raises some ten kinds of errors for broken files, most of them by accident; none of them is ours.
    try:
        image = pillow.open(io.BytesIO(sent), formats=_FORMATS)
    except Exception as error:
        raise InvalidInput(_UNREADABLE, zh=_UNREADABLE_ZH) from error
    width, height = image.size
    _check_size(width, height, MAX_WEBP_PIXELS if image.format == "WEBP" else MAX_PIXELS)
    if image.format == "JPEG" and sent.count(_SCAN) > MOST_SCANS:
        raise InvalidInput(_UNREADABLE, zh=_UNREADABLE_ZH)
    try:
        orientation = _orientation(image)
        # A JPEG is unpacked no larger than it is needed.
        image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
        image.load()
        return _reduced(image), orientation
    except Exception as error:
        raise InvalidInput(_UNREADABLE, zh=_UNREADABLE_ZH) from error


def _check_size(width: int, height: int, most: int) -> None:
    if width * height > most:
        message = f"The picture has {width} × {height} pixels: {most // 1_000_000} million at most."
        zh = f"照片有 {width} × {height} 像素：最多 {most // 10_000} 万像素。"
        raise TooLarge(message, zh=zh, limit=most)
    if min(width, height) < SHORTEST_SIDE:
        message = f"The picture has {width} × {height} pixels: nothing can be seen on it."
        raise InvalidInput(message, zh=f"照片只有 {width} × {height} 像素，看不清内容。")


def _orientation(image: "Image") -> int:
    """What EXIF says of how the camera was held, 1 (upright) where it says nothing that can be read."""
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001  a broken note about a picture is no broken picture
        return 1


def _reduced(image: "Image") -> "Image":
    """As RGB, by a whole factor smaller where it is so large; strip by strip, since all of it takes 200 MB each time
    that it is converted.
    """
    factor = max(image.size) // LONGEST_SIDE
    if factor < 2:
        return _as_rgb(image)
    width, height = image.size
    small: Image = _pillow().new("RGB", (-(-width // factor), -(-height // factor)))
    rows = factor * max(1, STRIP_PIXELS // (width * factor))
    for top in range(0, height, rows):
        strip = image.crop((0, top, width, min(top + rows, height)))
        small.paste(_as_rgb(strip).reduce(factor), (0, top // factor))
    return small


def _as_rgb(image: "Image") -> "Image":
    """8 bits of red, green and blue, on white where the picture is transparent."""
    pillow = _pillow()
    if image.mode.startswith(("I", "F")):
        # 16 bits of grey: converting would cut off all above 255.
        image = image.convert("F").point(lambda level: level * (1 / 256)).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        ground = pillow.new("RGBA", image.size, "white")
        ground.alpha_composite(image)
        image = ground
    clean = image.convert("RGB")
    clean.info = {}
    return clean


def _turn(image: "Image", orientation: int) -> "Image":
    pillow = _pillow()
    turns = {
        2: pillow.Transpose.FLIP_LEFT_RIGHT,
        3: pillow.Transpose.ROTATE_180,
        4: pillow.Transpose.FLIP_TOP_BOTTOM,
        5: pillow.Transpose.TRANSPOSE,
        6: pillow.Transpose.ROTATE_270,
        7: pillow.Transpose.TRANSVERSE,
        8: pillow.Transpose.ROTATE_90,
    }
    turn = turns.get(orientation)
    return image if turn is None else image.transpose(turn)


def _encode(image: "Image", quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


@cache
def _pillow() -> ModuleType:
    """Loaded with the first picture: it costs a worker some 10 MB. Its own limit would only warn; ours is checked."""
    from PIL import Image  # noqa: PLC0415

    Image.MAX_IMAGE_PIXELS = None
    return Image
