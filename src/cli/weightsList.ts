import { catalogue } from '../models/catalogue.ts';
import type { Streams } from './run.ts';
import { formatTable, megabytes, toJson } from './table.ts';
import { fileNameOf } from './weightsCatalogue.ts';
import { readList } from './weightsFiles.ts';
import { folderOf, type Flags } from './weightsShared.ts';

const percent = (value: number | null | undefined): string => (value == null ? '' : value.toFixed(2));

/** `weights list`: every published file, and whether it is in the folder. */
export async function listWeights(flags: Flags, { out }: Streams): Promise<void> {
  const { weights } = await readList(folderOf(flags));
  const files = new Set(weights.map(({ file }) => file));
  const rows = catalogue.map((entry) => ({ ...entry, here: files.has(fileNameOf(entry)) }));
  if (flags.json) return out(toJson(rows));
  out(
    formatTable(rows, [
      { title: 'weights', text: ({ id }) => id },
      { title: 'network', text: ({ network }) => network },
      { title: 'MB', align: 'right', text: ({ bytes }) => megabytes(bytes) },
      { title: 'top-1 %', align: 'right', text: ({ accuracy }) => percent(accuracy?.top1) },
      { title: 'top-5 %', align: 'right', text: ({ accuracy }) => percent(accuracy?.top5) },
      { title: 'SHA-256', text: ({ sha256 }) => (sha256 === null ? 'unknown' : `${sha256.slice(0, 8)}...`) },
      { title: 'here', text: ({ here }) => (here ? 'yes' : '') },
      { title: 'licence', text: ({ licence }) => licence },
    ]),
  );
}
