import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadNet } from '../../tests/vectors/load.ts';
import type { VectorIndex } from '../../tests/vectors/load.ts';
import { GraphBuilder } from './build.ts';
import { fieldBox, mapFieldBox, receptiveFields } from './field.ts';
import type { FieldBox } from './field.ts';
import type { Graph, Node, OpOf, Pair } from './graph.ts';
import { nodeById } from './lookup.ts';
import { buildNetwork } from './zoo/index.ts';

const size = (graph: Graph, id: string): Pair => receptiveFields(graph).get(id)!.size;

describe('receptive fields of the zoo', () => {
  it('ZFNet: 7, 11, 27, 43, 75, 107, 139, 171', () => {
    const { graph } = buildNetwork('zfnet');
    const ids = ['conv1', 'pool1', 'conv2', 'pool2', 'conv3', 'conv4', 'conv5', 'pool5'];
    expect(ids.map((id) => size(graph, id)[0])).toEqual([7, 11, 27, 43, 75, 107, 139, 171]);
    expect(receptiveFields(graph).get('pool5')).toEqual({
      size: [171, 171],
      jump: [32, 32],
      start: [-49, -49],
      whole: false,
    });
  });

  it('ResNet-18: 435 at jump 32', () => {
    const field = receptiveFields(buildNetwork('resnet-18').graph).get('conv5_x/2/relu2')!;
    expect(field).toMatchObject({ size: [435, 435], jump: [32, 32], whole: false });
  });

  it("LeNet-5: one unit of C5 sees the whole 32x32 image, each of S2's a 6x6 patch", () => {
    const { graph } = buildNetwork('lenet-5');
    expect(size(graph, 's2')).toEqual([6, 6]);
    expect(size(graph, 'c5')).toEqual([32, 32]);
  });

  it('dense layers, global pooling and all after them see everything', () => {
    const { graph } = buildNetwork('resnet-18');
    for (const id of ['avgpool', 'fc', 'softmax']) {
      expect(receptiveFields(graph).get(id)).toMatchObject({ size: [224, 224], whole: true });
    }
  });

  it('a merge sees the widest branch', () => {
    const { graph } = buildNetwork('googlenet');
    expect(size(graph, 'inception_3a/1x1')).toEqual([27, 27]);
    expect(size(graph, 'inception_3a/5x5')).toEqual([59, 59]);
    expect(size(graph, 'inception_3a/output')).toEqual([59, 59]);
  });
});

interface IndexedField {
  readonly id: string;
  readonly rf: { jump: Pair; before: Pair; after: Pair; size: Pair } | null;
}
interface IndexedProjection {
  readonly target: string;
  readonly channel: number;
  readonly pos: Pair | null;
  readonly rf_box: readonly [number, number, number, number] | null;
}

describe('the reference vectors', () => {
  const folder = join(import.meta.dirname, '../../tests/vectors');
  const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as VectorIndex;
  const nets = index.nets.map((entry) => {
    const bytes = readFileSync(join(folder, entry.file));
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    return [entry.name, entry, loadNet(entry, buffer).graph] as const;
  });

  it.each(nets)('%s: size, jump and start of every node', (_name, entry, graph) => {
    const fields = receptiveFields(graph);
    let compared = 0;
    for (const { id, rf } of entry.nodes as unknown as readonly IndexedField[]) {
      const field = fields.get(id);
      if (!field || !rf || field.whole) continue;
      expect({ id, size: field.size, jump: field.jump, start: field.start }).toEqual({
        id,
        size: rf.size,
        jump: rf.jump,
        start: rf.before.map((rows) => 0 - rows),
      });
      compared++;
    }
    expect(compared).toBeGreaterThan(3);
  });

  it.each(nets)('%s: the boxes of the projections lie in theirs', (_name, entry, graph) => {
    let compared = 0;
    for (const {
      target,
      channel,
      pos,
      rf_box,
    } of entry.projections as unknown as readonly IndexedProjection[]) {
      if (!pos || !rf_box || pos.length !== 2) continue;
      const exact = fieldBox(graph, target, pos[0], pos[1], channel);
      const [top, left, bottom, right] = rf_box;
      expect(exact.top).toBeGreaterThanOrEqual(top);
      expect(exact.left).toBeGreaterThanOrEqual(left);
      expect(exact.bottom).toBeLessThanOrEqual(bottom);
      expect(exact.right).toBeLessThanOrEqual(right);
      compared++;
    }
    expect(compared).toBeGreaterThan(0);
  });
});

