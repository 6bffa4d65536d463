from uuid import UUID, uuid5

from modelyard.server.datasets.differences import diff
from modelyard.server.datasets.manifest import Entry, Manifest

ROOM = UUID(int=0)
BAGEL, ROLL, TART = (str(uuid5(ROOM, name)) for name in ("bagel", "roll", "tart"))
OLD, NEW = UUID(int=1), UUID(int=2)


def entry(name: str, class_id: str, split: str = "train") -> Entry:
    image_id = str(uuid5(ROOM, name))
    return Entry(name.ljust(64, "0"), image_id, name, 10, 4, 4, class_id, 1, "human", split, None)


def manifest(classes: dict[str, str], *entries: Entry) -> Manifest:
    listed = [{"id": class_id, "name": name, "color": "#000000"} for class_id, name in classes.items()]
    return Manifest(classes=listed, options={}, entries=list(entries))


def test_diff__every_kind_of_change() -> None:
    old = manifest(
        {BAGEL: "bagel", ROLL: "roll"}, entry("a", BAGEL), entry("b", ROLL), entry("c", ROLL), entry("d", BAGEL)
    )
    new = manifest(
        {BAGEL: "Bagel", TART: "tart"},
        entry("a", BAGEL),
        entry("b", BAGEL),
        entry("d", BAGEL, "test"),
        entry("e", TART),
    )
    found = diff(NEW, new, OLD, old)
    assert found.counts.model_dump() == {
        "added": 1,
        "removed": 1,
        "relabelled": 1,
        "changed": 0,
        "moved": 1,
        "unchanged": 1,
    }
    assert [one.name for one in found.added] == ["e"]
    assert [one.name for one in found.removed] == ["c"]
    assert [(str(one.from_class_id), str(one.to_class_id)) for one in found.relabelled] == [(ROLL, BAGEL)]
    assert [(one.from_split, one.to_split) for one in found.moved] == [("train", "test")]
    assert [(one.name, one.images) for one in found.classes_added] == [("tart", 1)]
    assert [(one.name, one.images) for one in found.classes_removed] == [("roll", 2)]
    assert found.classes_renamed == {BAGEL: ["bagel", "Bagel"]}


def test_diff__of_a_version_with_itself_is_empty() -> None:
    same = manifest({BAGEL: "bagel"}, entry("a", BAGEL), entry("b", BAGEL))
    found = diff(NEW, same, NEW, same)
    assert found.counts.model_dump() == {
        "added": 0,
        "removed": 0,
        "relabelled": 0,
        "changed": 0,
        "moved": 0,
        "unchanged": 2,
    }
