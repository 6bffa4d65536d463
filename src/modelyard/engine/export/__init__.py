"""A trained model as one ONNX file and one archive that runs anywhere; loading it again is `modelyard.serving`."""

from modelyard.engine.export.archive import ExportFacts, write_archive
from modelyard.engine.export.graph import ExportClass, LinearHead, fold

__all__ = ["ExportClass", "ExportFacts", "LinearHead", "fold", "write_archive"]
