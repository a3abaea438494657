/** What a figure depends on besides the program: browser, system, processor. Only what the browser says itself. */

export interface Brand {
  readonly brand: string;
  readonly version: string;
}

/** What a browser says of itself; a Chromium says it in fields, the others in one line only. */
export interface Agent {
  readonly userAgent: string;
  readonly brands?: readonly Brand[];
  readonly platform?: string;
  readonly platformVersion?: string;
  readonly architecture?: string;
  readonly bitness?: string;
  readonly touchPoints: number;
}

export interface Machine {
  readonly browser: string;
  readonly system: string;
  readonly userAgent: string;
  /** As the browser tells; some round it or cap it. */
  readonly logicalCores: number | null;
  readonly memoryGiB: number | null;
  /** Without it wasm has one thread. */
  readonly crossOriginIsolated: boolean;
  /** The smallest step of the page's clock, in milliseconds. */
  readonly clockStepMs: number | null;
}

/** Chromium hides an invented brand among the true ones. */
const isInvented = ({ brand }: Brand): boolean => /not.*brand/i.test(brand);

/** In this order: most browsers also name those that they wish to be taken for. */
const families: readonly (readonly [RegExp, string])[] = [
  [/\b(?:Edg|EdgA|EdgiOS)\/([\d.]+)/, 'Microsoft Edge'],
  [/\b(?:OPR|OPT)\/([\d.]+)/, 'Opera'],
  [/\bSamsungBrowser\/([\d.]+)/, 'Samsung Internet'],
  [/\bVivaldi\/([\d.]+)/, 'Vivaldi'],
  [/\b(?:Firefox|FxiOS)\/([\d.]+)/, 'Firefox'],
  [/\b(?:Chrome|HeadlessChrome|CriOS)\/([\d.]+)/, 'Chrome or a browser made of Chromium'],
  [/\bVersion\/([\d.]+).*\bSafari\//, 'Safari'],
];

/** The brand and version; of several brands the one that is more than Chromium. 'unknown' where nothing fits. */
export function browserName({ brands = [], userAgent }: Agent): string {
  const named = brands.filter((brand) => !isInvented(brand));
  const best = named.find(({ brand }) => brand !== 'Chromium') ?? named[0];
  if (best) return `${best.brand} ${best.version}`;
  for (const [pattern, name] of families) {
    const version = pattern.exec(userAgent)?.[1];
    if (version !== undefined) return `${name} ${version}`;
  }
  return 'unknown';
}

/** The operating system. Versions that browsers froze (Windows NT 10.0, Mac OS X 10_15_7) are left out. */
export function systemName(agent: Agent): string {
  const { platform, platformVersion, architecture, bitness } = agent;
  if (!platform) return systemOf(agent);
  const processor = [architecture, bitness && `${bitness}-bit`].filter(Boolean).join(' ');
  const name = platform === 'Windows' ? windowsName(platformVersion) : `${platform} ${platformVersion ?? ''}`;
  return [name.trim(), processor].filter(Boolean).join(', ');
}

/** Microsoft's table: the first number is 13 or more on Windows 11, 1 to 10 on Windows 10. */
function windowsName(version = ''): string {
  const major = Number.parseInt(version, 10);
  if (major >= 13) return 'Windows 11';
  return major >= 1 && major <= 10 ? 'Windows 10' : 'Windows';
}

function systemOf({ userAgent, touchPoints }: Agent): string {
  const android = /Android ([\d.]+)/.exec(userAgent)?.[1];
  if (android) return `Android ${android}`;
  if (userAgent.includes('Android')) return 'Android';
  const ios = /(iPhone|iPad|iPod).*? OS ([\d_]+)/.exec(userAgent);
  if (ios) return `${ios[1]}, iOS ${ios[2]!.replaceAll('_', '.')}`;
  if (userAgent.includes('Windows NT')) return 'Windows';
  // An iPad that asks for desktop pages says that it is a Mac; no Mac has a touch screen.
  if (userAgent.includes('Mac OS X')) return touchPoints > 1 ? 'iPadOS' : 'macOS';
  if (userAgent.includes('CrOS')) return 'ChromeOS';
  return userAgent.includes('Linux') ? 'Linux' : 'unknown';
}

/** The smallest of some steps of a clock; null where it stands still while it is read `reads` times. */
export function clockStep(now: () => number, steps = 5, reads = 2_000_000): number | null {
  const found: number[] = [];
  let last = now();
  for (let i = 0; i < reads && found.length < steps; i++) {
    const next = now();
    if (next > last) found.push(next - last);
    last = next;
  }
  return found.length > 0 ? Math.min(...found) : null;
}

/** Steps are thousandths of a millisecond to whole ones, and measured: one digit says it. */
export const stepMs = (step: number): string => String(Number(step.toPrecision(1)));

interface AgentData {
  readonly brands: readonly Brand[];
  readonly platform: string;
  getHighEntropyValues(hints: readonly string[]): Promise<{
    readonly fullVersionList?: readonly Brand[];
    readonly platformVersion?: string;
    readonly architecture?: string;
    readonly bitness?: string;
  }>;
}
/** What TypeScript's DOM does not know: only Chromium has it. */
interface ChromiumNavigator {
  readonly userAgentData?: AgentData;
  readonly deviceMemory?: number;
}

export async function readMachine(): Promise<Machine> {
  const { userAgentData, deviceMemory } = navigator as ChromiumNavigator;
  const { userAgent, maxTouchPoints, hardwareConcurrency } = navigator;
  const hints = ['fullVersionList', 'platformVersion', 'architecture', 'bitness'];
  // A browser may refuse to say more than its first answer: then that is what is known.
  const more = await userAgentData?.getHighEntropyValues(hints).catch(() => undefined);
  const agent: Agent = {
    userAgent,
    touchPoints: maxTouchPoints,
    ...(userAgentData && { brands: userAgentData.brands, platform: userAgentData.platform }),
    ...(more?.fullVersionList?.length && { brands: more.fullVersionList }),
    ...(more?.platformVersion && { platformVersion: more.platformVersion }),
    ...(more?.architecture && { architecture: more.architecture }),
    ...(more?.bitness && { bitness: more.bitness }),
  };
  return {
    browser: browserName(agent),
    system: systemName(agent),
    userAgent,
    logicalCores: hardwareConcurrency ?? null,
    memoryGiB: deviceMemory ?? null,
    crossOriginIsolated,
    clockStepMs: clockStep(() => performance.now()),
  };
}
