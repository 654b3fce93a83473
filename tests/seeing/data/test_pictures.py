"""Pictures and label maps of every kind, cut off, missing and strange."""

import contextlib
import pickle
import struct
import zlib

import numpy as np
import pytest
import torch
from PIL import Image

from seeing.data import BadFile
from seeing.data.files import MissingFile, Refusals, check_there, read_json, read_text
from seeing.data.pictures import check_size, read_image, read_label_map
from seeing.data.xml_text import read_xml
from tests.seeing.data.trees import cut, noise, save, write


def test_a_picture_is_read_exactly(tmp_path):
    pixels = noise(5, 7)
    image = read_image(save(tmp_path / "a.png", pixels))
    assert image.dtype == torch.float32
    assert image.is_contiguous()
    assert torch.equal(image, torch.from_numpy(pixels).permute(2, 0, 1) / 255)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "PA", "RGBA", "CMYK", "YCbCr"])
def test_every_8_bit_kind_becomes_rgb(tmp_path, mode):
    suffix = "jpg" if mode in ("CMYK", "YCbCr") else "tif" if mode == "PA" else "png"
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(noise(6, 8)).convert(mode).save(path)
    image = read_image(path)
    assert image.shape == (3, 6, 8)
    assert 0 <= image.min() <= image.max() <= 1


def test_a_transparent_palette_reads_silently(tmp_path, recwarn):
    path = tmp_path / "a.png"
    Image.fromarray(noise(6, 8)).convert("P").save(path, transparency=bytes(range(200)))
    assert read_image(path).shape == (3, 6, 8)
    assert not recwarn.list


def test_a_palette_label_map_gives_indices_not_colours(tmp_path):
    labels = Image.fromarray(np.array([[0, 1], [11, 255]], dtype=np.uint8), mode="P")
    labels.putpalette([200] * 768)
    labels.save(tmp_path / "a.png")
    got = read_label_map(tmp_path / "a.png")
    assert got.dtype == torch.int64
    assert got.tolist() == [[0, 1], [11, 255]]


@pytest.mark.parametrize("suffix", ["png", "jpg", "gif", "bmp"])
@pytest.mark.parametrize("fraction", [0, 0.01, 0.5, 0.97])
def test_a_picture_that_was_cut_off_is_refused(tmp_path, suffix, fraction):
    path = cut(save(tmp_path / f"a.{suffix}", noise(64, 64)), fraction)
    with pytest.raises(BadFile, match=rf"a\.{suffix}: .*picture was expected"):
        read_image(path)


def test_bytes_after_the_end_of_a_picture_are_no_fault(tmp_path):
    path = save(tmp_path / "a.jpg", noise(9, 4))
    path.write_bytes(path.read_bytes() + b"\0\0")
    assert read_image(path).shape == (3, 9, 4)


def test_damage_in_the_middle_is_refused_when_read(tmp_path):
    path = save(tmp_path / "a.png", noise(64, 64))
    content = bytearray(path.read_bytes())
    content[5000:5100] = bytes(100)
    path.write_bytes(content)
    with pytest.raises(BadFile, match="whole picture"):
        read_image(path)


@pytest.mark.parametrize("options", [{}, {"transparency": bytes(range(200))}])
@pytest.mark.parametrize("mode", ["RGB", "P"])
def test_damage_in_the_middle_of_any_kind_is_refused_when_read(tmp_path, mode, options):
    path = tmp_path / "a.png"
    Image.fromarray(noise(64, 64)).convert(mode).save(path, **(options if mode == "P" else {}))
    content = bytearray(path.read_bytes())
    content[-600:-500] = bytes(100)
    path.write_bytes(content)
    with pytest.raises(BadFile, match="whole picture"):
        read_image(path)


