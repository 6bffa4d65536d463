"""A registry is a dict whose miss is helpful."""

import pytest

from modelyard.registry import Registry, UnknownName


def test_a_miss_names_what_is_near_or_what_there_is() -> None:
    shapes: Registry[int] = Registry("shape")
    shapes.add("square", 4)
    with pytest.raises(UnknownName, match="Did you mean 'square'"):
        shapes["squar"]
    with pytest.raises(UnknownName, match="Known: square"):
        shapes["blob"]


def test_asking_whether_a_name_is_there_raises_nothing() -> None:
    shapes: Registry[int] = Registry("shape")
    shapes.add("square", 4)
    assert "square" in shapes
    assert "blob" not in shapes
    assert shapes.get("square") == 4


def test_a_name_is_given_once() -> None:
    shapes: Registry[int] = Registry("shape")
    shapes.add("square", 4)
    with pytest.raises(ValueError, match="registered twice"):
        shapes.add("square", 5)
