"""Writes the files in fixtures/ with the libraries that write such files in the world, and expected.json with what
must be read from them. Run from this folder: python make_fixtures.py (torch, numpy, safetensors, onnx, onnxruntime)."""

import copy
import io
import json
import pickle
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy as np
import safetensors.torch
import torch
from torch import nn

here = Path(__file__).parent / "fixtures"
here.mkdir(exist_ok=True)
expected: dict[str, dict] = {}


def listed(tensor: torch.Tensor) -> dict:
    values = tensor.detach().to(torch.float32).reshape(-1)
    return {"shape": list(tensor.shape), "values": [float(v) for v in values]}


def expect(name: str, tensors: dict[str, torch.Tensor], **more) -> None:
    expected[name] = {"tensors": {k: listed(v) for k, v in tensors.items()}, **more}


class Small(nn.Module):
    """Convolution, batch normalisation and a dense layer: the tensors of most networks."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(2, 3, 3, bias=False)
        self.bn = nn.BatchNorm2d(3)
        self.fc = nn.Linear(6, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = torch.relu(self.bn(self.conv(x)))
        x = torch.max_pool2d(x, 2)
        return self.fc(torch.flatten(x, 1)[:, :6])


def small() -> Small:
    torch.manual_seed(5)
    net = Small()
    net.bn.running_mean.uniform_(-1, 1)
    net.bn.running_var.uniform_(0.5, 2)
    net.bn.num_batches_tracked.fill_(12)
    return net.eval()


def every_type() -> dict[str, torch.Tensor]:
    return {
        "f64": torch.tensor([[1.5, -2.25], [1e-3, 3.0]], dtype=torch.float64),
        "f32": torch.tensor([0.1, -7.0, 3e-8]),
        "f16": torch.tensor([1.0, -0.5, 65504.0, 6e-8], dtype=torch.float16),
        "bf16": torch.tensor([[-256.0], [0.007]], dtype=torch.bfloat16),
        "i64": torch.tensor([-(2**40), 7], dtype=torch.int64),
        "i32": torch.tensor([-70000, 9], dtype=torch.int32),
        "i16": torch.tensor([-300, 300], dtype=torch.int16),
        "i8": torch.tensor([-128, 127], dtype=torch.int8),
        "u8": torch.tensor([0, 255], dtype=torch.uint8),
        "bool": torch.tensor([True, False, True]),
        "scalar": torch.tensor(42.0),
        "empty": torch.zeros(0, 3),
    }


def views() -> OrderedDict:
    base = torch.arange(24, dtype=torch.float32)
    kernel = torch.arange(2 * 3 * 2 * 2, dtype=torch.float32).reshape(2, 3, 2, 2) / 8
    tied = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    return OrderedDict(
        transposed=base[:12].reshape(3, 4).t(),
        slice=base[4:10],
        columns=base.reshape(4, 6)[:, 1::2],
        channels_last=kernel.contiguous(memory_format=torch.channels_last),
        permuted=base.reshape(2, 3, 4).permute(2, 0, 1),
        tied_a=tied,
        tied_b=tied,
        tied_t=tied.t(),
        parameter=nn.Parameter(torch.tensor([5.0, -6.0])),
        half_view=torch.arange(10, dtype=torch.float16)[3:7],
    )


def pytorch() -> None:
    for name, legacy in (("zip", False), ("legacy", True)):
        options = {"_use_new_zipfile_serialization": not legacy}
        state = small().state_dict()
        torch.save(state, here / f"{name}-small.pth", **options)
        expect(f"{name}-small.pth", state)
        torch.save(every_type(), here / f"{name}-types.pth", **options)
        expect(f"{name}-types.pth", every_type())
        torch.save(views(), here / f"{name}-views.pth", **options)
        expect(f"{name}-views.pth", views())
        for protocol in (3, 4, 5):
            torch.save(views(), here / f"{name}-protocol{protocol}.pth", pickle_protocol=protocol, **options)
            expect(f"{name}-protocol{protocol}.pth", views())
        parallel = nn.DataParallel(small()).state_dict()
        optimiser = torch.optim.SGD(small().parameters(), lr=0.1, momentum=0.9)
        checkpoint = {"epoch": 3, "arch": "small", "state_dict": parallel, "optimizer": optimiser.state_dict()}
        torch.save(checkpoint, here / f"{name}-checkpoint.pth", **options)
        expect(f"{name}-checkpoint.pth", state, metadata={"container": "state_dict", "prefix": "module."})
        torch.save({"model": state, "best": 0.5, "note": None}, here / f"{name}-model.pth", **options)
        expect(f"{name}-model.pth", state, metadata={"container": "model"})
        # Refused: a whole module, and something that only NumPy can make.
        torch.save(nn.Linear(2, 2), here / f"{name}-module.pth", **options)
        torch.save({"w": torch.ones(2), "best": np.float64(0.5)}, here / f"{name}-numpy.pth", **options)
        torch.save(torch.ones(3), here / f"{name}-tensor.pth", **options)
        torch.save({"w": torch.ones(1).expand(5)}, here / f"{name}-expanded.pth", **options)
    big_endian()
    torchscript()
    without_paths(here / "legacy-module.pth")
    np.savez(here / "arrays.npz", a=np.ones(3))
    np.save(here / "array.npy", np.ones(3))
    (here / "plain.pkl").write_bytes(pickle.dumps({"w": [1.0, 2.0]}))
    compressed()


def big_endian() -> None:
    """As a machine of the other byte order would have written it; PyTorch itself says whether it is right."""
    written = io.BytesIO()
    torch.save(OrderedDict(w=torch.tensor([1.5, -2.0, 3e-5]), n=torch.tensor([7, -9])), written)
    source = zipfile.ZipFile(written)
    writer = torch._C.PyTorchFileWriter(str(here / "zip-bigendian.pth"))
    for info in source.infolist():
        name = info.filename.split("/", 1)[1]
        data = source.read(info)
        if name == "byteorder":
            data = b"big"
        if name.startswith("data/"):
            size = 4 if len(data) == 12 else 8
            data = np.frombuffer(data, f"V{size}").tobytes()
            data = b"".join(data[i : i + size][::-1] for i in range(0, len(data), size))
        if name not in (".format_version", ".storage_alignment", "version") and not name.startswith(".data"):
            writer.write_record(name, data, len(data))
    writer.write_end_of_file()
    expect("zip-bigendian.pth", torch.load(here / "zip-bigendian.pth"))


def torchscript() -> None:
    """Without its debugging records, which name folders of the machine that wrote it."""
    written = io.BytesIO()
    torch.jit.save(torch.jit.script(nn.Linear(2, 2)), written)
    source = zipfile.ZipFile(written)
    with zipfile.ZipFile(here / "torchscript.pt", "w", zipfile.ZIP_STORED) as out:
        for info in source.infolist():
            if not info.filename.endswith(".debug_pkl"):
                out.writestr(info.filename, source.read(info))


def without_paths(path: Path) -> None:
    """The legacy format keeps where each class was defined: another folder of the same length in its place."""
    folder = str(Path(torch.__file__).parent.parent).encode()
    path.write_bytes(path.read_bytes().replace(folder, b"/" + b"x" * (len(folder) - 1)))


def compressed() -> None:
    source = zipfile.ZipFile(here / "zip-small.pth")
    with zipfile.ZipFile(here / "zip-compressed.pth", "w", zipfile.ZIP_DEFLATED) as out:
        for info in source.infolist():
            out.writestr(info.filename, source.read(info))
    # Python's own packer instead of PyTorch's, without compression: read like the original.
    with zipfile.ZipFile(here / "zip-repacked.pth", "w", zipfile.ZIP_STORED) as out:
        for info in source.infolist():
            with out.open(zipfile.ZipInfo(info.filename), "w", force_zip64=True) as entry:
                entry.write(source.read(info))
    expect("zip-repacked.pth", small().state_dict())


def safe() -> None:
    safetensors.torch.save_file(every_type(), here / "types.safetensors", metadata={"format": "pt"})
    expect("types.safetensors", every_type(), metadata={"format": "pt"})
    safetensors.torch.save_file({"w": torch.ones(4).to(torch.float8_e4m3fn)}, here / "f8.safetensors")


if __name__ == "__main__":
    pytorch()
    safe()
    (here / "expected.json").write_text(json.dumps(expected, indent=None) + "\n")
    print(sum(f.stat().st_size for f in here.iterdir()), "bytes in", len(list(here.iterdir())), "files")
