import { truncated } from './failures.ts';
import { refuse, seemsLegacyPytorch, seemsOnnx, seemsSafetensors, seemsZip } from './sniff.ts';
import { checkedSource } from './source.ts';
import type { ByteSource, TensorFile } from './tensorFile.ts';

/** Enough for every format's mark; tar's is the last, at byte 257. */
const headBytes = 1024;

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
  // Each reader is a chunk of its own, so that a page that never opens such a file never loads it.
  if (seemsSafetensors(head, size)) return (await import('./safetensors.ts')).openSafetensors(checked);
  if (seemsZip(head)) return (await import('./pytorch.zip.ts')).openPytorchZip(checked);
  if (seemsLegacyPytorch(head)) return (await import('./pytorch.legacy.ts')).openPytorchLegacy(checked);
  if (seemsOnnx(head)) return (await import('./onnx.ts')).openOnnx(checked);
  throw refuse(head, size, name);
}
