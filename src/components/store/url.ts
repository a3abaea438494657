import { clipped } from '../../models/errors.ts';
import { comparisonOfQuery, comparisonToQuery } from '../../models/compareQuery.ts';
import { firstComparison } from '../../models/compare.ts';
import type { LrnRule, Rule } from '../../workers/contract.ts';
import { OVERLAY_QUANTITIES } from '../../viz/diagramOverlay.ts';
import type { Choices, ImageChoice, Language, Overlay, View } from './types.ts';

/**
 * Choices <-> the query of the address: `?net=zfnet-imagenette&layer=conv2&channel=12&unit=3,4&rule=deconvnet
 * &image=sample:cat.jpg&lang=ko`. Only the query is touched, so that any base path on any static host works.
 */

const rules: readonly Rule[] = ['deconvnet', 'guided', 'gradient'];
const lrnRules: readonly LrnRule[] = ['vjp', 'identity', 'scale'];
const galleries = ['strongest'] as const;
const languages: readonly Language[] = ['en', 'ko'];
const views: readonly View[] = ['table', 'compare'];
const overlays: readonly Overlay[] = OVERLAY_QUANTITIES;

/** The query that brings these choices back, with its leading question mark. */
export function choicesToQuery(choices: Choices): string {
  const query = new URLSearchParams();
  if (choices.view !== 'network') query.set('view', choices.view);
  if (choices.view === 'compare') comparisonToQuery(choices.compare ?? firstComparison, query);
  query.set('net', choices.network);
  if (choices.layer !== null) query.set('layer', choices.layer);
  if (choices.layer !== null && choices.channel !== null) {
    query.set('channel', String(choices.channel));
    if (choices.seed === 'map') query.set('unit', 'map');
    else if (choices.seed !== 'strongest') query.set('unit', `${choices.seed.y},${choices.seed.x}`);
  }
  if (choices.layer !== null && choices.galleryOpen) query.set('gallery', 'strongest');
  if (choices.rule !== 'deconvnet') query.set('rule', choices.rule);
  if (choices.lrn !== null) query.set('lrn', choices.lrn);
  if (choices.overlay !== 'none') query.set('overlay', choices.overlay);
  query.set('image', imageToText(choices.image));
  query.set('lang', choices.language);
  // These are allowed in a query's values; escaped they would make the address hard to read aloud.
  return `?${query.toString().replace(/%(2F|3A|2C|3F|3D)/g, (escaped) => decodeURIComponent(escaped))}`;
}

/** What a query says, leaving out everything that it does not say or says wrongly. Names are checked by the store. */
export function queryToChoices(query: string): Partial<Choices> {
  const q = new URLSearchParams(query);
  const channel = wholeNumber(q.get('channel'));
  const seed = seedOf(q.get('unit'));
  const rule = oneOf(rules, q.get('rule'));
  const lrn = oneOf(lrnRules, q.get('lrn'));
  const gallery = oneOf(galleries, q.get('gallery'));
  const language = oneOf(languages, q.get('lang'));
  const overlay = oneOf(overlays, q.get('overlay'));
  const image = imageOf(q.get('image'));
  const network = q.get('net');
  const layer = q.get('layer');
  const view = oneOf(views, q.get('view'));
  const compare = view === 'compare' ? comparisonOfQuery(q) : null;
  return {
    ...(view ? { view } : {}),
    ...(compare ? { compare } : {}),
    ...(network ? { network } : {}),
    ...(layer ? { layer } : {}),
    ...(layer && channel !== null ? { channel } : {}),
    ...(seed ? { seed } : {}),
    ...(layer && gallery ? { galleryOpen: true } : {}),
    ...(rule ? { rule } : {}),
    ...(lrn ? { lrn } : {}),
    ...(image ? { image } : {}),
    ...(language ? { language } : {}),
    ...(overlay ? { overlay } : {}),
  };
}

/** What a query says wrongly, as `name=value`; words that the page does not know at all are none of its business. */
export function unreadParts(query: string): readonly string[] {
  const q = new URLSearchParams(query);
  const read: Readonly<Record<string, (text: string) => unknown>> = {
    view: (text) => oneOf(['network', ...views], text),
    channel: wholeNumber,
    unit: seedOf,
    rule: (text) => oneOf(rules, text),
    lrn: (text) => oneOf(lrnRules, text),
    gallery: (text) => oneOf(galleries, text),
    lang: (text) => oneOf(languages, text),
    overlay: (text) => oneOf(['none', ...overlays], text),
    image: imageOf,
  };
  return Object.entries(read).flatMap(([name, reader]) => {
    const text = q.get(name);
    if (text === null || reader(text) !== null) return [];
    return [`${name}=${clipped(text, 40)}`];
  });
}

function imageToText(image: ImageChoice): string {
  if (image.kind === 'sample') return `sample:${image.name}`;
  if (image.kind === 'drawing') return 'drawing';
  return image.id ? `own:${image.id}` : 'own';
}

function imageOf(text: string | null): ImageChoice | null {
  if (text === null) return null;
  const [kind, ...rest] = text.split(':');
  const name = rest.join(':');
  if (kind === 'sample' && name) return { kind: 'sample', name };
  if (kind === 'drawing') return { kind: 'drawing' };
  if (kind === 'own') return { kind: 'user', name: '', ...(name ? { id: name } : {}) };
  return null;
}

function seedOf(text: string | null): Choices['seed'] | null {
  if (text === 'map' || text === 'strongest') return text;
  const match = /^(\d{1,5}),(\d{1,5})$/.exec(text ?? '');
  return match ? { y: Number(match[1]), x: Number(match[2]) } : null;
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : null;
}

function oneOf<T extends string>(allowed: readonly T[], text: string | null): T | null {
  return allowed.find((value) => value === text) ?? null;
}
