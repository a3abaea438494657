import { ConvScopeError } from '../models/errors.ts';
import type { Volume } from '../models/graph.ts';
import { nodeById } from '../models/lookup.ts';
import { buildNetwork } from '../models/zoo/index.ts';
import type {
  Answer,
  LoadedNetwork,
  LrnRule,
  ProjectRequest,
  Projection,
  Rule,
} from '../workers/contract.ts';
import { displayRgba, displayScale } from '../viz/display.ts';
import { checkOutput, writeOutput } from './output.ts';
import { drawMosaic, type MosaicScale } from './mosaic.ts';
import { openSession, setImageFile, type RunOptions } from './session.ts';
import { shape, toJson } from './table.ts';

/** Where a command's words go. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Seven significant digits: what a float32 holds. */
const number = (value: number): string => String(Number(value.toPrecision(7)));

function answerText(image: string, { top }: Answer): string {
  const width = Math.max(...top.map(({ index }) => String(index).length));
  const lines = top.map(
    ({ index, name, probability }) =>
      `  ${(probability * 100).toFixed(2).padStart(6)} %  ${String(index).padStart(width)}  ${name}\n`,
  );
  return `${image}\n${lines.join('')}`;
}

/** A network of few classes answers one of them whatever it is shown; digits say that of themselves. */
function limitText({ ref, classes, preprocessing }: LoadedNetwork): string {
  if (classes.length > 20 || preprocessing.fit === 'digit') return '';
  return (
    `note: ${ref} knows only ${classes.length} classes (${classes.join(', ')}) and always answers one of them; ` +
    'efficientnet-lite0 knows 1,000\n'
  );
}

/**
 * The five likeliest classes of each image, in the order given. An image that fails is reported and the others go on;
 * the result says whether all were answered.
 */
export async function classify(
  images: readonly string[],
  options: RunOptions & { readonly json: boolean },
  { out, err }: Streams,
): Promise<boolean> {
  const { engine, loaded } = await openSession(options, 'answers');
  const answered: unknown[] = [];
  let all = true;
  for (const image of images) {
    try {
      await setImageFile(engine, image);
      const answer = await engine.classify();
      const { ref: model, backend, top } = answer;
      answered.push({ image, model, backend, top });
      if (!options.json) out(answerText(image, answer));
    } catch (error) {
      if (!(error instanceof ConvScopeError)) throw error;
      err(`error: ${error.message}\n`);
      all = false;
    }
  }
  if (options.json) out(toJson(answered));
  else out(limitText(loaded));
  await engine.dispose();
  return all;
}

export interface FeaturesOptions extends RunOptions {
  readonly layer: string;
  readonly out: string;
  readonly scale: MosaicScale;
  readonly json: boolean;
}

/** Writes a layer's whole activation. The layer is looked up first: a typing error costs no weights. */
export async function features(image: string, options: FeaturesOptions, { out }: Streams): Promise<void> {
  nodeById(buildNetwork(options.model).graph, options.layer);
  await checkOutput(options.out);
  const { engine, loaded } = await openSession(options);
  await setImageFile(engine, image);
  const { backend } = await engine.classify();
  const volume = await engine.activation(options.layer);
  await writeOutput(options.out, volume, () => drawMosaic(volume, options.scale));
  await engine.dispose();
  const { min, max } = extremes(volume);
  if (options.json) {
    const { layer, out: file } = options;
    out(toJson({ image, model: loaded.ref, backend, layer, shape: volume.shape, min, max, file }));
    return;
  }
  out(
    `${loaded.ref} ${options.layer}: ${shape(volume.shape)}, values ${number(min)} to ${number(max)}, ` +
      `written to ${options.out}\n`,
  );
}

function extremes({ values }: Volume): { readonly min: number; readonly max: number } {
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}

export interface ProjectOptions extends RunOptions {
  readonly layer: string;
  readonly channel: number;
  readonly unit?: { readonly y: number; readonly x: number };
  readonly map: boolean;
  readonly rule: Rule;
  readonly lrn?: LrnRule;
  readonly out: string;
  readonly json: boolean;
}

/** Projects one unit, the channel's strongest unit or its whole map to pixels, and writes the picture. */
export async function project(image: string, options: ProjectOptions, { out }: Streams): Promise<void> {
  const { channel } = options;
  const { shape: layerShape } = nodeById(buildNetwork(options.model).graph, options.layer);
  if (channel >= layerShape[2]) {
    throw new ConvScopeError(
      'unknown-channel',
      `${options.layer} has no channel ${channel}: its channels are 0 to ${layerShape[2] - 1}.`,
      { layer: options.layer, channel, channels: layerShape[2] },
    );
  }
  await checkOutput(options.out);
  const { engine, loaded } = await openSession(options);
  await setImageFile(engine, image);
  const { backend } = await engine.classify();
  const request: ProjectRequest = {
    node: options.layer,
    channel,
    seed: options.unit ?? (options.map ? 'map' : 'strongest'),
    rule: options.rule,
    ...(options.lrn === undefined ? {} : { lrn: options.lrn }),
  };
  const projection = await engine.project(request);
  const scale = displayScale(projection.image.values);
  await writeOutput(options.out, projection.image, () => {
    const [height, width, channels] = projection.image.shape;
    return { width, height, data: displayRgba(projection.image.values, channels, scale.s) };
  });
  await engine.dispose();
  if (options.json) {
    const { unit, value, box, switches } = projection;
    out(
      toJson({
        image,
        model: loaded.ref,
        backend,
        layer: options.layer,
        channel,
        seed: typeof request.seed === 'string' ? request.seed : 'unit',
        rule: options.rule,
        lrn: options.lrn ?? null,
        unit,
        value,
        box,
        switches,
        scale: scale.s,
        file: options.out,
      }),
    );
  } else out(projectionText(loaded.ref, options, projection, scale.s));
}

function projectionText(ref: string, options: ProjectOptions, projection: Projection, s: number): string {
  const { unit, value, box, switches } = projection;
  const seed =
    unit === null
      ? `whole map, largest value ${number(value)}`
      : `unit ${unit.y},${unit.x} of value ${number(value)}`;
  const pools = switches === 1 ? '1 max-pooling layer' : `${switches} max-pooling layers`;
  const blind = options.rule === 'deconvnet' && switches === 0;
  return (
    `${ref} ${options.layer}, channel ${options.channel}, ${seed}, ${options.rule}\n` +
    `pixels ${box.top},${box.left} to ${box.bottom},${box.right} can reach it, through ${pools}\n` +
    (blind
      ? 'note: without max-pooling below it, a deconvnet picture does not depend on the image (but for its scale)\n'
      : '') +
    (s === 0 ? 'note: the projection is zero everywhere\n' : '') +
    `written to ${options.out}, full contrast at ${number(s)}\n`
  );
}
