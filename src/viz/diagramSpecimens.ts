import { GraphBuilder } from '../models/build.ts';
import type { Value } from '../models/build.ts';
import type { Graph } from '../models/graph.ts';

/**
 * Small graphs of every shape that the zoo's families have, for the layout's tests: what a layout must cope with, without
 * waiting for the family that has it.
 */
export const SPECIMENS: Readonly<Record<string, () => Graph>> = {
  preactivation() {
    const b = new GraphBuilder([32, 32, 3]);
    let x = b.conv('conv0', b.input, 16, 3, { pad: 1 });
    for (const [i, filters] of [16, 32, 32].entries())
      x = b.block(`${i}`, 'residual', () => {
        const wide = b.shapeOf(x)[2] !== filters;
        const active = b.relu('relu1', b.batchNorm('bn1', x));
        const y = b.conv('conv1', active, filters, 3, { pad: 1 });
        const z = b.conv('conv2', b.relu('relu2', b.batchNorm('bn2', y)), filters, 3, { pad: 1 });
        return b.add('add', z, wide ? b.conv('shortcut', active, filters, 1) : x);
      });
    return ending(b, b.relu('relu', b.batchNorm('bn', x)));
  },
  denseBlockOfPairs() {
    const b = new GraphBuilder([32, 32, 3]);
    let x = b.conv('conv0', b.input, 24, 3, { pad: 1 });
    b.block('dense1', 'dense', () => {
      for (let i = 0; i < 6; i++) x = b.concat(`concat${i}`, x, denseLayer(b, i, x));
    });
    return ending(b, x);
  },
  /** Every layer reads all that came before at once, as DenseNet is often written. */
  denseBlockOfAll() {
    const b = new GraphBuilder([32, 32, 3]);
    const all = [b.conv('conv0', b.input, 24, 3, { pad: 1 })];
    const end = b.block('dense1', 'dense', () => {
      for (let i = 0; i < 6; i++)
        all.push(denseLayer(b, i, i === 0 ? all[0]! : b.concat(`concat${i}`, ...all)));
      return b.concat('output', ...all);
    });
    return ending(b, end);
  },
  fractal() {
    const b = new GraphBuilder([32, 32, 3]);
    const grow = (x: Value, columns: number, name: string): Value => {
      const short = b.conv(`${name}s`, x, 16, 3, { pad: 1 });
      if (columns === 1) return short;
      const deep = grow(grow(x, columns - 1, `${name}a`), columns - 1, `${name}b`);
      return b.mean(`${name}join`, short, deep);
    };
    return ending(
      b,
      b.block('fractal1', 'fractal', () => grow(b.input, 4, 'f')),
    );
  },
  /** Branches that split again before the join (Inception v4's C), and a naive pooling branch that joins directly. */
  splitBranches() {
    const b = new GraphBuilder([8, 8, 64]);
    const x = b.block('inception_c', 'inception', () => {
      const one = b.conv('one', b.input, 16, 1);
      const stem = b.conv('stem', b.input, 24, 1);
      const left = b.conv('left', stem, 16, [1, 3], { pad: [0, 1] as never });
      const right = b.conv('right', stem, 16, [3, 1], { pad: [1, 0] as never });
      const pool = b.maxPool('pool', b.input, 3, { stride: 1, pad: 1 });
      return b.concat('output', one, left, right, stem, pool, b.input);
    });
    return ending(b, x);
  },
  auxiliary() {
    const b = new GraphBuilder([32, 32, 3]);
    let x = b.conv('conv1', b.input, 16, 3, { pad: 1 });
    for (const name of ['a', 'b', 'c', 'd']) {
      const from = x;
      x = b.block(name, 'inception', () =>
        b.concat('output', b.conv('1x1', from, 8, 1), b.conv('3x3', from, 8, 3, { pad: 1 })),
      );
      if (name === 'b')
        b.block('aux1', 'auxiliary', () => {
          const pooled = b.avgPool('pool', x, 5, { stride: 3 });
          b.softmax('softmax', b.dense('fc', b.relu('relu', b.conv('conv', pooled, 12, 1)), 10));
        });
    }
    return ending(b, x);
  },
  /** A graph that is neither in series nor in parallel: its crossing edges run on tracks. */
  tangle() {
    const b = new GraphBuilder([16, 16, 8]);
    const p = b.conv('p', b.input, 8, 3, { pad: 1 });
    const q = b.conv('q', b.input, 8, 3, { pad: 1 });
    const r = b.add('r', p, q);
    const s = b.conv('s', p, 8, 3, { pad: 1 });
    const t = b.add('t', s, q, r);
    return ending(b, b.concat('u', r, t, p));
  },
};

function denseLayer(b: GraphBuilder, i: number, x: Value): Value {
  return b.block(`layer${i}`, 'residual', () => {
    const y = b.conv('conv1', b.relu('relu1', b.batchNorm('bn1', x)), 48, 1);
    return b.conv('conv2', b.relu('relu2', b.batchNorm('bn2', y)), 12, 3, { pad: 1 });
  });
}

function ending(b: GraphBuilder, x: Value): Graph {
  return b.build(b.softmax('softmax', b.dense('fc', b.globalAvgPool('pool_out', x), 10)));
}
