import { backend, concat, conv2d, slice, tidy } from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { Shape } from '../../models/graph.ts';
import { columnsOf, flippedConv, samePads } from '../adjointConv.ts';
import type { Corner } from '../adjointRegion.ts';
import type { PoolWindow, Programs } from '../forwardPrograms.ts';
import { batched } from '../forwardTable.ts';
import type { Switches } from '../switches.ts';
import type { ConvLayer } from '../weightsLayout.ts';
import { largestTensorBytes } from '../weightsLayoutLimits.ts';
import {
  DepthwiseAdjoint,
  GatherColumns,
  GroupedConv,
  GroupedConvAdjoint,
  wayBackValues,
} from './convPrograms.ts';
import { MatrixVector, VectorMatrix } from './densePrograms.ts';
import { pictureFromBytes } from './picturePrograms.ts';
import { FindSwitches, Unpool, windowOfPool } from './poolPrograms.ts';
import { Lrn, LrnAdjoint, ReluAdjoint } from './pointPrograms.ts';
import { run, runTogether, windowValues } from './program.ts';
import { isRehearsing } from './rehearsal.ts';

/** Switches that stay on the GPU, with the window that made them. */
interface GpuSwitches extends Switches {
  readonly data: Tensor4D;
  readonly window: PoolWindow;
}

/** Bytes that the shares of a convolution's transpose may take at once; more signals than that follow one another. */
const sharesBytes = 64 * 2 ** 20;

function convAdjoint(
  signal: Tensor4D,
  layer: ConvLayer,
  [height, width, channels]: Shape,
  pads: readonly Corner[] | null,
): Tensor4D {
  const [kernel] = layer.kernels as [Tensor4D];
  const [signals, outHeight, outWidth] = signal.shape;
  const output = [signals, height, width, channels];
  const [kh, kw, inputs, filters] = kernel.shape;
  const uniforms = wayBackValues(layer, pads ?? samePads(signal, layer));
  if (layer.mode === 'depthwise')
    return run(new DepthwiseAdjoint(output, layer, filters), [signal, kernel], 'float32', uniforms);
  const gathered = () =>
    run<Tensor4D>(new GroupedConvAdjoint(output, layer), [signal, kernel], 'float32', uniforms);
  if (layer.mode === 'grouped') return gathered();
  if (!pads && layer.stride[0] === 1 && layer.stride[1] === 1)
    return flippedConv(signal, layer, 0, [height, width, channels]);
  const shareBytes = outHeight * outWidth * kh * kw * inputs * 4;
  // Shares that no buffer holds are not made: the layer is walked through as if it were one group.
  if (shareBytes > largestTensorBytes()) return gathered();
  // Matrix product, then gather: no multiplication is spent on inserted zeros.
  const most = Math.floor(Math.min(sharesBytes, largestTensorBytes()) / shareBytes);
  if (signals > Math.max(1, most)) {
    return tidy(() => {
      const parts = Array.from({ length: signals }, (_, i) =>
        convAdjoint(
          slice(signal, [i, 0, 0, 0], [1, outHeight, outWidth, filters]),
          layer,
          [height, width, channels],
          pads && pads.slice(i, i + 1),
        ),
      );
      return concat(parts, 0);
    });
  }
  const columns = columnsOf(layer, 0);
  return tidy(() => {
    const shares = conv2d(signal, columns, 1, 'valid');
    return run<Tensor4D>(new GatherColumns(output, layer), [shares], 'float32', uniforms);
  });
}

/** Multiply-accumulates between two waits for the GPU, by device: adapted so that a wait stays near 50 ms. */
const budgets = new WeakMap<GPUDevice, { macs: number; pending: number }>();

async function pace(macs: number): Promise<void> {
  if (isRehearsing()) return;
  const gpu = backend() as WebGPUBackend;
  const budget = budgets.get(gpu.device) ?? { macs: 2.5e8, pending: 0 };
  budgets.set(gpu.device, budget);
  budget.pending += macs;
  if (budget.pending < budget.macs) return;
  budget.pending = 0;
  // Only recorded work can be submitted; the field is private in tfjs 4.22.
  if ((gpu as unknown as { commandEncoder: GPUCommandEncoder | null }).commandEncoder) {
    gpu.endComputePassEncoder();
    gpu.submitQueue();
  }
  const start = performance.now();
  await gpu.queue.onSubmittedWorkDone();
  const milliseconds = performance.now() - start;
  if (milliseconds < 20) budget.macs = Math.min(budget.macs * 2, 8e9);
  if (milliseconds > 100) budget.macs = Math.max(budget.macs / 2, 1e7);
}

/** The programs of webgpu: our own WGSL where tfjs has no kernel or a slow one. */
export function webgpuPrograms(): Programs {
  return {
    picture: pictureFromBytes,
    groupedConv(x, layer, output) {
      const [kernel] = layer.kernels as [Tensor4D];
      const [, , inputs, filters] = kernel.shape;
      const program = new GroupedConv(batched(output), layer, inputs, filters, layer.bias !== null);
      return run(program, layer.bias ? [x, kernel, layer.bias] : [x, kernel], 'float32');
    },
    dense(x, { shards, bias }) {
      const units = shards.reduce((sum, shard) => sum + shard.units, 0);
      const parts = shards.map((shard) => ({
        program: new MatrixVector(units, shard.units, bias !== null),
        inputs: bias ? [shard.weight, x, bias] : [shard.weight, x],
        uniforms: [[shard.first]],
      }));
      return runTogether([1, units], parts);
    },
    denseAdjoint(signals, { shards }) {
      const [count] = signals.shape;
      const inputs = shards[0]!.weight.shape[1];
      const parts = shards.map(({ weight, first }) => ({
        program: new VectorMatrix(count, inputs),
        inputs: [weight, signals],
        uniforms: [[first]],
      }));
      return runTogether([count, inputs], parts);
    },
    convAdjoint: (signal, layer, input, pads) => Promise.resolve(convAdjoint(signal, layer, input, pads)),
    switches(x, window, output) {
      const data = run<Tensor4D>(
        new FindSwitches(batched(output), window),
        [x],
        'int32',
        windowOfPool(window),
      );
      const found: GpuSwitches = {
        data,
        window,
        read: () => data.data<'int32'>().then((values) => Int32Array.from(values)),
        dispose: () => data.dispose(),
      };
      return Promise.resolve(found);
    },
    unpool(signal, switches, { from, to, input }) {
      const { data, window } = switches as GpuSwitches;
      const output = [signal.shape[0], to.height, to.width, input[2]];
      const program = new Unpool(output, window);
      const places = from.corners.map((corner, i) => [...corner, ...(to.corners[i] as Corner)]);
      const uniforms = [...windowOfPool(window), [input[1]], ...windowValues(places)];
      return Promise.resolve(run<Tensor4D>(program, [signal, data], 'float32', uniforms));
    },
    reluAdjoint(signals, y, { corners }, { cap, rectified }) {
      const program = new ReluAdjoint(signals.shape, cap !== undefined, rectified);
      return run(program, [signals, y], 'float32', [{ float: cap ?? 0 }, ...windowValues(corners)]);
    },
    lrn: (x, op) => run(new Lrn(x.shape, op), [x], 'float32'),
    lrnAdjoint: (signals, a, { corners }, { op, rule }) =>
      run(
        new LrnAdjoint(signals.shape, op, rule === 'scale'),
        [signals, a],
        'float32',
        windowValues(corners),
      ),
    crops: () => true,
    // Every dispatch costs the same however small it is, and a dense layer's weights are read once for all.
    groupBytes: 64 * 2 ** 20,
    pace,
  };
}
