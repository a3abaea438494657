import { elements } from '../models/shape.ts';

/**
 * A NumPy array file (format 1.0) of float32 in row-major order, little-endian: `numpy.load` reads it. The header is
 * padded so that the values start at a multiple of 64 bytes, as NumPy writes it.
 */
export function encodeNpy(values: Float32Array, shape: readonly number[]): Uint8Array {
  if (elements(shape) !== values.length)
    throw new RangeError(`${values.length} values do not fill ${shape.join('x')}`);
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${sizes}), }`;
  // Magic (6), version (2), header length (2), header, newline.
  const start = Math.ceil((10 + header.length + 1) / 64) * 64;
  const bytes = new Uint8Array(start + values.length * 4);
  const view = new DataView(bytes.buffer);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  view.setUint16(8, start - 10, true);
  bytes.fill(0x20, 10, start - 1);
  bytes.set(new TextEncoder().encode(header), 10);
  bytes[start - 1] = 0x0a;
  values.forEach((value, i) => view.setFloat32(start + i * 4, value, true));
  return bytes;
}