@pytest.mark.parametrize("mode", ["I", "I;16", "F"])
def test_deep_pictures_are_refused(tmp_path, mode):
    path = tmp_path / "a.tif"
    Image.new(mode, (4, 3)).save(path)
    with pytest.raises(BadFile, match=f"8 bits a channel were expected; got a picture of mode {mode}"):
        read_image(path)


def test_text_and_deep_colours_are_refused(tmp_path):
    with pytest.raises(BadFile, match="a picture was expected"):
        read_image(write(tmp_path / "a.jpg", "hello"))
    deep = tmp_path / "deep.png"
    Image.fromarray(np.zeros((3, 3), dtype=np.uint16)).save(deep)
    with pytest.raises(BadFile, match="8 bits a channel were expected; got a picture of mode I;16"):
        read_image(deep)
    with pytest.raises(BadFile, match=r"one channel of 8 bits .*mode I;16"):
        read_label_map(deep)
    with pytest.raises(BadFile, match=r"one channel of 8 bits .*mode RGB"):
        read_label_map(save(tmp_path / "rgb.png", noise(3, 3)))


def test_a_missing_picture(tmp_path):
    for kind in (FileNotFoundError, BadFile):
        for read in (read_image, read_label_map):
            with pytest.raises(kind, match=r"a\.png: a picture was expected; there is no such file$"):
                read(tmp_path / "a.png")


def test_text_files(tmp_path):
    assert read_text(write(tmp_path / "a", b"\xef\xbb\xbfhi")) == "hi"
    with pytest.raises(BadFile, match="a: the file is empty"):
        read_text(write(tmp_path / "a", " \n"))
    with pytest.raises(BadFile, match="UTF-8 text was expected; byte 1 is not"):
        read_text(write(tmp_path / "a", b"x\xff\xfe"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1', "JSON was expected; line 1, column 8"),
        ("[" * 200_000, "nested too deeply|JSON was expected"),
        ("[1]", "a JSON dict was expected; got list"),
    ],
)
def test_json_files(tmp_path, text, message):
    with pytest.raises(BadFile, match=message):
        read_json(write(tmp_path / "a.json", text), dict)


def test_refusals_raise_or_note():
    with pytest.raises(ValueError, match='bad must be "raise" or "skip"; got 3'):
        Refusals(3)
    with pytest.raises(BadFile), Refusals("raise").guard():
        raise BadFile("f", "what")
    skipping = Refusals("skip")
    with skipping.guard():
        raise BadFile("f", "what")
    assert [(r.file, r.what) for r in skipping.records] == [("f", "what")]
    with pytest.raises(KeyError), skipping.guard():
        raise KeyError


