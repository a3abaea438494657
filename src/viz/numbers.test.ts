import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatExact,
  formatMilliseconds,
  formatPercent,
  formatPlain,
  formatShape,
  formatSi,
  formatValue,
} from './numbers.ts';

describe('numbers', () => {
  it('groups thousands with thin spaces', () => {
    expect(formatExact(1168032896)).toBe('1\u2009168\u2009032\u2009896');
    expect(formatExact(999)).toBe('999');
    expect(formatExact(-12345.5)).toBe('\u221212\u2009345.5');
    expect(formatExact(0)).toBe('0');
  });
  it('copies plain digits', () => {
    expect(formatPlain(62357608)).toBe('62357608');
    expect(formatPlain(-0.0000004)).toBe('-0.0000004');
  });
  it('shortens to three significant digits with an SI suffix', () => {
    expect(formatSi(62357608)).toBe('62.4\u2009M');
    expect(formatSi(1168032896)).toBe('1.17\u2009G');
    expect(formatSi(11689512)).toBe('11.7\u2009M');
    expect(formatSi(61706)).toBe('61.7\u2009k');
    expect(formatSi(999)).toBe('999');
    expect(formatSi(1000)).toBe('1.00\u2009k');
    expect(formatSi(0)).toBe('0');
  });
  it('never writes 1000 of a unit', () => {
    expect(formatSi(999600)).toBe('1.00\u2009M');
    expect(formatSi(999499)).toBe('999\u2009k');
    expect(formatSi(99960)).toBe('100\u2009k');
    expect(formatSi(9996)).toBe('10.0\u2009k');
  });
  it('writes bytes with binary prefixes', () => {
    expect(formatBytes(12)).toBe('12\u2009B');
    expect(formatBytes(1024)).toBe('1.00\u2009KiB');
    expect(formatBytes(62357608 * 4)).toBe('238\u2009MiB');
  });
  it('writes fractions as percentages and never rounds a small one to zero', () => {
    expect(formatPercent(0.9344)).toBe('93.4\u2009%');
    expect(formatPercent(0)).toBe('0.0\u2009%');
    expect(formatPercent(0.00001)).toBe('<\u20090.1\u2009%');
    expect(formatPercent(1)).toBe('100.0\u2009%');
  });
  it('writes times', () => {
    expect(formatMilliseconds(0.0042)).toBe('4.2\u2009µs');
    expect(formatMilliseconds(0.0997)).toBe('0.10\u2009ms');
    expect(formatMilliseconds(0.42)).toBe('0.42\u2009ms');
    expect(formatMilliseconds(7.31)).toBe('7.3\u2009ms');
    expect(formatMilliseconds(128.4)).toBe('128\u2009ms');
    expect(formatMilliseconds(1280)).toBe('1.28\u2009s');
    expect(formatMilliseconds(125000)).toBe('2\u2009min 5\u2009s');
  });
  it('writes shapes', () => {
    expect(formatShape([55, 55, 96])).toBe('55×55×96');
    expect(formatShape([1, 1, 1000])).toBe('1000');
    expect(formatShape([1, 7, 4])).toBe('1×7×4');
  });
  it('writes values as read off a map', () => {
    expect(formatValue(0)).toBe('0');
    expect(formatValue(-1.23456)).toBe('\u22121.23');
    expect(formatValue(0.00012)).toBe('1.20e\u22124');
    expect(formatValue(1234567)).toBe('1.23e6');
  });
});
