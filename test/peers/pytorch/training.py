"""The lab's two training steps and its inference, in PyTorch: the same losses, in the same order, with the same sharing."""

from contextlib import nullcontext

import torch
from torch.nn import functional as F

from networks import Content, Discriminator, Generator, batch_norms

FEATURE_SCALE = 12.75


class Training:
    """Networks and optimisers of a run.

    `exact` pads as TensorFlow does to the pixel; without it, as PyTorch's users do. `autocast` computes forward passes
    and losses in bfloat16 where PyTorch thinks that safe. `transform` is applied to each network (torch.compile).
    """

    def __init__(self, configuration, *, exact, autocast=False, fused=False, transform=lambda network: network):
        self.weights = configuration["lossWeights"]
        self.autocast = autocast
        self.generator = Generator(configuration["generator"], configuration["scale"])
        self.discriminator = Discriminator(configuration["discriminator"], configuration["data"]["patch"], exact)
        self.content = Content(configuration["content"]).requires_grad_(False)
        self.transform = transform
        self.optimiser_options = {
            "lr": 1e-4,
            "betas": (configuration["adam"]["beta1"], configuration["adam"]["beta2"]),
            "eps": configuration["adam"]["epsilon"],
            "fused": fused,
        }

    def to(self, **how):
        for network in (self.generator, self.discriminator, self.content):
            network.to(**how)
        return self

    def prepare(self):
        """After weights are loaded and converted: makes the optimisers and compiles what is to be compiled."""
        self.generator_adam = torch.optim.Adam(self.generator.parameters(), **self.optimiser_options)
        self.discriminator_adam = torch.optim.Adam(self.discriminator.parameters(), **self.optimiser_options)
        self.generate = self.transform(self.generator)
        self.judge = self.transform(self.discriminator)
        self.features = self.transform(self.content)
        return self

    def precision(self):
        return torch.autocast("cpu", dtype=torch.bfloat16) if self.autocast else nullcontext()

    def pixel_step(self, lr, hr):
        self.generator_adam.zero_grad(set_to_none=True)
        with self.precision():
            loss = F.mse_loss(self.generate(lr), hr)
        loss.backward()
        self.generator_adam.step()
        return {"generator/pixel": loss, "generator/total": loss}

    def adversarial_step(self, lr, hr):
        with self.precision():
            sr = self.generate(lr)
        losses = self.discriminator_half_step(sr.detach(), hr)
        return {**losses, **self.generator_half_step(sr, hr)}

    def discriminator_half_step(self, sr, hr):
        self.discriminator_adam.zero_grad(set_to_none=True)
        with self.precision():
            real_logits, fake_logits = self.judge(hr), self.judge(sr)
            real = cross_entropy(real_logits, 1)
            fake = cross_entropy(fake_logits, 0)
            loss = real + fake
        loss.backward()
        self.discriminator_adam.step()
        return {
            "discriminator/real": real,
            "discriminator/fake": fake,
            "discriminator/realMean": real_logits.sigmoid().mean(),
            "discriminator/fakeMean": fake_logits.sigmoid().mean(),
        }

    def generator_half_step(self, sr, hr):
        self.freeze_discriminator(True)
        self.generator_adam.zero_grad(set_to_none=True)
        with self.precision():
            with torch.no_grad():
                hr_features = self.features(hr)
            terms = {
                "pixel": F.mse_loss(sr, hr),
                "content": F.mse_loss(self.features(sr), hr_features) / FEATURE_SCALE**2,
                "adversarial": cross_entropy(self.judge(sr), 1),
            }
            loss = sum(self.weights[name] * term for name, term in terms.items() if self.weights[name] != 0)
        loss.backward()
        self.generator_adam.step()
        self.freeze_discriminator(False)
        return {**{f"generator/{name}": term for name, term in terms.items()}, "generator/total": loss}

    def freeze_discriminator(self, frozen):
        """Neither its weights get gradients nor its running averages follow, while G learns."""
        self.discriminator.requires_grad_(not frozen)
        for _, norm in batch_norms(self.discriminator):
            norm.follow = not frozen

    def infer(self, lr):
        with torch.no_grad(), self.precision():
            return self.generate(lr)


def cross_entropy(logits, target):
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))
