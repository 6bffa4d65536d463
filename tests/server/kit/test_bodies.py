"""A request's body is never more than it may be, whatever its form claims."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.factories.pictures import picture


def form(parts: int, *, boundary: str = "b", field: str = "x") -> bytes:
    part = f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n1\r\n'
    return (part * parts + f"--{boundary}--\r\n").encode()


@pytest.fixture
def address(project: dict[str, Any]) -> str:
    return f"/api/v1/projects/{project['id']}/images"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=b", form(10_000)),
        ("multipart/form-data; boundary=b", form(1, field="file")),
        ("multipart/form-data; boundary=b", b""),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data"),
        ("multipart/form-data", b"--b--"),
        ("multipart/form-data; boundary=" + "b" * 40_000, form(1, boundary="b" * 40_000)),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="' + b"n" * 40_000),
    ],
    ids=["parts", "text for a file", "empty", "cut off", "no boundary", "long boundary", "long name"],
)
def test_odd_forms_are_refused_with_a_sentence(owner: TestClient, address: str, kind: str, body: bytes) -> None:
    answer = owner.post(address, content=body, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/file-missing"), answer.text


def test_an_endless_body_without_a_length_is_cut(owner: TestClient, address: str) -> None:
    sent = []

    def endless() -> Iterator[bytes]:
        while True:
            sent.append(1)
            yield b"x" * 1_000_000

    answer = owner.post(address, content=limited(endless(), 400))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/body-too-large")


def limited(parts: Iterator[bytes], count: int) -> Iterator[bytes]:
    for _, part in zip(range(count), parts, strict=False):
        yield part


def test_a_form_and_raw_bytes_are_the_same_picture(owner: TestClient, address: str) -> None:
    raw = owner.post(address, content=picture(3)).json()
    as_form = owner.post(address, files={"file": ("bun.jpg", picture(3))}).json()
    assert (raw["state"], as_form["state"], as_form["image"]["id"]) == ("added", "duplicate", raw["image"]["id"])
