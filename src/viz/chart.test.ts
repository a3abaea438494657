import { describe, expect, it } from 'vitest';
import { chartedErrors, measures } from '../models/compare.ts';
import { buildNetwork, members } from '../models/zoo/index.ts';
import { notesOf } from '../models/zoo/notes.ts';
import { stagesOf } from '../models/compare.ts';
import { barChart } from './chartBars.ts';
import { bubbleChart, type BubbleChart } from './chartBubble.ts';
import { chartFaults } from './chartInvariants.ts';
import { placeNames } from './chartLabels.ts';
import { forms, formPath } from './chartParts.ts';
import { makeScale } from './chartScale.ts';
import { chartSvg } from './chartSvg.ts';
import { overlap, type Picture } from './chartTypes.ts';
import { timelineChart } from './chartTimeline.ts';
import { ilsvrc } from '../models/zoo/ilsvrc.ts';
import { formatSi } from './numbers.ts';

describe('scales', () => {
  it('put equal factors at equal distances on a log axis, with round ticks', () => {
    const scale = makeScale({ kind: 'log', values: [1e6, 1e9], from: 0, to: 300, most: 5 });
    expect(scale.at(1e7) - scale.at(1e6)).toBeCloseTo(scale.at(1e9) - scale.at(1e8));
    expect(scale.ticks).toEqual([1e6, 1e7, 1e8, 1e9]);
  });

  it.each([
    [[20, 51], 6],
    [[2012, 2017], 10],
    [[7, 7], 4],
    [[0.2, 0.21], 3],
  ] as const)('of %o keep all values inside and have ticks on steps of 1, 2 or 5', (values, most) => {
    const scale = makeScale({ kind: 'linear', values, from: 0, to: 100, most });
    for (const value of values) {
      expect(scale.at(value)).toBeGreaterThanOrEqual(0);
      expect(scale.at(value)).toBeLessThanOrEqual(100);
    }
    expect(scale.ticks.length).toBeGreaterThan(0);
    expect(scale.ticks.length).toBeLessThanOrEqual(most + 1);
  });

  it('of whole numbers have no tick between two of them', () => {
    const scale = makeScale({
      kind: 'linear',
      values: [2012, 2016],
      from: 0,
      to: 900,
      most: 14,
      whole: true,
    });
    expect(scale.ticks).toEqual([2012, 2013, 2014, 2015, 2016]);
  });
});

describe('bubbles of equal whole numbers', () => {
  it('step aside within their own year, until each can be seen', () => {
    const equal = Array.from({ length: 5 }, (_, i) => ({
      ...chart(900).bubbles[0]!,
      id: String(i),
      x: i === 4 ? 2015 : 2014,
      y: 30,
      area: 1e7,
    }));
    const years = { label: 'Year', kind: 'linear', format: String, whole: true } as const;
    const { targets } = bubbleChart({ ...chart(900), x: years, bubbles: equal });
    const places = targets.map(({ x }) => x).sort((a, b) => a - b);
    expect(new Set(places).size).toBe(5);
    const year = targets.find(({ id }) => id === '4')!.x - targets.find(({ id }) => id === '0')!.x;
    for (const { id, x } of targets.filter(({ id }) => id !== '4'))
      expect(Math.abs(x - targets.find((each) => each.id === '0')!.x), id).toBeLessThan(year / 2);
  });
});

describe('names of marks', () => {
  const crowd = Array.from({ length: 40 }, (_, i) => ({
    id: `m${i}`,
    x: 100 + ((i * 37) % 120),
    y: 100 + ((i * 53) % 90),
    r: 4 + (i % 9),
    width: 70,
    height: 15,
    first: i < 5,
  }));
  const plot = { x: 0, y: 0, width: 400, height: 300 };
  const placed = placeNames(crowd, plot);

  it('never overlap and stay in the plot, and the first ones are all there', () => {
    for (const [i, a] of placed.entries()) {
      expect(a.box.x).toBeGreaterThanOrEqual(0);
      expect(a.box.x + a.box.width).toBeLessThanOrEqual(400);
      for (const b of placed.slice(i + 1)) expect(overlap(a.box, b.box)).toBe(false);
    }
    expect(placed.map(({ id }) => id)).toEqual(expect.arrayContaining(['m0', 'm1', 'm2', 'm3', 'm4']));
    expect(placed.length).toBeLessThan(crowd.length);
  });
});

