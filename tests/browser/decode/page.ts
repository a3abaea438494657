import { ConvScopeError } from '../../../src/models/errors.ts';
import { decodeImage } from '../../../src/workers/decode.ts';

export type Decoded =
  | { readonly width: number; readonly height: number; readonly base64: string }
  | { readonly code: string; readonly message: string };

/** Bytes cross to the test as text: numbers one by one would take longer than to decode them. */
const base64Of = (bytes: Uint8ClampedArray<ArrayBuffer>): Promise<string> =>
  new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve((reader.result as string).replace(/^.*,/, ''));
    reader.readAsDataURL(new Blob([bytes]));
  });

/** Decodes a file given in base64, as the worker does, and says what became of it. */
export async function decode(name: string, base64: string): Promise<Decoded> {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  try {
    const { width, height, data } = await decodeImage(new File([bytes], name));
    return { width, height, base64: await base64Of(data) };
  } catch (error) {
    if (!(error instanceof ConvScopeError)) throw error;
    return { code: error.code, message: error.message };
  }
}

declare global {
  var decode: (name: string, base64: string) => Promise<Decoded>;
}
globalThis.decode = decode;
