"""Training images that take more room than there is for shards: decoded from their own files whenever they are asked for."""
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch

from data import Images
from folder import HERE, RECIPE, Refused, arrays

LIST = HERE / "images" / "files.json"


def training_images():
    return ImageFiles() if LIST.exists() else Images()


class ImageFiles(Images):
    """Files that Pillow decodes, resizes and crops as torchvision does; needs Pillow beside PyTorch and NumPy."""

    def __init__(self):
        try:
            from PIL import Image, ImageOps
        except ImportError:
            raise Refused("images/files.json lists images that Pillow has to decode; install Pillow, or write the folder with a larger --image-budget")
        self.image, self.upright = Image, ImageOps.exif_transpose
        self.about = json.loads(LIST.read_text())
        self.paths = [Path(self.about["root"], path) for path in self.about["files"]]
        self.labels = torch.tensor(self.about["labels"])
        processes = int(os.environ.get("LOCAL_WORLD_SIZE", os.environ.get("WORLD_SIZE", 1)))
        self.threads = ThreadPoolExecutor(max(1, os.cpu_count() // processes))
        self.compare()

    def batch(self, indices):
        return torch.from_numpy(np.stack([*self.threads.map(self.decoded, indices)])), self.labels[torch.from_numpy(indices)]

    def decoded(self, index):
        """One image as the network's bytes, [C, H, W] or [H, W, C]."""
        path, about = self.paths[index], self.about
        try:
            with self.image.open(path) as file:
                image = (self.upright(file) if about["exifOrientation"] else file).convert("L" if about["isGrey"] else "RGB")
        except OSError as error:
            raise Refused(f"{path} can't be read ({error}); images/files.json says under root where its files lie")
        pixels = np.asarray(self.cropped(self.resized(image)))
        pixels = pixels[:, :, None].repeat(about["channels"], 2) if about["isGrey"] else pixels[:, :, ::-1 if about["isBgr"] else 1]
        return pixels.transpose(2, 0, 1) if RECIPE["layout"] == "NCHW" else pixels

    def resized(self, image):
        """To [height, width], or the shorter side to so many pixels, the longer one rounded down."""
        size = self.about["resize"]
        if size is None:
            return image
        short, long = min(image.size), max(image.size)
        side = int(size * long / short) if isinstance(size, int) else None
        height, width = size if side is None else (size, side) if image.height <= image.width else (side, size)
        how = {"bilinear": self.image.BILINEAR, "bicubic": self.image.BICUBIC, "nearest": self.image.NEAREST}
        return image.resize((width, height), how[self.about["interpolation"]])

    def cropped(self, image):
        height, width = self.about["height"], self.about["width"]
        top, left = round((image.height - height) / 2), round((image.width - width) / 2)
        return image.crop((left, top, left + width, top + height))

    def compare(self):
        """Decoders differ by a rounding here and there; other pixels would be other images than those that Offramp runs."""
        wanted = arrays("reference.npz")["images"]
        own = self.batch(np.arange(len(wanted)))[0].numpy()
        off = np.abs(own.astype(int) - wanted).mean()
        if off > 0.5:
            raise Refused(f"Pillow makes other pixels of the first images than Offramp, by {off:.2f} of 255 in the mean; write the folder with a larger --image-budget")
