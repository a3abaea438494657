import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  errorAxes,
  figureSources,
  firstComparison,
  measures,
  quantities,
  type Comparison,
} from '../../models/compare.ts';
import { buildNetwork, members } from '../../models/zoo/index.ts';
import { bubbleChart } from '../../viz/chartBubble.ts';
import { chartFaults } from '../../viz/chartInvariants.ts';
import { timelineChart } from '../../viz/chartTimeline.ts';
import { chartSvg } from '../../viz/chartSvg.ts';
import enApp from '../i18n/en/app.json';
import koApp from '../i18n/ko/app.json';
import { bubblePicture, seatsOf } from './bubblePicture.ts';
import { challengePicture, challengeRecords } from './challengeRecords.ts';
import type { Words } from './columns.ts';
import en from './text/en.json';
import ko from './text/ko.json';

const languages = ['en', 'ko'] as const;
const words: Partial<Record<(typeof languages)[number], Words>> = {};
beforeAll(async () => {
  const i18n = i18next.createInstance();
  await i18n.init({
    lng: 'en',
    ns: ['compare', 'app'],
    defaultNS: 'compare',
    interpolation: { escapeValue: false },
    resources: { en: { compare: en, app: enApp }, ko: { compare: ko, app: koApp } },
  });
  for (const language of languages)
    words[language] = i18n.getFixedT(language, ['compare', 'app'] as const) as Words;
});

const imageNet = members.filter(({ dataset }) => dataset === 'ImageNet-1k');
const known = new Map(
  imageNet.map(({ id, name }) => [id, { name, measures: measures(buildNetwork(id)) }] as const),
);
const trace = [1, 2, 4, 8].map((k) => {
  const network = buildNetwork(`wide-resnet?k=${k}`);
  return { name: network.info.name, measures: measures(network) };
});

/** The chart as the page draws it, with all listed ImageNet networks. */
function chart(comparison: Comparison, width: number, language: (typeof languages)[number]) {
  const spec = bubblePicture(words[language]!, {
    comparison,
    seats: seatsOf(imageNet, known, comparison),
    chosen: new Set(comparison.nets),
    trace,
    width,
    height: width < 700 ? 620 : Math.min(720, Math.max(560, width * 0.56)),
  });
  return { spec, picture: bubbleChart(spec) };
}

describe.each(figureSources)('the chart of the figures of %s', (figures) => {
  describe.each(errorAxes)('%s', (y) => {
    it.each(quantities)('is readable over %s, at every width and in both languages', (x) => {
      for (const width of [366, 720, 1176]) {
        for (const language of languages) {
          const { spec, picture } = chart({ ...firstComparison, figures, y, x }, width, language);
          expect(chartFaults(picture), `${width} ${language}`).toEqual([]);
          expect(picture.targets).toHaveLength(spec.bubbles.length);
          for (const target of picture.targets) {
            expect(target.x).toBeGreaterThan(58);
            expect(target.x).toBeLessThan(width - 14);
          }
          // The networks of the comparison are named on every axis: they are what the chart is about.
          const texts = picture.marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text] : []));
          if (width > 400)
            for (const bubble of spec.bubbles.filter(({ chosen }) => chosen))
              expect(texts).toContain(bubble.name);
        }
      }
    });

    it.each(quantities)('is readable with %s as area, with sizes in its legend', (area) => {
      const { picture, spec } = chart({ ...firstComparison, figures, y, area }, 1176, 'en');
      expect(chartFaults(picture)).toEqual([]);
      const texts = picture.marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text] : []));
      expect(texts.some((text) => text.startsWith(`${spec.area.label}: `))).toBe(true);
    });
  });
});

describe('the timeline', () => {
  it.each([366, 720, 1176])('is readable at %d px in both languages, with every winner named', (width) => {
    for (const language of languages) {
      const picture = timelineChart(challengePicture(words[language]!, width, width < 700 ? 640 : 600));
      expect(chartFaults(picture), language).toEqual([]);
      const texts = picture.marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text] : []));
      for (const { name } of challengeRecords.filter(({ kind }) => kind === 'winner'))
        expect(texts).toContain(name);
      for (const depth of ['8', '22', '152']) expect(texts).toContain(depth);
    }
  });
});

describe('a saved chart', () => {
  it.each(languages)('is complete in %s: title, axes, legend, names and source', (language) => {
    const { spec, picture } = chart(firstComparison, 1176, language);
    const svg = chartSvg(picture, 'light');
    for (const part of [
      spec.title,
      spec.x.label,
      spec.y.label,
      spec.area.label,
      ...spec.legend.map(({ text }) => text),
    ])
      expect(svg).toContain(part);
    for (const word of spec.notes.join(' ').split(' ')) expect(svg).toContain(word.replaceAll('&', '&amp;'));
  });
});