/** Independent of the masks: the set of image pixels that one unit of one channel depends on, by recursion. */
function dependsOn(graph: Graph, node: Node, y: number, x: number, channel: number): Set<string> {
  if (node.op.kind === 'input') return new Set([`${y},${x}`]);
  const found = new Set<string>();
  const from = (input: Node, row: number, column: number, plane: number): void => {
    const [height, width] = input.shape;
    if (row < 0 || column < 0 || row >= height || column >= width) return;
    for (const pixel of dependsOn(graph, input, row, column, plane)) found.add(pixel);
  };
  const inputs = node.inputs.map((id) => nodeById(graph, id));
  if (node.op.kind === 'conv' || node.op.kind === 'maxPool') {
    const { kernel, stride, pad } = node.op;
    const dilation = node.op.kind === 'conv' ? node.op.dilation : [1, 1];
    for (let i = 0; i < kernel[0]; i++) {
      for (let j = 0; j < kernel[1]; j++) {
        const row = y * stride[0] - pad[0] + i * dilation[0]!;
        const column = x * stride[1] - pad[2] + j * dilation[1]!;
        for (const plane of planes(node.op, inputs[0]!.shape[2], channel))
          from(inputs[0]!, row, column, plane);
      }
    }
  } else if (node.op.kind === 'concat') {
    let offset = 0;
    for (const input of inputs) {
      if (channel >= offset && channel < offset + input.shape[2]) from(input, y, x, channel - offset);
      offset += input.shape[2];
    }
  } else {
    for (const input of inputs) from(input, y, x, channel);
  }
  return found;
}

function planes(op: OpOf<'conv'> | OpOf<'maxPool'>, channels: number, channel: number): readonly number[] {
  if (op.kind === 'maxPool') return [channel];
  if (op.table) return op.table[channel]!;
  const perGroup = channels / op.groups;
  const group = Math.floor(channel / (op.filters / op.groups));
  return Array.from({ length: perGroup }, (_, i) => group * perGroup + i);
}

function hull(pixels: ReadonlySet<string>): FieldBox {
  const places = [...pixels].map((pixel) => pixel.split(',').map(Number) as [number, number]);
  const rows = places.map(([row]) => row);
  const columns = places.map(([, column]) => column);
  return {
    top: Math.min(...rows),
    left: Math.min(...columns),
    bottom: Math.max(...rows),
    right: Math.max(...columns),
  };
}

describe('exact boxes', () => {
  const b = new GraphBuilder([13, 17, 2]);
  const stem = b.conv('stem', b.input, 4, [3, 2], { stride: [2, 1], pad: [2, 0, 1, 0], groups: 2 });
  const wide = b.conv('wide', stem, 2, 3, { pad: [2, 2, 3, 3], dilation: [2, 3] });
  const tabled = b.conv('tabled', stem, 2, 1, { table: [[0], [1, 3]] });
  const pooled = b.maxPool('pooled', stem, 3, { stride: 1, pad: 1 });
  const joined = b.concat('joined', wide, tabled, pooled);
  const graph = b.build(b.maxPool('last', joined, 2, { stride: 2, ceil: true }));

  it.each(['stem', 'wide', 'tabled', 'joined', 'last'])(
    '%s: every unit of every channel equals the pixels that it depends on',
    (id) => {
      const node = nodeById(graph, id);
      const [height, width, channels] = node.shape;
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          for (let channel = 0; channel < channels; channel++) {
            const exact = hull(dependsOn(graph, node, y, x, channel));
            expect(fieldBox(graph, id, y, x, channel), `${id} ${y},${x},${channel}`).toEqual(exact);
          }
        }
      }
    },
  );

  it('a unit of no channel in particular sees what all channels see', () => {
    expect(fieldBox(graph, 'joined', 3, 8)).toEqual(fieldBox(graph, 'joined', 3, 8, 0));
    expect(fieldBox(graph, 'joined', 3, 8, 2)).not.toEqual(fieldBox(graph, 'joined', 3, 8, 0));
  });

  it('a whole map sees what its units see together', () => {
    expect(mapFieldBox(graph, 'joined')).toEqual({ top: 0, left: 0, bottom: 12, right: 16 });
    const { graph: zfnet } = buildNetwork('zfnet');
    // 109 x 2 + 7 rows from row -1 reach row 223; the pool of ceil mode sees nothing more.
    expect(mapFieldBox(zfnet, 'pool1')).toEqual({ top: 0, left: 0, bottom: 223, right: 223 });
  });

  it('clips at the border: ZFNet pool5', () => {
    const { graph: zfnet } = buildNetwork('zfnet');
    expect(fieldBox(zfnet, 'pool5', 0, 3)).toEqual({ top: 0, left: 47, bottom: 121, right: 217 });
    expect(fieldBox(zfnet, 'fc8', 0, 0)).toEqual({ top: 0, left: 0, bottom: 223, right: 223 });
  });

  it('refuses a unit that is not there', () => {
    expect(() => fieldBox(graph, 'last', 99, 0)).toThrow('last: there is no unit (99, 0) in 4x9x8.');
    expect(() => fieldBox(graph, 'last', 0, 0, 8)).toThrow('last: there is no unit (0, 0) of channel 8 in');
    expect(() => fieldBox(graph, 'lst', 0, 0)).toThrow("There is no layer 'lst'. Nearest: last");
  });
});
