import { beforeAll, describe, expect, it } from 'vitest';
import { networkCost } from '../cost.ts';
import type { Work } from '../cost.ts';
import { buildNetwork, members } from './index.ts';
import { notedMembers, notesOf } from './notes.ts';

/** Forms that the texts count beside the listed networks, and the network that each of them extends. */
const forms = {
  'alexnet?groups=1': 'alexnet-2012',
  'googlenet-aux': 'googlenet',
  'googlenet-torchvision?aux=true': 'googlenet-torchvision',
  'inception-v3?aux=true': 'inception-v3',
  'squeezenet-1-0?resolution=227': 'squeezenet-1-0',
  'mobilenet-v1-100?classes=1001': 'mobilenet-v1-100',
  'preact-resnet-110?shortcut=B': 'preact-resnet-110',
  'preact-resnet-164?classes=100': 'preact-resnet-164',
  'preact-resnet-1001?classes=100': 'preact-resnet-1001',
  'fractalnet-20?classes=100': 'fractalnet-20',
} as const;

/** Counts of networks that are not drawn here, with the files that they were counted from, and one misprint. */
const quoted: Readonly<Record<number, string>> = {
  105_750_600: 'a misprint of 105,705,600 in lecture notes',
  25_557_096: 'KaimingHe/deep-residual-networks ResNet-50-deploy.prototxt, whose conv1 has a bias',
  3_505_960: 'shicai/MobileNet-Caffe mobilenet_v2_deploy.prototxt',
  861_339_936: 'forresti/SqueezeNet SqueezeNet_v1.0/deploy.prototxt, whose conv10 has padding 1',
};

/** `1,234,567`: from a million on a number in a text is a count that somebody could have mistyped. */
const millions = /\d{1,3}(?:,\d{3}){2,}/g;

const figures = ({ params, macs, connections }: Work & { readonly params: number }): readonly number[] => [
  params,
  macs,
  connections,
];

/** Everything that can be counted of a network: in all, of each node, and of each part that its ids name. */
function countsOf(ref: string): readonly number[] {
  const { graph } = buildNetwork(ref);
  const cost = networkCost(graph);
  const parts = new Map<string, number>();
  for (const [id, { params }] of cost.nodes) {
    const part = id.split('/')[0]!;
    parts.set(part, (parts.get(part) ?? 0) + params);
  }
  return [...figures(cost), ...[...cost.nodes.values()].flatMap(figures), ...parts.values()];
}

describe('texts', () => {
  const counted = new Set<number>();

  beforeAll(() => {
    for (const { id } of members) for (const count of countsOf(id)) counted.add(count);
    for (const [form, base] of Object.entries(forms)) {
      for (const count of countsOf(form)) counted.add(count);
      const [more, less] = [form, base].map((ref) => networkCost(buildNetwork(ref).graph));
      counted.add(more!.params - less!.params).add(more!.macs - less!.macs);
    }
  });

  it('are there of every member, and of nothing else', () => {
    expect([...notedMembers].sort()).toEqual(members.map(({ id }) => id).sort());
  });

  it.each(members.map(({ id }) => id))('%s counts what it prints', (id) => {
    const { idea, training, deviations } = notesOf(id);
    const texts = [idea, training, ...deviations];
    for (const { en, ko } of texts) {
      const printed = [...`${en} ${ko}`.matchAll(millions)].map(([text]) => Number(text.replaceAll(',', '')));
      for (const count of printed)
        expect(counted.has(count) || count in quoted, `${count}: ${en}`).toBe(true);
    }
  });

  it.each(members.map(({ id }) => id))('%s says where it read the training', (id) => {
    expect(notesOf(id).trainingSource).toMatch(/\d{4}, |\.(md|py|lua|prototxt)\b|gist /);
  });
});
