"""The grid, single images, and the pictures as they are served."""

import io
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from PIL import Image as Pillow

from modelyard.server.services import AppServices
from modelyard.server.tables import Image, Suggestion, new_id
from tests.factories.images import add_images
from tests.factories.pictures import drawing, encode, picture
from tests.server.images.conftest import Send, cards

Client = TestClient
Project = dict[str, Any]


@pytest.fixture
def classes(owner: Client, project: Project) -> dict[str, UUID]:
    rows = owner.get(f"/api/v1/projects/{project['id']}/classes").json()
    return {row["name"]: UUID(row["id"]) for row in rows}


@pytest.fixture
def grid(services: AppServices, project: Project, classes: dict[str, UUID]) -> list[str]:
    """Ten images: two croissants, one bagel, one unsure; suggestions for the rest with scores 0.4 to 0.9."""
    with services.db.write() as session:
        labels = {0: classes["croissant"], 1: classes["croissant"], 2: classes["bagel"]}
        ids = add_images(session, UUID(project["id"]), 10, labels=labels)
        twins = new_id()
        for number, image_id in enumerate(ids):
            image = session.get_one(Image, image_id)
            image.name, image.sharpness, image.brightness = f"Tray {number}.jpg", number % 3, number / 10
            image.twin_group = twins if number in (5, 6) else None
            image.split = {0: "train", 1: "test"}.get(number)
            if number >= 4:
                guess = classes["bagel" if number % 2 else "croissant"]
                session.add(
                    Suggestion(
                        image_id=image_id,
                        project_id=image.project_id,
                        class_id=guess,
                        score=number / 10,
                        margin=0.1,
                        version="quick-1",
                    )
                )
    return [str(image_id) for image_id in ids]


