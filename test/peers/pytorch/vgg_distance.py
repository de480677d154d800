"""The feature distance of two pictures in PyTorch: `vgg_distance.py FOLDER`, with a LayersModel of VGG19 as Keras wrote it.

Reads FOLDER/case.json: `model` (the LayersModel), `layers` (counted, shallowest first), `width`, `height`, and FOLDER/a.rgb and
FOLDER/b.rgb, rows of 8-bit RGB. Prints the distance as JSON, computed in double precision. Knows nothing of the lab: weights
are read from the shards as they are, pictures are prepared as Keras' `preprocess_input` does for VGG19.
"""

import json
import sys
from pathlib import Path

import torch
from torch.nn import functional

BGR_MEAN = (103.939, 116.779, 123.68)


def read_weights(model):
    """All tensors of the groups whose files are there, by Keras' names."""
    weights = {}
    for group in json.loads((model / "model.json").read_text())["weightsManifest"]:
        files = [model / path for path in group["paths"]]
        if not all(file.exists() for file in files):
            continue
        data = bytearray(b"".join(file.read_bytes() for file in files))
        values = torch.frombuffer(data, dtype=torch.float32)
        for entry in group["weights"]:
            count = torch.Size(entry["shape"]).numel()
            weights[entry["name"]] = values[:count].reshape(entry["shape"]).double()
            values = values[count:]
    return weights


def read_picture(path, width, height):
    rgb = torch.frombuffer(bytearray(path.read_bytes()), dtype=torch.uint8).reshape(height, width, 3).double()
    bgr = rgb.flip(-1) - torch.tensor(BGR_MEAN, dtype=torch.float64)
    return bgr.permute(2, 0, 1).unsqueeze(0)


def features(x, weights, layers):
    found = []
    for block, convolutions in enumerate((2, 2, 4, 4, 4), start=1):
        for number in range(1, convolutions + 1):
            name = f"block{block}_conv{number}"
            kernel = weights[f"{name}/kernel"].permute(3, 2, 0, 1)
            x = functional.relu(functional.conv2d(x, kernel, weights[f"{name}/bias"], padding=1))
            if f"conv{block}_{number}" in layers:
                found.append(x)
                if len(found) == len(layers):
                    return found
        x = functional.max_pool2d(x, 2)
    raise ValueError(f"VGG19 has not all of {layers}")


def distance(a, b, weights, layers):
    total = 0.0
    for of_a, of_b in zip(features(a, weights, layers), features(b, weights, layers)):
        unit = [x / (x.square().sum(1, keepdim=True).sqrt() + 1e-10) for x in (of_a, of_b)]
        total += (unit[0] - unit[1]).square().sum(1).mean().item()
    return total


def main():
    folder = Path(sys.argv[1])
    case = json.loads((folder / "case.json").read_text())
    weights = read_weights(Path(case["model"]))
    pictures = [read_picture(folder / f"{name}.rgb", case["width"], case["height"]) for name in "ab"]
    with torch.no_grad():
        print(json.dumps(distance(*pictures, weights, case["layers"])))


main()
