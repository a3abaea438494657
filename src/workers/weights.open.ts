import type { ByteSource, TensorFile } from './readers/tensorFile.ts';
import { decodeTensor, readSafetensors } from './safetensors.ts';

/** Opens a weight file: reads its directory, not its values. */
export async function openWeights(source: ByteSource): Promise<TensorFile> {
  const { name, size } = source;
  const { tensors, metadata } = readSafetensors(await source.read(0, size), name);
  return {
    name,
    format: 'safetensors',
    bytes: size,
    metadata,
    tensors: new Map(
      [...tensors].map(([key, tensor]) => {
        const read = async (first?: number, count?: number) => {
          const values = decodeTensor(tensor, name);
          return first === undefined ? values : values.slice(first, first + (count ?? values.length));
        };
        return [key, { name: key, dtype: tensor.dtype, shape: tensor.shape, read }];
      }),
    ),
  };
}
