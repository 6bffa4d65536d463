"""Reports say what the figures say, in words that a baker understands."""

import json
from typing import Any

import numpy as np

from modelyard.engine.calibration import Selective, select_threshold
from modelyard.engine.reports import Checked, Judgement, build_report

CLASSES = [("id-a", "croissant"), ("id-b", "bagel"), ("id-c", "rye bread")]
KEPT = Selective(promise=0.9, threshold=0.8, accepted=412, errors=20, answered_share=0.8, missing=0)


def checked(truth: list[int], said: list[int], *, sure: float = 4.0) -> Checked:
    logits = np.zeros((len(truth), 3), np.float32)
    logits[np.arange(len(said)), np.array(said, int)] = sure
    return Checked(np.array(truth, int), logits, [f"image-{row}" for row in range(len(truth))])


def report(truth: list[int], said: list[int], **judged: Any) -> dict[str, Any]:
    values = {"temperature": 1.0, "selective": KEPT, "labels": {"id-a": 40, "id-b": 10}, **judged}
    return build_report(checked(truth, said), CLASSES, Judgement(**values))


def test_report_has_the_agreed_shape_and_is_plain_json() -> None:
    found = report([0] * 20 + [1] * 20, [0] * 19 + [1] * 11 + [0] * 10)
    assert json.loads(json.dumps(found)) == found
    assert set(found) == {
        *("n", "accuracy", "accuracy_interval", "macro_f1", "macro_f1_interval", "classes", "confusion"),
        *("calibration", "selective", "words", "gate"),
    }
    assert set(found["classes"][0]) == {
        *("class_id", "name", "n", "precision", "precision_interval", "recall", "recall_interval", "f1"),
    }
    assert set(found["words"]) == {"headline", "paragraph", "weak_classes", "confused", "suspect_labels"}


def test_weak_class_says_how_many_more_labels() -> None:
    weak = report([0] * 20 + [1] * 20, [0] * 20 + [1] * 12 + [0] * 8)["words"]["weak_classes"]
    assert [entry["class_id"] for entry in weak] == ["id-b"]
    assert weak[0]["text"] == (
        "It recognises “bagel” in 12 of 20 pictures. About 30 more labelled pictures of it should help."
    )
    assert weak[0]["more_labels"] == 30


def test_confused_pair_names_its_pictures() -> None:
    found = report([0, 0, 1, 1, 1], [0, 0, 0, 0, 1])
    assert found["words"]["confused"] == [
        {"truth": "id-b", "predicted": "id-a", "n": 2, "image_ids": ["image-2", "image-3"]}
    ]
    assert "Most often it takes “bagel” for “croissant” (twice)." in found["words"]["paragraph"]
    assert "Nothing can be said about “rye bread”" in found["words"]["paragraph"]


def test_headline_says_one_count_and_what_it_counts() -> None:
    said = report([0] * 98, [0] * 93 + [1] * 5)["words"]["headline"]
    assert said == "Right on 94.9 % of 98 pictures that it had never seen; on new ones probably between 89 and 98 %."


def test_promise_that_breaks_on_these_pictures_is_said_to_be_broken() -> None:
    sentence = report([0] * 40, [0] * 25 + [1] * 15)["selective"]["sentence"]
    assert sentence.startswith("The promise of 90 % did not hold here: 15 of 40 answers that it was sure of are wrong.")


def test_kept_promise_names_its_evidence() -> None:
    found = report([0] * 40, [0] * 40)["selective"]
    assert found["sentence"] == (
        "It answers 100 % of pictures by itself; at least 90 % of those answers are right. "
        "That is promised with 95 % confidence, from 412 answers about pictures that were kept from it while it learnt."
    )


def test_without_evidence_nothing_is_promised() -> None:
    none = select_threshold(np.full(100, 0.9), np.ones(100, bool), promise=0.99)
    found = report([0] * 40, [0] * 40, selective=none)["selective"]
    assert found["threshold"] is None
    assert found["answered_share"] == 0
    assert "about 199 more checked answers are needed" in found["sentence"]


def test_gate_says_when_pictures_are_too_few_to_be_sure() -> None:
    gate = report([0] * 20, [0] * 19 + [1], wish=0.9)["gate"]
    assert gate["meets_wish"] is True
    assert "20 pictures are too few to be sure" in gate["text"]
    assert report([0] * 20, [0] * 10 + [1] * 10, wish=0.9)["gate"]["meets_wish"] is False


def test_no_pictures_make_a_report_that_says_so() -> None:
    found = report([], [])
    assert found["n"] == 0
    assert found["gate"]["meets_wish"] is False
    assert found["words"]["headline"] == "Nothing was checked yet."
