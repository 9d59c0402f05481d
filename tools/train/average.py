"""Averages the weights of networks that went on from one another and writes the mean as .pt and .rfus.

    python average.py --networks a.pt,b.pt --out mean

Wortsman et al., "Model soups", ICML 2022: the mean answers steadier than any of its parts. The running means and
variances of the norms are averaged like weights."""

import argparse

import torch

from network import FusionNet, write_weights


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--networks", required=True, help=".pt files, separated by commas")
    parser.add_argument("--out", required=True, help="written with .pt and .rfus appended")
    o = parser.parse_args()
    parts = [torch.load(path, weights_only=True) for path in o.networks.split(",")]
    mean = {
        key: torch.stack([part[key] for part in parts]).mean(0) if value.dtype.is_floating_point else value
        for key, value in parts[0].items()
    }
    net = FusionNet(mean["sk.weight"].shape[1])
    net.load_state_dict(mean)
    net.eval()
    torch.save(mean, o.out + ".pt")
    write_weights(net, o.out + ".rfus")


if __name__ == "__main__":
    main()
