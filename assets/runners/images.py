"""Makes a network's input of a picture, as the export says: numpy alone; Pillow decodes files.

What says it is an entry of `images` in manifest.json, or of the list in a model's metadata under offramp.images.
Pixels come out as Offramp, Pillow and torchvision make them.
"""

import numpy as np

BITS = 22


def read_picture(path, upright=False):
    """An image file -> uint8 [height, width, 3], red first; `upright` turns photographs as the camera says."""
    from PIL import Image, ImageOps

    with Image.open(path) as picture:
        turned = ImageOps.exif_transpose(picture) if upright else picture
        return np.asarray(turned.convert("RGB"))


def make_input(picture, image):
    """uint8 [height, width, 3], red first -> the network's input at batch 1, as an entry of `images` describes it"""
    preprocess = image["preprocess"]
    height, width, channels = image["frame"]
    if preprocess is None or channels not in (1, 3):
        raise ValueError(f"nothing says how a picture becomes {image['name']}; give it as an array")
    framed = frame(picture, preprocess, height, width)
    if channels == 1 or preprocess["channels"] == "grey":
        weighted = framed.astype(np.int32) @ np.array([19595, 38470, 7471], np.int32)
        framed = np.repeat(((weighted + 32768) >> 16)[..., None], channels, axis=2)
    elif preprocess["channels"] == "bgr":
        framed = framed[..., ::-1]
    values = to_values(framed, preprocess, image)
    planes = values if image["layout"] == "NHWC" else values.transpose(2, 0, 1)
    return np.ascontiguousarray(planes).reshape([1 if side is None else side for side in image["shape"]])


def to_values(pixels, preprocess, image):
    """pixels [height, width, channels] -> what the network reads of each"""
    mean, deviation = (np.array(preprocess[name]) for name in ("mean", "standardDeviation"))
    values = (pixels * preprocess["scale"] - mean) / deviation
    if image["type"].startswith("float"):
        return values.astype(np.float32).astype(image["type"])
    if "quantisation" in image:
        values = values / image["quantisation"]["scale"] + image["quantisation"]["zeroPoint"]
    limits = np.iinfo(image["type"])
    return np.clip(np.floor(values + 0.5), limits.min, limits.max).astype(image["type"])


def frame(picture, preprocess, height, width):
    """Resizes and crops."""
    resized = resize(picture, resized_to(picture, preprocess.get("resize")), preprocess)
    crop = preprocess.get("centreCrop", resized.shape[:2])
    crop = (crop, crop) if isinstance(crop, int) else tuple(crop)
    top, left = (round((side - wanted) / 2) for side, wanted in zip(resized.shape, crop))
    is_too_small = any(side < wanted for side, wanted in zip(resized.shape, crop))
    if is_too_small or crop != (height, width):
        found = f"the picture is {picture.shape[0]}x{picture.shape[1]} and after preprocessing {resized.shape[0]}x{resized.shape[1]}"
        raise ValueError(f"{found}, expected {height}x{width} (height x width)")
    return resized[top : top + height, left : left + width]


def resized_to(picture, wanted):
    height, width = picture.shape[:2]
    if wanted is None:
        return height, width
    if not isinstance(wanted, int):
        return tuple(wanted)
    longer = int(wanted * max(height, width) / min(height, width))
    return (wanted, longer) if height <= width else (longer, wanted)


def resize(picture, size, how):
    """Resizes as Pillow does, and without antialias as torch's `interpolate` and OpenCV do."""
    if picture.shape[:2] == size:
        return picture
    if how["interpolation"] == "nearest":
        rows, columns = (nearest(before, after) for before, after in zip(picture.shape, size))
        return picture[rows][:, columns]
    (rows, down), (columns, across) = (weights(*sides, how) for sides in zip(picture.shape, size))
    if how["antialias"]:
        return along(0, along(1, picture, columns, fixed(across)), rows, fixed(down))
    floats = along(0, along(1, picture.astype(np.float32), columns, across), rows, down)
    return np.clip(np.rint(floats), 0, 255).astype(np.uint8)


def nearest(before, after):
    """The pixel under the middle of each place; steps are summed as Pillow sums them, so that ties fall alike."""
    steps = np.full(after, before / after)
    steps[0] *= 0.5
    return np.minimum(before - 1, np.cumsum(steps).astype(int))


def weights(before, after, how):
    """For each place the pixels that it is made of [after, taps], and how much of each [after, taps]."""
    is_cubic = how["interpolation"] == "bicubic"
    reach = 2 if is_cubic else 1
    scale = before / after
    if how["antialias"]:
        spread = max(1.0, scale)
        centre = (np.arange(after) + 0.5) * scale
        first = np.maximum(0, np.trunc(centre - reach * spread + 0.5)).astype(int)
        end = np.minimum(before, np.trunc(centre + reach * spread + 0.5)).astype(int)
        taps = first[:, None] + np.arange((end - first).max())
        share = kernel((taps - centre[:, None] + 0.5) / spread, is_cubic, -0.5)
        share[taps >= end[:, None]] = 0
        return np.minimum(taps, before - 1), share / np.cumsum(share, axis=1)[:, -1:]
    centre = (np.arange(after) + 0.5) * scale - 0.5
    taps = np.floor(centre).astype(int)[:, None] - reach + 1 + np.arange(2 * reach)
    return np.clip(taps, 0, before - 1), kernel(taps - centre[:, None], is_cubic, -0.75)


def kernel(distance, is_cubic, a):
    """Of a triangle, or Keys' cubic, doi:10.1109/TASSP.1981.1163711."""
    x = np.abs(distance)
    if not is_cubic:
        return np.maximum(0, 1 - x)
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    return np.where(x < 1, near, np.where(x < 2, (((x - 5) * x + 8) * x - 4) * a, 0))


def fixed(share):
    """Pillow's whole numbers."""
    return np.trunc(share * 2**BITS + np.sign(share) * 0.5).astype(np.int32)


def along(axis, data, taps, share):
    """Sums weighted pixels along an axis: in Pillow's whole numbers, or in floats."""
    is_fixed = share.dtype == np.int32
    shape = [-1 if at == axis else 1 for at in range(data.ndim)]
    total = 1 << (BITS - 1) if is_fixed else 0
    for tap in range(taps.shape[1]):
        total = total + data.take(taps[:, tap], axis).astype(share.dtype) * share[:, tap].reshape(shape)
    return np.clip(total >> BITS, 0, 255).astype(np.uint8) if is_fixed else total.astype(np.float32)
