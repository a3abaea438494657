import { add, backend, concat, conv2d, reshape, slice, tidy, transpose } from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { Shape } from '../../models/graph.ts';
import { cached, flippedConv } from '../adjointConv.ts';
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

function convAdjoint(signal: Tensor4D, layer: ConvLayer, input: Shape): Tensor4D {
  const [kernel] = layer.kernels as [Tensor4D];
  const output = batched(input);
  const [kh, kw, inputs, filters] = kernel.shape;
  if (layer.mode === 'depthwise') {
    return run(new DepthwiseAdjoint(output, layer, filters), [signal, kernel], 'float32');
  }
  if (layer.mode === 'grouped') {
    return run(new GroupedConvAdjoint(output, layer, inputs, filters), [signal, kernel], 'float32');
  }
  if (layer.stride[0] === 1 && layer.stride[1] === 1) return flippedConv(signal, layer, 0, input);
  // Matrix product, then gather: no multiplication is spent on inserted zeros.
  const columns = cached(layer, 'columns', () =>
    reshape(transpose(reshape(kernel, [kh * kw * inputs, filters])), [1, 1, filters, kh * kw * inputs]),
  );
  return tidy(() => {
    const shares = conv2d(signal, columns as Tensor4D, 1, 'valid');
    return run<Tensor4D>(new GatherColumns(output, layer), [shares], 'float32');
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
    denseAdjoint(signal, { shards }) {
      return shards
        .map(({ weight, first, units }) => {
          const part = shards.length === 1 ? signal : slice(signal, [0, first], [1, units]);
          return run<Tensor2D>(new VectorMatrix(weight.shape[1]), [weight, part], 'float32');
        })
        .reduce((sum, part) => add(sum, part));
    },
    convAdjoint: (signal, layer, input) => Promise.resolve(convAdjoint(signal, layer, input)),
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
    unpool(signal, switches, input) {
      const { data, window } = switches as GpuSwitches;
      return Promise.resolve(run<Tensor4D>(new Unpool(batched(input), window), [signal, data], 'float32'));
    },
    pace,
  };
}
