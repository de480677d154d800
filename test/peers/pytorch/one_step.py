"""One training step in PyTorch's autograd, from weights and images that the lab wrote: `one_step.py FOLDER`.

Reads FOLDER/case.json (`configuration`, `stage`, `learningRate`, `update`: the number of Adam's update) and
FOLDER/before.safetensors (the lab's state, `lr` and `hr`). For float32 and float64 writes FOLDER/PRECISION.safetensors:
`loss/NAME`, `gradient/NAME` and `after/NAME`, the updated state, all in the lab's layout. Prints as JSON the margin of
each precision (see Kinks).
"""

import json
import sys
from pathlib import Path

import torch
from torch import nn

import safetensors_file
from layouts import layouts
from networks import BatchNorm
from training import Training

MOMENTUM = 0.9


class Kinks:
    """Watches how near inputs of rectifiers come to zero, and the two largest of a pooled window to each other.

    Across a kink a gradient jumps, so where this margin (over the root mean square of the layer) is as small as rounding
    errors are, two correct computations differ by more than these.
    """

    def __init__(self, networks):
        self.margin = float("inf")
        for network in networks:
            for module in network.modules():
                if isinstance(module, (nn.PReLU, nn.LeakyReLU, nn.ReLU)):
                    module.register_forward_hook(lambda _, inputs, __: self.observe(inputs[0], inputs[0]))
                if isinstance(module, nn.MaxPool2d):
                    module.register_forward_hook(lambda _, inputs, __: self.observe_windows(inputs[0]))

    def observe(self, distances, x):
        scale = x.detach().square().mean().sqrt().item()
        if distances.numel() > 0:
            self.margin = min(self.margin, distances.detach().abs().min().item() / scale)

    def observe_windows(self, x):
        windows = nn.functional.unfold(x.detach().flatten(0, 1).unsqueeze(1), 2, stride=2).transpose(1, 2)
        largest = windows.flatten(0, 1).topk(2).values
        # Where all are zero, the rectifier before lets no gradient through anyway.
        largest = largest[largest[:, 0] > 0]
        self.observe(largest[:, 0] - largest[:, 1], x)


class RunningAverages:
    """Running averages as the lab keeps them: of the biased variance (PyTorch's own are of the unbiased one)."""

    def __init__(self, network, name, before):
        self.values = {}
        for path, module in network.named_modules():
            if isinstance(module, BatchNorm):
                names = [f"{name}/{path.replace('.', '/')}/{role}" for role in ("mean", "variance")]
                for each in names:
                    self.values[each] = before[each]
                module.register_forward_pre_hook(lambda norm, inputs, names=names: self.follow(norm, names, inputs[0]))

    def follow(self, norm, names, x):
        if not norm.follow:
            return
        x = x.detach()
        for name, value in zip(names, (x.mean((0, 2, 3)), x.var((0, 2, 3), correction=0))):
            self.values[name] = MOMENTUM * self.values[name] + (1 - MOMENTUM) * value


def one_step(case, before, precision):
    before = {name: tensor.to(precision) for name, tensor in before.items()}
    training = Training(case["configuration"], exact=True)
    training.to(dtype=precision)
    names = ("generator",) if case["stage"] == "pixel" else ("generator", "discriminator", "content")
    networks = {name: getattr(training, name) for name in names}
    tables = {name: layouts(network, name) for name, network in networks.items()}
    for name, network in networks.items():
        own = network.state_dict()
        for path, layout in tables[name].items():
            own[path].copy_(layout.to_peer(before[layout.name], own[path]))
    training.optimiser_options["lr"] = case["learningRate"]
    training.prepare()
    trained = {name: getattr(training, f"{name}_adam") for name in names if name != "content"}
    for name, adam in trained.items():
        resume_at(adam, networks[name], case["update"])
    kinks = Kinks(networks.values())
    averages = [RunningAverages(networks[name], name, before) for name in trained]

    images = [before[name].permute(0, 3, 1, 2).contiguous() for name in ("lr", "hr")]
    step = training.pixel_step if case["stage"] == "pixel" else training.adversarial_step
    results = {f"loss/{name}": loss for name, loss in step(*images).items()}

    for name, adam in trained.items():
        for path, parameter in networks[name].named_parameters():
            layout = tables[name][path]
            moments = adam.state[parameter]
            found = {
                f"gradient/{layout.name}": parameter.grad,
                f"after/{layout.name}": parameter,
                f"after/adam/m/{layout.name}": moments["exp_avg"],
                f"after/adam/v/{layout.name}": moments["exp_avg_sq"],
            }
            for key, tensor in found.items():
                results[key] = layout.to_lab(tensor.detach(), before[layout.name].shape)
    for each in averages:
        results.update({f"after/{name}": value for name, value in each.values.items()})
    return results, kinks.margin


def resume_at(adam, network, update):
    """An optimiser whose next update is the `update`-th, with moments that are still zero."""
    for parameter in network.parameters():
        adam.state[parameter] = {
            "step": torch.tensor(float(update - 1)),
            "exp_avg": torch.zeros_like(parameter),
            "exp_avg_sq": torch.zeros_like(parameter),
        }


def main():
    folder = Path(sys.argv[1])
    case = json.loads((folder / "case.json").read_text())
    before = safetensors_file.read(folder / "before.safetensors")
    margins = {}
    for precision in (torch.float32, torch.float64):
        name = str(precision).removeprefix("torch.")
        results, margins[name] = one_step(case, before, precision)
        safetensors_file.write(folder / f"{name}.safetensors", results)
    print(json.dumps({"version": torch.__version__, "margins": margins}))


if __name__ == "__main__":
    main()
