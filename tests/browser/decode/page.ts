import { ConvScopeError } from '../../../src/models/errors.ts';
import { decodeImage } from '../../../src/workers/decode.ts';

export type Decoded =
  | { readonly width: number; readonly height: number; readonly bytes: readonly number[] }
  | { readonly code: string; readonly message: string };

/** Decodes a file given as bytes, as the worker does, and says what became of it. */
export async function decode(name: string, bytes: readonly number[]): Promise<Decoded> {
  try {
    const { width, height, data } = await decodeImage(new File([Uint8Array.from(bytes)], name));
    return { width, height, bytes: [...data] };
  } catch (error) {
    if (!(error instanceof ConvScopeError)) throw error;
    return { code: error.code, message: error.message };
  }
}

declare global {
  var decode: (name: string, bytes: readonly number[]) => Promise<Decoded>;
}
globalThis.decode = decode;
