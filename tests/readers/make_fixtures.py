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
import onnx
import onnxruntime.quantization as quantization
import safetensors.torch
import torch
from onnx import TensorProto, helper, numpy_helper
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
        self.fc = nn.Linear(12, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = torch.relu(self.bn(self.conv(x)))
        x = torch.max_pool2d(x, 2)
        return self.fc(torch.flatten(x, 1))


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
    # A root of 21 letters makes the directory's first entry as long as the records of zip64 (readers/zip.redundant.ts).
    torch.save(OrderedDict(w=torch.ones(2)), here / "mobilenet_v2-b0353104.pth")
    expect("mobilenet_v2-b0353104.pth", {"w": torch.ones(2)})
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


def save_onnx(name: str, nodes: list, initialisers: list, **more) -> None:
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, None)
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    graph = helper.make_graph(nodes, "graph", [x], [y], initialisers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="fixtures")
    onnx.save(model, here / name, **more)


def dequantised(numbers: np.ndarray, scale: np.ndarray, zero: np.ndarray, axis: int) -> torch.Tensor:
    """What onnxruntime makes of them."""
    import onnxruntime

    node = helper.make_node("DequantizeLinear", ["q", "s", "z"], ["y"], axis=axis)
    kinds = [helper.np_dtype_to_tensor_dtype(a.dtype) for a in (numbers, scale, zero)]
    inputs = [helper.make_tensor_value_info(n, k, a.shape) for n, k, a in zip("qsz", kinds, (numbers, scale, zero))]
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    model = helper.make_model(
        helper.make_graph([node], "g", inputs, [y]), opset_imports=[helper.make_opsetid("", 13)], ir_version=8
    )
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return torch.from_numpy(session.run(None, {"q": numbers, "s": scale, "z": zero})[0])


def onnx_types() -> None:
    """Every type, in raw_data and in the field of its own."""
    tensors = {k: v for k, v in every_type().items() if k != "empty"}
    kinds = {
        "f64": TensorProto.DOUBLE, "f32": TensorProto.FLOAT, "f16": TensorProto.FLOAT16, "bf16": TensorProto.BFLOAT16,
        "i64": TensorProto.INT64, "i32": TensorProto.INT32, "i16": TensorProto.INT16, "i8": TensorProto.INT8,
        "u8": TensorProto.UINT8, "bool": TensorProto.BOOL, "scalar": TensorProto.FLOAT,
    }  # fmt: skip
    raw, typed = [], []
    for name, tensor in tensors.items():
        bits = tensor.view(torch.int16).numpy() if name == "bf16" else tensor.numpy()
        raw.append(helper.make_tensor(name, kinds[name], list(tensor.shape), bits.tobytes(), raw=True))
        values = tensor.reshape(-1).to(torch.float32 if name == "bf16" else tensor.dtype).tolist()
        typed.append(helper.make_tensor(name, kinds[name], list(tensor.shape), values))
    relu = [helper.make_node("Relu", ["x"], ["y"])]
    for name, initialisers in (("raw", raw), ("typed", typed)):
        save_onnx(f"onnx-{name}.onnx", relu, initialisers)
        expect(f"onnx-{name}.onnx", tensors, layers=["Relu"])


def onnx_folded() -> None:
    """What stands between a stored tensor and its layer."""
    w = torch.arange(6, dtype=torch.float32).reshape(2, 3)
    k = torch.arange(36, dtype=torch.float32).reshape(2, 3, 3, 2) / 4
    q = np.array([[-128, 0, 127], [1, 2, 3]], np.int8)
    scale, zero = np.array([0.5, 0.1], np.float32), np.array([3, -4], np.int8)
    of = numpy_helper.from_array
    shape = lambda name, *sizes: of(np.array(sizes, np.int64), name)
    node = helper.make_node
    nodes = [
        node("Constant", [], ["constant"], value=of(w.numpy() + 1, "ignored")),
        node("Constant", [], ["floats"], value_floats=[1.5, -2.0]),
        node("ConstantOfShape", ["shape43"], ["filled"], value=helper.make_tensor("v", TensorProto.FLOAT, [1], [0.25])),
        node("ConstantOfShape", ["shape3"], ["zeros"]),
        node("Identity", ["w"], ["same"]),
        node("Transpose", ["w"], ["w_turned"]),
        node("Transpose", ["k"], ["k_turned"], perm=[3, 1, 0, 2]),
        node("Reshape", ["w", "shape_rest"], ["w_flat"]),
        node("Unsqueeze", ["floats", "axes"], ["floats_wide"]),
        node("DequantizeLinear", ["q", "q_scale", "q_zero"], ["q_float"], axis=0),
        node("Transpose", ["q_float"], ["q_turned"]),
        node("Cast", ["half"], ["half_cast"], to=TensorProto.FLOAT),
        node("MatMul", ["x", "w_turned"], ["x1"]),
        node("Sum", ["x1", "same", "w", "w_flat", "k_turned", "constant"], ["x2"]),
        node("Sum", ["x2", "floats_wide", "filled", "zeros", "q_turned", "half_cast"], ["y"]),
    ]
    half = torch.tensor([0.1, 2.0], dtype=torch.float16)
    stored = [
        of(w.numpy(), "w"), of(k.numpy(), "k"), of(q, "q"), of(scale, "q_scale"), of(zero, "q_zero"),
        of(half.numpy(), "half"), shape("shape43", 4, 3), shape("shape3", 3), shape("shape_rest", -1),
        shape("axes", 1, 2), of(np.ones(2, np.float32), "unused"),
    ]  # fmt: skip
    save_onnx("onnx-folded.onnx", nodes, stored)
    q_float = dequantised(q, scale, zero, 0)
    expect(
        "onnx-folded.onnx",
        {
            "w": w, "unused": torch.ones(2), "constant": w + 1, "same": w, "w_turned": w.t(), "w_flat": w.reshape(-1),
            "k_turned": k.permute(3, 1, 0, 2), "floats_wide": torch.tensor([1.5, -2.0]).reshape(2, 1, 1),
            "filled": torch.full((4, 3), 0.25), "zeros": torch.zeros(3), "q_turned": q_float.t(), "half_cast": half,
        },
        layers=["MatMul", "Sum", "Sum"],
    )  # fmt: skip


