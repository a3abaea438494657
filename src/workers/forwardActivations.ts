import { keep as keepTensor } from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { ConvScopeError } from '../models/errors.ts';
import type { Node } from '../models/graph.ts';
import { loadPrograms } from './forwardPrograms.ts';
import type { Switches } from './switches.ts';

/** The activations of one forward pass; whoever ran it disposes them. Do not dispose while a projection reads them. */
export class Activations {
  private readonly tensors = new Map<string, Tensor4D>();
  private readonly recipes = new Map<string, () => Tensor4D>();
  private readonly switchesOf = new Map<string, Switches>();

  /** `lost` says of an activation that is not here why it is not. */
  constructor(
    private readonly nodes: ReadonlyMap<string, Node>,
    private readonly lost = 'its activation was not kept',
  ) {}

  /** The activation of a node, `[1, height, width, channels]`; still owned by this object. */
  get(id: string): Tensor4D {
    const tensor = this.tensors.get(id) ?? this.remade(id);
    if (tensor) return tensor;
    const why = this.nodes.has(id) ? this.lost : 'the network has no such layer';
    throw new ConvScopeError('unknown-layer', `${id}: ${why}.`, { node: id });
  }

  has(id: string): boolean {
    return this.tensors.has(id) || this.recipes.has(id);
  }

  /** The recorded maxima of a max-pooling node, found on first use and kept. */
  async switches(id: string): Promise<Switches> {
    const known = this.switchesOf.get(id);
    if (known) return known;
    const node = this.nodes.get(id);
    if (node?.op.kind !== 'maxPool') {
      throw new ConvScopeError('unknown-layer', `${id}: is not a max-pooling layer, it has no switches.`, {
        node: id,
      });
    }
    const programs = await loadPrograms();
    const found = await programs.switches(this.get(node.inputs[0] ?? ''), node.op, node.shape);
    // Two callers may have searched at once: the first result stays.
    const first = this.switchesOf.get(id);
    if (first) {
      found.dispose();
      return first;
    }
    this.switchesOf.set(id, found);
    return found;
  }

  /** Hands a tensor over to this object. */
  keep(id: string, tensor: Tensor4D): void {
    this.tensors.set(id, tensor);
  }

  /** Says how to make an activation that the pass did not need by itself; made when first asked for. */
  remake(id: string, recipe: () => Tensor4D): void {
    this.recipes.set(id, recipe);
  }

  free(id: string): void {
    this.tensors.get(id)?.dispose();
    this.tensors.delete(id);
  }

  dispose(): void {
    for (const tensor of this.tensors.values()) tensor.dispose();
    for (const switches of this.switchesOf.values()) switches.dispose();
    this.tensors.clear();
    this.recipes.clear();
    this.switchesOf.clear();
  }

  private remade(id: string): Tensor4D | undefined {
    const made = this.recipes.get(id)?.();
    // A tidy around the caller must not take away what this object owns.
    if (made) this.tensors.set(id, keepTensor(made));
    return made;
  }
}
