import type { Graph } from '../models/graph.ts';
import { round } from './diagramRoute.ts';
import { gatherUnits } from './diagramUnits.ts';
import type { Unit } from './diagramUnits.ts';

/** The outline of a network, small: the tensors along its longest path, one after the other. In CSS px. */
export interface Silhouette {
  readonly path: string;
  readonly width: number;
  readonly height: number;
}

/** One scale for every network, so that a row of them compares: LeNet-5 is tiny, EfficientNet long. */
const PX_PER_ROOT_PIXEL = 1.5;
const PX_PER_DOUBLING = 0.17;
const VECTOR_PX_PER_DOUBLING = 1.5;
const GAP = 0.35;
/** A 224-pixel input's height: what every silhouette is centred in. */
const HEIGHT = Math.ceil(PX_PER_ROOT_PIXEL * Math.sqrt(224)) + 2;

const known = new WeakMap<Graph, Silhouette>();

/** A network's silhouette; made once a graph. */
export function silhouette(graph: Graph): Silhouette {
  const made = known.get(graph) ?? makeSilhouette(graph);
  known.set(graph, made);
  return made;
}

function makeSilhouette(graph: Graph): Silhouette {
  let x = 0;
  let path = '';
  for (const unit of longestPath(graph)) {
    const [height, width, channels] = unit.head.shape;
    const doublings = Math.log2(channels + 1);
    const vector = height === 1 && width === 1;
    const wide = Math.max(0.6, vector ? 1 : doublings * PX_PER_DOUBLING);
    const tall = vector ? doublings * VECTOR_PX_PER_DOUBLING : Math.sqrt(height) * PX_PER_ROOT_PIXEL;
    path += `M${round(x)} ${round((HEIGHT - tall) / 2)}h${round(wide)}v${round(tall)}h${round(-wide)}z`;
    x += wide + GAP;
  }
  return { path, width: Math.ceil(x), height: HEIGHT };
}

/** The units on the path with most of them, from the input to the output. */
function longestPath(graph: Graph): Unit[] {
  const { units, unitOf } = gatherUnits(graph);
  const inputs = new Map(graph.nodes.map((node) => [node.id, node.inputs]));
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  const best = new Map<string, { length: number; from: string | null }>();
  for (const unit of units) {
    let length = 0;
    let from: string | null = null;
    for (const id of unit.nodes.flatMap((node) => inputs.get(node) ?? [])) {
      const source = unitOf.get(id) ?? id;
      const reach = best.get(source);
      if (source !== unit.id && reach !== undefined && reach.length > length) {
        length = reach.length;
        from = source;
      }
    }
    best.set(unit.id, { length: length + 1, from });
  }
  const path: Unit[] = [];
  for (
    let id: string | null = unitOf.get(graph.output) ?? null;
    id !== null;
    id = best.get(id)?.from ?? null
  ) {
    const unit = byId.get(id);
    if (unit !== undefined) path.unshift(unit);
  }
  return path;
}
