"""The wheel carries the browser application and the backbone; a build without them stops and says how to make them."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MADE_AT_SET_UP = {
    "the browser application": "src/modelyard/server/static/index.html",
    "the backbone": "src/modelyard/engine/backbones/files/efficientnet_lite0.onnx",
    "the backbone's card": "src/modelyard/engine/backbones/files/efficientnet_lite0.json",
}


class CompleteWheel(BuildHookInterface):  # type: ignore[type-arg]
    """Refuses a wheel that would install and then fail at work."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Look for what set-up makes; an editable install may come before it."""
        missing = [what for what, path in MADE_AT_SET_UP.items() if not (Path(self.root) / path).is_file()]
        if missing and version != "editable":
            raise SystemExit(f"The wheel lacks {', '.join(missing)}. Run `make wheel`, which makes them first.")
