import { ConvScopeError } from '../../models/errors.ts';
import type { Network } from '../../models/network.ts';
import { nodeParameters } from '../../models/parameters.ts';

/** Name and shape of each tensor that a `.safetensors` file announces in its header. */
export type TensorShapes = ReadonlyMap<string, readonly number[]>;

const headerLimitBytes = 64 * 2 ** 20;

/** Reads the header alone, so that a file of any size is judged at once. Throws 'weights-format'. */
export async function readTensorShapes(file: Blob, name: string): Promise<TensorShapes> {
  const refuse = (reason: string) =>
    new ConvScopeError('weights-format', `${name} is not a safetensors file: ${reason}.`, {
      file: name,
      name,
      reason,
    });
  if (file.size < 8) throw refuse(`it has ${file.size} bytes`);
  const length = Number(new DataView(await file.slice(0, 8).arrayBuffer()).getBigUint64(0, true));
  if (length > headerLimitBytes || length + 8 > file.size) throw refuse('its header does not fit into it');
  let header: unknown;
  try {
    header = JSON.parse(await file.slice(8, 8 + length).text());
  } catch {
    throw refuse('its header is not JSON');
  }
  const shapes = new Map<string, readonly number[]>();
  for (const [tensor, entry] of Object.entries(header ?? {})) {
    if (tensor === '__metadata__') continue;
    const shape: unknown = (entry as { shape?: unknown }).shape;
    if (!Array.isArray(shape)) throw refuse(`tensor ${tensor} has no shape`);
    shapes.set(tensor, shape as readonly number[]);
  }
  return shapes;
}

/** What stands between a file and a network, by the best of the network's name maps. */
export interface Fit {
  readonly ref: string;
  readonly matched: number;
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
  readonly wrongShape: readonly string[];
}

/** Compares a file's tensors with what a network wants under each naming that it knows; the closest counts. */
export function fitOf(network: Network, tensors: TensorShapes): Fit {
  const fits = Object.values(network.names).map((nameOf): Fit => {
    const missing: string[] = [];
    const wrongShape: string[] = [];
    const wanted = new Set<string>();
    for (const node of network.graph.nodes) {
      for (const parameter of nodeParameters(network.graph, node)) {
        const name = nameOf(node, parameter.name);
        if (name === null) continue;
        wanted.add(name);
        const shape = tensors.get(name);
        if (!shape) missing.push(name);
        else if (shape.join() !== parameter.shape.join()) {
          wrongShape.push(`${name}: [${shape.join(', ')}] instead of [${parameter.shape.join(', ')}]`);
        }
      }
    }
    const unexpected = [...tensors.keys()].filter(
      // PyTorch's batch counters carry no weight; every checkpoint with batch normalisation has them.
      (name) => !wanted.has(name) && !name.endsWith('num_batches_tracked'),
    );
    const matched = wanted.size - missing.length - wrongShape.length;
    return { ref: network.ref, matched, missing, unexpected, wrongShape };
  });
  const none: Fit = { ref: network.ref, matched: 0, missing: [], unexpected: [], wrongShape: [] };
  return fits.reduce((best, fit) => (distance(fit) < distance(best) ? fit : best), fits[0] ?? none);
}

/** The network that a file fits exactly; throws 'weights-mismatch' with the closest one's differences. */
export function networkThatFits(networks: readonly Network[], tensors: TensorShapes, file: string): Network {
  const fits = networks.map((network) => ({ network, fit: fitOf(network, tensors) }));
  const exact = fits.find(({ fit }) => fit.matched > 0 && distance(fit) === 0);
  if (exact) return exact.network;
  const closest = fits.reduce((best, next) => (distance(next.fit) < distance(best.fit) ? next : best));
  const { missing, unexpected, wrongShape } = closest.fit;
  throw new ConvScopeError(
    'weights-mismatch',
    `${file} fits no network. The closest is ${closest.network.ref}: ${missing.length} tensors missing, ` +
      `${unexpected.length} unexpected, ${wrongShape.length} of another shape.`,
    { file, network: closest.network.ref, missing, unexpected, wrongShape, misshaped: wrongShape },
  );
}

function distance(fit: Fit): number {
  return fit.missing.length + fit.unexpected.length + fit.wrongShape.length;
}
