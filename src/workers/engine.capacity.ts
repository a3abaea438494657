import { getBackend } from '@tensorflow/tfjs-core';
import { ConvScopeError } from '../models/errors.ts';
import { runFit, type DeviceBytes, type RunFit } from '../models/memoryRun.ts';
import type { Network } from '../models/network.ts';
import { buildNetwork } from '../models/zoo/index.ts';
import type { Capacity, Purpose } from './contract.ts';
import { runBytes } from './runBytes.ts';
import { largestTensorBytes } from './weightsLayoutLimits.ts';

/** Whether a network can run here, told before anything of it is fetched. */

/** The heap of tfjs 4.22.0's wasm modules: each declares a maximum of 65,536 pages of 64 KiB. */
const wasmHeapBytes = 2 ** 32;

/**
 * What the current backend has. `memoryBytes` is the device's memory, null where the platform does not tell. XNNPACK,
 * which runs wasm's convolutions, packs a copy of their kernels; the transposed ones that it is given leave holes in
 * the heap that are as large again (measured: ResNet-152, 533 MB of tensors, 230 of them kernels, in a heap of 1001 MB).
 */
export function deviceBytes(memoryBytes: number | null): DeviceBytes {
  const wasm = getBackend() === 'wasm';
  return {
    heap: wasm ? wasmHeapBytes : null,
    memory: memoryBytes,
    largest: largestTensorBytes(),
    kernelCopies: wasm ? 2 : 0,
  };
}

/** What a network needs of a device to be looked at, and what of its family fits where it does not. */
export function capacityOf(network: Network, device: DeviceBytes): Capacity {
  const { neededBytes, availableBytes, fits } = fitOf(network, device, 'maps');
  const smaller = fits === 'no' ? largestThatFits(network, device, 'maps') : null;
  return { ref: network.ref, neededBytes, availableBytes, fits, ...(smaller !== null && { smaller }) };
}

const fitOf = ({ graph }: Network, device: DeviceBytes, purpose: Purpose): RunFit =>
  runFit(runBytes(graph, purpose), device);

function largestThatFits(
  { family, ref, info }: Network,
  device: DeviceBytes,
  purpose: Purpose,
): string | null {
  const fitting = family.members
    .filter((member) => member.info.dataset === info.dataset && member.info.id !== ref)
    .map(({ info: { id } }) => ({ id, fit: fitOf(buildNetwork(id), device, purpose) }))
    .filter(({ fit }) => fit.fits !== 'no')
    .sort((a, b) => b.fit.neededBytes - a.fit.neededBytes);
  return fitting[0]?.id ?? null;
}

const inMegabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

/** Throws 'out-of-memory' for a network that cannot run here, before any of its weights is fetched or read. */
export function expectRoom(network: Network, device: DeviceBytes, purpose: Purpose): void {
  const { neededBytes, availableBytes, fits, tooLarge } = fitOf(network, device, purpose);
  if (fits !== 'no') return;
  const smaller = largestThatFits(network, device, purpose);
  const what = tooLarge
    ? `${tooLarge.node} needs one array of ${inMegabytes(tooLarge.bytes)}, and this device allows ${inMegabytes(device.largest)}`
    : `it needs about ${inMegabytes(neededBytes)}, and this device has ${inMegabytes(availableBytes ?? 0)}`;
  const advice = smaller === null ? 'Choose a smaller network' : `Choose a smaller one: ${smaller} fits`;
  throw new ConvScopeError(
    'out-of-memory',
    `${network.ref} is too large to run here: ${what}. ${advice}. Nothing was fetched.`,
    {
      network: network.ref,
      neededBytes,
      ...(availableBytes !== null && { availableBytes }),
      ...(tooLarge && { node: tooLarge.node, bytes: tooLarge.bytes, limit: device.largest }),
      ...(smaller !== null && { smaller }),
    },
  );
}
