"""Runs exported models as their users would: by the `run` of the `use.py` that lies beside each.

Reads jobs from standard input, [{"folder", "image", "shape", "out"}, …]: the image is raw float32, and so is the result.
Prints, as JSON, the shape of each result and the versions of the packages in use.
"""
import importlib.util
import json
import os
import sys
from importlib.metadata import PackageNotFoundError, version

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np

PACKAGES = ["keras", "tensorflow-cpu", "onnxruntime", "onnx", "torch", "safetensors"]


def load(folder):
    """The module of a folder; `model.py` of another folder must not be taken for its own."""
    sys.modules.pop("model", None)
    sys.path.insert(0, folder)
    try:
        spec = importlib.util.spec_from_file_location("use", os.path.join(folder, "use.py"))
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(folder)
    return module


def check_onnx(folder):
    path = os.path.join(folder, "model.onnx")
    if os.path.exists(path):
        import onnx

        onnx.checker.check_model(onnx.load(path), full_check=True)


def main():
    shapes = []
    for job in json.load(sys.stdin):
        check_onnx(job["folder"])
        image = np.fromfile(job["image"], np.float32).reshape(job["shape"])
        result = np.ascontiguousarray(load(job["folder"]).run(image), np.float32)
        result.tofile(job["out"])
        shapes.append(result.shape)
    versions = {}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            pass
    print(json.dumps({"shapes": shapes, "versions": versions}))


main()
