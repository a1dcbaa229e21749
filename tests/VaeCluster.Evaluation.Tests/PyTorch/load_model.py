"""Loads an exported model.safetensors into a PyTorch module (strict) and compares its outputs with those of VaeCluster.

    python3 load_model.py model.safetensors images.npy means.npy log_variances.npy latents.npy decoded.npy

Prints the largest absolute difference of each output. To use an exported model in PyTorch, copy read_safetensors and Vae."""
import json
import sys

import numpy as np
import torch
from torch import nn


def read_safetensors(path):
    """Reads the format without the safetensors package: header length, JSON header, tensor bytes."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        assert entry["dtype"] == "F32", entry
        begin, end = entry["data_offsets"]
        tensors[name] = torch.from_numpy(np.frombuffer(data[begin:end], "<f4").reshape(entry["shape"]).copy())
    return tensors, metadata


FUNCTIONS = {
    "identity": lambda x, layer: x,
    "relu": lambda x, layer: torch.relu(x),
    "leakyRelu": lambda x, layer: nn.functional.leaky_relu(x, layer.get("a", 0.01)),
    "tanh": lambda x, layer: torch.tanh(x),
    "softplus": lambda x, layer: nn.functional.softplus(x),
    "silu": lambda x, layer: nn.functional.silu(x),
    "sigmoid": lambda x, layer: torch.sigmoid(x),
    "affine": lambda x, layer: layer["a"] * x + layer["b"],
    "clamp": lambda x, layer: x.clamp(layer["a"], layer["b"]),
    "slice": lambda x, layer: x.flatten(1)[:, layer["offset"]:layer["offset"] + layer["length"]],
    "upsample": lambda x, layer: nn.functional.interpolate(x, scale_factor=layer["factor"]),
    "averagePool": lambda x, layer: nn.functional.avg_pool2d(x, layer["factor"]),
    "reshape": lambda x, layer: x.reshape(len(x), *layer["shape"]),
}


class Vae(nn.Module):
    """Encoder and decoder as described by the file's metadata; parameters are named as in the file."""

    def __init__(self, tensors, metadata):
        super().__init__()
        self.chains = {key: json.loads(metadata[key]) for key in ("encoder.mean", "encoder.logVariance", "decoder.mean")}
        self.layers = {}
        for chain in ("encoder.mean", "decoder.mean"):
            self.add(self.chains[chain], tensors)
        rest = {name[len("likelihood."):]: nn.Parameter(value) for name, value in tensors.items() if name.startswith("likelihood.")}
        if rest:
            self.likelihood = nn.ParameterDict(rest)

    def add(self, chain, tensors):
        for layer in chain:
            if layer["type"] == "residual":
                self.add(layer["layers"], tensors)
            if "name" not in layer:
                continue
            shape = tensors[layer["name"] + ".weight"].shape
            if layer["type"] == "linear":
                module = nn.Linear(shape[1], shape[0])
            elif layer["type"] == "groupNorm":
                module = nn.GroupNorm(layer["groups"], shape[0])
            elif layer["type"] == "conv2d":
                module = nn.Conv2d(shape[1], shape[0], shape[2], layer["stride"], layer["padding"])
            else:
                module = nn.ConvTranspose2d(shape[0], shape[1], shape[2], layer["stride"], layer["padding"])
            *path, last = layer["name"].split(".")
            parent = self
            for part in path:
                if not hasattr(parent, part):
                    parent.add_module(part, nn.Module())
                parent = getattr(parent, part)
            parent.add_module(last, module)
            self.layers[layer["name"]] = module

    def run(self, chain, x):
        return self.apply_layers(self.chains[chain], x)

    def apply_layers(self, chain, x):
        for layer in chain:
            if layer["type"] == "residual":
                x = x + self.apply_layers(layer["layers"], x)
            elif "name" in layer:
                x = self.layers[layer["name"]](x.flatten(1) if layer["type"] == "linear" else x)
                x = FUNCTIONS[layer["activation"]](x, {})
            else:
                x = FUNCTIONS[layer["type"]](x, layer)
        return x


if __name__ == "__main__":
    tensors, metadata = read_safetensors(sys.argv[1])
    model = Vae(tensors, metadata)
    print(model.load_state_dict(tensors, strict=True))
    images, means, log_variances, latents, decoded = (torch.from_numpy(np.load(path)) for path in sys.argv[2:7])
    with torch.no_grad():
        outputs = (
            ("encoder.mean", images, means), ("encoder.logVariance", images, log_variances), ("decoder.mean", latents, decoded))
        for chain, given, expected in outputs:
            print(chain, f"{(model.run(chain, given) - expected).abs().max().item():.3g}")
