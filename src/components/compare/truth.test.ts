import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { firstComparison, measures, type ErrorAxis, type FigureSource } from '../../models/compare.ts';
import { buildNetwork, members } from '../../models/zoo/index.ts';
import { notesOf } from '../../models/zoo/notes.ts';
import { challengeRecords, challengeText, human, secondHuman } from './challengeRecords.ts';
import { challengeNotes } from './challengeNotes.ts';
import { compareColumns, type Words } from './columns.ts';
import { sourceText } from '../../models/zoo/figureTexts.ts';
import { seatsOf, seatText } from './bubblePicture.ts';
import type { Compared } from './useCompared.ts';

/** What tests/reference/extract_accuracy.py takes from the reference, value by value. */
interface Figure {
  readonly network: string;
  readonly split: string;
  readonly top1Error?: number;
  readonly top5Error?: number;
  readonly protocol: string;
  readonly variant?: string;
  readonly series: string;
  readonly comparable?: boolean;
  readonly source: string;
}
interface Extract {
  readonly figures: readonly Figure[];
  readonly ilsvrc: readonly {
    readonly year: number;
    readonly team: string;
    readonly network?: string;
    readonly model: string;
    readonly depth?: number;
    readonly split: string;
    readonly top5Error: number;
    readonly data: string;
    readonly winner?: boolean;
    readonly source: string;
  }[];
  readonly papers: readonly { readonly label: string; readonly split: string; readonly top5Error: number }[];
  readonly human: readonly { readonly top5Error: number; readonly images: number; readonly source: string }[];
}
const reference = JSON.parse(
  readFileSync(new URL('../../../tests/reference/accuracy.json', import.meta.url), 'utf8'),
) as Extract;

/** Keys instead of words, with what they are filled with. */
const t = ((key: string, facts?: object) =>
  facts ? `${key} ${Object.values(facts).join(' ')}` : key) as unknown as Words;

/** Networks of the zoo that are a form of one that the reference lists under another name. */
const formOf: Readonly<Record<string, string>> = {
  'googlenet-aux': 'googlenet',
  'googlenet-torchvision': 'googlenet',
  'resnet-50-paper': 'resnet-50',
  'resnet-101-paper': 'resnet-101',
  'resnet-152-paper': 'resnet-152',
  'resnet-18-a': 'resnet-18',
  'resnet-34-a': 'resnet-34',
  'resnet-34-c': 'resnet-34',
};
/** The reference has no figure of these: theirs is of the readme beside their weights. */
const apart = (id: string) => id.startsWith('efficientnet-lite');
const referenceId = (id: string) => formOf[id] ?? id;

const imageNet = members.filter(({ dataset, id }) => dataset === 'ImageNet-1k' && !apart(id));
const counted = new Map(
  imageNet.map(({ id, name }) => [id, { name, measures: measures(buildNetwork(id)) }] as const),
);
const known = new Set(imageNet.map(({ id }) => referenceId(id)));
const line = (...parts: readonly (string | number | undefined)[]) => parts.join(' | ');

function drawn(figures: FigureSource, y: ErrorAxis) {
  return seatsOf(imageNet, counted, { figures, y });
}

describe.each(['top1', 'top5'] as const)('the chart of %s errors', (axis) => {
  const key = `${axis}Error` as const;

  it('of released weights has exactly the figures that the reference calls comparable', () => {
    const asked = reference.figures.filter(
      (figure) => figure.comparable && known.has(figure.network) && figure[key] !== undefined,
    );
    expect(asked.length).toBeGreaterThan(35);
    expect(
      drawn('weights', axis)
        .map(({ info, error }) => line(referenceId(info.id), error[axis], error.source))
        .sort(),
    ).toEqual(asked.map((figure) => line(figure.network, figure[key], figure.source)).sort());
  });

  it('of papers has the best figure of each protocol: on the validation set, where there is one', () => {
    const asked = new Map<string, Figure>();
    for (const figure of reference.figures) {
      if (figure.series !== 'paper' || !known.has(figure.network) || figure[key] === undefined) continue;
      // A form with errors of its own in the paper is a network of its own here.
      const of = figure.variant?.startsWith('shortcut') ? figure.variant : '';
      const place = `${figure.network} ${of} ${figure.protocol}`;
      const held = asked.get(place);
      // A variant stands in only where the network has no figure of its own.
      const rank = ({ split, variant, [key]: error = 100 }: Figure) =>
        (variant === undefined ? 0 : 10_000) + (split === 'val' ? 0 : 1000) + error;
      if (!held || rank(figure) < rank(held)) asked.set(place, figure);
    }
    const shown = drawn('papers', axis);
    expect(shown.length).toBeGreaterThan(30);
    expect(
      [
        ...new Set(
          shown.map(({ info, error }) =>
            line(referenceId(info.id), error.protocol, error.split, error[axis], error.source),
          ),
        ),
      ].sort(),
    ).toEqual([...asked.values()].map((f) => line(f.network, f.protocol, f.split, f[key], f.source)).sort());
  });

  it('of papers stands with the shortcut that it was measured with', () => {
    const options = drawn('papers', axis).flatMap(({ info, error }) =>
      error.variant?.startsWith('shortcut') ? [line(info.id, error.variant)] : [],
    );
    expect(options.length).toBeGreaterThan(3);
    for (const each of options)
      expect(each).toMatch(/-(18|34)(-a \| shortcut A| \| shortcut B|-c \| shortcut C)$/);
  });

  it.each(['weights', 'papers'] as const)('of %s tells each figure and its source in the card', (figures) => {
    for (const seat of drawn(figures, axis)) {
      const { lines } = seatText(t, seat, { ...firstComparison, figures, y: axis });
      expect(lines[0]).toContain(`error.${axis} ${seat.error[axis]}\u2009%`);
      expect(lines).toContain(`bubbles.source ${seat.error.source}`);
    }
  });
});

