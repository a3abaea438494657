"""The generator of tests/parity/seeded.ts in numpy: the same float32 values bit for bit."""
import math

import numpy as np


def key_hash(key):
    """FNV-1a."""
    value = 0x811C9DC5
    for byte in key.encode("ascii"):
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


def mixed(i, salt):
    """MurmurHash3's finaliser of (i * 2^32/phi) xor salt, of an array of uint32."""
    x = i.astype(np.uint32) * np.uint32(0x9E3779B1) ^ np.uint32(salt)
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    x = (x ^ (x >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return x ^ (x >> np.uint32(16))


def uniform(key, size, centre, spread, signs=False):
    values, salt = np.empty(size, np.float32), key_hash(key)
    for start in range(0, size, 1 << 20):  # in pieces, for memory's sake
        bits = mixed(np.arange(start, min(size, start + (1 << 20)), dtype=np.uint32), salt)
        piece = centre + spread * ((bits >> np.uint32(8)).astype(np.float64) * 2.0**-23 - 1)
        values[start : start + len(piece)] = np.where(bits & np.uint32(7), piece, -piece) if signs else piece
    return values


def parameter(key, name, shape):
    size = math.prod(shape)
    if name == "running_mean":
        values = uniform(key, size, 0, 0.2)
    elif name == "running_var":
        values = uniform(key, size, 1, 0.5)
    elif name == "bias":
        values = uniform(key, size, 0, 0.1)
    elif len(shape) == 1:
        values = uniform(key, size, 1, 0.5, True)
    else:
        values = uniform(key, size, 0, math.sqrt(6 / (size / shape[0])))
    return values.reshape(shape)


def picture(case, shape, amplitude):
    """[H, W, C]."""
    return uniform(f"{case}/input", math.prod(shape), 0, amplitude).reshape(shape)


def checksum(tensors, image):
    total = 0
    for key, values in [*tensors.items(), ("input", image)]:
        words = values.reshape(-1)[:256].view(np.uint32)
        total += int(mixed(words ^ np.arange(len(words), dtype=np.uint32), key_hash(key)).astype(np.uint64).sum())
    return total & 0xFFFFFFFF
