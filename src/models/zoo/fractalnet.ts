import { GraphBuilder } from '../build.ts';
import type { Value } from '../build.ts';
import type { Graph } from '../graph.ts';
import { factsOf } from './facts.ts';
import { byNodeId, family, onCifar100 } from './recipe.ts';
import type { MemberOf } from './recipe.ts';
import { boolean, classesSpec, int } from './settings.ts';

interface FractalSettings {
  /** C: how often the rule of Fig. 1 is applied. */
  readonly columns: number;
  /** B. */
  readonly blocks: number;
  /** Maps of the first block; they double three times. */
  readonly width: number;
  readonly classes: number;
  readonly dropout: boolean;
  readonly dropPath: boolean;
}

/** Dropout after each convolution of a block, by block; Sec. 4.1. */
const dropouts = [0, 0.1, 0.2, 0.3, 0.4] as const;
/** Local sampling: every input of a join is dropped with this probability. */
const joinDrop = 0.15;

/**
 * Fig. 1: f of one column is a convolution; f of C + 1 columns is a convolution beside f of C columns twice in a row, joined
 * by their mean. Unrolled, column c has 2^(c-1) convolutions of equal share of the block's length, and wherever columns
 * end a share together they are joined and all go on from there. Column 1 has one convolution, column C has 2^(C-1).
 */
function fractalBlock(
  b: GraphBuilder,
  from: Value,
  filters: number,
  dropout: number | undefined,
  { columns, dropPath }: FractalSettings,
): Value {
  const ends: Value[] = Array.from({ length: columns }, () => from);
  const done = ends.map(() => 0);
  const length = 2 ** (columns - 1);
  for (let row = 1; row <= length; row++) {
    const ending = ends.map((_, i) => i).filter((i) => row % 2 ** (columns - 1 - i) === 0);
    for (const i of ending) {
      done[i]! += 1;
      const name = `${i + 1}_${done[i]}`;
      let x = b.conv(`conv${name}`, ends[i]!, filters, 3, { pad: 1 });
      if (dropout !== undefined) x = b.dropout(`drop${name}`, x, dropout);
      ends[i] = b.relu(`relu${name}`, b.batchNorm(`bn${name}`, x));
    }
    if (ending.length === 1) continue;
    const paths = ending.map((i) =>
      dropPath
        ? b.dropout(`drop_path${i + 1}_${done[i]}`, ends[i]!, joinDrop, { wholePath: true })
        : ends[i]!,
    );
    const joined = b.mean(`join_${row}`, ...paths);
    for (const i of ending) ends[i] = joined;
  }
  return ends[0]!;
}

function fractalnetGraph(settings: FractalSettings): Graph {
  const { blocks, width, classes, dropout } = settings;
  const b = new GraphBuilder([32, 32, 3]);
  let x = b.input;
  for (let i = 0; i < blocks; i++) {
    const rate = dropout && i > 0 ? dropouts[i] : undefined;
    x = b.block(`block${i + 1}`, 'fractal', () =>
      fractalBlock(b, x, width * 2 ** Math.min(i, 3), rate, settings),
    );
    x = b.maxPool(`pool${i + 1}`, x, 2);
  }
  return b.build(b.softmax('softmax', b.dense('fc', x, classes)));
}

/** Columns, and parameters and MACs with ten classes. */
const figures = [
  [3, 33_734_922, 845_222_912],
  [4, 76_128_714, 2_036_077_568],
] as const;

const depth = (columns: number, blocks: number): number => blocks * 2 ** (columns - 1);

const members: readonly MemberOf<FractalSettings>[] = figures.map(([columns, params, macs]) => ({
  info: factsOf(`fractalnet-${depth(columns, 5)}`, { classes: 10, depth: depth(columns, 5) }),
  settings: { columns },
  expect: {
    params,
    macs,
    shapes: { pool1: [16, 16, 64], pool4: [2, 2, 512], pool5: [1, 1, 512] },
    source: 'Larsson et al. 2017, Fig. 1; widths of the released CIFAR generator',
  },
}));

export const fractalnet = family({
  id: 'fractalnet',
  name: 'FractalNet',
  parameters: {
    columns: int({ en: 'columns C', ko: '열 수 C' }, { min: 1, max: 6 }, 3),
    blocks: int({ en: 'blocks B', ko: '블록 수 B' }, { min: 1, max: 5 }, 5, {
      note: {
        en: 'Each block ends in pooling that halves the map, so 32x32 allows five.',
        ko: '블록마다 맵을 반으로 줄이는 풀링으로 끝나므로 32x32에서는 다섯까지 가능하다.',
      },
    }),
    width: int({ en: 'maps of the first block', ko: '첫 블록의 맵 수' }, { min: 8, max: 128, step: 8 }, 64),
    classes: classesSpec(10),
    dropout: boolean({ en: 'dropout, 0 to 40 % by block', ko: '블록별 드롭아웃(0~40 %)' }, false, {
      trainingOnly: true,
    }),
    dropPath: boolean({ en: 'drop-path 15 % at the joins', ko: '합류점의 드롭패스 15 %' }, false, {
      trainingOnly: true,
    }),
  },
  graph: fractalnetGraph,
  names: () => ({ convscope: byNodeId }),
  title: ({ columns, blocks }) => `FractalNet, ${depth(columns, blocks)} layers (B=${blocks}, C=${columns})`,
  published: ({ columns, blocks, width, classes }) =>
    blocks === 5 && width === 64
      ? onCifar100(
          members.find(({ settings }) => settings.columns === columns),
          classes,
        )
      : null,
  depth: ({ columns, blocks }) => depth(columns, blocks),
  members,
});
