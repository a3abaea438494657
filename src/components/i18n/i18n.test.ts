import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../models/errors.ts';
import { members } from '../../models/index.ts';
import { notesOf } from '../../models/zoo/notes.ts';
import type { OpKind } from '../../models/graph.ts';
import type { BackendName, BackendReason, EngineEvent, Progress } from '../../workers/contract.ts';
import { photos } from '../app/photos.ts';
import { samples } from '../store/defaults.ts';

type Tree = { readonly [key: string]: string | Tree };

type Language = 'en' | 'ko';
const folder = new URL('.', import.meta.url);
const namespaces = readdirSync(new URL('en/', folder)).map((file) => file.replace('.json', ''));
/** The views whose texts come with their code. */
const views = readdirSync(new URL('..', folder)).filter((view) =>
  existsSync(new URL(`../${view}/text`, folder)),
);

const catalogue = (language: Language, namespace: string): Map<string, string> =>
  read(`${language}/${namespace}.json`);
const textOf = (language: Language, view: string): Map<string, string> =>
  read(`../${view}/text/${language}.json`);
const read = (path: string): Map<string, string> =>
  new Map(flat(JSON.parse(readFileSync(new URL(path, folder), 'utf8')) as Tree));

function flat(tree: Tree, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[prefix + key, value]] : flat(value, `${prefix}${key}.`),
  );
}

/** Korean has one plural form and English two: the suffix does not count. */
const base = (key: string) => key.replace(/_(one|other)$/, '');
const placeholders = (text: string) => [...text.matchAll(/{{\s*(\w+)/g)].map(([, name]) => name).sort();

it('there are catalogues of the page and of single views', () => {
  expect(namespaces).toContain('app');
  expect(views).toEqual(expect.arrayContaining(['bench', 'compare', 'weights']));
});

describe.each([
  ...namespaces.map((name) => ({ name, of: catalogue })),
  ...views.map((name) => ({ name, of: textOf })),
])('the catalogue $name', ({ name, of }) => {
  const en = of('en', name);
  const ko = of('ko', name);

  it('has the same keys in both languages', () => {
    const keys = (from: Map<string, string>) => [...new Set([...from.keys()].map(base))].sort();
    expect(keys(ko)).toEqual(keys(en));
  });

  it('fills the same facts into both languages', () => {
    const facts = (from: Map<string, string>) =>
      Object.fromEntries([...from].map(([key, text]) => [base(key), [...new Set(placeholders(text))]]));
    expect(facts(ko)).toEqual(facts(en));
  });

  it('leaves no sentence empty', () => {
    expect([...en, ...ko].filter(([, text]) => text.trim() === '')).toEqual([]);
  });
});

/** The compiler holds these lists to the unions: a new member that is not named here is a type error. */
const names = <T extends string>(table: Record<T, true>) => Object.keys(table);
const errorCodes = names<ErrorCode>({
  cancelled: true,
  internal: true,
  'graph-invalid': true,
  'unknown-network': true,
  'unknown-layer': true,
  'unknown-channel': true,
  'bad-parameter': true,
  'image-missing': true,
  'image-empty': true,
  'image-not-an-image': true,
  'image-unsupported': true,
  'image-corrupt': true,
  'image-too-large': true,
  'image-unreachable': true,
  'no-image': true,
  'no-ink': true,
  'no-weights': true,
  'weights-unreachable': true,
  'weights-missing': true,
  'weights-truncated': true,
  'weights-corrupt': true,
  'weights-format': true,
  'weights-mismatch': true,
  'file-unreadable': true,
  'backend-unavailable': true,
  'device-lost': true,
  'out-of-memory': true,
  'download-offline': true,
  'download-unreachable': true,
  'download-blocked': true,
  'download-missing': true,
  'download-refused': true,
  'download-server': true,
  'download-html': true,
  'download-broken': true,
  'download-size': true,
  'download-hash': true,
  'download-elsewhere': true,
  'storage-quota': true,
  'storage-refused': true,
  'unknown-weights': true,
  'kept-missing': true,
  'storage-full': true,
  'page-incomplete': true,
  'page-updated': true,
  'page-offline': true,
  'unit-inactive': true,
  'projection-undefined': true,
});
const reasons = names<BackendReason>({
  'chosen-by-user': true,
  'real-gpu': true,
  'software-gpu': true,
  'no-adapter': true,
  'no-webgpu': true,
  'no-webgl': true,
  'no-answer': true,
  'self-test-failed': true,
  'start-failed': true,
  'device-lost': true,
  'not-in-node': true,
  fallback: true,
  'last-resort': true,
});
const backends = names<BackendName | 'auto'>({
  auto: true,
  webgpu: true,
  webgl: true,
  wasm: true,
  cpu: true,
});
const phases = names<Progress['phase']>({
  backend: true,
  weights: true,
  verify: true,
  prepare: true,
  decode: true,
  forward: true,
  project: true,
  measure: true,
});
const events = names<EngineEvent['kind']>({ 'device-lost': true, 'device-gone': true, crashed: true });
const ops = names<OpKind>({
  input: true,
  conv: true,
  dense: true,
  maxPool: true,
  avgPool: true,
  globalAvgPool: true,
  batchNorm: true,
  lrn: true,
  relu: true,
  sigmoid: true,
  tanh: true,
  subsample: true,
  rbf: true,
  dropout: true,
  add: true,
  mean: true,
  concat: true,
  channelPad: true,
  softmax: true,
});

describe.each(['en', 'ko'] as const)('in %s', (language) => {
  const app = catalogue(language, 'app');
  const errors = catalogue(language, 'errors');

  it.each(errorCodes)('the failure %s has a whole sentence', (code) => {
    expect(errors.get(code)).toMatch(/[.!]$/);
  });

  it('all that the page builds a key from has a text', () => {
    const keys = [
      ...reasons.map((reason) => `backend.reason.${reason}`),
      ...backends.map((backend) => `backend.what.${backend}`),
      ...phases.map((phase) => `phase.${phase}`),
      ...ops.map((op) => `opName.${op}`),
      ...events.map((event) => `notice.${event}`),
      ...samples.map((sample) => `sample.${sample.replace('.jpg', '')}`),
      ...members.flatMap(({ id }) =>
        notesOf(id).publishedErrors.map(({ protocol }) => `protocol.${protocol}`),
      ),
      ...['shared-image-missing', 'storage-full', 'bad-settings', 'unknown-network', 'unknown-layer'].map(
        (key) => `notice.${key}`,
      ),
    ];
    expect(keys.filter((key) => !app.has(key))).toEqual([]);
  });
});

describe('the photos', () => {
  const readme = readFileSync(new URL('../../../public/samples/README.md', folder), 'utf8');
  const table = [...readme.matchAll(/^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|/gm)].map(
    ([, file, author, licence]) => ({
      file,
      author: author?.trim(),
      licence: licence?.trim(),
    }),
  );

  it('are listed on the page with the authors and licences of their README', () => {
    expect(table.length).toBeGreaterThan(0);
    expect(photos).toEqual(table);
  });

  it('are all offered', () => {
    expect([...samples].sort()).toEqual(table.map(({ file }) => file).sort());
  });
});