def onnx_exported() -> None:
    net = small()
    x = torch.zeros(1, 2, 6, 6)
    torch.onnx.export(net, (x,), here / "export-old.onnx", dynamo=False, do_constant_folding=False, verbose=False)
    strip("export-old.onnx")
    torch.onnx.export(net, (x,), here / "export-new.onnx", dynamo=True, external_data=False, verbose=False)
    strip("export-new.onnx")
    for name in ("export-old.onnx", "export-new.onnx"):
        model = onnx.load(here / name)
        stored = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in model.graph.initializer}
        expect(name, stored, layers=[n.op_type for n in model.graph.node if n.op_type != "Constant"])
    onnx.save(
        onnx.load(here / "export-old.onnx"), here / "external.onnx", save_as_external_data=True, location="gone.data",
        size_threshold=0,
    )  # fmt: skip
    (here / "gone.data").unlink()


def strip(name: str) -> None:
    """Without the exporter's notes on where in which source file each operation was."""
    model = onnx.load(here / name)
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    for value in [*model.graph.value_info, *model.graph.input, *model.graph.output, *model.graph.initializer]:
        del value.metadata_props[:]
    del model.graph.metadata_props[:]
    onnx.save(model, here / name)


class Readings(quantization.CalibrationDataReader):
    def __init__(self, name: str) -> None:
        torch.manual_seed(7)
        self.left = [{name: torch.randn(1, 2, 6, 6).numpy()} for _ in range(4)]

    def get_next(self):
        return self.left.pop() if self.left else None


def onnx_quantised() -> None:
    """The two ways in which onnxruntime quantises, per tensor and per channel."""
    source = here / "to-quantise.onnx"
    torch.onnx.export(small(), (torch.zeros(1, 2, 6, 6),), source, dynamo=False, verbose=False)
    entry = onnx.load(source).graph.input[0].name
    for form in ("QDQ", "QOperator"):
        for per_channel in (False, True):
            name = f"quantised-{form}-{'channel' if per_channel else 'tensor'}.onnx".lower()
            quantization.quantize_static(
                source, here / name, Readings(entry), quant_format=quantization.QuantFormat[form],
                per_channel=per_channel, activation_type=quantization.QuantType.QUInt8,
                weight_type=quantization.QuantType.QInt8,
            )  # fmt: skip
            strip(name)
            expect_quantised(name)
    source.unlink()


def expect_quantised(name: str) -> None:
    """Weights and biases as onnxruntime's own DequantizeLinear sees them."""
    model = onnx.load(here / name)
    stored = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    floats: dict[str, torch.Tensor] = {}

    def add(key: str, number: str, scale: np.ndarray, zero: np.ndarray, axis: int) -> None:
        scale, zero = scale.reshape(-1), zero.reshape(-1)
        if scale.size == 1:
            scale, zero = scale.reshape(()), zero.reshape(())
        floats[key] = dequantised(stored[number], scale, zero, axis)

    for node in model.graph.node:
        inputs = list(node.input)
        if node.op_type == "DequantizeLinear" and inputs[0] in stored:
            axis = next((a.i for a in node.attribute if a.name == "axis"), 1)
            add(node.output[0], inputs[0], stored[inputs[1]], stored[inputs[2]], axis)
        if node.op_type in ("QLinearConv", "QGemm"):
            weight, scale, zero = inputs[3:6]
            bias = inputs[8] if node.op_type == "QLinearConv" else inputs[6]
            turned = any(a.name == "transB" and a.i == 1 for a in node.attribute)
            add(weight, weight, stored[scale], stored[zero], 0 if node.op_type == "QLinearConv" or turned else 1)
            product = stored[inputs[1]] * stored[scale]
            add(bias, bias, product, np.zeros(product.shape, np.int32), 0)
    types = {"QLinearConv": "Conv", "com.microsoft.QGemm": "Gemm"}
    made = set(floats)
    layers = []
    for node in model.graph.node:
        if node.op_type == "DequantizeLinear" and node.output[0] in made:
            continue
        kind = f"{node.domain}.{node.op_type}" if node.domain not in ("", "ai.onnx") else node.op_type
        layers.append(types.get(kind, kind))
    expect(name, floats, layers=layers, some=True)


if __name__ == "__main__":
    pytorch()
    safe()
    onnx_types()
    onnx_folded()
    onnx_exported()
    onnx_quantised()
    (here / "expected.json").write_text(json.dumps(expected, indent=None) + "\n")
    print(sum(f.stat().st_size for f in here.iterdir()), "bytes in", len(list(here.iterdir())), "files")
