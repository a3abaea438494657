/**
 * Where the browser enforces Trusted Types, scripts come from the page's own origin or from blobs that the page made
 * (tfjs's threads), and no text ever becomes markup or code.
 */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): unknown;
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
trustedTypes?.createPolicy('default', {
  createScriptURL(url) {
    const { origin, protocol } = new URL(url, document.baseURI);
    if (protocol === 'blob:' || origin === location.origin) return url;
    throw new TypeError(`A script from ${origin} is not run: only this page's own are.`);
  },
});
