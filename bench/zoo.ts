import { execFileSync } from 'node:child_process';
import { networkCost } from '../src/models/cost.ts';
import { receptiveFields } from '../src/models/field.ts';
import type { Graph } from '../src/models/graph.ts';
import { buildNetwork, members } from '../src/models/zoo/index.ts';
import { diagramGeometry } from '../src/viz/diagram.ts';
import { graphFigures } from '../src/viz/diagramFigures.ts';
import { allUnfolded, firstFolding } from '../src/viz/diagramFolding.ts';
import { median, ms, printTable } from './report.ts';

const runs = 5;
const largest = ['cifar-resnet-1202', 'densenet-bc-l250-k24', 'densenet-201', 'resnet-152'];

/** What is computed of networks without running them: built, counted, laid out. Aims are those of the issue. */
export function benchZoo(): void {
  // Before anything else: nothing is built or compiled yet, as in a process that has just started.
  printTable('The whole zoo in one process, once', ['step', 'time'], wholeZoo());
  printTable('`zoo` as a command, with the start of its process. Aim: 2 s', ['command', 'time'], commands());
  printTable(
    `The largest, median of ${runs} on fresh graphs`,
    ['network', 'layers', 'build', 'count', 'fields'],
    largest.map(largestRow),
  );
  benchDiagrams();
}

const since = (start: number): number => performance.now() - start;

function stopwatch<T>(work: () => T): readonly [T, number] {
  const start = performance.now();
  const result = work();
  return [result, since(start)];
}

/** The same network as a graph that nothing is known of yet: no memo answers for it. */
function freshGraph(id: string): Graph {
  const { family, settings } = buildNetwork(id);
  return family.graph(settings);
}

function wholeZoo(): string[][] {
  const [graphs, build] = stopwatch(() => members.map(({ id }) => buildNetwork(id).graph));
  const [, count] = stopwatch(() => graphs.forEach((graph) => networkCost(graph)));
  const nodes = graphs.reduce((sum, graph) => sum + graph.nodes.length, 0);
  return [
    [`build ${graphs.length} networks, ${nodes} layers`, ms(build)],
    ['count them', ms(count)],
    ['both', ms(build + count)],
  ];
}

function commands(): string[][] {
  return [['zoo'], ['zoo', '--json'], ['zoo', 'cifar-resnet-1202', '--json']].map((args) => {
    const times = Array.from({ length: 3 }, () => {
      const command = ['--import', 'tsx', 'src/cli/main.ts', ...args];
      return stopwatch(() => execFileSync(process.execPath, command, { maxBuffer: 1e9 }))[1];
    });
    return [args.join(' '), ms(median(times))];
  });
}

function largestRow(id: string): string[] {
  const [build, count, fields] = [[], [], []] as [number[], number[], number[]];
  for (let i = 0; i < runs; i++) {
    const [graph, built] = stopwatch(() => freshGraph(id));
    build.push(built);
    count.push(stopwatch(() => networkCost(graph))[1]);
    fields.push(stopwatch(() => receptiveFields(graph))[1]);
  }
  const layers = buildNetwork(id).graph.nodes.length;
  return [id, String(layers), ms(median(build)), ms(median(count)), ms(median(fields))];
}

interface Drawn {
  readonly id: string;
  readonly folded: number;
  readonly foldedBoxes: number;
  readonly unfolded: number;
  readonly unfoldedBoxes: number;
}

/** Geometry only: what React makes of it is measured in the browser. */
function drawn(id: string): Drawn {
  const [folded, unfolded] = [[], []] as [number[], number[]];
  let [foldedBoxes, unfoldedBoxes] = [0, 0];
  for (let i = 0; i < runs; i++) {
    const graph = freshGraph(id);
    const figures = graphFigures(graph);
    const [first, firstTime] = stopwatch(() => diagramGeometry(graph, firstFolding(graph), figures));
    const [open, openTime] = stopwatch(() => diagramGeometry(graph, allUnfolded(graph), figures));
    folded.push(firstTime);
    unfolded.push(openTime);
    [foldedBoxes, unfoldedBoxes] = [first.boxes.length, open.boxes.length];
  }
  return { id, folded: median(folded), foldedBoxes, unfolded: median(unfolded), unfoldedBoxes };
}

function benchDiagrams(): void {
  const all = members.map(({ id }) => drawn(id));
  printTable(
    `Geometry of diagrams, median of ${runs} on fresh graphs. Aim with drawing: folded 50 ms, resnet-152 and densenet-201 unfolded 200 ms`,
    ['network', 'folded', 'boxes', 'unfolded', 'boxes'],
    all.map((each) => [
      each.id,
      ms(each.folded),
      String(each.foldedBoxes),
      ms(each.unfolded),
      String(each.unfoldedBoxes),
    ]),
  );
  const slowest = (time: 'folded' | 'unfolded') => all.reduce((a, b) => (b[time] > a[time] ? b : a));
  printTable(
    'The slowest of them',
    ['diagram', 'network', 'time'],
    (['folded', 'unfolded'] as const).map((time) => [time, slowest(time).id, ms(slowest(time)[time])]),
  );
}
