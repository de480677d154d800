"""Makes HR and LR images the way Python projects do: every file by itself, on as many processes as there are workers.

Arguments: pillow or numpy, compression level of PNG, workers, factor, folder to write to, files. Pillow's bicubic is
fixed-point and has other pixels; NumPy's is MATLAB's imresize in double precision.
"""
import os
import sys
from multiprocessing import Pool

import numpy as np
from PIL import Image

from pillow import shrink

way, level, workers, factor, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]


def make(job: tuple[int, str]) -> None:
    number, path = job
    image = Image.open(path).convert("RGB")
    width, height = (side - side % factor for side in image.size)
    hr = image.crop((0, 0, width, height))
    if way == "pillow":
        lr = hr.resize((width // factor, height // factor), Image.Resampling.BICUBIC)
    else:
        lr = Image.fromarray(shrink(np.asarray(hr), factor))
    hr.save(f"{folder}/hr/{number}.png", compress_level=level)
    lr.save(f"{folder}/lr/{number}.png", compress_level=level)


if __name__ == "__main__":
    for kind in ("hr", "lr"):
        os.makedirs(f"{folder}/{kind}")
    with Pool(workers) as pool:
        pool.map(make, list(enumerate(sys.argv[6:])), chunksize=1)
