"""PyTorch enlarging a picture, as a contender of the bench: requests and answers are lines of JSON.

The first argument is a JSON document: `folder` with generator.safetensors and picture.rgb, the run's `configuration`,
`width`, `height`, `threads`, `memoryFormat`, `name` of the file that gets the result, and the windows of each axis, `rows`
and `columns` (`length`, and `spans` with `start`, `from` and `to`, in LR pixels; one window is the whole picture). A
request is `{"steps": N}`; see test/bench/contender.ts.
"""

import ctypes
import json
import resource
import sys
import time
from pathlib import Path

import torch

import safetensors_file
from layouts import layouts
from networks import Generator


class Upscaler:
    def __init__(self, options):
        torch.set_num_threads(options["threads"])
        folder, configuration = Path(options["folder"]), options["configuration"]
        self.rows, self.columns = options["rows"], options["columns"]
        self.scale = configuration["scale"]
        self.memory_format = getattr(torch, options["memoryFormat"])
        self.network = Generator(configuration["generator"], self.scale).eval()
        weights = safetensors_file.read(folder / "generator.safetensors")
        own = self.network.state_dict()
        for path, layout in layouts(self.network, "generator").items():
            own[path].copy_(layout.to_peer(weights[layout.name], own[path]))
        self.network.to(memory_format=self.memory_format)
        pixels = bytearray((folder / "picture.rgb").read_bytes())
        self.picture = torch.frombuffer(pixels, dtype=torch.uint8).reshape(options["height"], options["width"], 3)
        self.out = folder / options["name"]

    @torch.inference_mode()
    def upscale(self):
        scale = self.scale
        height, width, _ = self.picture.shape
        result = torch.empty(height * scale, width * scale, 3, dtype=torch.uint8)
        for row in self.rows["spans"]:
            for column in self.columns["spans"]:
                top, left = row["start"], column["start"]
                window = self.picture[top : top + self.rows["length"], left : left + self.columns["length"]]
                lr = window.permute(2, 0, 1).unsqueeze(0).to(torch.float32).div_(255)
                sr = self.network(lr.contiguous(memory_format=self.memory_format))[0].permute(1, 2, 0)
                kept = sr[
                    (row["from"] - top) * scale : (row["to"] - top) * scale,
                    (column["from"] - left) * scale : (column["to"] - left) * scale,
                ]
                result[
                    row["from"] * scale : row["to"] * scale, column["from"] * scale : column["to"] * scale
                ] = kept.mul(255).round_().clamp_(0, 255).to(torch.uint8)
        return result

    def run(self, steps):
        seconds = []
        for _ in range(steps):
            start = time.perf_counter()
            result = self.upscale()
            seconds.append(time.perf_counter() - start)
            # The direct way to bytes, result.numpy(), needs a package that PyTorch does not bring along.
            self.out.write_bytes(ctypes.string_at(result.data_ptr(), result.numel()))
        # Linux counts in kibibytes, macOS in bytes.
        unit = 1 if sys.platform == "darwin" else 1024
        return {"seconds": seconds, "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit}


def main():
    upscaler = Upscaler(json.loads(sys.argv[1]))
    answer({})
    for line in sys.stdin:
        answer(upscaler.run(json.loads(line)["steps"]))


def answer(document):
    print(json.dumps(document), flush=True)


if __name__ == "__main__":
    main()
