"""PyTorch as a contender of the bench: a process that takes requests and gives answers as lines of JSON.

The first argument is a JSON document: the run's configuration, threads, memory format, and whether networks are compiled
and computed in bfloat16. Requests are `{"prepare": TASK}` and `{"steps": N}`; see test/bench/contender.ts.
"""

import json
import resource
import sys
import time

import torch

from training import Training

INFERENCE_SIDE = 128


def random_image(batch, side, memory_format):
    return torch.rand(batch, 3, side, side).to(memory_format=memory_format)


class Contender:
    def __init__(self, options):
        torch.set_num_threads(options["threads"])
        torch.manual_seed(0)
        configuration = options["configuration"]
        self.memory_format = getattr(torch, options["memoryFormat"])
        transform = torch.compile if options["compile"] else lambda network: network
        self.training = Training(
            configuration, exact=False, autocast=options["bfloat16"], fused=True, transform=transform
        )
        self.training.to(memory_format=self.memory_format).prepare()
        self.batch, self.patch = configuration["data"]["batch"], configuration["data"]["patch"]
        self.scale = configuration["scale"]
        self.step = None

    def prepare(self, task):
        training = self.training
        if task == "inference":
            training.generator.eval()
            image = random_image(1, INFERENCE_SIDE, self.memory_format)
            self.step = lambda: training.infer(image)
        else:
            training.generator.train()
            lr = random_image(self.batch, self.patch // self.scale, self.memory_format)
            hr = random_image(self.batch, self.patch, self.memory_format)
            run = training.adversarial_step if task == "adversarial" else training.pixel_step
            self.step = lambda: [loss.item() for loss in run(lr, hr).values()]
        return {}

    def run(self, steps):
        seconds = []
        for _ in range(steps):
            start = time.perf_counter()
            self.step()
            seconds.append(time.perf_counter() - start)
        # Linux counts in kibibytes, macOS in bytes.
        unit = 1 if sys.platform == "darwin" else 1024
        return {"seconds": seconds, "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit}


def main():
    contender = Contender(json.loads(sys.argv[1]))
    answer({})
    for line in sys.stdin:
        request = json.loads(line)
        answer(contender.prepare(request["prepare"]) if "prepare" in request else contender.run(request["steps"]))


def answer(document):
    print(json.dumps(document), flush=True)


if __name__ == "__main__":
    main()