const known = members.filter(({ dataset }) => dataset === 'ImageNet-1k');
const drawn = known.flatMap((info) => {
  const [error] = chartedErrors(notesOf(info.id).publishedErrors, 'weights', 'top1');
  return error ? [{ info, error, own: measures(buildNetwork(info.id)) }] : [];
});
const chart = (width: number): BubbleChart => ({
  width,
  height: 640,
  title: 'Top-1 error against MACs, area by parameters',
  x: { label: 'MACs', kind: 'log', format: formatSi },
  y: { label: 'Top-1 error, %', kind: 'linear', format: String, reversed: true },
  area: { label: 'Parameters', format: formatSi },
  bubbles: drawn.map(({ info, error, own }) => ({
    id: info.id,
    name: info.name,
    x: own.macs,
    y: error.top1!,
    area: own.params,
    form: 'circle',
    chosen: ['alexnet-2012', 'resnet-50'].includes(info.id),
  })),
  legend: [{ form: 'circle', text: 'single crop' }],
  notes: ['ImageNet validation set, single centre crop of released weights.'],
});

const expectReadable = (picture: Picture) => expect(chartFaults(picture)).toEqual([]);

describe('the bubble chart', () => {
  it('draws areas in proportion: twice the parameters, twice the area', () => {
    const two = bubbleChart({
      ...chart(900),
      bubbles: [1e8, 5e7].map((area, i) => ({ ...chart(900).bubbles[i]!, id: String(i), area })),
    });
    const shapes = two.marks.filter((mark) => mark.kind === 'shape').slice(0, 2);
    const radii = shapes.map(({ path }) => Number(/a([\d.]+)/.exec(path)![1]));
    expect((radii[0]! / radii[1]!) ** 2).toBeCloseTo(2, 1);
  });

  it('has better networks higher and costlier ones farther right', () => {
    const { targets } = bubbleChart(chart(900));
    const at = (id: string) => targets.find((target) => target.id === id)!;
    expect(at('resnet-50').y).toBeLessThan(at('alexnet-2012').y);
    expect(at('resnet-50').x).toBeGreaterThan(at('alexnet-2012').x);
    expect(targets).toHaveLength(drawn.length);
  });

  it.each([1100, 700, 358])('is readable at %d px: no text over another, none cut', (width) => {
    expectReadable(bubbleChart(chart(width)));
  });

  it('is the picture that it was, complete on its own', async () => {
    const svg = chartSvg(bubbleChart(chart(1100)), 'light');
    expect(svg).not.toMatch(/var\(--|NaN|undefined|Infinity/);
    await expect(`${svg}\n`).toMatchFileSnapshot('./gallery/chart-bubbles.svg');
  });

  it('keeps visited settings on the axis, without a height that nobody measured', () => {
    const trace = [5e6, 4e8, 3e10].map((x) => ({ x, name: `at ${x}` }));
    const picture = bubbleChart({ ...chart(900), trace });
    expectReadable(picture);
    expect(picture.marks.filter((mark) => mark.kind === 'text' && mark.text.startsWith('at '))).toHaveLength(
      1,
    );
    expect(picture.targets).toHaveLength(drawn.length);
  });

  it('stands empty without a network to draw', () => {
    expect(chartSvg(bubbleChart({ ...chart(700), bubbles: [] }), 'dark')).not.toMatch(/NaN|Infinity/);
  });
});

describe('forms', () => {
  it('are told apart without colour', () => {
    expect(new Set(forms.map((form) => formPath(form, 0, 0, 5))).size).toBe(forms.length);
  });
});

describe('the timeline', () => {
  const timeline = (width: number) =>
    timelineChart({
      width,
      height: 600,
      title: 'ILSVRC',
      yLabel: 'Top-5 error, %',
      depthLabel: 'Depth',
      noDepth: '-',
      events: ilsvrc.entries.map((entry, i) => ({
        id: String(i),
        year: entry.year,
        value: entry.top5Error,
        name: entry.team.replace(/ \(.*/, ''),
        kind: entry.winner ? 'winner' : 'entry',
        ...(entry.depth === undefined ? {} : { depth: entry.depth }),
      })),
      level: { value: ilsvrc.human[0]!.top5Error, name: 'human' },
      legend: { winner: 'winner', entry: 'entry', paper: 'paper' },
      notes: ['Official results.'],
    });

  it('has one winner a year, each with a source, and goes down every year', () => {
    const winners = ilsvrc.entries.filter(({ winner }) => winner);
    expect(winners.map(({ year }) => year)).toEqual([2010, 2011, 2012, 2013, 2014, 2015, 2016, 2017]);
    expect(winners.every(({ top5Error }, i) => i === 0 || top5Error < winners[i - 1]!.top5Error)).toBe(true);
    expect(ilsvrc.entries.every(({ source }) => source.startsWith('official results page'))).toBe(true);
    expect(ilsvrc.human.every(({ source }) => source.length > 0)).toBe(true);
  });

  it.each([1100, 700, 358])('is readable at %d px', (width) => {
    expectReadable(timeline(width));
  });

  it('is the picture that it was', async () => {
    const svg = chartSvg(timeline(1100), 'light');
    expect(svg).not.toMatch(/var\(--|NaN|undefined|Infinity/);
    await expect(`${svg}\n`).toMatchFileSnapshot('./gallery/chart-timeline.svg');
  });
});

describe('stacked bars', () => {
  const refs = ['alexnet-2012', 'vgg-d', 'googlenet', 'mobilenet-v1-100'];
  const bars = (width: number) =>
    barChart({
      width,
      title: 'Where the size sits',
      panels: ['Parameters', 'MACs', 'Activations'].map((label) => ({ label, format: formatSi })),
      rows: refs.map((ref) => ({
        name: buildNetwork(ref).info.name,
        segments: stagesOf(buildNetwork(ref).graph).map((stage) => ({
          id: `${ref} ${stage.name}`,
          name: stage.name,
          kind: stage.kind,
          values: [stage.params, stage.macs, stage.activationBytes],
        })),
      })),
      legend: { conv: 'convolutions', dense: 'fully connected', other: 'neither' },
      notes: ['One scale a panel.'],
    });
  const lengthOf = (picture: Picture, id: string) =>
    Number(/h([\d.]+)/.exec(picture.targets.find((target) => target.id === id)!.path)![1]);

  it('have lengths in proportion across networks', () => {
    const picture = bars(1100);
    const stage = (ref: string, name: string) =>
      stagesOf(buildNetwork(ref).graph).find((each) => each.name === name)!;
    const ratio = stage('vgg-d', 'fc6').params / stage('alexnet-2012', 'fc6').params;
    expect(lengthOf(picture, '0:vgg-d fc6') / lengthOf(picture, '0:alexnet-2012 fc6')).toBeCloseTo(ratio, 1);
  });

  it.each([1100, 700, 358])('are readable at %d px', (width) => {
    expectReadable(bars(width));
  });

  it('are the picture that they were', async () => {
    const svg = chartSvg(bars(1100), 'light');
    expect(svg).not.toMatch(/var\(--|NaN|undefined|Infinity/);
    await expect(`${svg}\n`).toMatchFileSnapshot('./gallery/chart-stages.svg');
  });
});
