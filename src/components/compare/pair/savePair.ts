import type { TFunction } from 'i18next';
import type { BoxMark } from '../../../viz/diagram.ts';
import type { DiagramGeometry } from '../../../viz/diagram.ts';
import type { ThemeName } from '../../../viz/opStyle.ts';
import { pairSvg } from '../../../viz/pairSvg.ts';
import type { PairPart } from '../../../viz/pairSvg.ts';
import type { Network } from '../../../models/network.ts';
import { groupWords } from '../../diagram/describe.ts';
import type { DiagramAmong } from '../../diagram/Diagram.tsx';
import { saveSvg } from '../../diagram/saveDiagram.ts';
import type { SaveAs } from '../../diagram/saveDiagram.ts';

/** A network of the pair as it is drawn on the page. */
export interface DrawnNetwork {
  readonly network: Network;
  readonly geometry: DiagramGeometry;
  readonly among: DiagramAmong;
}

/** Writes both diagrams, folded and marked as they are, with names and legends to a file. Throws an Error with the browser's reason. */
export async function savePair(
  t: TFunction<['pair', 'diagram']>,
  pair: readonly [DrawnNetwork, DrawnNetwork],
  shown: { readonly theme: ThemeName; readonly arrangement: 'beside' | 'below' },
  as: SaveAs,
): Promise<void> {
  const part = ({ network, geometry, among: { markOf } }: DrawnNetwork): PairPart => ({
    name: network.info.name,
    geometry,
    answer: [t('diagram:classes', { count: network.info.classes })],
    marks: new Map(
      geometry.boxes.flatMap((box): [string, BoxMark][] => {
        const mark = markOf?.(box) ?? null;
        return mark === null ? [] : [[box.id, mark]];
      }),
    ),
  });
  const parts = [part(pair[0]), part(pair[1])] as const;
  const words = {
    title: parts.map(({ name }) => name).join(', '),
    groups: groupWords(t as unknown as TFunction<'diagram'>),
    note: t('diagram:legendBox'),
    marks: { changed: t('mark.changed'), only: t('mark.only'), follows: t('mark.follows') },
  };
  const { arrangement } = shown;
  await saveSvg(
    (theme, options) => pairSvg(parts, theme, words, { arrangement, ...options }),
    shown.theme,
    pair.map(({ network }) => network.info.id).join('-and-'),
    as,
  );
}
