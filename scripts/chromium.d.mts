export function findChromium(): string | null;
export function ensureChromium(): string;
export const disabledFeatures: readonly string[];
export const chromiumArgs: readonly string[];
export const softwareWebGpuArgs: readonly string[];
