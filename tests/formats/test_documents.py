"""Large files are read in parts and say the same as if they had been read whole."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelyard.formats import documents
from modelyard.formats.documents import DocumentInvalid, lines, opened_text, text_lines, walk_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=3), inside, max_size=3),
    max_leaves=8,
)


def walked(data: bytes) -> list[object]:
    """Return what a file says as far as it can be read, and where it cannot."""
    found: list[object] = []
    try:
        found += walk_json(data)
    except DocumentInvalid as error:
        found.append(error.detail)
    return found


def expected(value: object) -> list[object]:
    pairs = value.items() if isinstance(value, dict) else [("", value)]
    return [
        row
        for key, part in pairs
        for row in (
            [(key, at, one) for at, one in enumerate(part)] or [(key, -1, [])]
            if isinstance(part, list)
            else [(key, -1, part)]
        )
    ]


@settings(deadline=None)
@given(
    value=st.dictionaries(st.text(max_size=3), VALUES, max_size=4) | st.lists(VALUES, max_size=5),
    indent=st.sampled_from([None, 1]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    chunk=st.integers(1, 40),
)
def test_json_in_small_parts(value, indent, encoding, chunk):
    data = json.dumps(value, ensure_ascii=False, indent=indent).encode(encoding)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "_CHUNK", chunk)
        assert walked(data) == expected(value)


@settings(deadline=None)
@given(
    value=st.dictionaries(st.text(max_size=3), VALUES, max_size=4) | st.lists(VALUES, max_size=5),
    cut=st.integers(0, 60),
    noise=st.sampled_from([b"", b"}", b"x", b'"', b",,", b"\xff"]),
    chunk=st.integers(1, 40),
)
def test_broken_json_breaks_at_the_same_place_in_small_parts(value, cut, noise, chunk):
    data = json.dumps(value).encode()
    data = data[: max(0, len(data) - cut)] + noise
    whole = walked(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "_CHUNK", chunk)
        assert walked(data) == whole


def test_a_long_number_is_not_cut_in_two():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "_CHUNK", 4)
        assert walked(b"[12345678901234567890, 1.25e10]") == [("", 0, 12345678901234567890), ("", 1, 1.25e10)]


def test_other_encodings_are_found_behind_the_first_part():
    data = b'["' + b"a" * 3_000_000 + '", "Brötchen"]'.encode("cp1252")
    assert walked(data)[1] == ("", 1, "Brötchen")


def test_lines_that_are_too_long_are_cut_and_end_where_they_end(monkeypatch):
    monkeypatch.setattr(documents, "_CHUNK", 2)
    assert list(lines(b"\xef\xbb\xbfab\n\nabcdefg \nabc", 3)) == [(1, b"ab"), (3, b"abcd"), (4, b"abc")]
    monkeypatch.setattr(documents, "_LONGEST_TEXT_LINE", 3)
    with opened_text(b"abcdefg h\r\nb\r\n") as file:
        assert [line.strip() for line in text_lines(file) if line.strip()] == ["abcd", "b"]
