"""python video.py MODEL OUT.safetensors [--frames N] [--objects N]: transformers' own session over the made-up scene of video.ts.

Three objects: a click, a box, and a mask on a later frame; a correction; back again. Writes `masks` [answers, 4·grid, 4·grid] of logits and
`scores` [answers], object by object, step by step.
"""
import argparse
import time

import numpy as np
import torch
from safetensors.torch import save_file
from transformers import EdgeTamVideoInferenceSession, Sam2VideoInferenceSession

from fill import values
from reference import build

CELLS = 32

# Random weights answer nearly one score for everything. Taken off, these leave some answers on either side of 0.
HIDE = {
    "mini-sam2.1-hiera-tiny": 0.125,
    "mini-edgetam": 0.309,
    "sam2.1-hiera-tiny": -0.12,
    "edgetam": -0.44,
}


def frame(t, size):
    textures = np.stack([values(f"input.{name}", (3, CELLS, CELLS)) for name in ("ground", "object", "screen")])
    y, x = np.mgrid[0:size, 0:size].astype(np.float64)
    cx, cy, radius = size * (0.25 + t / 60), size * (0.4 + t / 150), size * 0.15
    which = np.where((x - cx) ** 2 + (y - cy) ** 2 < radius**2, 1, 0)
    if 12 <= t < 16:
        which = np.where((x > size * 0.3) & (x < size * 0.75), 2, which)
    large = textures.repeat(size // CELLS, 2).repeat(size // CELLS, 3)
    return torch.from_numpy(np.take_along_axis(large, np.broadcast_to(which, (1, 3, size, size)), 0)[0])


def steps(size, frames, masks=True):
    """(frame, reverse, what is said: {object: ("clicks", [(x, y, label)]) or ("mask", (x, y, radius))})."""
    corrected = frames * 3 // 5
    at = lambda t, x, y, label: (int(size * (x + t / 60) + 0.5), int(size * (y + t / 150) + 0.5), label)
    plain = lambda t, reverse=False: (t, reverse, {})
    box = [(int(size * 0.55 + 0.5), int(size * 0.55 + 0.5), 2), (int(size * 0.9 + 0.5), int(size * 0.85 + 0.5), 3)]
    said = {
        0: {1: ("clicks", [at(0, 0.25, 0.4, 1)]), 2: ("clicks", box)},
        # transformers' EdgeTAM cannot answer a mask and a click on one frame.
        4: {3: ("mask", (size * 0.7, size * 0.3, size * 0.12)) if masks else ("clicks", [at(4, 0.6, 0.3, 1)])},
    }
    return [
        *[(t, False, said.get(t, {})) for t in range(frames)],
        (corrected, False, {1: ("clicks", [at(corrected, 0.27, 0.42, 1), at(corrected, 0.05, 0.42, 0)])}),
        *[plain(t) for t in range(corrected + 1, frames)],
        *[plain(t, True) for t in range(corrected - 1, 0, -1)],
    ]


def say(session, obj, t, kind, what, size):
    index = session.obj_id_to_idx(obj)
    if kind == "mask":
        cx, cy, radius = what
        y, x = np.mgrid[0:size, 0:size].astype(np.float64)
        mask = torch.from_numpy(((x - cx) ** 2 + (y - cy) ** 2 < radius**2).astype(np.float32))
        session.add_mask_inputs(index, t, mask[None, None])
    else:
        points = torch.tensor([[[[float(x), float(y)] for x, y, _ in what]]])
        labels = torch.tensor([[[label for *_, label in what]]])
        session.add_point_inputs(index, t, dict(point_coords=points, point_labels=labels))
    session.obj_with_new_inputs.append(obj)


def run(name, frames=30, objects=3):
    """Masks and scores of the first `objects`, as far as they are there, step by step."""
    model, c = build(name)
    size = c["imageSize"]
    with torch.no_grad():
        model.mask_decoder.pred_obj_score_head.proj_out.bias -= HIDE.get(name, 0)
    kind = EdgeTamVideoInferenceSession if c["encoder"]["kind"] == "repvit" else Sam2VideoInferenceSession
    video = torch.stack([frame(t, size) for t in range(frames)])
    session = kind(video=video, video_height=size, video_width=size, dtype=torch.float32, max_vision_features_cache_size=1)
    masks, scores = [], []
    for t, reverse, said in steps(size, frames, masks=kind is Sam2VideoInferenceSession):
        for obj, (kind_of, what) in said.items():
            if obj > objects:
                continue
            say(session, obj, t, kind_of, what, size)
        out = model(session, frame_idx=t, reverse=reverse)
        masks.append(out.pred_masks[:, 0].float().clone())
        scores.append(out.object_score_logits.flatten().float().clone())
    return torch.cat(masks), torch.cat(scores)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("out")
    parser.add_argument("--frames", type=int, default=30)
    parser.add_argument("--objects", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    o = parser.parse_args()
    torch.set_num_threads(o.threads)
    at = time.perf_counter()
    masks, scores = run(o.model, o.frames, o.objects)
    save_file(dict(masks=masks.contiguous(), scores=scores.contiguous()), o.out)
    print(f"{o.model}: {len(masks)} answers in {time.perf_counter() - at:.0f} s")
