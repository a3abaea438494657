import { Command, InvalidArgumentError, Option } from 'commander';
import { ConvScopeError } from '../models/errors.ts';
import type { BackendName, LrnRule, Rule } from '../workers/contract.ts';
import type { MosaicScale } from './mosaic.ts';
import type { ZooFlags } from './zooCommand.ts';

// Every command imports what it needs when it runs: `zoo` and `--help` load neither tfjs nor an image decoder.

const streams = {
  out: (text: string) => void process.stdout.write(text),
  err: (text: string) => void process.stderr.write(text),
};

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 0 on.');
  return Number(text);
}

function atLeastOne(text: string): number {
  const number = wholeNumber(text);
  if (number === 0) throw new InvalidArgumentError('It must be 1 or more.');
  return number;
}

function unit(text: string): { readonly y: number; readonly x: number } {
  const match = /^(\d+),(\d+)$/.exec(text);
  if (match === null) throw new InvalidArgumentError('It must be row and column, for example 6,7.');
  return { y: Number(match[1]), x: Number(match[2]) };
}

function backend(text: string): BackendName {
  if (text === 'wasm' || text === 'cpu') return text;
  const gpu = text === 'webgpu' || text === 'webgl';
  throw new InvalidArgumentError(
    gpu ? 'It needs a browser; Node computes on wasm or cpu.' : 'It must be wasm or cpu.',
  );
}

/** Collects an option that may be given more than once. */
const several = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

/** The options that every command running a network has. */
const networkOptions = (command: Command): Command =>
  command
    .requiredOption(
      '-m, --model <id>',
      'the network: an id of "zoo" that has weights, or with --weights any id or \'FAMILY?parameter=value&...\'',
    )
    .option(
      '-w, --weights <file>',
      'weights of your own (safetensors, PyTorch, ONNX) for that network; every tensor is checked',
    )
    .addOption(
      new Option('-b, --backend <name>', 'what computes: wasm (fast) or cpu (plain JavaScript, slow)')
        .argParser(backend)
        .default('wasm'),
    )
    .option('--json', 'print JSON instead of text', false);

interface NetworkFlags {
  readonly model: string;
  readonly weights?: string;
  readonly backend: BackendName;
  readonly json: boolean;
}

const program = new Command('cli')
  .usage('COMMAND [options]')
  .description(
    'ConvScope without a browser: the networks, their answers, their feature maps and projections to pixels.\n' +
      'Run it as: npm run -s cli -- COMMAND ...',
  )
  .showHelpAfterError('(add --help to see what can be given)')
  .addHelpText(
    'after',
    `
Examples:
  npm run -s cli -- zoo
  npm run -s cli -- zoo zfnet --json
  npm run -s cli -- zoo 'wide-resnet?depth=22&k=6'
  npm run -s cli -- zoo --family resnet --ingredient grouped --year 2015-2017
  npm run -s cli -- classify --model efficientnet-lite0 public/samples/cat.jpg
  npm run -s cli -- features --model zfnet-imagenette --layer relu5 public/samples/dogs.jpg --out maps.png
  npm run -s cli -- project --model zfnet-imagenette --layer relu5 --channel 7 --rule deconvnet \\
      public/samples/dogs.jpg --out projection.png
  npm run -s cli -- time --model efficientnet-lite0 public/samples/cat.jpg
  npm run -s cli -- weights get squeezenet-1-1

Pictures: JPEG, PNG, WebP, AVIF and GIF, up to 64 megapixels, turned upright. Errors go to stderr, with exit status 1.`,
  );

program
  .command('zoo')
  .summary('the table of networks, the layers of one, or what can be set')
  .description(
    'The table of networks by family, one network layer by layer, or the parameters of a family.\n' +
      "MODEL is an id of the table, a family, or either with settings: 'wide-resnet?depth=28&k=10&classes=10'.",
  )
  .argument('[model]', 'a network’s id, or a family with settings')
  .option('-f, --family <name>', 'only networks of this family (repeat for more)', several)
  .option(
    '-y, --year <year>',
    'only networks of this year, or of these: 2014-2016 (repeat for more)',
    several,
  )
  .option(
    '-i, --ingredient <name>',
    'only networks with it (repeat for all of several): lrn, bn, 1x1, inception, residual, dense, fractal, ' +
      'depthwise, grouped, globalAverage, dropout, auxiliary',
    several,
  )
  .option(
    '-s, --size <size>',
    'only networks of so many parameters: tiny (below 1 M), small (below 10 M), medium (below 50 M), large ' +
      '(repeat for more)',
    several,
  )
  .option('-p, --parameters [family]', 'what can be set, of this family or of all, with what is possible')
  .option('--json', 'print JSON instead of a table', false)
  .addHelpText(
    'after',
    `
JSON: an array of networks { id, name, family, drawnBy, settings, year, authors, paper, dataset, input, classes, depth,
params, weights, biases, normalisation, statistics, fixed, macs, otherOperations, connections, activationElements:
{ convolutionsAndDense, allOutputs }, weightBytes, peakActivationBytes, peakNode, ingredients, publishedErrors,
bundledWeights }; with a model that object with { definedIn, idea, training, trainingSource, deviations, layers: [{ id, op, inputs, group,
shape, params, weights, biases, normalisation, statistics, fixed, macs, otherOperations, connections, outputElements,
inPlace, weightBytes, outputBytes, receptiveField: { size, jump, start, whole } }] }; with --parameters an array of
{ family, name, parameters: [{ key, label, kind, default, possible, min, max, step, values,
valueLabels, trainingOnly, note }], members }.

params: what papers count, weights, biases and normalisation (gamma, beta); statistics and fixed are stored besides.
macs: multiply-accumulates of convolutions and dense layers. depth: as the paper counts it. activationElements: values out
of convolutions and dense layers only, and values of all outputs that are not computed in place. drawnBy: the family whose
parameters (settings) draw it. Shapes are [height, width, channels]; bytes are of fp32, for one image.`,
  )
  .action(async (model: string | undefined, flags: ZooFlags) => {
    const { zoo } = await import('./zooCommand.ts');
    streams.out(await zoo(model, flags));
  });

