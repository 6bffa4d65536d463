"""Exports any timm model, by hub name or from a local checkpoint, as a backbone; needs the extra `train`.

torch and timm are imported only when the function runs: the web process never loads them.
"""

import warnings
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from modelyard.engine.backbones.card import Backbone, BackboneCard
from modelyard.errors import Invalid, Unavailable


class TrainExtraMissing(Unavailable):
    """This needs torch and timm. Run `pip install 'modelyard[train]'`."""


class UnknownTimmModel(Invalid):
    """There is no such timm model."""


class WeightsUnusable(Invalid):
    """These weights cannot be loaded into this model."""


def export(
    model_name: str, folder: Path, *, checkpoint: Path | None = None, licence: str = "", pretrained: bool = True
) -> Backbone:
    """Write timm's `model_name` into `folder` as a backbone.

    Args:
        model_name: A timm name, "vit_small_patch14_dinov2.lvd142m", or a hub name, "hf-hub:timm/…".
        folder: Where the `.onnx` file and its card go.
        checkpoint: Local weights to load in place of downloaded ones (safetensors or a state dict).
        licence: The weights' licence; timm's own record unless told.
        pretrained: Fetch the published weights. Without them and without `checkpoint`, weights are random.

    Raises:
        TrainExtraMissing: torch or timm is not installed.
        UnknownTimmModel: timm knows no such model.
        WeightsUnusable: The weights cannot be fetched or read, or are another model's.
    """
    if find_spec("torch") is None or find_spec("timm") is None:
        raise TrainExtraMissing()
    import timm
    import torch

    from modelyard.engine.backbones.onnx_file import adopt

    network = _create(model_name, checkpoint, pretrained=pretrained)
    facts = timm.data.resolve_model_data_config(network)
    card = BackboneCard(
        name=Path(model_name.rpartition(":")[2]).name.replace(".", "_"),
        dimensions=network.num_features,
        input_px=facts["input_size"][-1],
        crop_fraction=facts["crop_pct"],
        mean=tuple(facts["mean"]),
        std=tuple(facts["std"]),
        licence=licence or network.pretrained_cfg.get("license") or "unknown",
        source=f"timm {timm.__version__}, {checkpoint.name if checkpoint else model_name}",
    )
    with TemporaryDirectory() as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's exporter warns of its own future
        path = Path(scratch) / "network.onnx"
        sample = torch.zeros(2, 3, card.input_px, card.input_px)
        torch.onnx.export(
            network.eval(),
            (sample,),
            str(path),
            input_names=["pixels"],
            output_names=["pooled_features"],
            dynamic_axes={"pixels": {0: "B"}, "pooled_features": {0: "B"}},
            opset_version=17,
            dynamo=False,
        )
        return adopt(path, folder, card)


def _create(model_name: str, checkpoint: Path | None, *, pretrained: bool) -> Any:
    """Return the network without its classifier; weights are read as weights, never as code."""
    import timm
    from timm.models import load_state_dict

    try:
        overlay = {"state_dict": load_state_dict(str(checkpoint), weights_only=True)} if checkpoint else None
    except Exception as error:  # torch, safetensors and pickle raise classes of their own
        raise WeightsUnusable(f"{str(checkpoint)!r} holds no weights that can be read.") from error
    try:
        timm.create_model(model_name, pretrained=False, num_classes=0)
    except Exception as error:  # unknown names, unknown tags and the hub's own
        raise UnknownTimmModel(f"timm could not make {model_name!r}. Its models: timm.list_models().") from error
    try:
        return timm.create_model(
            model_name,
            pretrained=pretrained or overlay is not None,
            pretrained_cfg_overlay=overlay,
            num_classes=0,
            exportable=True,
        )
    except Exception as error:  # a failed download, or tensors of other names and shapes
        where = repr(str(checkpoint)) if checkpoint else "the hub"
        raise WeightsUnusable(f"The weights of {model_name!r} could not be loaded from {where}: {error}") from error
