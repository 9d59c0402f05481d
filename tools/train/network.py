"""The fusion network: a small U-Net over evidence maps (Ronneberger et al., MICCAI 2015, with depthwise-separable blocks
after Howard et al., 2017). 82 thousand parameters with 27 inputs. Must stay equal to packages/embedded/src/fusion/network.ts."""

import struct
from collections.abc import Iterable, Iterator

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

CHANNELS = (16, 32, 48, 64)


class Block(nn.Module):
    """3x3 depthwise, norm, 1x1, norm, ReLU; the input is added where the widths agree."""

    def __init__(self, inputs: int, outputs: int, dilation: int = 1):
        super().__init__()
        self.dw = nn.Conv2d(inputs, inputs, 3, padding=dilation, dilation=dilation, groups=inputs, bias=False)
        self.dw_norm = nn.BatchNorm2d(inputs)
        self.pw = nn.Conv2d(inputs, outputs, 1, bias=False)
        self.pw_norm = nn.BatchNorm2d(outputs)
        self.residual = inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu(self.pw_norm(self.pw(self.dw_norm(self.dw(x)))))
        return y + x if self.residual else y

    def convolutions(self) -> Iterator[tuple[nn.Conv2d, nn.BatchNorm2d | None]]:
        yield self.dw, self.dw_norm
        yield self.pw, self.pw_norm


class Step(nn.Module):
    """A convolution with norm and ReLU: 1x1 between levels on the way up, 3x3 with stride 2 on the way down."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 1, stride: int = 1):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(self.norm(self.conv(x)))

    def convolutions(self) -> Iterator[tuple[nn.Conv2d, nn.BatchNorm2d | None]]:
        yield self.conv, self.norm


def twice(x: Tensor) -> Tensor:
    """Nearest-neighbour upsampling by 2."""
    return functional.interpolate(x, scale_factor=2.0, mode="nearest")


class FusionNet(nn.Module):
    """maps [N, inputs, H, W] -> logits [N, 1, H, W]; H and W are multiples of 8."""

    def __init__(self, inputs: int):
        super().__init__()
        a, b, c, d = CHANNELS
        self.inputs = inputs
        self.i = Step(inputs, a)
        self.e0 = nn.Sequential(Block(a, a), Block(a, a))
        self.d1 = Step(a, b, 3, 2)
        self.e1 = nn.Sequential(Block(b, b), Block(b, b))
        self.d2 = Step(b, c, 3, 2)
        self.e2 = nn.Sequential(Block(c, c), Block(c, c))
        self.d3 = Step(c, d, 3, 2)
        self.e3 = nn.Sequential(Block(d, d), Block(d, d, dilation=2), Block(d, d))
        self.u2 = Step(d, c)
        self.f2 = Block(c, c)
        self.u1 = Step(c, b)
        self.f1 = Block(b, b)
        self.u0 = Step(b, a)
        self.f0 = nn.Sequential(Block(a, a), Block(a, a))
        self.o = nn.Conv2d(a, 1, 1)
        # A linear way past everything.
        self.sk = nn.Conv2d(inputs, 1, 1)
        for layer in (self.o, self.sk):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    @torch.no_grad()
    def start_from(self, linear: Iterable[tuple[int, float]]) -> None:
        """Makes the untrained network answer as a weighted sum of maps does."""
        for index, weight in linear:
            self.sk.weight[0, index] = weight

    def forward(self, x: Tensor) -> Tensor:
        e0 = self.e0(self.i(x))
        e1 = self.e1(self.d1(e0))
        e2 = self.e2(self.d2(e1))
        e3 = self.e3(self.d3(e2))
        f2 = self.f2(twice(self.u2(e3)) + e2)
        f1 = self.f1(twice(self.u1(f2)) + e1)
        f0 = self.f0(twice(self.u0(f1)) + e0)
        return self.o(f0) + self.sk(x)

    def convolutions(self) -> Iterator[tuple[nn.Conv2d, nn.BatchNorm2d | None]]:
        """Every convolution with the norm after it, in the order of the weights file."""
        for part in (self.i, self.e0, self.d1, self.e1, self.d2, self.e2, self.d3, self.e3):
            yield from convolutions_of(part)
        for part in (self.u2, self.f2, self.u1, self.f1, self.u0, self.f0):
            yield from convolutions_of(part)
        yield self.o, None
        yield self.sk, None


def convolutions_of(part: nn.Module) -> Iterator[tuple[nn.Conv2d, nn.BatchNorm2d | None]]:
    blocks = part if isinstance(part, nn.Sequential) else (part,)
    for block in blocks:
        yield from block.convolutions()


@torch.no_grad()
def folded(conv: nn.Conv2d, norm: nn.BatchNorm2d | None) -> tuple[np.ndarray, np.ndarray]:
    """Weights and biases of a convolution with its norm multiplied in."""
    weight = conv.weight.double()
    bias = conv.bias.double() if conv.bias is not None else torch.zeros(weight.shape[0], dtype=torch.float64)
    if norm is not None:
        gain = norm.weight.double() / torch.sqrt(norm.running_var.double() + norm.eps)
        weight = weight * gain[:, None, None, None]
        bias = (bias - norm.running_mean.double()) * gain + norm.bias.double()
    return weight.numpy(), bias.numpy()


def write_weights(net: FusionNet, path: str) -> int:
    """Writes a .rfus file: 'RFUS', version 1, inputs, count (u32 each), then float16 values. Returns the count."""
    parts = [np.concatenate([w.ravel(), b.ravel()]) for w, b in (folded(c, n) for c, n in net.convolutions())]
    values = np.concatenate(parts).astype("<f2")
    if not np.isfinite(values).all():
        raise ValueError("a weight does not fit float16")
    with open(path, "wb") as file:
        file.write(b"RFUS" + struct.pack("<III", 1, net.inputs, values.size))
        file.write(values.tobytes())
    return int(values.size)
