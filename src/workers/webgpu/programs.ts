import { add, backend, concat, conv2d, slice, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { Shape } from '../../models/graph.ts';
import { columnsOf, flippedConv } from '../adjointConv.ts';
import type { Corner } from '../adjointRegion.ts';
import type { PoolWindow, Programs } from '../forwardPrograms.ts';
import { batched } from '../forwardTable.ts';
import type { Switches } from '../switches.ts';
import type { ConvLayer } from '../weightsLayout.ts';
import { DepthwiseAdjoint, GatherColumns, GroupedConv, GroupedConvAdjoint } from './convPrograms.ts';
import { MatrixVector, VectorMatrix } from './densePrograms.ts';
import { FindSwitches, Unpool } from './poolPrograms.ts';
import { run } from './program.ts';

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
  const own = (): Tensor[] => (pads ? [tensor2d(pads.flat(), [signals, 2], 'int32')] : []);
  if (layer.mode === 'depthwise') {
    const program = new DepthwiseAdjoint(output, layer, filters, pads !== null);
    return tidy(() => run(program, [signal, kernel, ...own()], 'float32'));
  }
  if (layer.mode === 'grouped') {
    const program = new GroupedConvAdjoint(output, layer, inputs, filters, pads !== null);
    return tidy(() => run(program, [signal, kernel, ...own()], 'float32'));
  }
  if (!pads && layer.stride[0] === 1 && layer.stride[1] === 1)
    return flippedConv(signal, layer, 0, [height, width, channels]);
  // Matrix product, then gather: no multiplication is spent on inserted zeros.
  const most = Math.floor(sharesBytes / (outHeight * outWidth * kh * kw * inputs * 4));
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
    return run<Tensor4D>(new GatherColumns(output, layer, pads !== null), [shares, ...own()], 'float32');
  });
}

/** Multiply-accumulates between two waits for the GPU, by device: adapted so that a wait stays near 50 ms. */
const budgets = new WeakMap<GPUDevice, { macs: number; pending: number }>();

async function pace(macs: number): Promise<void> {
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
    groupedConv(x, layer, output) {
      const [kernel] = layer.kernels as [Tensor4D];
      const [, , inputs, filters] = kernel.shape;
      const program = new GroupedConv(batched(output), layer, inputs, filters, layer.bias !== null);
      return run(program, layer.bias ? [x, kernel, layer.bias] : [x, kernel], 'float32');
    },
    dense(x, { shards }) {
      const parts = shards.map(({ weight, units }) =>
        run<Tensor2D>(new MatrixVector(units), [weight, x], 'float32'),
      );
      return parts.length === 1 ? (parts[0] as Tensor2D) : concat(parts, 1);
    },
    denseAdjoint(signals, { shards }) {
      const [count] = signals.shape;
      return shards
        .map(({ weight, first, units }) => {
          const part = shards.length === 1 ? signals : slice(signals, [0, first], [count, units]);
          return run<Tensor2D>(new VectorMatrix(count, weight.shape[1]), [weight, part], 'float32');
        })
        .reduce((sum, part) => add(sum, part));
    },
    convAdjoint: (signal, layer, input, pads) => Promise.resolve(convAdjoint(signal, layer, input, pads)),
    switches(x, window, output) {
      const data = run<Tensor4D>(new FindSwitches(batched(output), window), [x], 'int32');
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
      const program = new Unpool(output, window, input[1]);
      const places = from.corners.flatMap((corner, i) => [...corner, ...(to.corners[i] as Corner)]);
      return Promise.resolve(
        tidy(() =>
          run(program, [signal, data, tensor2d(places, [places.length / 4, 4], 'int32')], 'float32'),
        ),
      );
    },
    crops: () => true,
    pace,
  };
}
