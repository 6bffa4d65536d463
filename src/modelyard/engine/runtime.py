"""Runs an ONNX file on this machine's processor: ONNX Runtime, or OpenVINO where a self-test finds it faster.

It decodes nothing and knows no network: one array in, one array out.
"""

import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from modelyard.errors import Invalid, Unavailable

RuntimeName = Literal["auto", "onnxruntime", "openvino"]

_WORTH_CHANGING = 1.1  # OpenVINO has to be this much faster
_SELF_TEST_S = 0.25
_TOLERANCE = 1e-3


class RuntimeMissing(Unavailable):
    """This runtime is not installed."""


class NetworkUnreadable(Invalid):
    """This ONNX file cannot be run."""


class Network(Protocol):
    """A loaded network with one input and one output; `run` may be called from several threads at once."""

    runtime: str
    input_shape: tuple[int | str, ...]
    metadata: dict[str, str]

    def run(self, batch: NDArray[Any]) -> NDArray[np.float32]:
        """Return the output for `batch`."""


class OrtNetwork:
    """A network on ONNX Runtime; each call uses `threads` cores."""

    runtime = "onnxruntime"

    def __init__(self, model: Path | bytes, threads: int = 1) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Waiting in a loop for the next operator takes cores from the threads that decode.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        source = model if isinstance(model, bytes) else str(model)
        try:
            self._session = ort.InferenceSession(source, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # ONNX Runtime raises a dozen unrelated classes
            raise NetworkUnreadable("The ONNX file cannot be run by ONNX Runtime.") from error
        (self._input,), (self._output,) = self._session.get_inputs(), self._session.get_outputs()
        self.input_shape = tuple(self._input.shape)
        self.metadata = dict(self._session.get_modelmeta().custom_metadata_map)

    def run(self, batch: NDArray[Any]) -> NDArray[np.float32]:
        """Return the output for `batch`."""
        result: NDArray[np.float32] = self._session.run([self._output.name], {self._input.name: batch})[0]
        return result


class OpenVinoNetwork:
    """The same on OpenVINO, in float32, so that its answers equal those of the exported model."""

    runtime = "openvino"

    def __init__(self, model: Path, threads: int = 1, streams: int = 1) -> None:
        if find_spec("openvino") is None:
            raise RuntimeMissing("OpenVINO is not installed. Run `pip install 'modelyard[openvino]'`.")
        import openvino

        settings = {
            "INFERENCE_NUM_THREADS": threads * streams,
            "NUM_STREAMS": str(streams),
            "INFERENCE_PRECISION_HINT": "f32",  # its default, bfloat16, is not the network that is exported
        }
        self._compiled = openvino.Core().compile_model(str(model), "CPU", settings)
        shape = self._compiled.input(0).partial_shape
        self.input_shape = tuple("B" if axis.is_dynamic else axis.get_length() for axis in shape)
        self.metadata: dict[str, str] = {}

    def run(self, batch: NDArray[Any]) -> NDArray[np.float32]:
        """Return the output for `batch`."""
        result: NDArray[np.float32] = self._compiled.create_infer_request().infer({0: batch})[0]
        return result


def open_network(path: Path, runtime: RuntimeName = "auto", *, streams: int = 1, threads: int = 1) -> Network:
    """Load `path` for `streams` callers at once, each call on `threads` cores.

    With "auto", OpenVINO is taken where it is installed, at least a tenth faster in a short self-test on this very
    network, and equal in its answers; otherwise ONNX Runtime.
    """
    if runtime == "openvino":
        return OpenVinoNetwork(path, threads, streams)
    network = OrtNetwork(path, threads)
    if runtime == "onnxruntime" or find_spec("openvino") is None:
        return network
    rival = OpenVinoNetwork(path, threads, streams)
    return rival if _is_better(rival, network) else network


def _is_better(rival: Network, present: Network) -> bool:
    shape = tuple(axis if isinstance(axis, int) else 1 for axis in present.input_shape)
    sample = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    if not np.allclose(rival.run(sample), present.run(sample), atol=_TOLERANCE):
        return False
    return _seconds_per_run(rival, sample) * _WORTH_CHANGING < _seconds_per_run(present, sample)


def _seconds_per_run(network: Network, sample: NDArray[np.uint8]) -> float:
    """Return the fastest of the runs that fit into the self-test: the others were disturbed by something else."""
    fastest, end = float("inf"), time.perf_counter() + _SELF_TEST_S
    while time.perf_counter() < end:
        start = time.perf_counter()
        network.run(sample)
        fastest = min(fastest, time.perf_counter() - start)
    return fastest
