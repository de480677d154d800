"""Reading and writing the safetensors format without its package: a length, a JSON header, raw little-endian tensors."""

import ctypes
import json
import struct

import torch


def read(path):
    """Float32 tensors by name."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    header.pop("__metadata__", None)
    return {name: _tensor(data, entry) for name, entry in header.items()}


def _tensor(data, entry):
    if entry["dtype"] != "F32":
        raise ValueError(f"expected F32, found {entry['dtype']}")
    begin, end = entry["data_offsets"]
    return torch.frombuffer(data, dtype=torch.float32, offset=begin, count=(end - begin) // 4).reshape(entry["shape"]).clone()


def write(path, tensors):
    """Writes tensors as float32."""
    header, chunks, begin = {}, [], 0
    for name, tensor in tensors.items():
        floats = tensor.detach().to(torch.float32).contiguous()
        # The direct way to bytes, tensor.numpy(), needs a package that PyTorch does not bring along.
        chunk = ctypes.string_at(floats.data_ptr(), floats.numel() * floats.element_size())
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [begin, begin + len(chunk)]}
        begin += len(chunk)
        chunks.append(chunk)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)))
        file.write(text)
        for chunk in chunks:
            file.write(chunk)
