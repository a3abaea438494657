import type { Shape } from '../../../src/models/graph.ts';
import { prepare } from '../../../src/models/preprocess.ts';
import type { Preprocessing } from '../../../src/models/preprocessing.ts';
import { fromBytes } from '../../../src/workers/webgpu/picturePrograms.ts';

/** Pictures that were uploaded as bytes, against the values that every other backend is given. */

const how = (input: Shape, rest: Partial<Preprocessing> = {}): Preprocessing => ({
  ...{ input, colour: 'rgb', fit: 'shorter-side', resize: Math.max(input[0], input[1]), filter: 'bilinear' },
  ...{ mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  ...rest,
});

/** At a workgroup's edges, with one to three bytes in the last word; Caffe's values, blue first; one channel. */
const cases: readonly Preprocessing[] = [
  ...[1, 3, 4, 5, 8, 9, 21].map((side) => how([side, side, 3])),
  how([8, 8, 3], { order: 'bgr', mean: [0.408, 0.459, 0.482], std: [1 / 255, 1 / 255, 1 / 255] }),
  how([9, 7, 1], { colour: 'grey', mean: [0.1307], std: [0.3081] }),
];

export interface PictureErrors {
  readonly name: string;
  readonly values: number;
  /** Values of which one bit or more is another. */
  readonly different: number;
}

export async function checkPictures(): Promise<PictureErrors[]> {
  const results: PictureErrors[] = [];
  const data = Uint8ClampedArray.from({ length: 40 * 44 * 4 }, (_, i) =>
    i % 4 === 3 ? 255 : (i * 97) % 256,
  );
  for (const each of cases) {
    const { input } = prepare({ width: 44, height: 40, data }, each);
    const tensor = fromBytes(input);
    const got = await tensor.data<'float32'>();
    tensor.dispose();
    const different = input.values.filter((value, i) => !Object.is(got[i], value)).length;
    results.push({
      name: `${each.input.join('x')} ${each.order ?? ''}`,
      values: got.length === input.values.length ? got.length : 0,
      different,
    });
  }
  return results;
}
