"""How the lab's tensors (NHWC, HWIO, names with slashes) lie in PyTorch (NCHW, OIHW, names with dots)."""

from dataclasses import dataclass

from networks import BatchNorm, Convolution

ROLES = {
    "BatchNorm": {"weight": "gamma", "bias": "beta", "running_mean": "mean", "running_var": "variance"},
    "PReLU": {"weight": "alpha"},
}
KERNEL_ROLES = {"weight": "kernel", "bias": "bias"}


@dataclass
class Layout:
    """A tensor of the lab is `view` with its axes in `order`, reshaped to the peer's shape; and back."""

    name: str
    view: tuple
    order: tuple

    def to_peer(self, tensor, like):
        return tensor.reshape(self.view).permute(self.order).reshape(like.shape)

    def to_lab(self, tensor, shape):
        permuted = [self.view[axis] for axis in self.order]
        back = [self.order.index(axis) for axis in range(len(self.order))]
        return tensor.reshape(permuted).permute(back).reshape(shape)


def layouts(network, name):
    """Layouts of a network's parameters and running averages, by their names in PyTorch."""
    found = {}
    for path, module in network.named_modules():
        roles = ROLES.get(type(module).__name__, KERNEL_ROLES)
        tensors = {**dict(module.named_parameters(recurse=False)), **averages_of(module)}
        for peer_role, tensor in tensors.items():
            lab_name = "/".join([name, *path.split("."), roles[peer_role]])
            found[f"{path}.{peer_role}"] = Layout(lab_name, *axes(network, path, module, tensor))
    return found


def averages_of(module):
    if not isinstance(module, BatchNorm):
        return {}
    return {"running_mean": module.running_mean, "running_var": module.running_var}


def axes(network, path, module, tensor):
    """The lab's axes of a tensor, and their order in PyTorch."""
    shuffled = path.startswith("upscale") and isinstance(module, Convolution)
    if shuffled:
        # A pixel shuffle's channels: TensorFlow's depth-to-space has the position outermost, PyTorch's innermost.
        positions = network.get_submodule(path.split(".")[0]).factor ** 2
        channels = tensor.shape[0] // positions
        if tensor.dim() == 1:
            return (positions, channels), (1, 0)
        _, inputs, height, width = tensor.shape
        return (height, width, inputs, positions, channels), (4, 3, 2, 0, 1)
    if tensor.dim() == 4:
        outputs, inputs, height, width = tensor.shape
        return (height, width, inputs, outputs), (3, 2, 0, 1)
    if path == "dense1" and tensor.dim() == 2:
        # It reads a flattened image: NHWC there, NCHW here.
        units, inputs = tensor.shape
        side = network.side
        return (side, side, inputs // side**2, units), (3, 2, 0, 1)
    if tensor.dim() == 2:
        outputs, inputs = tensor.shape
        return (inputs, outputs), (1, 0)
    return tuple(tensor.shape), (0,)
