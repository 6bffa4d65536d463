"""The scripted person counts every action, and answers by what was drawn alone."""

from typing import Any

from modelyard.demo.labeller import Labeller

CLASSES = [{"id": "b", "name": "Bagel"}, {"id": "d", "name": "Doughnut"}]
TRUTH = {
    "1.jpg": "Bagel",
    "2.jpg": "Doughnut",
    "3.jpg": "Bagel",
    "4.jpg": "Bagel",
    "5.jpg": "Bagel",
    "6.jpg": "Doughnut",
}


class Shop:
    """A tiny server: remembers labels, suggests a bagel for everything."""

    def __init__(self) -> None:
        self.labels: dict[str, str] = {}

    def request(self, method: str, path: str, **options: Any) -> Any:
        if path.endswith("/classes"):
            return CLASSES
        if path.endswith("/annotation"):
            self.labels[path.split("/")[2]] = options["json"]["class_id"]
            return {}
        if path.endswith("/bulk"):
            self.labels |= dict.fromkeys(options["json"]["image_ids"], options["json"]["class_id"])
            return {}
        cards = [{"id": name, "name": f"pictures/{name}"} for name in TRUTH if name not in self.labels]
        if path.endswith("/next"):
            guess = {"class_id": "b", "score": 0.9, "version": "quick-1", "runner_up_id": None}
            return {"items": [{"image": card, "guess": guess} for card in cards[: options["params"]["count"]]]}
        return {"items": cards if options["params"]["suggested_class_id"] == "b" else []}


def test_accepted_and_typed_answers_are_one_action_each() -> None:
    shop = Shop()
    labeller = Labeller(shop, "p", TRUTH)
    assert labeller.label_one_by_one(2) == 2
    assert shop.labels == {"1.jpg": "b", "2.jpg": "d"}
    assert (labeller.work.accepted, labeller.work.typed, labeller.work.actions) == (1, 1, 2)


def test_a_page_costs_one_action_and_one_for_each_picture_taken_out() -> None:
    shop = Shop()
    shop.labels["2.jpg"] = "d"
    labeller = Labeller(shop, "p", TRUTH)
    assert labeller.label_pages(rounds=1) == 4
    assert "6.jpg" not in shop.labels
    assert (labeller.work.pages, labeller.work.taken_out, labeller.work.actions) == (1, 1, 2)


def test_a_page_that_is_mostly_wrong_is_left() -> None:
    labeller = Labeller(Shop(), "p", dict.fromkeys(TRUTH, "Doughnut"))
    assert labeller.label_pages() == 0
    assert labeller.work.actions == 0
