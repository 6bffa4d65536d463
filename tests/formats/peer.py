"""Other tools at work, in their own environment: takes tasks as JSON on standard input, prints what they found.

Run by `test_peers.py` with `.venv-peers/bin/python`; nothing here knows Modelyard, and nothing may reach the network.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ |= {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "DATUMARO_TELEMETRY": "0"}


def datumaro_read(path: str, format: str) -> dict[str, Any]:
    """Return each item's size and annotations as Datumaro understands them."""
    from datumaro.components.dataset import Dataset

    return _said(Dataset.import_from(path, format))


def datumaro_convert(path: str, format: str, target: str, to: str) -> dict[str, Any]:
    """Have Datumaro read a folder and write it in another format; return what it read."""
    from datumaro.components.dataset import Dataset

    found = Dataset.import_from(path, format)
    found.export(target, to, save_media=True)
    return _said(found)


def _said(dataset: Any) -> dict[str, Any]:
    from datumaro.components.annotation import AnnotationType

    labels = [label.name for label in dataset.categories().get(AnnotationType.label, [])]
    items = {}
    for item in dataset:
        rows = [_annotation(row, labels) for row in item.annotations]
        size = list(item.media.size) if item.media and item.media.size else None
        items[item.id] = {"subset": item.subset, "size": size, "annotations": rows}
    return {"labels": labels, "items": items}


def _annotation(row: Any, labels: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {"type": row.type.name, "label": labels[row.label] if row.label is not None else None}
    if hasattr(row, "image"):
        found["area"] = int((row.image > 0).sum())
    elif hasattr(row, "points"):
        found["points"] = [float(value) for value in row.points]
    found["attributes"] = {key: value for key, value in row.attributes.items() if not key.startswith("__")}
    return found


def label_studio(tasks: str, config: str, target: str, to: str) -> dict[str, Any]:
    """Have Label Studio's own converter turn tasks into another format; return what it reads of the configuration."""
    from label_studio_sdk._extensions.label_studio_tools.core.label_config import parse_config
    from label_studio_sdk.converter import Converter

    Converter(Path(config).read_text(), Path(tasks).parent.as_posix(), download_resources=False).convert(
        tasks, target, to, is_dir=False
    )
    return {name: sorted(control["labels"]) for name, control in parse_config(Path(config).read_text()).items()}


def label_studio_check(tasks: str, config: str) -> list[str]:
    """Return what Label Studio's own check of a configuration, and of annotations against it, finds wrong."""
    from label_studio_sdk.label_interface import LabelInterface

    interface = LabelInterface(Path(config).read_text())
    interface.validate()
    return [
        f"{result['type']}: {result['value']}"
        for task in json.loads(Path(tasks).read_text())
        for annotation in task["annotations"]
        for result in annotation["result"]
        if not interface.validate_region(result)
    ]


def label_studio_brush(rle: list[int], width: int, height: int) -> int:
    """Return how many pixels Label Studio's own decoder finds on in a brush."""
    import numpy as np
    from label_studio_sdk.converter.brush import decode_rle

    return int((np.reshape(decode_rle(rle), (height, width, 4))[:, :, 3] > 0).sum())


def datasets(path: str) -> dict[str, Any]:
    """Return the rows and columns of an image folder as Hugging Face's library loads it."""
    from datasets import load_dataset

    loaded = load_dataset("imagefolder", data_dir=path, cache_dir=f"{path}.cache")
    found = {}
    for split, rows in loaded.items():
        found[split] = [
            {key: value for key, value in row.items() if key != "image"} | {"size": row["image"].size} for row in rows
        ]
    return found


def croissant(path: str) -> dict[str, Any]:
    """Return the name, the warnings and the records that mlcroissant makes of a description."""
    import mlcroissant

    dataset = mlcroissant.Dataset(jsonld=path)
    records = {one.name: [_plain(row) for row in dataset.records(one.id)] for one in dataset.metadata.record_sets}
    issues = dataset.metadata.ctx.issues
    return {"name": dataset.metadata.name, "issues": sorted([*issues.errors, *issues.warnings]), "records": records}


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {key: _value(value) for key, value in row.items()}


def _value(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, list):
        return [_value(part) for part in value]
    if hasattr(value, "size") and not isinstance(value, int | float | str) and hasattr(value, "mode"):
        return {"picture": list(value.size)}
    return value.item() if hasattr(value, "item") else value


if __name__ == "__main__":
    answers = [globals()[task.pop("do")](**task) for task in json.load(sys.stdin)]
    Path(sys.argv[1]).write_text(json.dumps(answers, default=str))
