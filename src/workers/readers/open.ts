import { corrupt, truncated, unreadable } from './failures.ts';
import { refuse, seemsLegacyPytorch, seemsOnnx, seemsSafetensors, seemsZip } from './sniff.ts';
import { checkedSource } from './source.ts';
import type { ByteSource, TensorFile } from './tensorFile.ts';

/** Enough for every format's mark; tar's is the last, at byte 257. */
const headBytes = 1024;

/** The largest network here has some seven thousand. */
const mostTensors = 50_000;
const longestName = 1000;

/**
 * Opens a weight file of any format that is read here, told by its content and not by its name: safetensors, PyTorch
 * (zip and the format before it), ONNX. Reads the directory only. Throws 'weights-format' with what the file is instead
 * and a way out, 'weights-truncated' or 'weights-corrupt'.
 */
export async function openTensorFile(source: ByteSource): Promise<TensorFile> {
  const checked = checkedSource(source);
  const { name, size } = checked;
  if (size === 0) throw truncated(name, 'it is empty', 0);
  const head = await checked.read(0, Math.min(headBytes, size));
  const open = readerOf(head, size);
  if (!open) throw refuse(head, size, name);
  return checkNames(await open(checked));
}

type Reader = (source: ByteSource) => Promise<TensorFile>;

/** Each reader is a chunk of its own, so that a page that never opens such a file never loads it. */
function readerOf(head: Uint8Array, size: number): Reader | null {
  if (seemsSafetensors(head, size)) return async (s) => (await import('./safetensors.ts')).openSafetensors(s);
  if (seemsZip(head)) return async (s) => (await import('./pytorch.zip.ts')).openPytorchZip(s);
  if (seemsLegacyPytorch(head))
    return async (s) => (await import('./pytorch.legacy.ts')).openPytorchLegacy(s);
  if (seemsOnnx(head)) return async (s) => (await import('./onnx.ts')).openOnnx(s);
  return null;
}

/** All tensors are compared with those of every network: more, or longer names, than any has would only take time. */
function checkNames(opened: TensorFile): TensorFile {
  const { name, tensors } = opened;
  if (tensors.size > mostTensors) {
    const what = `holds ${tensors.size} tensors, over ${mostTensors}`;
    throw unreadable(name, 'part', what, 'No network here has so many.');
  }
  for (const tensor of tensors.keys()) {
    if (tensor.length > longestName) throw corrupt(name, `a tensor's name has ${tensor.length} characters`);
  }
  return opened;
}
