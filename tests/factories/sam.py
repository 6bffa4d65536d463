"""An encoder and a decoder of the SAM family small enough to draw in a test: what is alike in colour belongs together.

The encoder averages colours over cells of four pixels. The decoder takes every cell that is about as coloured as one
that was clicked (or as the middle of the box), closer to it than to what was clicked beside it, and within the box.
"""

from pathlib import Path
from typing import Literal

import numpy as np
import onnx
from onnx import helper, numpy_helper, parser

Kind = Literal["sam", "sam2", "efficient-sam"]

SIDE = 256
CELLS = 64
_HEAD = '<ir_version: 10, opset_import: ["" : 18]>'

_SAM_ENCODER = f"""{_HEAD}
encoder (float[1,3,{SIDE},{SIDE}] input_image) => (float[1,3,{CELLS},{CELLS}] image_embeddings)
{{ image_embeddings = AveragePool <kernel_shape = [4, 4], strides = [4, 4]> (input_image) }}
"""
_PLAIN_ENCODER = f"""{_HEAD}
encoder (float[H,W,3] input_image) => (float[1,3,{CELLS},{CELLS}] image_embeddings)
<int64[1] first = {{0}}, int64[1] spatial = {{2}}, float side = {{1024}}, int64[4] none = {{0, 0, 0, 0}}>
{{
  planes = Transpose <perm = [2, 0, 1]> (input_image)
  batch = Unsqueeze (planes, first)
  shape = Shape <start = 2> (batch)
  whole = Constant <value = int64[2] {{1024, 1024}}> ()
  room = Sub (whole, shape)
  before = Constant <value = int64[6] {{0, 0, 0, 0, 0, 0}}> ()
  pads = Concat <axis = 0> (before, room)
  square = Pad (batch, pads)
  coarse = AveragePool <kernel_shape = [16, 16], strides = [16, 16]> (square)
  fifty = Constant <value = float {{50.0}}> ()
  image_embeddings = Div (coarse, fifty)
}}
"""
_SAM2_ENCODER = f"""{_HEAD}
encoder (float[1,3,{SIDE},{SIDE}] image)
  => (float[1,3,256,256] high_res_feats_0, float[1,3,128,128] high_res_feats_1, float[1,3,{CELLS},{CELLS}] image_embed)
{{
  high_res_feats_0 = Identity (image)
  high_res_feats_1 = AveragePool <kernel_shape = [2, 2], strides = [2, 2]> (image)
  image_embed = AveragePool <kernel_shape = [4, 4], strides = [4, 4]> (image)
}}
"""
_EFFICIENT_ENCODER = f"""{_HEAD}
encoder (float[B,3,H,W] batched_images) => (float[B,3,{CELLS},{CELLS}] image_embeddings)
{{
  sizes = Constant <value = int64[4] {{1, 3, {SIDE}, {SIDE}}}> ()
  even = Resize <mode = "linear"> (batched_images, , , sizes)
  coarse = AveragePool <kernel_shape = [4, 4], strides = [4, 4]> (even)
  five = Constant <value = float {{5.0}}> ()
  image_embeddings = Mul (coarse, five)
}}
"""
_BODY = """
  minus_one = Constant <value = int64[1] {-1}> ()
  minus_two = Constant <value = int64[1] {-2}> ()
  flat_labels = Reshape (labels, minus_one)
  pair = Constant <value = int64[2] {-1, 2}> ()
  flat_coords = Reshape (coords, pair)
  zero_i = Constant <value = int64 {0}> ()
  one_i = Constant <value = int64 {1}> ()
  x = Gather <axis = 1> (flat_coords, zero_i)
  y = Gather <axis = 1> (flat_coords, one_i)
  l0 = Constant <value = float {0.0}> ()
  l1 = Constant <value = float {1.0}> ()
  l2 = Constant <value = float {2.0}> ()
  l3 = Constant <value = float {3.0}> ()
  is_negative = Equal (flat_labels, l0)
  is_positive = Equal (flat_labels, l1)
  is_first = Equal (flat_labels, l2)
  is_last = Equal (flat_labels, l3)
  far = Constant <value = float {1000000.0}> ()
  near = Neg (far)
  lows_x = Where (is_first, x, near)
  low_x = ReduceMax <keepdims = 1> (lows_x)
  lows_y = Where (is_first, y, near)
  low_y = ReduceMax <keepdims = 1> (lows_y)
  highs_x = Where (is_last, x, far)
  high_x = ReduceMin <keepdims = 1> (highs_x)
  highs_y = Where (is_last, y, far)
  high_y = ReduceMin <keepdims = 1> (highs_y)
  sum_x = Add (low_x, high_x)
  sum_y = Add (low_y, high_y)
  middle_x = Div (sum_x, l2)
  middle_y = Div (sum_y, l2)
  all_x = Concat <axis = 0> (x, middle_x)
  all_y = Concat <axis = 0> (y, middle_y)
  first_number = Cast <to = 1> (is_first)
  has_box = ReduceMax <keepdims = 1> (first_number)
  positive_number = Cast <to = 1> (is_positive)
  has_positive = ReduceMax <keepdims = 1> (positive_number)
  lacks_positive = Sub (l1, has_positive)
  asks_middle = Mul (has_box, lacks_positive)
  active = Concat <axis = 0> (positive_number, asks_middle)
  negative_number = Cast <to = 1> (is_negative)
  nothing = Mul (has_box, l0)
  against = Concat <axis = 0> (negative_number, nothing)
  half = Constant <value = float {0.5}> ()
  step = Constant <value = float {STEP}> ()
  last_cell = Constant <value = float {63.0}> ()
  shifted_x = Add (all_x, half)
  shifted_y = Add (all_y, half)
  raw_column = Div (shifted_x, step)
  raw_row = Div (shifted_y, step)
  clipped_column = Clip (raw_column, l0, last_cell)
  clipped_row = Clip (raw_row, l0, last_cell)
  column = Cast <to = 7> (clipped_column)
  row = Cast <to = 7> (clipped_row)
  cells = Constant <value = int64 {64}> ()
  down = Mul (row, cells)
  place = Add (down, column)
  planes = Constant <value = int64[2] {3, 4096}> ()
  colours = Reshape (embedding, planes)
  asked = Gather <axis = 1> (colours, place)
  each = Unsqueeze (colours, minus_one)
  asked_each = Unsqueeze (asked, one_axis)
  apart = Sub (each, asked_each)
  absolute = Abs (apart)
  channel = Constant <value = int64[1] {0}> ()
  distance = ReduceSum <keepdims = 0> (absolute, channel)
  not_active = Sub (l1, active)
  off = Mul (not_active, far)
  to_positive = Add (distance, off)
  closest = ReduceMin <keepdims = 0> (to_positive, minus_one)
  not_against = Sub (l1, against)
  off_against = Mul (not_against, far)
  to_negative = Add (distance, off_against)
  rival = ReduceMin <keepdims = 0> (to_negative, minus_one)
  tolerance = Constant <value = float {1.0}> ()
  liking = Sub (tolerance, closest)
  is_rival = Less (rival, closest)
  lost = Neg (l1)
  fair = Where (is_rival, lost, liking)
  grid = Constant <value = int64[2] {64, 64}> ()
  fair_grid = Reshape (fair, grid)
  after_x = GreaterOrEqual (columns, low_x)
  before_x = LessOrEqual (columns, high_x)
  after_y = GreaterOrEqual (rows, low_y)
  before_y = LessOrEqual (rows, high_y)
  across = And (after_x, before_x)
  along = And (after_y, before_y)
  is_within = And (across, along)
  held = Where (is_within, fair_grid, lost)
  image = Constant <value = int64[4] {1, 1, 64, 64}> ()
  low = Reshape (held, image)
  best = ReduceMax <keepdims = 0> (low)
  sure = Sigmoid (best)
  one_score = Constant <value = int64[2] {1, 1}> ()
  iou_predictions = Reshape (sure, one_score)
"""
_SAM_TAIL = """
  four_sizes = Constant <value = int64[4] {1, 1, SQUARE, SQUARE}> ()
  whole = Resize <mode = "linear"> (low, , , four_sizes)
  longest = ReduceMax <keepdims = 1> (orig_im_size)
  square = Constant <value = float {SQUARE.0}> ()
  share = Div (square, longest)
  shown = Mul (orig_im_size, share)
  rounded = Add (shown, half)
  ends = Cast <to = 7> (rounded)
  starts = Constant <value = int64[2] {0, 0}> ()
  axes = Constant <value = int64[2] {2, 3}> ()
  cropped = Slice (whole, starts, ends, axes)
  lead = Constant <value = int64[2] {1, 1}> ()
  size = Cast <to = 7> (orig_im_size)
  sizes = Concat <axis = 0> (lead, size)
  masks = Resize <mode = "linear"> (cropped, , , sizes)
"""