networkOptions(program.command('classify'))
  .summary('the five likeliest classes of pictures')
  .description('The five likeliest classes of each picture: probability, class index, name.')
  .argument('<image...>', 'picture files')
  .addHelpText(
    'after',
    `
JSON: [{ image, model, backend, top: [{ index, name, probability, logit }] }], one entry for each picture that was
answered, in the order given. A picture that cannot be read is reported on stderr, the others are answered, and the exit
status is 1.`,
  )
  .action(async (images: string[], flags: NetworkFlags) => {
    const { classify } = await import('./run.ts');
    if (!(await classify(images, flags, streams))) process.exitCode = 1;
  });

networkOptions(program.command('features'))
  .summary('the feature maps of a layer')
  .description('Writes the activation of a layer: a mosaic of all its maps, or the raw values.')
  .argument('<image>', 'a picture file')
  .requiredOption('-l, --layer <id>', 'the layer, as "zoo MODEL" names it')
  .requiredOption(
    '-o, --out <file>',
    '.png for a mosaic, .npy for float32 values of [height, width, channels]',
  )
  .addOption(
    new Option('--scale <which>', 'one colour scale for the whole layer, or one for each map (.png)')
      .choices(['layer', 'map'])
      .default('layer'),
  )
  .addHelpText(
    'after',
    `
The mosaic has the channels row by row. Dark is strong; where a layer has negative values they are blue and positive ones
red. JSON: { image, model, backend, layer, shape, min, max, file }.`,
  )
  .action(async (image: string, flags: NetworkFlags & { layer: string; out: string; scale: MosaicScale }) => {
    const { features } = await import('./run.ts');
    await features(image, flags, streams);
  });

interface ProjectFlags extends NetworkFlags {
  readonly layer: string;
  readonly channel: number;
  readonly unit?: { readonly y: number; readonly x: number };
  readonly map?: boolean;
  readonly rule: Rule;
  readonly lrn?: LrnRule;
  readonly out: string;
}

networkOptions(program.command('project'))
  .summary('an activation projected back to pixels')
  .description('Projects an activation back to pixels: by default that of the channel’s strongest unit.')
  .argument('<image>', 'a picture file')
  .requiredOption('-l, --layer <id>', 'the layer, as "zoo MODEL" names it')
  .requiredOption('-c, --channel <n>', 'the channel, from 0 on', wholeNumber)
  .addOption(
    new Option('-u, --unit <y,x>', 'one unit of the channel, by row and column')
      .argParser(unit)
      .conflicts('map'),
  )
  .addOption(new Option('--map', 'the whole map of the channel'))
  .addOption(
    new Option('-r, --rule <rule>', 'what becomes of the signal at a ReLU')
      .choices(['deconvnet', 'guided', 'gradient'])
      .makeOptionMandatory(),
  )
  .addOption(
    new Option(
      '--lrn <rule>',
      'what becomes of it at local response normalisation (default: identity for deconvnet, else vjp)',
    ).choices(['vjp', 'identity', 'scale']),
  )
  .requiredOption(
    '-o, --out <file>',
    '.png for a picture, .npy for float32 values of [height, width, channels]',
  )
  .addHelpText(
    'after',
    `
The picture: 128 + 127 v / s in every channel, s the largest magnitude, so that zero is grey. It lies in the network's
normalised input space. JSON: { image, model, backend, layer, channel, seed, rule, lrn, unit, value, box: { top, left,
bottom, right }, switches, scale, file }; box: the pixels that can reach the seed; switches: max-pooling layers below it;
lrn: null where the rule's default was taken.`,
  )
  .action(async (image: string, flags: ProjectFlags) => {
    const { project } = await import('./run.ts');
    await project(image, { ...flags, map: flags.map ?? false }, streams);
  });

