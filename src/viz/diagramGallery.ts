import { graphDifference } from '../models/difference.ts';
import { buildNetwork } from '../models/zoo/index.ts';
import { diagramGeometry } from './diagram.ts';
import { graphFigures } from './diagramFigures.ts';
import { allUnfolded, firstFolding } from './diagramFolding.ts';
import { diagramSvg } from './diagramSvg.ts';
import type { DiagramWords, SvgOptions } from './diagramSvg.ts';
import { fitZoom } from './diagramView.ts';
import type { BoxMark } from './diagramTypes.ts';
import { differenceMark, nodeMarks } from './differenceMarks.ts';
import type { MarkWords } from './differenceMarks.ts';
import { diagramOverlay, formatQuantity, nodeValues } from './diagramOverlay.ts';
import type { OverlayQuantity } from './diagramOverlay.ts';
import type { ThemeName } from './opStyle.ts';
import { pairSvg } from './pairSvg.ts';
import type { PairOptions, PairPart } from './pairSvg.ts';

/** One picture: its file name and the function that draws it. The snapshot tests, and anyone who needs an example. */
export interface Picture {
  readonly name: string;
  readonly draw: () => string;
}

const GROUPS: DiagramWords['groups'] = {
  conv: 'convolution',
  dense: 'fully connected',
  pool: 'pooling',
  norm: 'normalisation',
  activation: 'activation, dropout',
  join: 'sum, concat',
  output: 'input, output',
};

const NOTE = 'Height: side of the map. Width: number of channels. Below: name, shape, parameters, memory.';

interface Drawing {
  readonly network: string;
  readonly overlay?: Exclude<OverlayQuantity, 'time'>;
  readonly theme?: ThemeName;
  /** More blocks to open, or all. */
  readonly open?: readonly string[] | 'all';
  readonly room?: readonly [width: number, height: number];
  readonly options?: SvgOptions;
}

function draw({ network: ref, theme = 'light', open = [], room, options, overlay }: Drawing): string {
  const { graph, info } = buildNetwork(ref);
  const unfolded = open === 'all' ? allUnfolded(graph) : new Set([...firstFolding(graph), ...open]);
  const geometry = diagramGeometry(graph, unfolded, graphFigures(graph));
  const words = { title: info.name, groups: GROUPS, answer: [`${info.classes} classes`], note: NOTE };
  const zoom = room === undefined ? 1 : fitZoom(geometry, ...room);
  const values = overlay ? nodeValues(graph, overlay, null) : null;
  if (!values) return diagramSvg(geometry, theme, words, { zoom, ...options });
  const title = `${overlay}, of ${formatQuantity(values.quantity, values.total)}`;
  const laid = diagramOverlay(geometry, values);
  return diagramSvg(geometry, theme, { ...words, overlay: title }, { zoom, overlay: laid, ...options });
}

/** Two networks with what differs marked, in the words of the English page. */
function drawPair(refs: readonly [string, string], options: PairOptions, theme: ThemeName = 'light'): string {
  const networks = [buildNetwork(refs[0]), buildNetwork(refs[1])] as const;
  const graphs = [networks[0].graph, networks[1].graph] as const;
  const difference = graphDifference(...graphs);
  const part = (place: 0 | 1): PairPart => {
    const { graph, info } = networks[place];
    const geometry = diagramGeometry(graph, firstFolding(graph), graphFigures(graph), 1, graphs);
    const marks = nodeMarks(difference, place === 0 ? 'first' : 'second');
    const marked = geometry.boxes.flatMap((box): [string, BoxMark][] => {
      const mark = differenceMark(box, marks, graphs, MARK_WORDS);
      return mark === null ? [] : [[box.id, mark]];
    });
    return { name: info.name, geometry, answer: [`${info.classes} classes`], marks: new Map(marked) };
  };
  const parts = [part(0), part(1)] as const;
  const title = parts.map(({ name }) => name).join(', ');
  const marks = { changed: 'changed', only: 'only here', follows: 'follows from a change before it' };
  return pairSvg(parts, theme, { title, groups: GROUPS, note: NOTE, marks }, options);
}

const MARK_WORDS: MarkWords = {
  counts: ({ changed, only }) => `${changed} changed, ${only} only here`,
  whole: 'only here',
  short: ({ changed, only }) => [`≠ ${changed + only}`, '≠'],
  spoken: () => '',
};

/** A network of every kind of structure; the invariants are tested for all that are listed. */
const SHOWN = [
  'lenet-5',
  'alexnet-2012',
  'zfnet-imagenette',
  'vgg-d',
  'googlenet',
  'resnet-18',
  'resnet-152',
  'cifar-resnet-1202',
  'densenet-201',
  'fractalnet-20',
  'inception-v4',
  'mobilenet-v1-100',
  'efficientnet-lite0',
];

/** Networks as they are first seen, and one picture of each thing that a diagram can show. */
export const diagramGallery: readonly Picture[] = [
  ...SHOWN.map((id) => ({
    name: `${id}-folded`,
    draw: () => draw({ network: id, room: [1000, 420] }),
  })),
  {
    name: 'googlenet-inception',
    draw: () => draw({ network: 'googlenet', open: ['inception_4a'], theme: 'dark', options: { zoom: 1.1 } }),
  },
  { name: 'resnet-18-unfolded', draw: () => draw({ network: 'resnet-18', open: 'all' }) },
  {
    name: 'efficientnet-lite0-block',
    draw: () => draw({ network: 'efficientnet-lite0', open: ['block_05'], room: [1400, 500] }),
  },
  {
    name: 'vgg-d-parameters',
    draw: () => draw({ network: 'vgg-d', overlay: 'parameters', room: [1000, 420] }),
  },
  {
    name: 'googlenet-macs',
    draw: () => draw({ network: 'googlenet', overlay: 'macs', theme: 'dark', room: [1000, 420] }),
  },
  {
    name: 'resnet-18-memory',
    draw: () => draw({ network: 'resnet-18', overlay: 'memory', open: 'all', options: { zoom: 0.7 } }),
  },
  {
    name: 'pair-alexnet-zfnet',
    draw: () => drawPair(['alexnet-2012', 'zfnet'], { arrangement: 'below' }),
  },
  {
    name: 'pair-resnet-34-plain-34',
    draw: () => drawPair(['resnet-34', 'plain-34'], { arrangement: 'beside', patterns: true }, 'dark'),
  },
  { name: 'alexnet-2012-print', draw: () => draw({ network: 'alexnet-2012', options: { patterns: true } }) },
];
