import { weightSize } from './checkpointOnnx.ts';
import type { Unit, UnitGraph } from './checkpointOnnx.ts';
import { agreement, averagesNothing } from './checkpointOnnxOps.ts';
import type { Graph, Node } from './graph.ts';
import { inputShapes, logitsNode, nodeById } from './lookup.ts';
import { elements } from './shape.ts';

/**
 * Which layer of an ONNX file is which node of a network. Both are walked from the class scores towards the picture; a
 * sum's branches are told apart by what they compute, a concatenation's by their places, so that neither names nor
 * the order in which the exporter wrote the branches matters.
 */

export interface Alignment {
  /** The file's unit of each node with parameters. */
  readonly units: ReadonlyMap<string, Unit>;
  /** Convolutions into which the file has multiplied the normalisation that follows them. */
  readonly folded: ReadonlySet<string>;
  readonly differs: readonly string[];
}

/** What is computed from the picture up to a unit, as a number: equal numbers, equal computations. */
type Digests = Map<unknown, number>;

/** Hands out one number for each text. */
class Interner {
  private readonly numbers = new Map<string, number>();
  of(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    this.numbers.set(text, this.numbers.size);
    return this.numbers.size - 1;
  }
}

/**
 * What a concatenation joins in the end, where it joins concatenations: DenseNet is written flat and nested. Ends early
 * when there is more than the network can have.
 */
function joined<T>(whole: T, partsOf: (each: T) => readonly T[] | null, most: number): readonly T[] {
  const found: T[] = [];
  const open = [whole];
  while (open.length > 0 && found.length <= most) {
    const each = open.pop()!;
    const parts = partsOf(each);
    if (parts && parts.length <= most) open.push(...parts.toReversed());
    else found.push(each);
  }
  return found;
}

const joinedNodes = (graph: Graph, node: Node): readonly Node[] =>
  joined(
    node,
    ({ op, inputs }) => (op.kind === 'concat' ? inputs.map((id) => nodeById(graph, id)) : null),
    graph.nodes.length,
  );
const joinedUnits = (unit: Unit, most: number): readonly Unit[] =>
  joined(unit, ({ kind, inputs }) => (kind === 'concat' ? inputs : null), most);

const sorted = (numbers: readonly number[]): readonly number[] => numbers.toSorted((a, b) => a - b);

/** Layers with weights by filters and numbers, joins by their branches; what may be written in two ways counts as nothing. */
function nodeDigests(graph: Graph, interner: Interner): Digests {
  const digests: Digests = new Map();
  for (const node of graph.nodes) {
    const from = node.inputs.map((id) => digests.get(nodeById(graph, id))!);
    const { op } = node;
    const [input = node.shape] = inputShapes(graph, node);
    const own = (text: string): number => interner.of(`${text}(${from.join()})`);
    if (op.kind === 'conv') {
      const weights = op.filters * (input[2] / op.groups) * op.kernel[0] * op.kernel[1];
      digests.set(node, own(`weights ${op.filters} ${weights}`));
    } else if (op.kind === 'dense')
      digests.set(node, own(`weights ${op.units} ${op.units * elements(input)}`));
    else if (op.kind === 'add') digests.set(node, interner.of(`add(${sorted(from).join()})`));
    else if (op.kind === 'concat') {
      const parts = joinedNodes(graph, node).map((each) => digests.get(each)!);
      digests.set(node, interner.of(`concat(${parts.join()})`));
    } else if (from.length === 1 && transparent.has(op.kind)) digests.set(node, from[0]!);
    else digests.set(node, own(averages.has(op.kind) ? 'average' : op.kind));
  }
  return digests;
}

const transparent = new Set(['batchNorm', 'dropout', 'softmax']);
const averages = new Set(['avgPool', 'globalAvgPool']);

function unitDigests(
  { units }: UnitGraph,
  shapeOf: (tensor: string) => readonly number[],
  interner: Interner,
  most: number,
): Digests {
  const digests: Digests = new Map();
  for (const unit of units) {
    const from = unit.inputs.map((each) => digests.get(each)!);
    const own = (text: string): number => interner.of(`${text}(${from.join()})`);
    if (unit.weight) {
      digests.set(unit, own(`weights ${weightSize(unit.weight, shapeOf(unit.weight.tensor))}`));
    } else if (unit.kind === 'add') digests.set(unit, interner.of(`add(${sorted(from).join()})`));
    else if (unit.kind === 'concat') {
      const parts = joinedUnits(unit, most).map((each) => digests.get(each)!);
      digests.set(unit, interner.of(`concat(${parts.join()})`));
    } else if (from.length === 1 && (unit.kind === 'norm' || unit.kind === 'softmax'))
      digests.set(unit, from[0]!);
    else digests.set(unit, own(unit.kind === 'avgPool' ? 'average' : unit.kind));
  }
  return digests;
}