class TestGrid:
    @pytest.mark.parametrize(
        ("query", "wanted"),
        [
            ({}, "9876543210"),
            ({"sort": "created_at"}, "0123456789"),
            ({"sort": "name"}, "0123456789"),
            ({"sort": "-brightness"}, "9876543210"),
            ({"sort": "sharpness"}, "0369147258"),
            ({"sort": "-score"}, "987654"),
            ({"labelled": True}, "210"),
            ({"labelled": False, "sort": "-score"}, "987654"),
            ({"answer": "none"}, "9876543"),
            ({"answer": ["class", "none"]}, "9876543210"),
            ({"answer": "class"}, "210"),
            ({"answer": "not_sure"}, ""),
            ({"min_score": 0.8}, "98"),
            ({"max_score": 0.5, "sort": "score"}, "45"),
            ({"split": "train"}, "0"),
            ({"split": ["train", "none"]}, "987654320"),
            ({"has_twin": True}, "65"),
            ({"has_twin": False}, "98743210"),
            ({"name": "tray 7"}, "7"),
            ({"name": "%"}, ""),
            ({"deleted": True}, ""),
        ],
    )
    def test_filters_and_orders(
        self, owner: Client, project: Project, grid: list[str], query: dict[str, Any], wanted: str
    ):
        found = cards(owner, project, **query)
        assert "".join(card["name"][5] for card in found) == wanted
        filters = {name: value for name, value in query.items() if name != "sort"}
        counted = owner.get(f"/api/v1/projects/{project['id']}/images/counts", params=filters).json()
        if "score" not in query.get("sort", ""):
            assert counted["total"] == len(wanted)

    def test_classes(self, owner: Client, project: Project, grid: list[str], classes: dict[str, UUID]):
        one, both = [classes["croissant"]], list(classes.values())
        assert len(cards(owner, project, class_id=one)) == 2
        assert len(cards(owner, project, class_id=both)) == 3
        assert [c["name"][5] for c in cards(owner, project, suggested_class_id=one, sort="-score")] == ["8", "6", "4"]
        assert [c["name"][5] for c in cards(owner, project, suggested_class_id=one, labelled=False)] == ["8", "6", "4"]

    @pytest.mark.parametrize("sort", ["created_at", "-name", "sharpness", "-score", "-brightness"])
    def test_pages_hold_everything_once(self, owner: Client, project: Project, grid: list[str], sort: str):
        whole = [card["id"] for card in cards(owner, project, sort=sort)]
        found, cursor = [], None
        while True:
            query = {"limit": 3, "sort": sort} | ({"cursor": cursor} if cursor else {})
            page = owner.get(f"/api/v1/projects/{project['id']}/images", params=query).json()
            found += [card["id"] for card in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert found == whole

    @pytest.mark.parametrize("sort", ["created_at", "-name", "sharpness", "-score"])
    def test_any_page_is_reached_right_away(self, owner: Client, project: Project, grid: list[str], sort: str):
        whole = [card["id"] for card in cards(owner, project, sort=sort)]
        path = f"/api/v1/projects/{project['id']}/images"
        starts = owner.get(f"{path}/pages", params={"limit": 2, "sort": sort}).json()["cursors"]
        for place, cursor in enumerate(starts, start=1):
            page = owner.get(path, params={"limit": 2, "sort": sort, "cursor": cursor}).json()["items"]
            assert [card["id"] for card in page] == whole[2 * place : 2 * place + 2]
        assert len(starts) == len(whole) // 2

    def test_ids_of_all_come_in_the_same_order(self, owner: Client, project: Project, grid: list[str]):
        path = f"/api/v1/projects/{project['id']}/images/ids"
        first = owner.get(path, params={"sort": "name", "limit": 3}).json()
        rest = owner.get(path, params={"sort": "name", "cursor": first["next_cursor"]}).json()
        assert first["items"] + rest["items"] == [card["id"] for card in cards(owner, project, sort="name")]
        assert rest["next_cursor"] is None

    @pytest.mark.parametrize("small", [0, 10_000])
    def test_large_and_small_sets_give_the_same(
        self, owner: Client, project: Project, grid: list[str], monkeypatch: pytest.MonkeyPatch, small: int
    ):
        monkeypatch.setattr("modelyard.server.images.listing._SMALL", small)
        assert [c["name"][5] for c in cards(owner, project, labelled=False, min_score=0.5, has_twin=True)] == ["6", "5"]

    def test_counts(self, owner: Client, project: Project, grid: list[str], classes: dict[str, UUID]):
        found = owner.get(f"/api/v1/projects/{project['id']}/images/counts").json()
        assert found == {
            "total": 10,
            "facets": {
                "class": {str(classes["croissant"]): 2, str(classes["bagel"]): 1},
                "answer": {"class": 3, "none": 7},
                "split": {"train": 1, "test": 1, "none": 8},
                "suggested_class": {str(classes["croissant"]): 3, str(classes["bagel"]): 3},
                "twins": 2,
                "open_issues": 0,
            },
        }

    @pytest.mark.parametrize(
        "query", [{"cursor": "nonsense"}, {"sort": "password"}, {"limit": 0}, {"min_score": "nan"}, {"answer": "x"}]
    )
    def test_what_makes_no_sense_is_refused(self, owner: Client, project: Project, query: dict[str, Any]):
        answer = owner.get(f"/api/v1/projects/{project['id']}/images", params=query)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


class TestDeleting:
    def test_and_back(self, owner: Client, project: Project, grid: list[str]):
        url = f"/api/v1/projects/{project['id']}/images"
        assert owner.request("DELETE", url, json={"ids": grid[:4]}).json() == {"changed": 4}
        assert owner.request("DELETE", url, json={"ids": grid[:4]}).json() == {"changed": 0}
        assert [len(cards(owner, project)), len(cards(owner, project, deleted=True))] == [6, 4]
        assert owner.post(f"{url}/restore", json={"ids": grid}).json() == {"changed": 4}
        assert len(cards(owner, project, labelled=True)) == 3

    def test_only_of_this_project(self, owner: Client, grid: list[str]):
        body = {"name": "Other", "task": "classification", "classes": []}
        other = owner.post("/api/v1/projects", json=body).json()
        answer = owner.request("DELETE", f"/api/v1/projects/{other['id']}/images", json={"ids": grid})
        assert answer.json() == {"changed": 0}


class TestOneImage:
    def test_details_with_history(self, owner: Client, grid: list[str], classes: dict[str, UUID]):
        body = {"answer": "class", "class_id": str(classes["bagel"])}
        owner.put(f"/api/v1/images/{grid[3]}/annotation", json=body)
        found = owner.get(f"/api/v1/images/{grid[3]}").json()
        assert (found["name"], found["width"], found["twins"]) == ("Tray 3.jpg", 640, [])
        entries = [(entry["answer"], entry["author_name"], entry["action"]) for entry in found["history"]]
        assert entries == [("class", "Ana", "label")]
        assert owner.get(f"/api/v1/images/{grid[5]}").json()["twins"] == [grid[6]]

    def test_strangers_see_nothing(self, owner: Client, stranger: Client, project: Project, grid: list[str]):
        for path in ("", "/thumbnail", "/preview", "/original"):
            assert stranger.get(f"/api/v1/images/{grid[0]}{path}").status_code == 404
        url = f"/api/v1/projects/{project['id']}/images"
        assert [stranger.get(url).status_code, stranger.get(f"{url}/counts").status_code] == [404, 404]
        assert stranger.post(url, content=picture(1)).status_code == 404
        assert stranger.request("DELETE", url, json={"ids": grid}).status_code == 404


class TestAddingOne:
    def test_raw_and_as_a_form(self, owner: Client, project: Project):
        url = f"/api/v1/projects/{project['id']}/images"
        first = owner.post(url, params={"name": "a/1.jpg"}, content=picture(1))
        assert (first.status_code, first.json()["state"]) == (201, "added")
        second = owner.post(url, files={"file": ("b.jpg", picture(1), "image/jpeg")})
        assert (second.json()["state"], second.json()["image"]["name"]) == ("duplicate", "a/1.jpg")
        third = owner.post(url, files={"file": ("b.jpg", picture(2), "text/html")})
        assert third.json()["image"]["name"] == "b.jpg"

    @pytest.mark.parametrize("data", [b"", b"nonsense", b"<svg/>", picture(1)[:100]])
    def test_refused_with_the_reason(self, owner: Client, project: Project, data: bytes):
        answer = owner.post(f"/api/v1/projects/{project['id']}/images", files={"file": data})
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/image-refused")

    def test_too_large(self, owner: Client, project: Project, services: AppServices):
        services.settings.max_image_mb = 1
        answer = owner.post(f"/api/v1/projects/{project['id']}/images", content=b"\xff" * 1_200_000)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/body-too-large")

    def test_many_at_once_lose_nothing(self, owner: Client, project: Project):
        from concurrent.futures import ThreadPoolExecutor

        url = f"/api/v1/projects/{project['id']}/images"
        data = [picture(number % 20, (16, 12), "PNG") for number in range(40)]
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda item: owner.post(url, content=item), data))
        assert {answer.status_code for answer in answers} == {201}
        states = [answer.json()["state"] for answer in answers]
        assert (states.count("added"), len(cards(owner, project))) == (20, 20)


