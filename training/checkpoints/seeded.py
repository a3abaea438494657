"""Random weights that a test can fail with: no normalisation is the identity, no bias is zero."""

import torch
from torch import nn


def randomise(model: nn.Module, seed: int = 0) -> nn.Module:
    """Fills every parameter and running statistic in place, and sets the model to inference."""
    generator = torch.Generator().manual_seed(seed)

    def normal(shape, scale: float) -> torch.Tensor:
        return torch.randn(shape, generator=generator) * scale

    def uniform(shape, low: float, high: float) -> torch.Tensor:
        return low + (high - low) * torch.rand(shape, generator=generator)

    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, (nn.Conv2d, nn.Linear)):
                fan_in = module.weight[0].numel()
                module.weight.copy_(normal(module.weight.shape, (2 / fan_in) ** 0.5))
                if module.bias is not None:
                    module.bias.copy_(normal(module.bias.shape, 0.1))
            elif isinstance(module, nn.BatchNorm2d):
                module.weight.copy_(uniform(module.weight.shape, 0.6, 1.2))
                module.bias.copy_(normal(module.bias.shape, 0.2))
                module.running_mean.copy_(normal(module.running_mean.shape, 0.3))
                module.running_var.copy_(uniform(module.running_var.shape, 0.5, 2.0))
                module.num_batches_tracked.fill_(7)
    return model.eval()


def picture(size: int, seed: int = 1) -> torch.Tensor:
    """Noise of the input's shape, batch 1."""
    return torch.randn((1, 3, size, size), generator=torch.Generator().manual_seed(seed))