describe('the errors of the table', () => {
  const columns = compareColumns(t, null);
  const cell = (id: string, row: Compared) => columns.find((column) => column.id === id)!.value(row);

  it.each(imageNet.map(({ id }) => id))('of %s are the reference’s, with its source', (id) => {
    const network = buildNetwork(id);
    const row = { ref: id, network, measures: counted.get(id)!.measures };
    // One form of a network has the released weights, another the paper's.
    const released = notesOf(id).publishedErrors.some(({ comparable }) => comparable);
    const figure = reference.figures.find((f) => f.comparable && f.network === referenceId(id));
    const asked = released ? figure : undefined;
    if (!Object.values(formOf).includes(id) && !(id in formOf)) expect(released).toBe(figure !== undefined);
    expect([cell('top1', row), cell('top5', row), cell('source', row)]).toEqual([
      asked?.top1Error ?? null,
      asked?.top5Error ?? null,
      asked?.source ?? null,
    ]);
  });
});

describe('the timeline', () => {
  const unmarked = (source: string) => source.replace(/ \((read as noted|as quoted).*\)$/, '');

  it('has every entry of the reference on the test set, with winners, depths and sources', () => {
    const shown = challengeRecords.filter(({ kind }) => kind !== 'paper');
    expect(reference.ilsvrc.every(({ split }) => split === 'test')).toBe(true);
    expect(
      shown.map((r) =>
        line(r.year, r.full, r.top5Error, r.depth, r.kind, Number(r.external), unmarked(r.source)),
      ),
    ).toEqual(
      reference.ilsvrc.map((r) =>
        line(
          r.year,
          `${r.team}: ${r.model}`,
          r.top5Error,
          r.depth,
          r.winner ? 'winner' : 'entry',
          Number(r.data === 'external'),
          unmarked(r.source),
        ),
      ),
    );
    const teams = shown.map(({ name }) => name);
    for (const name of ['AlexNet (SuperVision)', 'Clarifai', 'ZF', 'VGG', 'GoogLeNet', 'ResNet (MSRA)'])
      expect(teams).toContain(name);
  });

  it('tells papers’ figures from entries, and each card says where its figure is from', () => {
    const papers = challengeRecords.filter(({ kind }) => kind === 'paper');
    expect(papers.length).toBeGreaterThan(2);
    for (const { full, top5Error } of papers)
      expect(reference.papers).toContainEqual(
        expect.objectContaining({ label: full, split: 'test', top5Error }),
      );
    for (const record of challengeRecords) {
      expect(challengeText(t, record).lines).toContain(`bubbles.source ${record.source}`);
      const { lines } = challengeText(t, record, 'ko');
      expect(lines).toContain(`bubbles.source ${sourceText(record.source, 'ko')}`);
      if (record.note) expect(lines).toContain(challengeNotes[record.note]!.ko);
    }
  });

  it('has the human estimates of the reference, with their pictures and sources', () => {
    const facts = [human, secondHuman].map(({ top5Error, images, source }) => ({
      top5Error,
      images,
      source,
    }));
    expect(facts).toEqual(
      reference.human.map(({ top5Error, images, source }) => ({ top5Error, images, source })),
    );
  });
});