/** The alignment, or a sentence with the first place where file and network differ. */
export function align(
  graph: Graph,
  file: UnitGraph,
  shapeOf: (tensor: string) => readonly number[],
): Alignment | string {
  return new Walk(graph, file, shapeOf).run();
}

class Walk {
  private readonly nodeDigests: Digests;
  private readonly unitDigests: Digests;
  private readonly unitOf = new Map<Node, Unit>();
  private readonly nodeOf = new Map<Unit, Node>();
  private readonly folded = new Set<string>();
  private readonly differs: string[] = [];
  private readonly open: [Node, Unit][] = [];

  constructor(
    private readonly graph: Graph,
    private readonly file: UnitGraph,
    private readonly shapeOf: (tensor: string) => readonly number[],
  ) {
    const interner = new Interner();
    this.nodeDigests = nodeDigests(graph, interner);
    this.unitDigests = unitDigests(file, shapeOf, interner, graph.nodes.length);
  }

  run(): Alignment | string {
    const { output } = this.file;
    this.open.push([logitsNode(this.graph), output.kind === 'softmax' ? output.inputs[0]! : output]);
    while (this.open.length > 0) {
      const [node, unit] = this.open.pop()!;
      const fault = this.pair(this.withoutDropout(node), unit);
      if (fault !== null) return fault;
    }
    const units = new Map([...this.unitOf].map(([node, unit]) => [node.id, unit]));
    return { units, folded: this.folded, differs: this.differs };
  }

  private withoutDropout(node: Node): Node {
    let at = node;
    while (at.op.kind === 'dropout') at = nodeById(this.graph, at.inputs[0]!);
    return at;
  }

  private inputsOf(node: Node): readonly Node[] {
    return node.inputs.map((id) => this.withoutDropout(nodeById(this.graph, id)));
  }

  private pair(node: Node, unit: Unit): string | null {
    const known = this.unitOf.get(node);
    const other = this.nodeOf.get(unit);
    if (known === unit) return null;
    if (known) return `${node.id} would be both ${known.label} and ${unit.label}`;
    const inputs = this.inputsOf(node);
    if (node.op.kind === 'batchNorm' && unit.kind === 'conv' && inputs[0]?.op.kind === 'conv') {
      this.folded.add(inputs[0].id);
      this.open.push([inputs[0], unit]);
      return null;
    }
    if (other) return `${unit.label} would be both ${other.id} and ${node.id}`;
    // PyTorch averages a map of the expected size by windows of one value, timm a map of one value as a whole.
    if (unit.kind === 'avgPool' && !averages.has(node.op.kind) && averagesNothing(unit, node.shape)) {
      this.open.push([node, unit.inputs[0]!]);
      return null;
    }
    const found = agreement(node, inputShapes(this.graph, node)[0] ?? node.shape, unit, this.shapeOf);
    if (typeof found === 'string') return found;
    this.differs.push(...found.differs);
    this.unitOf.set(node, unit);
    this.nodeOf.set(unit, node);
    const ours = node.op.kind === 'concat' ? joinedNodes(this.graph, node) : inputs;
    const theirs = unit.kind === 'concat' ? joinedUnits(unit, this.graph.nodes.length) : unit.inputs;
    if (ours.length !== theirs.length)
      return `${node.id} reads ${ours.length} values, ${unit.label} reads ${theirs.length}`;
    if (node.op.kind === 'add') return this.branches(node, inputs, unit);
    ours.forEach((input, i) => this.open.push([input, theirs[i]!]));
    return null;
  }

  /** A sum says nothing of which branch is which: what each computes does, where no two compute alike. */
  private branches(node: Node, inputs: readonly Node[], unit: Unit): string | null {
    const ours = inputs.map((input) => this.nodeDigests.get(input)!);
    const theirs = unit.inputs.map((each) => this.unitDigests.get(each)!);
    if (new Set(ours).size < ours.length)
      return `${node.id} adds branches of equal layers: which of them is which in ${unit.label} is ambiguous`;
    for (const [i, digest] of ours.entries()) {
      const at = theirs.indexOf(digest);
      if (at < 0) return `no branch of ${unit.label} computes what ${inputs[i]!.id} does before ${node.id}`;
      this.open.push([inputs[i]!, unit.inputs[at]!]);
    }
    return null;
  }
}