def draw_encoder(kind: Kind = "sam", *, is_plain: bool = False) -> onnx.ModelProto:
    """Return an encoder; a plain one takes pixels as they are and pads by itself."""
    text = {"sam": _PLAIN_ENCODER if is_plain else _SAM_ENCODER, "sam2": _SAM2_ENCODER}.get(kind, _EFFICIENT_ENCODER)
    return parser.parse_model(text)


def draw_decoder(kind: Kind = "sam", *, side: int = SIDE, has_low_res: bool = True) -> onnx.ModelProto:
    """Return the decoder that fits; `side` is that of the square its encoder shows."""
    step = side / CELLS
    if kind == "sam":
        low_res = f", float[1,1,{CELLS},{CELLS}] low_res_masks" if has_low_res else ""
        head = (
            f"decoder (float[1,3,{CELLS},{CELLS}] image_embeddings, float[1,N,2] point_coords, float[1,N] point_labels,"
            " float[1,1,64,64] mask_input, float[1] has_mask_input, float[2] orig_im_size)"
            f" => (float[1,1,H,W] masks, float[1,1] iou_predictions{low_res})"
        )
        start = (
            "embedding = Identity (image_embeddings) coords = Identity (point_coords) labels = Identity (point_labels)"
        )
        end = _SAM_TAIL.replace("SQUARE", str(side)) + ("low_res_masks = Identity (low)" if has_low_res else "")
    elif kind == "sam2":
        head = (
            f"decoder (float[1,3,{CELLS},{CELLS}] image_embed, float[1,3,256,256] high_res_feats_0,"
            " float[1,3,128,128] high_res_feats_1, float[1,N,2] point_coords, float[1,N] point_labels,"
            " float[1,1,64,64] mask_input, float[1] has_mask_input)"
            " => (float[1,1,64,64] masks, float[1,1] iou_predictions)"
        )
        start = """
  faint = ReduceMean <keepdims = 0> (high_res_feats_0)
  fainter = ReduceMean <keepdims = 0> (high_res_feats_1)
  both = Add (faint, fainter)
  none = Sub (both, both)
  embedding = Add (image_embed, none)
  coords = Identity (point_coords) labels = Identity (point_labels)"""
        end = "masks = Identity (low)"
    else:
        head = (
            f"decoder (float[1,3,{CELLS},{CELLS}] image_embeddings, float[1,1,N,2] batched_point_coords,"
            " float[1,1,N] batched_point_labels, int64[2] orig_im_size)"
            " => (float[1,1,1,H,W] output_masks, float[1,1] iou_predictions)"
        )
        start = f"""
  embedding = Identity (image_embeddings) labels = Identity (batched_point_labels)
  size = Cast <to = 1> (orig_im_size)
  backwards = Constant <value = int64[2] {{1, 0}}> ()
  wide_high = Gather (size, backwards)
  full = Constant <value = float {{{side}.0}}> ()
  grown = Mul (batched_point_coords, full)
  coords = Div (grown, wide_high)"""
        end = """
  lead = Constant <value = int64[2] {1, 1}> ()
  sizes = Concat <axis = 0> (lead, orig_im_size)
  masks = Resize <mode = "linear"> (low, , , sizes)
  output_masks = Unsqueeze (masks, one_axis)"""
    body = _BODY.replace("STEP", f"{step:.1f}")
    model = parser.parse_model(f"{_HEAD}\n{head}\n<int64[1] one_axis = {{1}}>\n{{\n{start}\n{body}\n{end}\n}}")
    middles = ((np.arange(CELLS) + 0.5) * step - 0.5).astype(np.float32)
    model.graph.initializer.append(numpy_helper.from_array(middles.reshape(1, -1), "columns"))
    model.graph.initializer.append(numpy_helper.from_array(middles.reshape(-1, 1), "rows"))
    return model


