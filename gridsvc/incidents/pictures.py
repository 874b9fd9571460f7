"""Pictures from outside made into ones that can be kept and shown: re-encoded, turned upright, without metadata.

Nothing of the sent bytes survives but the colours of the pixels: no EXIF with the reporter's home, no thumbnail of what
was cut away, no markup that a browser might take for a page.
"""

import hashlib
import io
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

from gridsvc.errors import InvalidInput, TooLarge

if TYPE_CHECKING:
    from PIL.Image import Image

MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp")
MAX_BYTES = 12 * 1024 * 1024
MAX_PIXELS = 50_000_000
LONGEST_SIDE, THUMB_SIDE = 2048, 320
"""Pixels; what is smaller stays as it is."""
SHORTEST_SIDE = 8
BLOCK_PIXELS = 2_000_000
QUALITY, THUMB_QUALITY = 85, 75

_FORMATS = ("JPEG", "PNG", "WEBP")
_ORIENTATION = 0x0112
_SCAN = b"\xff\xda"
_PLAIN = frozenset({0xC0, 0xC1, 0xC4, 0xDB, 0xDD, *range(0xE0, 0xF0), 0xFE})
"""The second bytes of what stands in the head of a JPEG that is not progressive."""
MOST_SCANS = 100
"""Of a JPEG: each is a pass over all pixels, however few bytes it takes; cameras write 1, progressive ones some 10."""
MAX_WEBP_PIXELS = 20_000_000
"""Its decoder holds a picture whole, several times over."""
MAX_HELD_BYTES = 300_000_000
"""Of a JPEG while it is unpacked. A progressive one is held whole at its full size, however small it is wanted."""
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
    """The picture of some bytes, whatever they are called; loads Pillow. The largest take seconds and 300 MB, whatever
    their sides, colours and kind.

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
    # What is no PNG and no WebP is a JPEG, also where the reader calls it by the name of a kind of JPEG.
    is_jpeg = image.format not in {"PNG", "WEBP"}
    if is_jpeg and sent.count(_SCAN) > MOST_SCANS:
        raise InvalidInput(_UNREADABLE, zh=_UNREADABLE_ZH)
    try:
        orientation = _orientation(image)
        # A JPEG is unpacked no larger than it is needed.
        image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
        if is_jpeg:
            _check_held(_held_bytes(sent, image, width * height))
        image.load()
        return _reduced(image), orientation
    except TooLarge:
        raise
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


def _held_bytes(sent: bytes, image: Any, pixels: int) -> int:
    """What a JPEG takes while it is unpacked: its pixels at the size that is wanted, and where it is told in several
    passes also two bytes for each sample of each colour at its full size.
    """
    held: int = 4 * image.width * image.height
    if _is_in_passes(sent, image.layers):
        widest = max(layer[1] * layer[2] for layer in image.layer)
        held += 2 * pixels * sum(layer[1] * layer[2] for layer in image.layer) // widest
    return held


def _is_in_passes(sent: bytes, colours: int) -> bool:
    """Whether the first pass over a JPEG's pixels does not bring all of them; also where its head is no plain one."""
    at = 2
    while (marker := sent[at : at + 2]) != _SCAN:
        if marker[0] != 0xFF or marker[1] not in _PLAIN:
            return True
        at += 2 + int.from_bytes(sent[at + 2 : at + 4])
    return sent[at + 4] < colours


def _check_held(size: int) -> None:
    if size > MAX_HELD_BYTES:
        most = MAX_HELD_BYTES // 1_000_000
        message = f"The picture takes {size // 1_000_000} MB to unpack, {most} at most: save it as a plain JPEG."
        zh = f"照片展开需要 {size // 1_000_000} MB，最多 {most} MB：请另存为普通（基线）JPEG。"
        raise TooLarge(message, zh=zh, limit_bytes=MAX_HELD_BYTES)


def _reduced(image: "Image") -> "Image":
    """As RGB, by a whole factor smaller where it is so large; block by block, since all of it takes 200 MB each time
    that it is converted.
    """
    factor = max(1, max(image.size) // LONGEST_SIDE)
    width, height = image.size
    small: Image = _pillow().new("RGB", (-(-width // factor), -(-height // factor)))
    columns = factor * min(-(-width // factor), max(1, BLOCK_PIXELS // factor**2))
    rows = factor * max(1, BLOCK_PIXELS // (columns * factor))
    for top in range(0, height, rows):
        for left in range(0, width, columns):
            block = image.crop((left, top, min(left + columns, width), min(top + rows, height)))
            small.paste(_as_rgb(block).reduce(factor), (left // factor, top // factor))
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
