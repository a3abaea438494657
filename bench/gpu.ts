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
 * submits, which follow its speed. `npm run bench -- gpu lenet-5-modern` counts one network.
 */
export async function benchGpu(refs: readonly string[]): Promise<void> {
  const { page, started, close } = await openCostPage();
  try {
    console.log(`Start and self-test: ${started.dispatches} dispatches, ${started.pipelines} pipelines`);
    for (const request of requests.filter(({ ref }) => refs.length === 0 || refs.includes(ref))) {
      const costs = await page.evaluate((asked) => costCalls.measure(asked), request);
      printTable(
        `${request.ref} on WebGPU`,
        ['action', 'dispatches', 'submits', 'pipelines', 'ahead', 'uploads', 'bytes', 'reads', 'bytes'],
        costs.map(row),
      );
    }
  } finally {
    await close();
  }
}