def test_an_error_survives_the_way_from_a_worker():
    for kind in (BadFile, MissingFile):
        error = pickle.loads(pickle.dumps(kind("f", "what")))
        assert (type(error), str(error), error.file, error.what) == (kind, "f: what", "f", "what")


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(depth, colours, channels):
    """A PNG of 4x3 pixels, written by its specification: Pillow writes none of 16 bits in colours."""
    rows = 3 * (b"\0" + bytes(range(4 * channels * depth // 8)))
    head = struct.pack(">IIBBBBB", 4, 3, depth, colours, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    )


def tiff(depth):
    """A TIFF of 4x3 pixels in RGB, not compressed."""
    entries = [(256, 4, 1, 4), (257, 4, 1, 3), (258, 3, 3, 8), (259, 3, 1, 1), (262, 3, 1, 2), (273, 4, 1, 200)]
    entries += [(277, 3, 1, 3), (278, 4, 1, 3), (279, 4, 1, 36 * depth // 8)]
    table = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries) + bytes(4)
    head = b"II*\0" + struct.pack("<IHHH", 14, depth, depth, depth) + table
    return head.ljust(200, b"\0") + bytes(36 * depth // 8)


@pytest.mark.parametrize(
    ("name", "deep", "shallow"),
    [
        ("colours.png", png(16, 2, 3), png(8, 2, 3)),
        ("grey_alpha.png", png(16, 4, 2), png(8, 4, 2)),
        ("colours_alpha.png", png(16, 6, 4), png(8, 6, 4)),
        ("colours.tif", tiff(16), tiff(8)),
        ("colours.ppm", b"P6 4 3 65535\n" + bytes(72), b"P6 4 3 255\n" + bytes(36)),
        ("few_colours.ppm", b"P6 4 3 1023\n" + bytes(72), b"P6 4 3 15\n" + bytes(36)),
    ],
)
def test_colours_of_16_bits_are_refused_and_of_8_are_not(tmp_path, name, deep, shallow):
    with pytest.raises(BadFile, match="8 bits a channel were expected; got 16: save it with 8"):
        read_image(write(tmp_path / name, deep))
    assert read_image(write(tmp_path / name, shallow)).shape == (3, 3, 4)


INSTEAD = {
    b"": "the file is empty",
    b"<!DOCTYPE html>\n<html>": "the file is a web page",
    b"\n <HTML><body>": "the file is a web page",
    b"version https://git-lfs.github.com/spec/v1\noid sha256:0": "the file is a pointer of Git LFS",
}


@pytest.mark.parametrize(("content", "message"), INSTEAD.items())
def test_what_is_in_the_place_of_a_file_is_named(tmp_path, content, message):
    for name, read in [
        ("a.jpg", read_image),
        ("a.png", read_label_map),
        ("a.json", lambda path: read_json(path, dict)),
    ]:
        with pytest.raises(BadFile, match=rf"{name}: .*{message}"):
            read(write(tmp_path / name, content))


def test_folders_missing_files_and_impossible_names(tmp_path):
    for read in (read_text, read_xml, read_image):
        with pytest.raises(BadFile, match=r"expected; .*[Ii]s a directory"):
            read(tmp_path)
        for kind in (BadFile, FileNotFoundError):
            with pytest.raises(kind, match=r"none\.x: .*there is no such file"):
                read(tmp_path / "none.x")
    with pytest.raises(BadFile, match="a file was expected; File name too long"):
        check_there(tmp_path / (300 * "a"))


@pytest.mark.parametrize("ending", ["png", "tif", "webp"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_no_turn_of_any_format_is_made(tmp_path, ending, orientation):
    """Pillow makes those of TIFF by itself."""
    pixels, path = noise(5, 7), tmp_path / f"a.{ending}"
    exif = Image.Exif()
    exif[0x0112] = orientation
    save(path, pixels, exif=exif, lossless=True)
    assert torch.equal(read_image(path), torch.from_numpy(pixels).permute(2, 0, 1) / 255)
    with pytest.raises(BadFile, match="with EXIF orientation") if orientation > 4 else contextlib.nullcontext():
        check_size(path, (5, 7), (7, 5) if orientation > 4 else (5, 7), "a.json")
    if ending != "webp":
        save(path, pixels[:, :, 0], exif=exif)
        assert torch.equal(read_label_map(path), torch.from_numpy(pixels[:, :, 0]).long())


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_palette_in_a_turned_tiff(tmp_path, orientation):
    image = Image.fromarray(noise(5, 7)[:, :, 0] % 4)
    image.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9])
    exif = Image.Exif()
    exif[0x0112] = orientation
    image.save(tmp_path / "a.tif", exif=exif, compression="tiff_lzw")
    assert np.array_equal(read_label_map(tmp_path / "a.tif"), image)
    colours = torch.tensor(np.array(image.convert("RGB"))).permute(2, 0, 1)
    assert torch.equal(read_image(tmp_path / "a.tif"), colours / 255)


def test_a_number_of_too_many_digits(tmp_path):
    with pytest.raises(BadFile, match=r"a\.json: JSON was expected; .*digits"):
        read_json(write(tmp_path / "a.json", '{"id": ' + 5000 * "9" + "}"), dict)
