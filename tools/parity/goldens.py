"""python goldens.py MODELS NEURAL: writes the results that are committed beside the tests of packages/models and packages/neural.

For every miniature its sampled intermediates; for two of them the tracked masks of a made-up scene, one bit a pixel.
"""
import pathlib
import sys

import numpy as np
import torch
from safetensors.torch import save_file

from reference import CONFIGS
from taps import record, sampled
from video import HIDE, run

torch.set_num_threads(1)
folder, tracked = map(pathlib.Path, sys.argv[1:3])
for name in CONFIGS:
    if name.startswith("mini-"):
        values, metadata = sampled(record(name), 32)
        save_file(values, folder / f"{name}.safetensors", metadata)
        print(f"{name}: {len(values)} tensors")

    if name in HIDE and name.startswith("mini-"):
        masks, scores = run(name)
        bits = torch.from_numpy(np.packbits((masks > 0).numpy(), axis=None, bitorder="little"))
        save_file(dict(bits=bits, scores=scores), tracked / f"{name}-video.safetensors")
        print(f"{name}: {len(masks)} tracked masks")
