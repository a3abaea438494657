import type { HeldBuffers } from '../tests/browser/webgpuCosts/counting.ts';
import { openCostPage } from '../tests/browser/webgpuCosts/open.ts';
import type { Cost, CostRequest } from '../tests/browser/webgpuCosts/page.ts';
import { printTable } from './report.ts';

const photos = ['samples/dogs.jpg', 'samples/cat.jpg'] as const;

/** Networks with bundled weights, with an early and a late layer to open. */
const requests: readonly CostRequest[] = [
  { ref: 'lenet-5-modern', layers: ['conv1', 'conv2'], rule: 'gradient', pictures: null },
  { ref: 'zfnet-imagenette', layers: ['conv1', 'relu5'], rule: 'deconvnet', pictures: photos },
  { ref: 'efficientnet-lite0', layers: ['stem_relu', 'head_relu'], rule: 'deconvnet', pictures: photos },
];

const bytes = (value: number): string =>
  value < 10_000
    ? `${value} B`
    : value < 1e6
      ? `${(value / 1e3).toFixed(0)} kB`
      : `${(value / 1e6).toFixed(1)} MB`;

const row = ({ action, ...counts }: Cost): string[] => [
  action,
  ...[counts.dispatches, counts.submits, counts.pipelines, counts.ahead, counts.uploads].map(String),
  bytes(counts.uploadedBytes),
  String(counts.reads),
  bytes(counts.readBytes),
];

/**
 * What each action of a user asks of a graphics device. Counts, not times: they are the same on every device, but for the
 * submits, which follow its speed. Every network has a page of its own, as for somebody who opens it first.
 * `npm run bench -- gpu lenet-5-modern` counts one network, `-- gpu long` what is held over a hundred loads and projections.
 */
export async function benchGpu(refs: readonly string[]): Promise<void> {
  if (refs.includes('long')) return benchHeld();
  for (const request of requests.filter(({ ref }) => refs.length === 0 || refs.includes(ref))) {
    const { page, started, close } = await openCostPage();
    try {
      console.log(`Start and self-test: ${started.dispatches} dispatches, ${started.pipelines} programs`);
      const costs = await page.evaluate((asked) => costCalls.measure(asked), request);
      printTable(
        `${request.ref} on WebGPU`,
        ['action', 'dispatches', 'submits', 'programs', 'ahead', 'uploads', 'bytes', 'reads', 'bytes'],
        costs.map(row),
      );
    } finally {
      await close();
    }
  }
}

const loads = 99;

/** The buffers that a device holds over 99 loads of the three networks in turn, and over 99 projections. */
async function benchHeld(): Promise<void> {
  const refs = ['lenet-5-modern', 'zfnet-imagenette', 'efficientnet-lite0'];
  const { page, close } = await openCostPage();
  const held = (what: string, list: readonly HeldBuffers[]) =>
    [list[0]!, list.at(-1)!].map(({ buffers, bytes: size, devices }, i) => [
      `${what}, ${i === 0 ? 'first' : 'last'} of ${list.length}`,
      ...[devices, buffers, size].map(String),
    ]);
  try {
    const switched = await page.evaluate(([all, rounds]) => costCalls.switching(all, rounds, 3), [
      refs,
      loads / refs.length,
    ] as const);
    const projected = await page.evaluate(() => costCalls.projecting(7));
    printTable(
      `held over ${loads} loads and ${7 * 16} projections`,
      ['after a round of', 'devices', 'buffers', 'bytes'],
      [...held('all three networks', switched), ...held('16 projections', projected)],
    );
  } finally {
    await close();
  }
}
