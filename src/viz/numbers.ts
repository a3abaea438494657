import type { Shape } from '../models/graph.ts';

/**
 * How ConvScope writes numbers, everywhere: thin spaces between thousands, SI suffixes with three significant
 * digits, binary prefixes for bytes. The same in every language, so that a figure can be compared and copied.
 */

/** Groups digits and holds a number to its unit. */
export const THIN_SPACE = '\u2009';
const MINUS = '\u2212';

/** `1168032896` -> `1 168 032 896`; a fraction keeps its digits. */
export function formatExact(n: number): string {
  if (!Number.isFinite(n)) return String(n);
  const [whole = '0', fraction] = plainDecimal(Math.abs(n)).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
  return (n < 0 ? MINUS : '') + grouped + (fraction === undefined ? '' : `.${fraction}`);
}

/** The digits that copy as a plain number: no grouping, no exponent, no typographic minus. */
export function formatPlain(n: number): string {
  return n < 0 ? `-${plainDecimal(-n)}` : plainDecimal(n);
}

const SI = ['', 'k', 'M', 'G', 'T', 'P'] as const;

/** Three significant digits and an SI suffix: `62.4 M`, `1.17 G`; whole numbers below 1000 stay exact. */
export function formatSi(n: number): string {
  return scaled(n, 1000, SI);
}

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** Bytes with binary prefixes: `238 MiB`, `3.42 KiB`, `12 B`. */
export function formatBytes(bytes: number): string {
  return scaled(bytes, 1024, BINARY);
}

/** A fraction of one as a percentage: `0.934` -> `93.4 %`; anything above zero never reads as 0. */
export function formatPercent(fraction: number, digits = 1): string {
  const percent = fraction * 100;
  const least = 10 ** -digits;
  if (percent > 0 && percent < least / 2) return `<${THIN_SPACE}${least.toFixed(digits)}${THIN_SPACE}%`;
  return `${percent.toFixed(digits)}${THIN_SPACE}%`;
}

/** `42 µs`, `0.42 ms`, `7.3 ms`, `128 ms`, `1.28 s`, `2 min 5 s`. */
export function formatMilliseconds(ms: number): string {
  if (ms > 0 && ms < 0.0995) return `${(ms * 1000).toFixed(ms < 0.00995 ? 1 : 0)}${THIN_SPACE}µs`;
  if (ms < 1) return `${ms.toFixed(2)}${THIN_SPACE}ms`;
  if (ms < 9.95) return `${ms.toFixed(1)}${THIN_SPACE}ms`;
  if (ms < 999.5) return `${Math.round(ms)}${THIN_SPACE}ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(ms < 9_995 ? 2 : 1)}${THIN_SPACE}s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}${THIN_SPACE}min ${seconds % 60}${THIN_SPACE}s`;
}

/** `[55, 55, 96]` -> `55×55×96`; a vector is its length alone. */
export function formatShape(shape: Shape): string {
  const [height, width, channels] = shape;
  return height === 1 && width === 1 ? String(channels) : `${height}×${width}×${channels}`;
}

/** A real value as read off a map: three significant digits, without exponent while it stays short. */
export function formatValue(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value).replace('-', MINUS);
  const size = Math.abs(value);
  const text = size >= 1e5 || size < 1e-3 ? size.toExponential(2) : Number(size.toPrecision(3)).toString();
  return (value < 0 ? MINUS : '') + text.replace('e-', `e${MINUS}`).replace('e+', 'e');
}

function plainDecimal(n: number): string {
  if (Number.isInteger(n) && n >= 1e21) return BigInt(n).toString();
  const text = String(n);
  return text.includes('e') ? n.toFixed(20).replace(/0+$/, '') : text;
}

function scaled(n: number, base: number, units: readonly string[]): string {
  if (!Number.isFinite(n)) return String(n);
  const sign = n < 0 ? MINUS : '';
  let size = Math.abs(n);
  let step = 0;
  // The bound is what rounds up to the next unit at three digits: 999.6 k must read 1.00 M.
  while (step < units.length - 1 && size >= (step === 0 && Number.isInteger(n) ? base : base - 0.5)) {
    size /= base;
    step += 1;
  }
  const unit = units[step] ?? '';
  const digits = step === 0 && Number.isInteger(n) ? String(size) : significant(size);
  return sign + digits + (unit === '' ? '' : THIN_SPACE + unit);
}

function significant(size: number): string {
  if (size >= 99.95) return Math.round(size).toString();
  return size >= 9.995 ? size.toFixed(1) : size.toFixed(2);
}
