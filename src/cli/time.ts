import { networkCost } from '../models/cost.ts';
import { buildNetwork } from '../models/zoo/index.ts';
import { networkTiming, tableMilliseconds, type NetworkTiming } from '../viz/layerTiming.ts';
import type { LayerTimes } from '../workers/contract.ts';
import type { Streams } from './run.ts';
import { openSession, setImageFile, type RunOptions } from './session.ts';
import { formatTable, toJson, whole, type Column } from './table.ts';

export interface TimeOptions extends RunOptions {
  readonly passes?: number;
  readonly json: boolean;
}

/** Measures how long each layer takes on a picture, and prints it beside the layer's MACs. */
export async function time(image: string, options: TimeOptions, { out }: Streams): Promise<void> {
  const { engine, loaded } = await openSession(options);
  await setImageFile(engine, image);
  const { passes } = options;
  // Who asks for a number of passes has the time for them.
  const times = await engine.layerTimes(passes === undefined ? {} : { passes, budgetMilliseconds: Infinity });
  await engine.dispose();
  const { graph } = buildNetwork(loaded.ref);
  const timing = networkTiming(graph, times);
  const rows = timeRecords(loaded.ref, timing);
  if (!options.json) {
    out(formatTable(rows, columnsOf(timing)) + summary(times, timing));
    return;
  }
  const { ref: model, weightsName: weights, ...measurement } = times;
  const { totalMilliseconds } = timing;
  out(toJson({ image, model, weights, ...measurement, totalMilliseconds, layers: rows }));
}

function timeRecords(ref: string, { nodes }: NetworkTiming) {
  const { graph } = buildNetwork(ref);
  const cost = networkCost(graph);
  return graph.nodes.map(({ id, op }) => {
    const { milliseconds, joinedWith, share, macsPerSecond } = nodes.get(id)!;
    const { macs } = cost.nodes.get(id)!;
    return { id, op: op.kind, macs, milliseconds, joinedWith, share, macsPerSecond };
  });
}
type TimeRecord = ReturnType<typeof timeRecords>[number];

function columnsOf(timing: NetworkTiming): readonly Column<TimeRecord>[] {
  const ms = (milliseconds: number | undefined): string =>
    milliseconds === undefined ? '' : tableMilliseconds(milliseconds, timing).replace('\u2009', '');
  return [
    { title: 'layer', text: ({ id }) => id },
    { title: 'op', text: ({ op }) => op },
    { title: 'MACs', align: 'right', text: ({ macs }) => whole(macs) },
    {
      title: 'ms',
      align: 'right',
      text: ({ milliseconds, joinedWith }) =>
        joinedWith === null ? ms(milliseconds?.median) : 'with its ReLU',
    },
    {
      title: 'quartiles',
      align: 'right',
      text: ({ milliseconds: q }) => (q ? `${ms(q.lower)} - ${ms(q.upper)}` : ''),
    },
    {
      title: 'share %',
      align: 'right',
      text: ({ milliseconds, share }) => (milliseconds ? (share * 100).toFixed(1) : ''),
    },
    {
      title: 'GMAC/s',
      align: 'right',
      text: ({ macsPerSecond }) => (macsPerSecond === null ? '' : (macsPerSecond / 1e9).toFixed(2)),
    },
  ];
}

function summary({ passes, backend, threads, passMilliseconds }: LayerTimes, timing: NetworkTiming): string {
  const ms = (milliseconds: number): string => milliseconds.toFixed(timing.decimals);
  const { lower, median, upper } = passMilliseconds;
  return (
    `\nMedians of ${passes} ${passes === 1 ? 'pass' : 'passes'} on ${backend}, ${threads} ` +
    `${threads === 1 ? 'thread' : 'threads'}: layers together ${ms(timing.totalMilliseconds)} ms; an unmeasured pass ` +
    `${ms(median)} ms (${ms(lower)} - ${ms(upper)}).\n`
  );
}
