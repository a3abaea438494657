import { describe, expect, it } from 'vitest';
import { reportOf, toJson, type Report } from './report.ts';
import { toCsv } from './reportCsv.ts';
import { plainMs, toMarkdown } from './reportMarkdown.ts';
import { figuresOf, photos, rowOf, stateOf, testMachine } from './testRows.ts';
import { program } from './version.ts';

const failure = { code: 'out-of-memory', message: 'The memory | is full.', details: {} } as const;
const none = { answer: [], faces: [], maps: [], project: [], projectNext: [] };
const report: Report = reportOf(
  stateOf([
    rowOf('wasm'),
    rowOf('webgpu', { figures: figuresOf([1, 3, 8]), hidden: true }),
    rowOf('webgl', { bench: photos, state: 'failed', failure, figures: { startMs: 12, samples: none } }),
  ]),
  testMachine,
  { convscope: '0.1.0', commit: 'abc1234', tfjs: '4.22.0' },
);

/** The cells of a row of a Markdown table; a bar that is escaped ends none. */
const cells = (line: string) =>
  line
    .slice(2, -2)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());

describe('the Markdown', () => {
  const lines = toMarkdown(report).split('\n');
  const table = lines.filter((line) => line.startsWith('|'));

  it('is a table in which every row has as many cells as the head', () => {
    expect(table).toHaveLength(5);
    const widths = table.map((line) => cells(line).length);
    expect(new Set(widths).size).toBe(1);
  });

  it('gives medians with quartiles, and where the weights came from', () => {
    const [head, , wasm] = table.map(cells);
    const of = (name: string) => wasm![head!.indexOf(name)];
    expect(of('backend')).toBe('wasm');
    expect(of('answer')).toBe('11 (11 - 12)');
    expect(of('load')).toBe('251 (server)');
    expect(of('load again')).toBe('50 (cache)');
    expect(of('memory')).toBe('1.00 MiB');
    expect(of('rounds')).toBe('3');
    expect(of('logits, projection differ')).toBe('');
  });

  it('says what was measured on before the table', () => {
    const head = lines.slice(0, lines.indexOf(table[0]!)).join('\n');
    expect(head).toContain('**ConvScope benchmark, 2026-11-22**');
    expect(head).toContain('- Browser: Testium 1.0');
    expect(head).toContain('- webgpu: maker \\| of \\<cards\\>');
    expect(head).toContain('- webgl: missing: no-webgl, not in a Safari worker');
    expect(head).toContain('- wasm: 4 threads');
    expect(head).toContain('- Memory: not told');
    expect(head).toContain('- ConvScope: 0.1.0 (abc1234), tfjs 4.22.0');
  });

  it('marks and explains rows that failed, computed wrongly or were hidden', () => {
    const notes = lines.slice(lines.indexOf(table.at(-1)!) + 1).join('\n');
    expect(table.map((line) => cells(line)[1])).toEqual([
      'backend',
      ':---',
      'wasm',
      'webgpu (!)',
      'webgl (!)',
    ]);
    expect(notes).toContain('webgpu: computes wrongly');
    expect(notes).toContain('webgpu: the tab was hidden');
    expect(notes).toContain('webgl: failed. The memory \\| is full.');
    expect(notes).not.toContain('wasm: ');
  });

  it('is plain text that a table can hold', () => {
    expect(lines.join('')).not.toMatch(/[\u2009\u2212]/);
  });
});

describe('the CSV', () => {
  const [head, ...rows] = toCsv(report).trimEnd().split('\r\n');

  it('has a line a row, exact numbers and the machine on every line', () => {
    expect(rows).toHaveLength(3);
    const names = head!.split(',');
    const wasm = rows[0]!.split(',');
    const of = (name: string) => wasm[names.indexOf(name)];
    expect(of('load_ms')).toBe('250.5');
    expect(of('answer_median_ms')).toBe('11');
    expect(of('answer_high_ms')).toBe('11.5');
    expect(of('tensor_bytes')).toBe('1048576');
    expect(rows.every((row) => row.includes('Testium 1.0') && row.includes('0.1.0 abc1234'))).toBe(true);
  });

  it('leaves empty what was not measured', () => {
    const at = head!.split(',').indexOf('answer_median_ms');
    expect(rows[2]!.split(',')[at]).toBe('');
  });
});

describe('the JSON', () => {
  it('can be read back with every sample', () => {
    const read = JSON.parse(toJson(report)) as Report;
    expect(read).toMatchObject({ format: 'convscope-bench', formatVersion: 1, machine: testMachine });
    expect(read.rows.map((row) => row.samples.answer)).toEqual([[12, 10, 11], [12, 10, 11], []]);
    expect(read.rows[1]!.agreement).toMatchObject({ reference: 'wasm', sameTop: false, agrees: false });
  });
});

it('a figure has as many digits as it deserves', () => {
  expect([0.424, 7.32, 9.96, 127.6].map(plainMs)).toEqual(['0.42', '7.3', '10', '128']);
});

it('the program is named with exact versions', () => {
  expect(program.convscope).toMatch(/^\d+\.\d+\.\d+$/);
  expect(program.tfjs).toMatch(/^\d+\.\d+\.\d+$/);
});