networkOptions(program.command('time'))
  .summary('how long each layer takes')
  .description(
    'Runs the network on a picture again and again, and prints how long each layer takes beside its MACs.',
  )
  .argument('<image>', 'a picture file')
  .option('-n, --passes <n>', 'measured passes (default: up to 15 within 4 seconds, at least 3)', atLeastOne)
  .addHelpText(
    'after',
    `
Medians and quartiles over the passes. share: of the medians of all layers together. A normalisation that runs in one step
with its ReLU has its time there. JSON: { image, model, weights, backend, threads, method, passes, passMilliseconds:
{ lower, median, upper }, resolutionMilliseconds, totalMilliseconds, layers: [{ id, op, macs, milliseconds: { lower, median,
upper }, joinedWith, share, macsPerSecond }] }; passMilliseconds: whole passes that were not measured layer by layer;
milliseconds: null where joinedWith names the ReLU; resolutionMilliseconds: what the clock can tell apart.`,
  )
  .action(async (image: string, flags: NetworkFlags & { passes?: number }) => {
    const { time } = await import('./time.ts');
    await time(image, flags, streams);
  });

const weights = program
  .command('weights')
  .summary('published weights: list, get, convert, verify')
  .description(
    'Published ImageNet weights for a deployment: what there is, fetched and converted into public/weights and its\n' +
      'manifest, which the page and the other commands then use.',
  );

/** The options that every command on a folder of weights has. */
const folderOptions = (command: Command): Command =>
  command
    .option(
      '-d, --dir <folder>',
      'the folder with manifest.json and the weight files (default: public/weights)',
    )
    .option('--json', 'print JSON instead of text', false);

interface FolderFlags {
  readonly dir?: string;
  readonly json: boolean;
}

folderOptions(weights.command('list'))
  .summary('all published files, and which are in the folder')
  .addHelpText(
    'after',
    `
JSON: [{ id, network, publisher, title, url, page, file, format, bytes, bytesAre, sha256, source, dataset, preprocessing,
accuracy: { top1, top5, source }, licence, note, here }]. bytesAre: stated by the publisher, or computed from the parameters.
sha256: whole, the beginning that the publisher gives, or null.`,
  )
  .action(async (flags: FolderFlags) => {
    const { listWeights } = await import('./weightsCommand.ts');
    await listWeights(flags, streams);
  });

folderOptions(weights.command('get'))
  .summary('fetches published files, checks, converts and lists them')
  .argument('<model...>', 'an id of "weights list", or a network: then its first file is taken')
  .option('--fp32', 'keep float32; otherwise float16, half the size', false)
  .addHelpText(
    'after',
    `
What has arrived lies in FILE.part; the same command goes on from there. Size and SHA-256 are checked where they are known,
every tensor always. CONVSCOPE_HUB=http://mirror/dir fetches http://mirror/dir/HOST/PATH in place of https://HOST/PATH.
JSON: [{ id, network, file, bytes, sha256, dtype, wide: [{ name, values }], differs }]; wide: tensors with values beyond
float16, which stay float32; differs: what an ONNX file does otherwise beside its weights. A file that fails is reported on
stderr, the others go on, and the exit status is 1.`,
  )
  .action(async (models: string[], flags: FolderFlags & { fp32: boolean }) => {
    const { getWeights } = await import('./weightsCommand.ts');
    if (!(await getWeights(models, flags, streams))) process.exitCode = 1;
  });

weights
  .command('convert')
  .summary('a weight file of any format as safetensors')
  .description(
    'Reads .safetensors, PyTorch’s .pth and .pt, or .onnx; every tensor is checked against the network.',
  )
  .argument('<file>', 'a weight file')
  .requiredOption('-m, --model <id>', 'the network: any id of "zoo" or \'FAMILY?parameter=value&...\'')
  .requiredOption('-o, --out <file>', 'the .safetensors file to write')
  .option('--fp16', 'matrices as float16, half the size; vectors and what does not fit stay float32', false)
  .option('--json', 'print JSON instead of text', false)
  .addHelpText(
    'after',
    `
JSON: { network, file, dtype, bytes, tensors, sha256, source, wide: [{ name, values }], differs }; source: by which names the
file was read.`,
  )
  .action(async (file: string, flags: { model: string; out: string; fp16: boolean; json: boolean }) => {
    const { convertWeights } = await import('./weightsCommand.ts');
    await convertWeights(file, flags, streams);
  });

folderOptions(weights.command('verify'))
  .summary('checks every file of the manifest')
  .description(
    'Checks size, SHA-256, every tensor and every value of all files of the manifest; exit status 1 if one is wrong.',
  )
  .addHelpText(
    'after',
    `
JSON: [{ network, file, bytes, problem }]; problem: null where all is well.`,
  )
  .action(async (flags: FolderFlags) => {
    const { verifyWeightFiles } = await import('./weightsCommand.ts');
    if (!(await verifyWeightFiles(flags, streams))) process.exitCode = 1;
  });

/** A reader that has seen enough (`| head`) closes the pipe: no reason to complain. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  const expected = error instanceof ConvScopeError && error.code !== 'internal';
  const detail = error instanceof Error ? (expected ? error.message : (error.stack ?? error.message)) : error;
  streams.err(
    expected
      ? `error: ${detail}\n`
      : `error: this is a bug of ConvScope; please report it with:\n${detail}\n`,
  );
  process.exitCode = 1;
}
