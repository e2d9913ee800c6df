"""Training images: read from the folder, moved and mirrored, and scaled to what the network reads."""
import numpy as np
import torch
from torch.nn import functional as F

from folder import HERE, RECIPE, Refused


class Images:
    """Memory-mapped images [N, C, H, W] or [N, H, W, C] in shards, and their labels."""

    def __init__(self):
        try:
            self.shards = [np.load(path, mmap_mode="r") for path in sorted((HERE / "images").glob("train-*.npy"))]
            self.labels = torch.from_numpy(np.load(HERE / "images" / "train.labels.npy")).long()
        except (OSError, ValueError) as error:
            raise Refused(f"images/ can't be read ({error}); write the folder again, or copy it anew")
        self.starts = np.cumsum([0, *map(len, self.shards)])
        if self.starts[-1] != len(self.labels):
            raise Refused(f"images/ has {len(self.labels)} labels for {self.starts[-1]} images; write the folder again")

    def __len__(self):
        return len(self.labels)

    def batch(self, indices):
        shards = np.searchsorted(self.starts, indices, side="right") - 1
        rows = [self.shards[shard][index - self.starts[shard]] for shard, index in zip(shards, indices)]
        return torch.from_numpy(np.stack(rows)), self.labels[torch.from_numpy(indices)]

    def batches(self, indices, size):
        for start in range(0, len(indices), size):
            yield self.batch(indices[start:start + size])


def scaled(images):
    """From pixels to what the network reads, per channel."""
    shape = (1, -1, 1, 1) if RECIPE["layout"] == "NCHW" else (1, 1, 1, -1)
    mean = torch.tensor(RECIPE["mean"], device=images.device).view(shape)
    deviation = torch.tensor(RECIPE["standardDeviation"], device=images.device).view(shape)
    return (images.float() * RECIPE["scale"] - mean) / deviation


def augmented(images, random):
    """Each image moved by up to `crop` of its side over a mirrored border, and half of them flipped."""
    planes = images if RECIPE["layout"] == "NCHW" else images.permute(0, 3, 1, 2)
    (count, _, height, width), device = planes.shape, images.device
    border = round(RECIPE["crop"] * min(height, width))
    if border:
        wide = F.pad(planes.float(), (border,) * 4, mode="reflect").to(planes.dtype)
        top, left = torch.randint(0, 2 * border + 1, (2, count, 1), generator=random).to(device)
        rows, columns = top + torch.arange(height, device=device), left + torch.arange(width, device=device)
        number = torch.arange(count, device=device)[:, None, None]
        planes = wide[number, :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)
    if RECIPE["flip"]:
        flipped = (torch.rand(count, generator=random) < 0.5).to(device)
        planes = torch.where(flipped.view(-1, 1, 1, 1), planes.flip(3), planes)
    return planes if RECIPE["layout"] == "NCHW" else planes.permute(0, 2, 3, 1)
