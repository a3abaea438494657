import { readFileSync } from 'node:fs';
import { lab, rgb } from 'd3-color';
import { describe, expect, it } from 'vitest';
import { OP_PATTERNS } from './diagramGlyph.ts';
import { joinSign, OP_GROUPS, opFigures, opGroup, PALETTES } from './opStyle.ts';

const css = readFileSync(new URL('../components/tokens.css', import.meta.url), 'utf8');
const themes = [
  ['light', css.slice(0, css.indexOf("data-theme='dark'"))],
  ['dark', css.slice(css.indexOf("data-theme='dark'"))],
] as const;

const linear = (c: number): number =>
  c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4;
const encoded = (c: number): number => 255 * (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055);
const channels = (colour: string): [number, number, number] => {
  const { r, g, b } = rgb(colour);
  return [linear(r), linear(g), linear(b)];
};
const luminance = (colour: string): number => {
  const [r, g, b] = channels(colour);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a: string, b: string): number => {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
};
/** A colour as a deuteranope sees it (Viénot, Brettel and Mollon, 1999). */
const deuteranope = (colour: string): string => {
  const [r, g, b] = channels(colour);
  const l = 17.8824 * r + 43.5161 * g + 4.11935 * b;
  const s = 0.0299566 * r + 0.184309 * g + 1.46709 * b;
  const m = 0.494207 * l + 1.24827 * s;
  const red = 0.0809444479 * l - 0.130504409 * m + 0.116721066 * s;
  const green = -0.0102485335 * l + 0.0540193266 * m - 0.113614708 * s;
  const blue = -0.000365296938 * l - 0.00412161469 * m + 0.693511405 * s;
  const clip = (c: number): number => encoded(Math.max(0, Math.min(1, c)));
  return rgb(clip(red), clip(green), clip(blue)).toString();
};
const distance = (a: string, b: string): number => {
  const [x, y] = [lab(a), lab(b)];
  return Math.hypot(x.l - y.l, x.a - y.a, x.b - y.b);
};

describe.each(themes)('op colours, %s', (theme, rules) => {
  const { op, paper } = PALETTES[theme];
  const pairs = OP_GROUPS.flatMap((a, i) => OP_GROUPS.slice(i + 1).map((b) => [a, b] as const));

  it('are the tokens of the page', () => {
    for (const group of OP_GROUPS) expect(rules, group).toContain(`--op-${group}: ${op[group]};`);
    for (const [token, colour] of [
      ['paper', PALETTES[theme].paper],
      ['paper-raised', PALETTES[theme].raised],
      ['paper-sunk', PALETTES[theme].sunk],
      ['ink', PALETTES[theme].ink],
      ['ink-soft', PALETTES[theme].soft],
      ['ink-faint', PALETTES[theme].faint],
      ['line', PALETTES[theme].line],
      ['line-strong', PALETTES[theme].strong],
      ['accent', PALETTES[theme].accent],
      ['warning', PALETTES[theme].warning],
    ])
      expect(rules, token).toContain(`--${token}: ${colour};`);
  });
  it('stand out from paper and frames by at least 3:1', () => {
    for (const group of OP_GROUPS) {
      expect(contrast(op[group], paper), group).toBeGreaterThan(3);
      expect(contrast(op[group], PALETTES[theme].sunk), group).toBeGreaterThan(3);
    }
  });
  it('differ in grey and under deuteranopia', () => {
    for (const [a, b] of pairs) {
      expect(Math.abs(lab(op[a]).l - lab(op[b]).l), `${a} ${b}`).toBeGreaterThan(4.5);
      expect(distance(deuteranope(op[a]), deuteranope(op[b])), `${a} ${b}`).toBeGreaterThan(9);
    }
  });
});

describe('op style', () => {
  it('has a pattern of its own for every group', () => {
    expect(new Set(Object.values(OP_PATTERNS)).size).toBe(OP_GROUPS.length);
  });
  it('groups ops and signs joins', () => {
    expect(opGroup({ kind: 'lrn', size: 5, alpha: 1, beta: 1, k: 1, alphaOverSize: false })).toBe('norm');
    expect(opGroup({ kind: 'subsample', kernel: [2, 2], stride: [2, 2] })).toBe('pool');
    expect([joinSign({ kind: 'add' }), joinSign({ kind: 'concat' }), joinSign({ kind: 'relu' })]).toEqual([
      '+',
      '‖',
      '',
    ]);
  });
  it('writes the figures of an op as papers do', () => {
    const conv = {
      kind: 'conv',
      filters: 96,
      kernel: [11, 11],
      stride: [4, 4],
      pad: [0, 0, 0, 0],
      dilation: [1, 1],
      groups: 1,
      bias: true,
    } as const;
    expect(opFigures(conv, 3)).toBe('11×11 /4');
    expect(opFigures({ ...conv, stride: [1, 1], groups: 2 }, 96)).toBe('11×11 g2');
    expect(opFigures({ ...conv, kernel: [3, 3], stride: [2, 1], groups: 96 }, 96)).toBe('3×3 /2,1 dw');
    expect(opFigures({ kind: 'dense', units: 10, bias: true }, 84)).toBe('');
  });
});
