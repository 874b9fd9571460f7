"""Pictures from outside: bombs, impostors and broken ones are refused; what is kept tells nothing but its pixels."""

import io
import subprocess
import sys
from collections.abc import Callable

import pytest
from PIL import Image

from gridsvc.errors import InvalidInput, TooLarge
from gridsvc.incidents.pictures import LONGEST_SIDE, THUMB_SIDE, read_picture
from tests.fixtures.pictures import (
    BLUE,
    RED,
    animation,
    encoded,
    grey_of_16_bits,
    png_of,
    text_bomb,
    told_everything,
    two_halves,
)

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
PEAK = """
import re, sys
from pathlib import Path
from gridsvc.incidents.pictures import _pillow, read_picture

def peak():  # of this process alone: what the system counts as used also has that of the one before it
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

_pillow()
sent = sys.stdin.buffer.read()
before = peak()
read_picture(sent)
print(peak() - before)
"""


def _opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def _is_near(image: Image.Image, place: tuple[int, int], colour: tuple[int, int, int]) -> bool:
    found = image.getpixel(place)
    assert isinstance(found, tuple)
    return all(abs(a - b) < 40 for a, b in zip(found, colour, strict=True))


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\xff\xd8\xff",
        SVG,
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"GIF89a" + bytes(100),
        encoded(two_halves(), "GIF"),
        encoded(two_halves(), "TIFF"),
        encoded(two_halves(), "PDF"),
        encoded(two_halves())[:-200],
        encoded(two_halves(640, 480), "PNG")[:200],
        encoded(two_halves(640, 480), "WEBP")[:100],
        encoded(two_halves(7, 640)),
        png_of(100, 100, b"\x00" * 100),
    ],
    ids=range(13),
)
def test_what_is_no_whole_picture_is_refused(sent: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_picture(sent)


def test_a_picture_of_a_thousand_passes_is_refused_before_they_are_made() -> None:
    scan = bytes.fromhex("ffda0008010100010500")
    whole = encoded(two_halves(), progressive=True)
    with pytest.raises(InvalidInput):
        read_picture(whole[:-2] + scan * 1000 + whole[-2:])


@pytest.mark.parametrize("size", [(50_000, 50_000), (65_535, 1_000), (2_000_000, 30)])
def test_a_bomb_is_refused_before_it_is_unpacked(size: tuple[int, int]) -> None:
    with pytest.raises(TooLarge, match="million"):
        read_picture(png_of(*size))


def test_a_bomb_in_the_notes_is_refused() -> None:
    with pytest.raises(InvalidInput):
        read_picture(text_bomb())


def test_nothing_is_kept_but_the_pixels() -> None:
    sent = told_everything()
    assert b"secret" in sent
    picture = read_picture(sent)
    for data in (picture.data, picture.thumb):
        for word in (b"secret", b"Secret", b"Exif", b"xmp", b"ICC_PROFILE"):
            assert word not in data
        image = _opened(data)
        assert image.format == "JPEG"
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_markup_polyglot_loses_its_markup() -> None:
    polyglot = encoded(two_halves(), comment=SVG) + b"<script>alert(1)</script>"
    assert b"<script" not in read_picture(polyglot).data
    assert b"<svg" not in read_picture(polyglot).data


def test_a_picture_is_turned_as_the_camera_was_held() -> None:
    picture = read_picture(told_everything())
    assert (picture.width, picture.height) == (32, 64)
    image = _opened(picture.data)
    assert _is_near(image, (16, 8), RED)
    assert _is_near(image, (16, 56), BLUE)


@pytest.mark.parametrize("orientation", range(9))
def test_every_orientation_brings_red_to_where_it_was(orientation: int) -> None:
    upright = two_halves()
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    held = upright.transpose(back[orientation]) if orientation in back else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = _opened(read_picture(encoded(held, exif=exif)).data)
    assert image.size == upright.size
    assert _is_near(image, (8, 16), RED)
    assert _is_near(image, (56, 16), BLUE)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_broken_notes_about_the_camera_break_nothing() -> None:
    assert read_picture(encoded(two_halves(), exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff")).width == 64


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "YCbCr", "1"])
def test_every_kind_of_colours_becomes_plain_ones(mode: str) -> None:
    kind = "JPEG" if mode in {"CMYK", "YCbCr"} else "PNG"
    image = _opened(read_picture(encoded(two_halves().convert(mode), kind)).data)
    assert (image.mode, image.size) == ("RGB", (64, 32))
    if mode in {"P", "RGBA", "CMYK", "YCbCr"}:
        assert _is_near(image, (8, 16), RED)


def test_what_is_transparent_lies_on_white() -> None:
    image = _opened(read_picture(encoded(Image.new("RGBA", (32, 32), (0, 0, 0, 0)), "PNG")).data)
    assert _is_near(image, (16, 16), (255, 255, 255))


def test_16_bits_of_grey_keep_their_shades() -> None:
    image = _opened(read_picture(grey_of_16_bits()).data)
    for x in (8, 64, 128, 192, 248):
        assert _is_near(image, (x, 8), (x, x, x)), x


def test_of_an_animation_the_first_frame_is_kept() -> None:
    image = _opened(read_picture(animation()).data)
    assert getattr(image, "n_frames", 1) == 1
    assert _is_near(image, (16, 16), RED)


def test_a_large_picture_is_made_smaller_and_a_small_one_stays() -> None:
    large = read_picture(encoded(two_halves(6_000, 3_000)))
    assert (large.width, large.height) == (LONGEST_SIDE, LONGEST_SIDE // 2)
    assert _opened(large.thumb).size == (THUMB_SIDE, THUMB_SIDE // 2)
    assert (read_picture(encoded(two_halves())).width, _opened(read_picture(encoded(two_halves())).thumb).width) == (
        64,
        64,
    )


def test_the_same_picture_has_the_same_digest() -> None:
    sent = encoded(two_halves())
    assert read_picture(sent) == read_picture(sent)
    assert read_picture(encoded(two_halves(66))).digest != read_picture(sent).digest


@pytest.mark.parametrize(
    ("mode", "kind"), [("RGB", "PNG"), ("RGBA", "PNG"), ("P", "PNG"), ("RGB", "WEBP"), ("RGB", "JPEG")]
)
def test_a_large_picture_is_made_smaller_without_seams(mode: str, kind: str) -> None:
    large = two_halves(4501, 4099).rotate(90, expand=True).convert(mode)
    kept = _opened(read_picture(encoded(large, kind)).data)
    assert max(kept.size) == LONGEST_SIDE
    assert kept.width / kept.height == pytest.approx(large.width / large.height, rel=0.002)
    right, bottom = kept.width - 1, kept.height - 1
    for x in (0, kept.width // 2, right):
        assert all(_is_near(kept, (x, y), BLUE) for y in range(bottom // 2 - 4))
        assert all(_is_near(kept, (x, y), RED) for y in range(bottom // 2 + 6, bottom + 1))


@pytest.mark.parametrize(
    ("sent", "most_mb"),
    [
        (lambda: encoded(Image.new("RGBA", (5000, 5000)), "PNG"), 200),
        (lambda: encoded(Image.new("RGBA", (2_000_000, 8)), "PNG"), 150),
        (lambda: encoded(Image.new("RGBA", (4095, 4095)), "PNG"), 200),
        (lambda: encoded(Image.new("RGB", (8160, 6120)), progressive=True), 250),
        (lambda: encoded(Image.new("CMYK", (7000, 7000))), 150),
    ],
    ids=["large", "wide", "just not made smaller", "progressive from a phone", "four colours"],
)
def test_a_picture_does_not_take_the_memory_of_many(sent: Callable[[], bytes], most_mb: int) -> None:
    """The pixels of the first take 100 MB, and every whole copy of them would take as much again."""
    done = subprocess.run([sys.executable, "-c", PEAK], input=sent(), stdout=subprocess.PIPE, check=True, timeout=60)
    assert int(done.stdout) < most_mb * 1024


def test_what_is_told_in_passes_and_too_large_to_be_held_is_refused() -> None:
    for large in (Image.new("CMYK", (7000, 7000)), Image.new("RGB", (65_000, 760))):
        with pytest.raises(TooLarge, match="plain JPEG"):
            read_picture(encoded(large, progressive=True))


def test_passes_are_counted_whatever_the_kind_of_jpeg() -> None:
    """Phones put a second picture behind the first one, and the reader calls such a file by another name."""
    pair = encoded(two_halves(), "MPO", save_all=True, append_images=[two_halves()])
    assert read_picture(pair).width == 64
    with pytest.raises(InvalidInput):
        read_picture(pair + bytes.fromhex("ffda") * 1000)
