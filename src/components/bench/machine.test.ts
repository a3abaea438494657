import { describe, expect, it } from 'vitest';
import { browserName, clockStep, stepMs, systemName, type Agent } from './machine.ts';

const agent = (userAgent: string, more: Partial<Agent> = {}): Agent => ({
  userAgent,
  touchPoints: 0,
  ...more,
});
const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const mac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)';

describe('the name of a browser', () => {
  it('is the brand that is more than Chromium, never the invented one', () => {
    const brands = [
      { brand: 'Not)A;Brand', version: '8.0.0.0' },
      { brand: 'Chromium', version: '143.0.7499.40' },
      { brand: 'Google Chrome', version: '143.0.7499.41' },
    ];
    expect(browserName(agent('', { brands }))).toBe('Google Chrome 143.0.7499.41');
    expect(browserName(agent('', { brands: brands.slice(0, 2) }))).toBe('Chromium 143.0.7499.40');
  });

  it.each([
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0`, 'Firefox 145.0'],
    [`${mac} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Safari/605.1.15`, 'Safari 19.1'],
    [
      `Mozilla/5.0 (Windows NT 10.0) ${webkit} Chrome/143.0.0.0 Safari/537.36 Edg/143.0.1`,
      'Microsoft Edge 143.0.1',
    ],
    [`${mac} ${webkit} Chrome/143.0.0.0 Safari/537.36 OPR/127.0`, 'Opera 127.0'],
    [
      `Mozilla/5.0 (X11; Linux x86_64) ${webkit} Chrome/143.0.0.0 Safari/537.36`,
      'Chrome or a browser made of Chromium 143.0.0.0',
    ],
    ['curl/8.0', 'unknown'],
  ])('is read from the line %s', (line, name) => {
    expect(browserName(agent(line))).toBe(name);
  });
});

describe('the name of a system', () => {
  it('is the one that the browser says in fields, with the processor', () => {
    const fields = { platform: 'macOS', platformVersion: '15.1.0', architecture: 'arm', bitness: '64' };
    expect(systemName(agent('', fields))).toBe('macOS 15.1.0, arm 64-bit');
    expect(systemName(agent('', { platform: 'Linux' }))).toBe('Linux');
  });

  it('tells Windows 10 from 11 by the table of their versions, and neither from nothing', () => {
    const windows = (platformVersion?: string) =>
      systemName(agent('', { platform: 'Windows', ...(platformVersion && { platformVersion }) }));
    expect([windows('15.0.0'), windows('10.0.0'), windows('0.3.0'), windows()]).toEqual([
      'Windows 11',
      'Windows 10',
      'Windows',
      'Windows',
    ]);
  });

  it.each([
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Firefox/145.0', 0, 'Windows'],
    [mac, 0, 'macOS'],
    [mac, 5, 'iPadOS'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X)', 5, 'iPhone, iOS 19.1'],
    ['Mozilla/5.0 (Android 16; Mobile; rv:145.0) Firefox/145.0', 5, 'Android 16'],
    ['Mozilla/5.0 (X11; CrOS x86_64 14541.0.0)', 0, 'ChromeOS'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:145.0)', 0, 'Linux'],
    ['Mozilla/5.0', 0, 'unknown'],
  ])('says no more than the line %s with %i touch points', (line, touchPoints, name) => {
    expect(systemName(agent(line, { touchPoints }))).toBe(name);
  });
});

describe('the step of a clock', () => {
  it('is the smallest that was seen', () => {
    const times = [0, 0, 0.5, 0.5, 0.6, 1, 2, 3, 4];
    let at = 0;
    expect(clockStep(() => times[Math.min(at++, times.length - 1)]!)).toBeCloseTo(0.1);
  });

  it('is unknown where the clock stands still', () => {
    expect(clockStep(() => 7, 5, 100)).toBeNull();
  });

  it('is written with one digit', () => {
    expect([0.004999998956918716, 0.1000001, 1].map(stepMs)).toEqual(['0.005', '0.1', '1']);
  });
});
