import { elements, inputShapes, networkCost, shapeText } from '../../src/models/index.ts';
import type { Graph, Node, NodeCost, Shape } from '../../src/models/index.ts';

/** A graph's layers as extract.py writes the reference's: parameters and windows only, in order of execution. */
export function graphRows(graph: Graph): readonly string[] {
  const { nodes } = networkCost(graph);
  return graph.nodes.flatMap((node) => {
    const row = nodeRow(node, inputShapes(graph, node)[0], nodes.get(node.id)!);
    return row === null ? [] : [row];
  });
}

const pair = ([vertical, horizontal]: readonly [number, number]): string => `${vertical}x${horizontal}`;

function nodeRow({ op, shape }: Node, input: Shape | undefined, cost: NodeCost): string | null {
  if (!input) return null;
  const sizes = `${shapeText(input)} > ${shapeText(shape)}`;
  const params = cost.params === 0 ? '' : ` params ${cost.params}`;
  switch (op.kind) {
    case 'conv': {
      const [top, bottom, left, right] = op.pad;
      const even = top === bottom && left === right;
      const pad = even ? pair([top, left]) : op.pad.join('x');
      return (
        `conv ${sizes}${params} macs ${cost.macs} kernel ${pair(op.kernel)} stride ${pair(op.stride)} ` +
        `pad ${pad} groups ${op.groups}`
      );
    }
    case 'dense':
      return `dense ${elements(input)} > ${elements(shape)}${params} macs ${cost.macs}`;
    case 'batchNorm':
      return `batchNorm ${sizes}${params} epsilon ${op.epsilon}`;
    case 'lrn':
      return `lrn ${sizes}`;
    case 'maxPool':
      return `maxPool ${sizes} kernel ${pair(op.kernel)} stride ${pair(op.stride)}`;
    case 'avgPool':
      // A window of one value only leaves values out: a shortcut's subsampling, which the reference has no row for.
      return op.kernel[0] * op.kernel[1] === 1 ? null : `avgPool ${sizes}`;
    case 'globalAvgPool':
      return `avgPool ${sizes}`;
    default:
      return null;
  }
}

/**
 * The graph's rows as the reference writes them: without what its rows do not say (the paper's tables have no epsilon), and
 * a dense layer as a 1x1 convolution of one position where the source has it so.
 */
export function comparable(rows: readonly string[], reference: readonly string[]): readonly string[] {
  return rows.map((row, i) => {
    const wanted = reference[i] ?? '';
    if (row.startsWith('dense') && wanted.startsWith('conv 1x1x'))
      return row.replace(
        /^dense (\d+) > (\d+)(.*)$/,
        'conv 1x1x$1 > 1x1x$2$3 kernel 1x1 stride 1x1 pad 0x0 groups 1',
      );
    return wanted.includes(' epsilon ') ? row : row.replace(/ epsilon .*$/, '');
  });
}
