"""python goldens.py FOLDER: writes the sampled results of all miniatures, which are committed beside the tests of packages/models."""
import pathlib
import sys

import torch
from safetensors.torch import save_file

from reference import CONFIGS
from taps import record, sampled

torch.set_num_threads(1)
folder = pathlib.Path(sys.argv[1])
for name in CONFIGS:
    if name.startswith("mini-"):
        values, metadata = sampled(record(name), 32)
        save_file(values, folder / f"{name}.safetensors", metadata)
        print(f"{name}: {len(values)} tensors")
