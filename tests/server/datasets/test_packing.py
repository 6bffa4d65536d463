import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from modelyard.server.datasets.packing import Picture, pack, safe_name, unique_names
from modelyard.server.kit.compute import Pool


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Brötchen/IMG 1.jpg", "Brötchen/IMG 1.jpg"),
        ("/etc/passwd", "etc/passwd"),
        ("../../x.jpg", "x.jpg"),
        ("..\\..\\x.jpg", "x.jpg"),
        ("a/./b.jpg", "a/b.jpg"),
        ("con.jpg", "_con.jpg"),
        ("a\nb.jpg", "a_b.jpg"),
        ("...", "unnamed"),
    ],
)
def test_safe_name(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_unique_names__survive_a_system_that_knows_no_case() -> None:
    names = unique_names(["a/x.jpg", "A/X.JPG", "a/x (2).jpg", "a/x.jpg"])
    assert len({name.lower() for name in names}) == 4
    assert names[0] == "a/x.jpg"


def _photo(folder: Path, name: str, orientation: int) -> Picture:
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x013B] = "Ana"
    Image.new("RGB", (40, 20), "red").save(folder / name, "JPEG", exif=tags)
    return Picture(folder / name, f"images/{name}")


@pytest.mark.parametrize("with_metadata", [True, False])
def test_pack__writes_every_picture_once(tmp_path: Path, with_metadata: bool) -> None:
    pictures = [_photo(tmp_path, "a.jpg", 1), _photo(tmp_path, "b.jpg", 6), _photo(tmp_path, "c.jpg", 0)]
    out, pool = BytesIO(), Pool(processes=1)
    with zipfile.ZipFile(out, "w") as archive:
        done = list(pack(archive, pictures, with_metadata=with_metadata, pool=pool))
    pool.close()
    assert sorted(picture.name for picture in done) == ["images/a.jpg", "images/b.jpg", "images/c.jpg"]
    with zipfile.ZipFile(out) as archive:
        data = {name: archive.read(name) for name in archive.namelist()}
    assert all((b"Ana" in content) is with_metadata for content in data.values())
    sizes = {name: Image.open(BytesIO(content)).size for name, content in data.items()}
    assert sizes["images/b.jpg"] == ((40, 20) if with_metadata else (20, 40))
    if with_metadata:
        assert data["images/b.jpg"] == pictures[1].path.read_bytes()
