import { format, resolveConfig } from 'prettier';
import { listByFamily, type ZooGroup } from '../src/cli/zoo.ts';
import { shape, whole } from '../src/cli/table.ts';
import type { NetworkRecord } from '../src/cli/zooRecords.ts';

const [begin, end] = ['<!-- zoo -->', '<!-- /zoo -->'];

const columns = ['network', 'id', 'year', 'depth', 'input', 'parameters', 'MACs', 'weights'];
const rightAligned = new Set(['year', 'depth', 'input', 'parameters', 'MACs']);

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function networkCells(network: NetworkRecord): readonly string[] {
  const { id, name, year, depth, input, params, macs, bundledWeights } = network;
  // A bar would end the cell.
  const cells = [name.replaceAll('|', '\\|'), `\`${id}\``, String(year), whole(depth), shape(input)];
  return [...cells, whole(params), whole(macs), bundledWeights ? 'bundled' : ''];
}

/** A family's own row: what a reference of one's own starts with and may set. */
function familyCells({ family }: ZooGroup): readonly string[] {
  const keys = Object.keys(family.parameters);
  const reference = `\`${family.id}${keys.length === 0 ? '' : `?${keys.join('&')}`}\``;
  return [`**${family.name}**`, reference, ...columns.slice(2).map(() => '')];
}

/** The zoo as a Markdown table by family, every figure counted now. */
export async function zooMarkdown(): Promise<string> {
  const groups = await listByFamily();
  const networks = groups.flatMap(({ networks }) => networks);
  const rows = groups.flatMap((group) => [familyCells(group), ...group.networks.map(networkCells)]);
  const years = networks.map(({ year }) => year);
  return [
    `${networks.length} networks of ${groups.length} families, each counted exactly. The bold rows are families: any`,
    "setting of their parameters is a network too (`npm run -s cli -- zoo 'wide-resnet?depth=22&k=6'`;",
    '`zoo --parameters` says what is possible). Depth: as the paper counts it. MACs: multiply-accumulates of convolutions and',
    'dense layers for one image.',
    '',
    '<details>',
    `<summary>Every network, ${Math.min(...years)} to ${Math.max(...years)}</summary>`,
    '',
    line(columns),
    line(columns.map((column) => (rightAligned.has(column) ? '--:' : ':--'))),
    ...rows.map(line),
    '',
    '</details>',
  ].join('\n');
}

/** `readme` with `table` between its markers. Throws where the markers are not there, once each and in order. */
export function withTable(readme: string, table: string): string {
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)];
  const once = readme.lastIndexOf(begin) === from && readme.lastIndexOf(end) === to;
  if (from < 0 || to < from || !once)
    throw new Error(`README.md needs one ${begin} and after it one ${end}, between which the table stands.`);
  return `${readme.slice(0, from + begin.length)}\n\n${table}\n\n${readme.slice(to)}`;
}

/** README.md at `path`, whose text is `readme`, as it should be: with the table of the zoo, formatted. */
export async function upToDate(readme: string, path: string): Promise<string> {
  const config = await resolveConfig(path);
  return format(withTable(readme, await zooMarkdown()), { ...config, parser: 'markdown' });
}