class TestServed:
    @pytest.fixture
    def image_id(self, owner: Client, project: Project, bring: Send) -> str:
        exif = Pillow.Exif()
        exif[0x010E], exif[0x0112] = "At home", 6
        bring({"x/ä <b>.jpg": encode(drawing(1, (2000, 1000)), "JPEG", exif=exif)})
        return cards(owner, project)[0]["id"]

    @pytest.mark.parametrize(("path", "size"), [("thumbnail", (128, 256)), ("preview", (800, 1600))])
    def test_copies_are_upright_small_and_bare(self, owner: Client, image_id: str, path: str, size: tuple[int, int]):
        for _ in range(2):
            answer = owner.get(f"/api/v1/images/{image_id}/{path}")
            image = Pillow.open(io.BytesIO(answer.content))
            assert (answer.headers["content-type"], image.format, image.size) == ("image/webp", "WEBP", size)
            assert b"At home" not in answer.content
        again = owner.get(f"/api/v1/images/{image_id}/{path}", headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304

    @pytest.mark.parametrize("path", ["thumbnail", "preview", "original", "original?with_metadata=true"])
    def test_nothing_can_run_as_a_page(self, owner: Client, image_id: str, path: str):
        headers = owner.get(f"/api/v1/images/{image_id}/{path}").headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert headers["cache-control"] == "private, max-age=31536000, immutable"
        assert headers["content-type"].startswith("image/")
        if path.startswith("original"):
            assert headers["content-disposition"] == "attachment; filename*=UTF-8''%C3%A4%20%3Cb%3E.jpg"

    def test_the_original_comes_without_place_unless_asked(self, owner: Client, image_id: str, services: AppServices):
        bare = owner.get(f"/api/v1/images/{image_id}/original").content
        assert b"At home" not in bare
        assert Pillow.open(io.BytesIO(bare)).size == (1000, 2000)
        with services.db.read() as session:
            content_hash = session.get_one(Image, UUID(image_id)).content_hash
        whole = owner.get(f"/api/v1/images/{image_id}/original", params={"with_metadata": True}).content
        assert whole == services.blobs.get(content_hash)
        assert b"At home" in whole
