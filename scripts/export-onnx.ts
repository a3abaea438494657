/**
 * Writes a network of ours with the weights of a file as ONNX: `npx tsx scripts/export-onnx.ts NETWORK WEIGHTS OUT.onnx`.
 * The input is `[1, channels, height, width]`, prepared as the weights want it; the output is the network's last node.
 */
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Network } from '../src/models/network.ts';
import { buildNetwork } from '../src/models/zoo/index.ts';
import { openTensorFile } from '../src/workers/readers/open.ts';
import { fileSource } from '../src/workers/shelf.disk.node.ts';
import { matchedParameters, matchWeights } from '../src/workers/weights.ts';
import { onnxPieces } from './export-onnx.graph.ts';
import { byteCount } from './export-onnx.wire.ts';

/** Bytes written. `outputs`: ids of nodes whose values the model gives. Throws what reading and matching the file throw. */
export async function exportOnnx(
  network: Network,
  weights: string,
  out: string,
  outputs?: readonly string[],
): Promise<number> {
  const file = await openTensorFile(fileSource(weights, basename(weights), (await stat(weights)).size));
  const source = matchedParameters(matchWeights(network, file, basename(weights)), file);
  const pieces = onnxPieces(network.graph, source, network.ref, outputs);
  const size = byteCount(pieces);
  if (size >= 2 ** 31)
    throw new Error(`${network.ref} would be ${size} bytes of ONNX: protobuf ends at 2 GiB`);
  const target = await open(out, 'w');
  try {
    for (const piece of pieces) {
      const values = 'bytes' in piece ? await piece.read() : piece;
      await target.writeFile(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    }
  } finally {
    await target.close();
  }
  return size;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [ref, weights, out] = process.argv.slice(2);
  if (ref === undefined || weights === undefined || out === undefined)
    throw new Error('say what to write: export-onnx.ts NETWORK WEIGHTS OUT.onnx');
  const size = await exportOnnx(buildNetwork(ref), weights, out);
  console.log(`${out}: ${size} bytes`);
}
