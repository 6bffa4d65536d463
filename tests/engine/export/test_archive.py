"""The archive: complete, the same bytes twice, and its own program answers as the engine does."""

import json
import subprocess
import sys
import zipfile

import numpy as np
import onnx
import pytest
from PIL import Image

from modelyard.engine.backbones import DEFAULT, FILES, load
from modelyard.engine.export import ExportClass, ExportFacts, LinearHead, write_archive
from modelyard.engine.export.graph import HeadDoesNotFit
from modelyard.engine.features import FeatureRunner

CLASSES = [ExportClass("c0", "Brezel"), ExportClass("c1", 'Bröt"chen: \n---'), ExportClass("c2", "croissant")]


@pytest.fixture(scope="module")
def backbone():
    if not (FILES / f"{DEFAULT}.onnx").exists():
        pytest.skip("the bundled backbone is not built (`python -m modelyard.engine.backbones build`)")
    return load(DEFAULT)


@pytest.fixture(scope="module")
def head():
    rng = np.random.default_rng(0)
    return LinearHead(rng.normal(0, 20, (1280, 3)).astype(np.float32), rng.normal(0, 1, 3).astype(np.float32), 1.7)


@pytest.fixture(scope="module")
def archive(tmp_path_factory, backbone, head):
    facts = ExportFacts(name="Bakery", metrics={"accuracy": 0.93}, measured_on="On 96 pictures kept apart.")
    path = tmp_path_factory.mktemp("export") / "model.zip"
    write_archive(path, backbone, head, CLASSES, facts=facts, threshold=0.8)
    return path


def write_pictures(folder):
    rng = np.random.default_rng(1)
    large = Image.fromarray(rng.integers(0, 256, (30, 40, 3), np.uint8)).resize((1600, 1200))
    turned = Image.Exif()
    turned[0x0112] = 6
    large.save(folder / "large.jpg")
    large.resize((500, 400)).save(folder / "turned.jpg", exif=turned)
    large.resize((300, 300)).convert("L").save(folder / "grey.png")
    clear = large.resize((260, 300)).convert("RGBA")
    clear.putalpha(100)
    clear.save(folder / "clear.png")
    return sorted(folder.iterdir())


def test_its_own_program_answers_as_the_engine_does(archive, backbone, head, tmp_path):
    (tmp_path / "pictures").mkdir()
    pictures = write_pictures(tmp_path / "pictures")
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path / "model")

    command = [sys.executable, "-I", str(tmp_path / "model" / "predict.py"), *map(str, pictures)]
    lines = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout.splitlines()

    with FeatureRunner(backbone, "onnxruntime") as runner:
        embeddings = np.stack([embedding for _, embedding in runner.stream(pictures)])
    logits = (embeddings @ head.weights + head.bias) / head.temperature
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    for line, scores in zip(lines, expected, strict=True):
        given = {entry["class"]: entry["score"] for entry in json.loads(line)["predictions"]}
        np.testing.assert_allclose([given[entry.name] for entry in CLASSES], scores, atol=1e-4)


def test_its_program_is_short_and_needs_three_packages(archive):
    program = zipfile.ZipFile(archive).read("predict.py").decode()

    assert len(program.splitlines()) <= 30
    imported = {line.split()[1].split(".")[0] for line in program.splitlines() if line.startswith(("import", "from"))}
    assert imported == {"json", "sys", "pathlib", "numpy", "onnxruntime", "PIL"}


def test_the_archive_is_complete_and_the_same_twice(archive, backbone, head, tmp_path):
    facts = ExportFacts(name="Bakery", metrics={"accuracy": 0.93}, measured_on="On 96 pictures kept apart.")
    again = write_archive(tmp_path / "again.zip", backbone, head, CLASSES, facts=facts, threshold=0.8)

    assert again.read_bytes() == archive.read_bytes()
    names = {"model.onnx", "classes.json", "preprocessing.json", "README.md", "predict.py"}
    assert set(zipfile.ZipFile(archive).namelist()) == names


def test_the_network_alone_says_what_it_needs(archive):
    model = onnx.load_from_string(zipfile.ZipFile(archive).read("model.onnx"))
    metadata = {entry.key: entry.value for entry in model.metadata_props}

    assert [entry["name"] for entry in json.loads(metadata["modelyard.classes"])] == [c.name for c in CLASSES]
    assert metadata["modelyard.threshold"] == "0.8"
    assert metadata["modelyard.backbone_licence"] == "Apache-2.0"


def test_the_model_card_has_a_front_matter_that_is_yaml(archive):
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    text = zipfile.ZipFile(archive).read("README.md").decode()

    front = yaml.safe_load(text.split("---\n")[1])

    assert front["pipeline_tag"] == "image-classification"
    assert front["base_model_license"] == "Apache-2.0"
    assert front["model-index"][0]["results"][0]["metrics"] == [{"type": "accuracy", "value": 0.93}]
    assert "Below a score of 0.800" in text


def test_a_head_of_another_size_is_refused(backbone, head, tmp_path):
    with pytest.raises(HeadDoesNotFit, match=r"expected \(1280, 2\)"):
        write_archive(tmp_path / "x.zip", backbone, head, CLASSES[:2], facts=ExportFacts(name="x"))

    assert not list(tmp_path.iterdir())
