"""A report in sentences that need no knowledge of statistics; every figure in them comes from the report."""

import math
from typing import Any

WEAK_RECALL = 0.8
_MOST_WEAK = 5
_MOST_MORE = 60


def headline(n: int, accuracy: float, interval: tuple[float, float]) -> str:
    """Return the one sentence that counts.

    Example:
        >>> headline(200, 0.95, (0.91, 0.972))
        'Right on 95 % of 200 pictures that it had never seen; on new ones probably between 91 and 97 %.'
    """
    if not n:
        return "Nothing was checked yet."
    low, high = round(100 * interval[0]), round(100 * interval[1])
    pictures = "1 picture" if n == 1 else f"{n} pictures"
    between = f"between {low} and {high} %" if low < high else f"{high} %"
    return f"Right on {_tenths(accuracy)} of {pictures} that it had never seen; on new ones probably {between}."


def selective_sentence(
    *, promise: float, answered_share: float, checked: int, missing: int, broken: str | None = None
) -> str:
    """Return what may be left to the model alone.

    Args:
        promise: Share of right answers that was asked for.
        answered_share: Share of pictures that it answers by itself, in [0, 1].
        checked: How many checked answers stand behind the promise; 0: it cannot be given.
        missing: How many more checked answers it would take.
        broken: What speaks against the promise, if anything does.

    Example:
        >>> selective_sentence(promise=0.99, answered_share=0.83, checked=412, missing=0)[:45]
        'It answers 83 % of pictures by itself; at lea'
        >>> selective_sentence(promise=0.99, answered_share=0, checked=0, missing=120)[:48]
        'Not promised yet: to say that 99 % of its answer'
    """
    if broken:
        return f"{broken} Have every answer confirmed by a person until more pictures are labelled."
    if not checked:
        return (
            f"Not promised yet: to say that {percent(promise)} of its answers are right, about {missing} more checked "
            f"{'answer is' if missing == 1 else 'answers are'} needed. Have every answer confirmed by a person."
        )
    rest = " Leave the rest to a person." if answered_share < 1 else ""
    return (
        f"It answers {percent(answered_share)} of pictures by itself; at least {percent(promise)} of those answers "
        f"are right.{rest} That is promised with 95 % confidence, from {checked} answers about pictures that were kept "
        "from it while it learnt."
    )


def weak_classes(classes: list[dict[str, Any]], labels: dict[str, int]) -> list[dict[str, Any]]:
    """Return the classes that need work, worst first, with how many more labels would help.

    Args:
        classes: As in the report.
        labels: How many images of each class were learnt from, by class id.
    """
    weak = [entry for entry in classes if entry["n"] and entry["recall"] < WEAK_RECALL]
    weak.sort(key=lambda entry: (entry["recall_interval"][1], entry["recall"], entry["name"]))
    return [_weak(entry, labels.get(entry["class_id"])) for entry in weak[:_MOST_WEAK]]


def more_labels(recall: float, learnt: int) -> int:
    """Return how many more labels of a class to ask for: as if errors fell with the square root of their number.

    Rounded to fives, at least 5 and at most 60 at a time: after that, look again.

    Example:
        >>> more_labels(0.6, 10), more_labels(0.79, 3)
        (30, 5)
    """
    factor = ((1 - recall) / (1 - WEAK_RECALL)) ** 2
    wanted = max(learnt, 3) * (factor - 1)
    return int(min(max(5 * math.ceil(wanted / 5 - 1e-9), 5), _MOST_MORE))


def paragraph(report: dict[str, Any]) -> str:
    """Return what to know and what to do, three to five sentences, for a report without its words."""
    names = {entry["class_id"]: entry["name"] for entry in report["classes"]}
    sentences = [_wrong(report)]
    pairs = report["words"]["confused"]
    if pairs:
        pair = pairs[0]
        sentences.append(
            f"Most often it takes “{names[pair['truth']]}” for “{names[pair['predicted']]}” ({times(pair['n'])})."
        )
    weak = report["words"]["weak_classes"]
    if weak:
        sentences.append(f"It is weakest at {_list([names[entry['class_id']] for entry in weak[:3]])}.")
    absent = [entry["name"] for entry in report["classes"] if not entry["n"]]
    if absent:
        sentences.append(f"Nothing can be said about {_list(absent)}: no picture of {_it(absent)} was among those.")
    sentences.append(_trust(report))
    return " ".join(sentences)


def gate_text(n: int, accuracy: float, interval: tuple[float, float], wish: float) -> str:
    """Return whether the wish is met, and how sure that is.

    Example:
        >>> gate_text(100, 0.95, (0.888, 0.978), 0.9)
        'Meets the wish of 90 %, but 100 pictures are too few to be sure: it may be as low as 88 %.'
    """
    if accuracy < wish:
        return f"Below the wish of {percent(wish)}: {percent(accuracy)} of {n} pictures are right."
    if interval[0] < wish:
        return (
            f"Meets the wish of {percent(wish)}, but {n} pictures are too few to be sure: "
            f"it may be as low as {percent(math.floor(100 * interval[0]) / 100)}."
        )
    surely = percent(math.floor(100 * interval[0]) / 100)
    return f"Meets the wish of {percent(wish)}: even with bad luck in this check it is {surely}."


def percent(share: float) -> str:
    """Return a share as people write it, rounded down where rounding up would claim 100 %.

    Example:
        >>> percent(0.995), percent(0.9996), percent(1)
        ('99.5 %', '99.9 %', '100 %')
    """
    value = 100 * share
    if 99 < value < 100:
        value = math.floor(value * 10 + 1e-6) / 10
        return f"{value:g} %"
    return f"{round(value)} %"


def _tenths(share: float) -> str:
    tenths = math.floor(1000 * share + 0.5) / 10
    return f"{99.9 if tenths == 100 and share < 1 else tenths:g} %"


def times(n: int) -> str:
    """Return how often.

    Example:
        >>> times(1), times(2), times(3)
        ('once', 'twice', '3 times')
    """
    return {1: "once", 2: "twice"}.get(n, f"{n} times")


def _wrong(report: dict[str, Any]) -> str:
    n = report["n"]
    wrong = round(n * (1 - report["accuracy"]))
    if not wrong:
        return f"All {n} pictures that it was checked on were right."
    return f"Of {n} pictures that it was checked on, {wrong} {'was' if wrong == 1 else 'were'} wrong."


def _trust(report: dict[str, Any]) -> str:
    gap = report["calibration"]["ece_after"]
    if gap <= 0.05:
        return "Its scores can be believed: when it says 90 %, it is right in about 9 of 10 cases."
    return f"Take its scores with care: they are off by {round(100 * gap)} points on average."


def _weak(entry: dict[str, Any], learnt: int | None) -> dict[str, Any]:
    found = round(entry["recall"] * entry["n"])
    more = None if learnt is None else more_labels(entry["recall"], learnt)
    advice = f" About {more} more labelled pictures of it should help." if more else ""
    text = f"It recognises “{entry['name']}” in {found} of {entry['n']} pictures.{advice}"
    return {"class_id": entry["class_id"], "text": text, "more_labels": more}


def _list(names: list[str], *, most: int = 4) -> str:
    shown = [f"“{name}”" for name in names[:most]]
    if len(names) > most:
        shown.append(f"{len(names) - most} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _it(names: list[str]) -> str:
    return "it" if len(names) == 1 else "them"
