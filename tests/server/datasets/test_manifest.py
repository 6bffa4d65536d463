import random
from dataclasses import replace

from modelyard.server.datasets.manifest import Entry, Manifest, from_bytes, to_bytes
from modelyard.server.kit.blobs import hash_bytes

CLASSES = [{"id": "c1", "name": "Käsestange", "color": "#aa0000"}, {"id": "c2", "name": "bagel", "color": "#00aa00"}]


def entry(number: int, **values: object) -> Entry:
    plain = Entry(
        hash=f"{number:064x}",
        image_id=f"i{number}",
        name=f"tray {number}.jpg",
        size_bytes=1000 + number,
        width=640,
        height=480,
        class_id="c1" if number % 2 else "c2",
        revision=1,
        source="human",
        split="train",
        twin_group=None,
    )
    return replace(plain, **values)


def manifest(count: int = 5) -> Manifest:
    return Manifest(classes=CLASSES, options={"seed": 0, "test_share": 0.2}, entries=[entry(n) for n in range(count)])


def test_hash_is_the_same_forever() -> None:
    assert hash_bytes(to_bytes(manifest())) == "b03246df79781f27bc4d618e80c7a963fc2f1fe7605a37bad8efc61e14ad7eac"


def test_order_of_entries_does_not_matter() -> None:
    mixed = manifest()
    random.Random(1).shuffle(mixed.entries)
    assert to_bytes(mixed) == to_bytes(manifest())


def test_any_change_of_content_changes_the_hash() -> None:
    seen = {hash_bytes(to_bytes(manifest()))}
    for values in ({"class_id": "c1"}, {"revision": 2}, {"split": "test"}, {"name": "x.jpg"}, {"source": "import"}):
        changed = manifest()
        changed.entries[0] = entry(0, **values)
        seen.add(hash_bytes(to_bytes(changed)))
    renamed = Manifest(classes=[{**CLASSES[0], "name": "Stange"}, CLASSES[1]], options={}, entries=manifest().entries)
    seen.add(hash_bytes(to_bytes(renamed)))
    assert len(seen) == 7


def test_reads_what_it_wrote() -> None:
    assert from_bytes(to_bytes(manifest())) == manifest()
    assert from_bytes(to_bytes(manifest(0))).entries == []


def test_reads_past_keys_of_a_later_version() -> None:
    data = to_bytes(manifest(1)).replace(b'"width":640', b'"weight":3,"width":640')
    assert from_bytes(data) == manifest(1)


def test_names_with_line_separators_stay_on_one_line() -> None:
    odd = Manifest(classes=CLASSES, options={}, entries=[entry(1, name="a\u2028b\nc\x85d.jpg")])
    assert to_bytes(odd).count(b"\n") == 2
    assert from_bytes(to_bytes(odd)) == odd