def write_pair(folder: Path, kind: Kind = "sam") -> tuple[Path, Path]:
    """Write an encoder and a decoder that fit; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = folder / f"{kind}.encoder.onnx", folder / f"{kind}.decoder.onnx"
    onnx.save(draw_encoder(kind), paths[0])
    onnx.save(draw_decoder(kind), paths[1])
    return paths


def endless(network: onnx.ModelProto) -> onnx.ModelProto:
    """Return a network that has a loop of 2**62 turns before it answers."""
    turn = parser.parse_graph(
        "turn (int64 at, bool goes_on, float before) => (bool still, float after)"
        " { still = Identity (goes_on) one = Constant <value = float {1.0}> () after = Add (before, one) }"
    )
    output = network.graph.output[0].name
    for node in network.graph.node:
        for place, name in enumerate(node.output):
            if name == output:
                node.output[place] = "answer"
    constants = {"turns": np.array(2**62), "goes": np.array(True), "nought": np.array(0, np.float32)}
    network.graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in constants.items())
    network.graph.node.append(helper.make_node("Loop", ["turns", "goes", "nought"], ["counted"], body=turn))
    network.graph.node.append(helper.make_node("Mul", ["counted", "nought"], ["nothing"]))
    network.graph.node.append(helper.make_node("Add", ["answer", "nothing"], [output]))
    return network
