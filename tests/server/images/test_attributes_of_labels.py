"""Attributes that labels bring, of objects and of whole pictures: defined, compared, applied, and gone again."""

import json
from typing import Any

import pytest

from tests.server.images.test_relabelling import ONE, Desk, coco, desk

__all__ = ["desk"]


def lines(values: dict[str, dict[str, Any]], objects: dict[str, Any] | None = None) -> dict[str, bytes]:
    """Return JSON Lines with attributes of pictures, and the same ones of an object in each."""
    shape = {"type": "box", "x1": 1, "y1": 2, "x2": 20, "y2": 30, "angle": 0}
    drawn = [] if objects is None else [{"class": "bun", "shape": shape, "attributes": objects}]
    rows = [
        {"file_name": name, "answer": "objects", "objects": drawn, "attributes": said} for name, said in values.items()
    ]
    head = {"format": "modelyard/1", "task": "detection", "classes": []}
    return {"labels.jsonl": "\n".join(map(json.dumps, [head, *rows])).encode()}


def known(desk: Desk) -> dict[tuple[str, str], tuple[str, list[str]]]:
    """Return kind and choices of each attribute, by subject and name."""
    rows = desk.client.get(f"/api/v1/projects/{desk.project_id}/attributes").json()
    return {(row["subject"], row["name"]): (row["kind"], row["choices"]) for row in rows}


def of_picture(desk: Desk, name: str) -> dict[str, Any]:
    """Return what is known of a picture as a whole."""
    found: dict[str, Any] = desk.client.get(f"/api/v1/images/{desk.ids[name]}/objects").json()["attributes"]
    return found


def test_first_labels_define_them_and_take_them_back(desk: Desk) -> None:
    desk.add("a.jpg", "b.jpg")
    found = desk.bring(lines({"a.jpg": {"light": "day", "tray": 4}, "b.jpg": {"light": "night"}}, {"burnt": True}))
    assert known(desk) == {
        ("object", "burnt"): ("flag", []),
        ("image", "light"): ("choice", ["day", "night"]),
        ("image", "tray"): ("number", []),
    }
    assert of_picture(desk, "a.jpg") == {"light": "day", "tray": 4.0}
    desk.act(found["id"], "take-back")
    assert (known(desk), of_picture(desk, "a.jpg")) == ({}, {})


def test_reviewed_labels_define_what_is_new_and_take_it_back(desk: Desk) -> None:
    desk.add("a.jpg", "b.jpg")
    desk.bring(lines({"a.jpg": {"light": "day"}, "b.jpg": {"light": "day"}}, {"state": "raw"}))
    before = known(desk)
    found = desk.bring(lines({"a.jpg": {"light": "dusk", "tray": 4}, "b.jpg": {"light": "day"}}, {"state": "baked"}))
    assert (found["changes"]["images"], found["changes"]["answers"], found["changes"]["changed"]) == (2, 1, 2)
    side = desk.client.get(f"/api/v1/imports/{found['id']}/changes/{desk.ids['a.jpg']}").json()
    assert side["before"]["attributes"] == {"light": "day"}
    assert side["after"]["attributes"] == {"light": "dusk", "tray": 4.0}
    assert known(desk) == before, "Nothing is defined before a person's word."
    desk.act(found["id"], "apply")
    assert of_picture(desk, "a.jpg") == {"light": "dusk", "tray": 4.0}
    assert known(desk) == {
        ("object", "state"): ("choice", ["raw", "baked"]),
        ("image", "light"): ("choice", ["day", "dusk"]),
        ("image", "tray"): ("number", []),
    }
    desk.act(found["id"], "take-back")
    assert of_picture(desk, "a.jpg") == {"light": "day"}
    assert desk.objects("a.jpg")[0]["attributes"] == {"state": "raw"}
    assert known(desk) == before


def test_what_somebody_uses_by_now_stays(desk: Desk) -> None:
    desk.add("a.jpg")
    desk.bring(coco({"a.jpg": ONE["a.jpg"][:1]}))
    found = desk.bring(coco({"a.jpg": ONE["a.jpg"][:1]}, {"burnt": True, "baker": "Ana"}))
    desk.act(found["id"], "apply")
    url, item = f"/api/v1/images/{desk.ids['a.jpg']}/objects", desk.objects("a.jpg")[0]
    put = {key: item[key] for key in ("id", "class_id", "shape")} | {"attributes": {"burnt": False}}
    assert desk.client.patch(url, json={"put": [put]}, headers={"If-Match": "2"}).status_code == 200
    assert desk.act(found["id"], "take-back")["changes"]["kept"] == 1
    assert set(known(desk)) == {("object", "burnt")}


def test_labels_that_know_none_leave_those_of_the_picture(desk: Desk) -> None:
    desk.add("a.jpg")
    desk.bring(lines({"a.jpg": {"light": "day"}}))
    assert desk.bring(lines({"a.jpg": {}}))["changes"]["state"] == "none"
    found = desk.bring(coco({"a.jpg": ONE["a.jpg"]}))
    desk.act(found["id"], "apply")
    assert of_picture(desk, "a.jpg") == {"light": "day"}


@pytest.mark.parametrize("tag", ["<attribute name='light'>day</attribute>"])
def test_a_tag_of_cvat_tells_them_where_pictures_have_one_class(owner: Any, services: Any, pool: Any, tag: str) -> None:
    desk = Desk(owner, services, pool, task="classification")
    desk.add("a.jpg")
    image = f'<image id="0" name="a.jpg" width="64" height="48"><tag label="bun">{tag}</tag></image>'
    desk.bring({"annotations.xml": f"<annotations>{image}</annotations>".encode()})
    assert known(desk) == {("image", "light"): ("choice", ["day"])}
    assert of_picture(desk, "a.jpg") == {"light": "day"}
    other = image.replace("day", "night")
    found = desk.bring({"annotations.xml": f"<annotations>{other}</annotations>".encode()})
    assert found["changes"]["answers"] == 1
    desk.act(found["id"], "apply")
    assert of_picture(desk, "a.jpg") == {"light": "night"}
