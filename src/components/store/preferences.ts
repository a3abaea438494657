import type { MapOrder, MapScale, Preferences, Theme } from './types.ts';

const themes: readonly Theme[] = ['system', 'light', 'dark'];
const backends: readonly Preferences['backendChoice'][] = ['auto', 'webgpu', 'webgl', 'wasm', 'cpu'];
const mapOrders: readonly MapOrder[] = ['channel', 'strength'];
const mapScales: readonly MapScale[] = ['layer', 'map'];

/** What an earlier visit left, without what this version of the page does not know. */
export function preferencesOf(kept: unknown): Partial<Preferences> {
  const found = (typeof kept === 'object' && kept !== null ? kept : {}) as Record<string, unknown>;
  const theme = themes.find((each) => each === found['theme']);
  const backendChoice = backends.find((each) => each === found['backendChoice']);
  const mapOrder = mapOrders.find((each) => each === found['mapOrder']);
  const mapScale = mapScales.find((each) => each === found['mapScale']);
  return {
    ...(theme && { theme }),
    ...(backendChoice && { backendChoice }),
    ...(mapOrder && { mapOrder }),
    ...(mapScale && { mapScale }),
  };
}
