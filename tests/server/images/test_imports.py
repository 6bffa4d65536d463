"""Imports from first byte to report."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from modelyard.formats import csv_table, folders, jsonl
from modelyard.formats.entries import Entry
from modelyard.server.app import create_app
from modelyard.server.images import imports
from modelyard.server.services import AppServices
from modelyard.server.tables import Annotation, Image, QueueItem
from tests.factories.pictures import archive, picture
from tests.server.images.conftest import Send, cards, report

Client = TestClient
Project = dict[str, Any]


def counts(found: dict[str, Any]) -> tuple[int, int, int, int]:
    return found["added"], found["duplicates"], found["refused"], found["annotations"]


class TestReport:
    def test_a9_every_file_is_told_apart_and_none_stops_the_rest(self, owner: Client, project: Project, bring: Send):
        found = bring(
            {
                "a.jpg": picture(1),
                "again/a.jpg": picture(1),
                "b.png": picture(2, kind="PNG"),
                "empty.jpg": b"",
                "cut.jpg": picture(3, (640, 480))[:2000],
                "words.jpg": b"not a picture at all",
                "page.png": b"<!DOCTYPE html><script>alert(1)</script>",
                "drawing.png": b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
                "../outside.jpg": picture(4),
            }
        )
        assert counts(found) == (2, 1, 6, 0)
        assert found["state"] == "finished"
        assert found["files"]["again/a.jpg"] == ("duplicate", "The project holds the same picture as “a.jpg”.")
        reasons = {name: reason for name, (state, reason) in found["files"].items() if state == "refused"}
        assert reasons == {
            "empty.jpg": "The file is empty.",
            "cut.jpg": "The picture is damaged or cut off. Save it again from where it came.",
            "words.jpg": "This is not a picture that can be read. Send JPEG, PNG, WebP, BMP, TIFF, GIF or DICOM.",
            "page.png": "This is a web page, not a picture. Send JPEG, PNG, WebP, BMP, TIFF, GIF or DICOM.",
            "drawing.png": "This is an SVG drawing, not a picture. Send JPEG, PNG, WebP, BMP, TIFF, GIF or DICOM.",
            "../outside.jpg": "The name points outside of the folder or archive.",
        }
        assert [card["name"] for card in cards(owner, project, sort="name")] == ["a.jpg", "b.png"]

    def test_a_second_import_finds_duplicates(self, bring: Send):
        bring({"a.jpg": picture(1)})
        assert counts(bring({"b.jpg": picture(1), "c.jpg": picture(2)})) == (1, 1, 0, 0)

    def test_a_deleted_picture_comes_back(self, owner: Client, project: Project, bring: Send):
        bring({"a.jpg": picture(1)})
        ids = {"ids": [card["id"] for card in cards(owner, project)]}
        assert owner.request("DELETE", f"/api/v1/projects/{project['id']}/images", json=ids).json() == {"changed": 1}
        assert cards(owner, project) == []
        bring({"a.jpg": picture(1)})
        assert [card["name"] for card in cards(owner, project)] == ["a.jpg"]

    def test_a11_too_large_files_are_refused_with_the_limit_before_they_are_sent(self, owner: Client, project: Project):
        files = [{"name": "a.jpg", "size_bytes": 900_000_000}, {"name": "a.zip", "size_bytes": 900_000_000}]
        found = owner.post(f"/api/v1/projects/{project['id']}/imports", json={"files": files}).json()["files"]
        assert [file["state"] for file in found] == ["refused", "receiving"]
        assert found[0]["reason"] == "The file has 900 MB; at most 400 MB are accepted."

    def test_what_did_not_arrive_whole_is_refused(self, owner: Client, project: Project, run_jobs: Callable[[], int]):
        files = [{"name": "a.jpg", "size_bytes": 1000}]
        started = owner.post(f"/api/v1/projects/{project['id']}/imports", json={"files": files}).json()
        assert started["unfinished_files"] == 1
        owner.post(f"/api/v1/imports/{started['id']}/finish")
        run_jobs()
        found = report(owner, started["id"])
        assert found["files"] == {"a.jpg": ("refused", "It did not arrive whole. Send it again.")}
        assert counts(found) == (0, 0, 1, 0)

    def test_nothing_that_was_sent_stays_behind(self, services: AppServices, bring: Send):
        bring({"a.jpg": picture(1), "b.zip": archive({"c.jpg": picture(2)})})
        assert list(services.uploads.iterdir()) == []


class TestSending:
    def test_chunks_go_on_where_they_stopped(
        self, owner: Client, project: Project, app: FastAPI, run_jobs: Callable[[], int]
    ):
        data = picture(1, (200, 200))
        files = [{"name": "a.jpg", "size_bytes": len(data)}]
        started = owner.post(f"/api/v1/projects/{project['id']}/imports", json={"files": files}).json()
        url = f"/api/v1/imports/{started['id']}/files/{started['files'][0]['id']}/content"
        assert owner.put(url, params={"offset": 0}, content=data[:100]).json()["received_bytes"] == 100
        assert owner.put(url, params={"offset": 0}, content=data[:100]).json()["received_bytes"] == 100
        gap = owner.put(url, params={"offset": 150}, content=data[150:])
        assert (gap.status_code, gap.json()["received_bytes"]) == (409, 100)
        again = owner.post(f"/api/v1/imports/{started['id']}/files", json={"files": files}).json()
        assert [(file["id"], file["received_bytes"]) for file in again] == [(started["files"][0]["id"], 100)]
        assert owner.put(url, params={"offset": 100}, content=data[100:]).json()["state"] == "received"
        owner.post(f"/api/v1/imports/{started['id']}/finish")
        run_jobs()
        assert report(owner, started["id"])["added"] == 1

    def test_more_than_announced_is_refused(self, owner: Client, project: Project):
        body = {"files": [{"name": "a.jpg", "size_bytes": 10}]}
        started = owner.post(f"/api/v1/projects/{project['id']}/imports", json=body).json()
        url = f"/api/v1/imports/{started['id']}/files/{started['files'][0]['id']}/content"
        answer = owner.put(url, content=b"x" * 11)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/file-longer-than-said")

    def test_a_closed_import_takes_no_more(self, owner: Client, send: Send):
        started = send({"a.jpg": picture(1)})
        body = {"files": [{"name": "b.jpg", "size_bytes": 10}]}
        assert owner.post(f"/api/v1/imports/{started['id']}/files", json=body).status_code == 409
        assert owner.post(f"/api/v1/imports/{started['id']}/finish").json()["job_id"] == started["job_id"]

    def test_strangers_see_nothing(self, owner: Client, stranger: Client, send: Send):
        started = send({"a.jpg": picture(1)})
        for path in ("", "/files"):
            assert stranger.get(f"/api/v1/imports/{started['id']}{path}").status_code == 404
        assert stranger.post(f"/api/v1/imports/{started['id']}/finish").status_code == 404

    def test_the_same_key_begins_one_import(self, owner: Client, project: Project):
        url, headers = f"/api/v1/projects/{project['id']}/imports", {"Idempotency-Key": "k"}
        first, second = (owner.post(url, json={"source": "x"}, headers=headers).json() for _ in range(2))
        assert first["id"] == second["id"]


class TestLabels:
    def test_folders_become_classes(self, owner: Client, project: Project, bring: Send, services: AppServices):
        found = bring({"croissant/1.jpg": picture(1), "bun/2.jpg": picture(2), "3.jpg": picture(3)})
        assert counts(found) == (3, 0, 0, 2)
        classes = {row["name"]: row for row in owner.get(f"/api/v1/projects/{project['id']}/classes").json()}
        assert sorted(classes) == ["bagel", "bun", "croissant"]
        assert [card["name"] for card in cards(owner, project, class_id=classes["bun"]["id"])] == ["bun/2.jpg"]
        assert [card["name"] for card in cards(owner, project, labelled=False)] == ["3.jpg"]
        with services.db.read() as session:
            assert session.query(QueueItem).count() == 1

    def test_folders_are_left_alone_when_asked(self, bring: Send):
        assert bring({"a/1.jpg": picture(1), "b/2.jpg": picture(2)}, labels_from_folders=False)["annotations"] == 0
        assert bring({"a/3.jpg": picture(3), "b/4.jpg": picture(4)}, format="none")["annotations"] == 0

    def test_a_table_among_the_files(self, owner: Client, project: Project, bring: Send):
        table = b"file_name,label,split\nx/1.jpg,bun,train\n2.jpg,bagel,test\n9.jpg,bun,\n"
        found = bring({"x/1.jpg": picture(1), "2.jpg": picture(2), "labels.csv": table})
        assert counts(found) == (2, 0, 0, 2)
        assert found["files"]["labels.csv"] == ("opened", "Read for labels.")
        assert found["notes"] == ["1 of the 3 file names in labels.csv matches no picture: “9.jpg”."]
        splits = {
            c["name"]: owner.get(f"/api/v1/images/{c['id']}").json()["given_split"] for c in cards(owner, project)
        }
        assert splits == {"x/1.jpg": "train", "2.jpg": "test"}

    def test_a10_labels_that_match_nothing_are_an_error_with_both_sides_and_a_cause(
        self, owner: Client, project: Project, bring: Send
    ):
        names = [f"shop/{number}.jpg" for number in range(7)]
        pictures = {name: picture(number) for number, name in enumerate(names)}
        rows = "".join(f"shop/{number}.png,bun\n" for number in range(7))
        found = bring(pictures | {"labels.csv": f"file_name,label\n{rows}".encode()})
        job = owner.get(f"/api/v1/jobs/{found['job_id']}").json()
        assert (job["state"], job["problem"]["code"]) == ("failed", "nothing-matched")
        first = ", ".join(f"“shop/{number}.png”" for number in range(5))
        here = ", ".join(f"“shop/{number}.jpg”" for number in range(5))
        detail = job["problem"]["detail"]
        assert f"None of the 7 file names in labels.csv matches a picture; the first: {first}." in detail
        assert f"Here are {here}." in detail
        assert "only the ending differs: “shop/0.png” there, “shop/0.jpg” here" in detail
        assert (found["state"], found["added"], found["annotations"]) == ("finished", 7, 0)

    def test_a10_some_that_match_nothing_are_in_the_report(self, bring: Send):
        found = bring({"1.jpg": picture(1), "labels.csv": b"file_name,label\n1.jpg,bun\na.jpg,bun\n"})
        assert found["notes"] == ["1 of the 2 file names in labels.csv matches no picture: “a.jpg”."]

    def test_a10_a_file_of_which_nothing_can_be_read_is_an_error(self, owner: Client, bring: Send):
        found = bring({"labels.json": b'{"images": "none", "annotations": ['}, format="coco")
        job = owner.get(f"/api/v1/jobs/{found['job_id']}").json()
        assert (job["state"], job["problem"]["code"]) == ("failed", "nothing-read"), job
        assert "labels.json" in job["problem"]["detail"]

    def test_names_that_differ_in_folders_mean_the_same_picture(self, owner: Client, project: Project, bring: Send):
        bring({"shop/a.jpg": picture(1)})
        assert bring({"labels.csv": b"file_name,label\n/home/ana/shop/A.jpg,bun\n"})["annotations"] == 1

    def test_a_table_alone_labels_what_is_there(self, owner: Client, project: Project, bring: Send):
        bring({"1.jpg": picture(1), "2.jpg": picture(2)})
        found = bring({"labels.csv": b"file_name,label\n1.jpg,bun\n"})
        assert counts(found) == (0, 0, 0, 1)
        assert [card["name"] for card in cards(owner, project, labelled=True)] == ["1.jpg"]

    def test_a_label_that_came_later_is_taken_over_but_no_answer_is_replaced(
        self, owner: Client, project: Project, bring: Send
    ):
        bring({"1.jpg": picture(1)})
        assert bring({"a/1.jpg": picture(1), "b/2.jpg": picture(2)})["annotations"] == 2
        assert bring({"c/1.jpg": picture(1), "d/2.jpg": picture(2)})["annotations"] == 0

    def test_other_answers_come_with_lines(self, owner: Client, project: Project, bring: Send):
        lines = b'{"file_name": "1.jpg", "answer": "not_sure"}\n{"file_name": "2.jpg", "answer": "does_not_belong"}\n'
        bring({"1.jpg": picture(1), "2.jpg": picture(2), "list.jsonl": lines})
        assert [card["name"] for card in cards(owner, project, answer="not_sure")] == ["1.jpg"]
        assert [card["name"] for card in cards(owner, project, answer="does_not_belong")] == ["2.jpg"]

    @pytest.mark.parametrize("kind", ["folders", "csv", "jsonl"])
    def test_every_format_that_is_written_is_read(self, owner: Client, project: Project, bring: Send, kind: str):
        entries = [
            Entry(name="a/1.jpg", class_name="bun", answer="class", split="train"),
            Entry(name="2.jpg", class_name="Käse & Brot", answer="class", split="test"),
        ]
        names = folders.write(entries) if kind == "folders" else [entry.name for entry in entries]
        files = {name: picture(number) for number, name in enumerate(names)}
        if kind == "csv":
            files["labels.csv"] = "".join(csv_table.write(entries)).encode()
        if kind == "jsonl":
            files["labels.jsonl"] = "".join(jsonl.write(entries, [{"name": "bun", "color": "#aa7733"}])).encode()
        assert bring(files)["annotations"] == 2
        classes = {row["id"]: row for row in owner.get(f"/api/v1/projects/{project['id']}/classes").json()}
        found = {classes[card["answer"]["class_id"]]["name"]: card for card in cards(owner, project)}
        assert sorted(found) == ["Käse & Brot", "bun"]
        if kind == "jsonl":
            assert {row["color"] for row in classes.values() if row["name"] == "bun"} == {"#aa7733"}


class TestReserved:
    def test_unlabelled_pictures_are_drawn_for_the_test_by_their_content(
        self, services: AppServices, owner: Client, project: Project, bring: Send
    ):
        bring({f"{seed}.png": picture(seed, (16, 12), "PNG") for seed in range(60)})
        reserved = {card["name"] for card in cards(owner, project) if card["is_reserved"]}
        assert 3 <= len(reserved) <= 24
        with services.db.read() as session:
            hashes = {image.name: int(image.content_hash[:12], 16) / 16**12 for image in session.query(Image)}
        assert reserved == {name for name, lot in hashes.items() if lot < 0.2}

    def test_labelled_pictures_and_given_splits_are_not(self, owner: Client, project: Project, bring: Send):
        bring({f"{'ab'[seed % 2]}/{seed}.png": picture(seed, (16, 12), "PNG") for seed in range(20)})
        bring({f"{seed}.png": picture(seed, (16, 12), "PNG") for seed in range(20, 40)}, split="train")
        assert not any(card["is_reserved"] for card in cards(owner, project))


class TestArchives:
    def test_a_zip_is_its_files(self, owner: Client, project: Project, bring: Send):
        packed = archive(
            {
                "train/bun/1.jpg": picture(1),
                "train/bagel/2.jpg": picture(2),
                "__MACOSX/._1.jpg": b"x",
                "train/bun/": b"",
                "train/bun/more.zip": archive({"x.jpg": picture(3)}),
                "../../etc/passwd": picture(4),
                "C:\\x.jpg": picture(5),
            }
        )
        found = bring({"pictures.zip": packed})
        assert counts(found) == (2, 0, 3, 2)
        assert found["files"]["pictures.zip"][0] == "opened"
        assert found["files"]["train/bun/more.zip"] == ("refused", "Archives inside archives are not read.")
        assert found["files"]["../../etc/passwd"] == ("refused", "The name points outside of the folder or archive.")

    def test_two_zips_with_the_same_names(self, owner: Client, project: Project, bring: Send):
        found = bring({"a.zip": archive({"1.jpg": picture(1)}), "b.zip": archive({"1.jpg": picture(2)})}, format="none")
        assert sorted(card["name"] for card in cards(owner, project)) == ["a/1.jpg", "b/1.jpg"]
        assert counts(found) == (2, 0, 0, 0)

    def test_a_damaged_zip_is_refused_and_stops_nothing(self, bring: Send):
        packed = archive({"1.jpg": picture(1)})
        found = bring({"a.zip": packed[: len(packed) // 2], "2.jpg": picture(2)})
        assert counts(found) == (1, 0, 1, 0)
        assert "zip archive" in found["files"]["a.zip"][1]

    def test_a_bomb_is_refused(self, bring: Send):
        packed = archive({"bomb.bmp": b"\0" * 60_000_000}, compression=zipfile.ZIP_DEFLATED)
        found = bring({"a.zip": packed})
        assert found["files"] == {
            "a.zip": ("refused", "The archive unpacks to far more than it holds, as a zip bomb does.")
        }


class TestKilled:
    def test_an_import_goes_on_after_any_stop_with_no_doubles(
        self,
        services: AppServices,
        owner: Client,
        project: Project,
        send: Send,
        run_jobs: Callable[[], int],
        monkeypatch: pytest.MonkeyPatch,
    ):
        from modelyard.server.images import tasks
        from modelyard.server.kit.jobs import LeaseLost

        monkeypatch.setattr(tasks, "_BATCH", 2)
        files = {f"{'ab'[n % 2]}/{n}.jpg": picture(n) for n in range(9)}
        started = send({**files, "more.zip": archive({"c/1.jpg": picture(100), "d/0.jpg": picture(0)})})
        real, steps = tasks.record, []

        def dies_after_two(*arguments: Any) -> None:
            if len(steps) == 2:
                raise LeaseLost  # The worker is gone; the transaction with it.
            steps.append(arguments)
            real(*arguments)

        monkeypatch.setattr(tasks, "record", dies_after_two)
        run_jobs()
        half = len(cards(owner, project))
        assert 0 < half < 10
        monkeypatch.setattr(tasks, "record", real)
        _free_the_lease(services, started["job_id"])
        run_jobs()
        found = report(owner, started["id"])
        assert counts(found) == (10, 1, 0, 10)
        with services.db.read() as session:
            assert (session.query(Image).count(), session.query(Annotation).count()) == (10, 10)

    def test_a_cancelled_import_keeps_what_it_has_and_says_so(
        self, owner: Client, send: Send, run_jobs: Callable[[], int]
    ):
        from modelyard.server.images import tasks

        started = send({f"{n}.jpg": picture(n) for n in range(3)})
        real = tasks._errands

        def cancels(ctx: Any, import_id: Any) -> Any:
            for number, errand in enumerate(real(ctx, import_id)):
                if number == 1:
                    owner.post(f"/api/v1/jobs/{started['job_id']}/cancel")
                    ctx.beat()
                yield errand

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tasks, "_errands", cancels)
            run_jobs()
        found = report(owner, started["id"])
        assert (found["state"], found["notes"]) == ("finished", ["The import was stopped."])
        assert owner.get(f"/api/v1/jobs/{started['job_id']}").json()["state"] == "cancelled"


class TestLocal:
    @pytest.fixture
    def local(self, services: AppServices, owner: Client) -> Client:
        app = create_app(services, local_token="local secret")
        return TestClient(app, base_url="http://testserver", headers={"Authorization": "Bearer local secret"})

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        root = tmp_path / "pictures"
        for number, name in enumerate(["bun/1.jpg", "bagel/2.jpg", ".hidden/3.jpg"]):
            (root / name).parent.mkdir(parents=True)
            (root / name).write_bytes(picture(number))
        return root

    def bring(self, local: Client, project: Project, run_jobs: Callable[[], int], *paths: object) -> dict[str, Any]:
        body = {"paths": [str(path) for path in paths]}
        started = local.post(f"/api/v1/projects/{project['id']}/imports/local", json=body)
        assert started.status_code == 202, started.text
        run_jobs()
        return report(local, started.json()["id"])

    def test_a_folder(self, local: Client, project: Project, run_jobs: Callable[[], int], folder: Path):
        found = self.bring(local, project, run_jobs, folder)
        assert counts(found) == (2, 0, 0, 2)
        assert sorted(found["files"]) == ["bagel/2.jpg", "bun/1.jpg"]
        assert (folder / "bun/1.jpg").is_file()

    def test_patterns_files_and_zips(self, local: Client, project: Project, run_jobs: Callable[[], int], folder: Path):
        (folder / "more.zip").write_bytes(archive({"x/9.jpg": picture(9)}))
        found = self.bring(local, project, run_jobs, folder / "bun/*.jpg", folder / "more.zip")
        assert sorted(found["files"]) == ["1.jpg", "more.zip", "more/x/9.jpg"]
        assert (folder / "more.zip").is_file()

    def test_several_folders_keep_their_names(
        self, local: Client, project: Project, run_jobs: Callable[[], int], folder: Path
    ):
        found = self.bring(local, project, run_jobs, folder / "bun", folder / "bagel")
        assert (sorted(found["files"]), found["annotations"]) == (["bagel/2.jpg", "bun/1.jpg"], 2)

    def test_a_table_brings_the_files_that_it_names(
        self, local: Client, project: Project, run_jobs: Callable[[], int], folder: Path
    ):
        (folder / "labels.csv").write_text("file_name,label\nbun/1.jpg,roll\n../outside.jpg,x\n")
        (folder.parent / "outside.jpg").write_bytes(picture(7))
        found = self.bring(local, project, run_jobs, folder / "labels.csv")
        assert sorted(found["files"]) == ["bun/1.jpg", "labels.csv"]
        assert found["annotations"] == 1

    def test_links_that_lead_out_are_passed_over(
        self, local: Client, project: Project, run_jobs: Callable[[], int], folder: Path, tmp_path: Path
    ):
        (tmp_path / "secret.jpg").write_bytes(picture(8))
        (folder / "link.jpg").symlink_to(tmp_path / "secret.jpg")
        assert "link.jpg" not in self.bring(local, project, run_jobs, folder)["files"]

    def test_nobody_else_may_name_paths(self, owner: Client, project: Project, folder: Path):
        answer = owner.post(f"/api/v1/projects/{project['id']}/imports/local", json={"paths": [str(folder)]})
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/only-on-this-machine")

    def test_nothing_there(self, local: Client, project: Project, tmp_path: Path):
        answer = local.post(f"/api/v1/projects/{project['id']}/imports/local", json={"paths": [str(tmp_path / "no")]})
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/nothing-to-import")


def _free_the_lease(services: AppServices, job_id: str) -> None:
    from modelyard.server.kit.jobs.queue import release_all

    release_all(services.db, worker="test-worker")


def test_names_are_never_paths(services: AppServices, project: Project):
    import uuid

    path = imports.staged(services, uuid.uuid4(), uuid.uuid4())
    assert path.is_relative_to(services.uploads)
