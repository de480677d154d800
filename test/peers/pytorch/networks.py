"""The lab's networks as PyTorch modules, made from a run's configuration (run.srgan.json).

Attribute names are those of the lab's state: `block1.conv1.weight` is `block1/conv1/kernel` there (see layouts.py).
"""

import torch
from torch import nn
from torch.nn import functional as F

IMAGENET_MEAN = (123.68, 116.779, 103.939)
VGG19_BLOCKS = ((64, 2), (128, 2), (256, 4), (512, 4), (512, 4))


class Convolution(nn.Conv2d):
    """Padded as TensorFlow's `same`, exactly or as PyTorch's users write it.

    They differ at stride 2 on even sides: TensorFlow pads one pixel after and none before, which needs a copy of its own
    here. Both compute equally much.
    """

    def __init__(self, inputs, outputs, kernel, stride=1, exact=True):
        self.exact = exact and stride > 1
        super().__init__(inputs, outputs, kernel, stride, 0 if self.exact else kernel // 2)

    def forward(self, x):
        if self.exact:
            height, width = (self.missing(side) for side in x.shape[2:])
            x = F.pad(x, (width // 2, width - width // 2, height // 2, height - height // 2))
        return super().forward(x)

    def missing(self, side):
        kernel, stride = self.kernel_size[0], self.stride[0]
        return max((-(-side // stride) - 1) * stride + kernel - side, 0)


class BatchNorm(nn.BatchNorm2d):
    """Normalises by the batch in training. Its running averages follow only while `follow` is set."""

    follow = True

    def forward(self, x):
        uses_averages = self.follow or not self.training
        averages = (self.running_mean, self.running_var) if uses_averages else (None, None)
        return F.batch_norm(x, *averages, self.weight, self.bias, self.training, 0.1, self.eps)


class Block(nn.Module):
    def __init__(self, channels, slopes, normalised):
        super().__init__()
        self.conv1 = Convolution(channels, channels, 3)
        self.norm1 = BatchNorm(channels) if normalised else nn.Identity()
        self.prelu = nn.PReLU(slopes)
        self.conv2 = Convolution(channels, channels, 3)
        self.norm2 = BatchNorm(channels) if normalised else nn.Identity()

    def forward(self, x):
        return x + self.norm2(self.conv2(self.prelu(self.norm1(self.conv1(x)))))


class Input(nn.Module):
    def __init__(self, channels, slopes):
        super().__init__()
        self.conv = Convolution(3, channels, 9)
        self.prelu = nn.PReLU(slopes)

    def forward(self, x):
        return self.prelu(self.conv(x))


class Trunk(nn.Module):
    def __init__(self, channels, normalised):
        super().__init__()
        self.conv = Convolution(channels, channels, 3)
        self.norm = BatchNorm(channels) if normalised else nn.Identity()

    def forward(self, x):
        return self.norm(self.conv(x))


class Upscale(nn.Module):
    def __init__(self, channels, slopes, factor):
        super().__init__()
        self.factor = factor
        self.conv = Convolution(channels, channels * factor**2, 3)
        self.prelu = nn.PReLU(slopes)

    def forward(self, x):
        return self.prelu(F.pixel_shuffle(self.conv(x), self.factor))


class Output(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = Convolution(channels, 3, 9)

    def forward(self, x):
        return self.conv(x)


class Generator(nn.Module):
    def __init__(self, configuration, scale):
        super().__init__()
        if configuration["globalSkip"] != "none":
            raise ValueError("PyTorch has no bicubic enlargement like MATLAB's: use a generator without skip connection")
        channels = configuration["channels"]
        normalised = configuration["normalisation"] == "batch"
        slopes = 1 if configuration["prelu"] == "layer" else channels
        factors = [3] if scale == 3 else [2] * (scale.bit_length() - 1)
        self.input = Input(channels, slopes)
        for number in range(1, configuration["blocks"] + 1):
            self.add_module(f"block{number}", Block(channels, slopes, normalised))
        self.trunk = Trunk(channels, normalised)
        for number, factor in enumerate(factors, 1):
            self.add_module(f"upscale{number}", Upscale(channels, slopes, factor))
        self.output = Output(channels)

    def forward(self, lr):
        features = self.input(lr)
        x = features
        for name, module in self.named_children():
            if name.startswith("block"):
                x = module(x)
        x = features + self.trunk(x)
        for name, module in self.named_children():
            if name.startswith("upscale"):
                x = module(x)
        return self.output(x)


class Discriminator(nn.Module):
    SLOPE = 0.2

    def __init__(self, configuration, patch, exact):
        super().__init__()
        inputs, side = 3, patch
        self.layers = len(configuration["layers"])
        for number, layer in enumerate(configuration["layers"], 1):
            outputs, stride = layer["channels"], layer["stride"]
            self.add_module(f"conv{number}", Convolution(inputs, outputs, 3, stride, exact))
            if number > 1:
                self.add_module(f"norm{number}", BatchNorm(outputs))
            inputs, side = outputs, -(-side // stride)
        self.side = side
        self.activation = nn.LeakyReLU(self.SLOPE)
        self.dense1 = nn.Linear(side * side * inputs, configuration["denseUnits"])
        self.dense2 = nn.Linear(configuration["denseUnits"], 1)

    def forward(self, x):
        for number in range(1, self.layers + 1):
            x = getattr(self, f"conv{number}")(x)
            if number > 1:
                x = getattr(self, f"norm{number}")(x)
            x = self.activation(x)
        return self.dense2(self.activation(self.dense1(x.flatten(1))))


class Content(nn.Module):
    """VGG19 up to the feature map that is compared. Its first kernel expects pixels in [0, 1]."""

    def __init__(self, configuration):
        super().__init__()
        self.register_buffer("mean", torch.tensor(IMAGENET_MEAN).view(1, 3, 1, 1) / 255)
        self.activation = nn.ReLU()
        self.pool = nn.MaxPool2d(2)
        share = 1 if configuration["network"] == "vgg19" else configuration["width"]
        self.pools_before = {}
        inputs = 3
        for block, (channels, convolutions) in enumerate(VGG19_BLOCKS, 1):
            # JavaScript rounds halves up, Python to even.
            outputs = max(1, int(channels * share + 0.5))
            for number in range(1, convolutions + 1):
                name = f"conv{block}_{number}"
                self.add_module(name, Convolution(inputs, outputs, 3))
                self.pools_before[name] = block > 1 and number == 1
                if name == configuration["layer"]:
                    return
                inputs = outputs

    def forward(self, x):
        x = x - self.mean
        for name, pool_before in self.pools_before.items():
            if pool_before:
                x = self.pool(x)
            x = self.activation(getattr(self, name)(x))
        return x


def batch_norms(network):
    return [(name, module) for name, module in network.named_modules() if isinstance(module, BatchNorm)]
