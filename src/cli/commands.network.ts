import { Option, type Command } from 'commander';
import type { LrnRule, Rule } from '../workers/contract.ts';
import type { MosaicScale } from './mosaic.ts';
import { atLeastOne, networkOptions, streams, unit, wholeNumber, type NetworkFlags } from './options.ts';

/** The commands that run a network: `classify`, `features`, `project`, `time`. */
export function addNetworkCommands(program: Command): void {
  addClassify(program);
  addFeatures(program);
  addProject(program);
  addTime(program);
}

function addClassify(program: Command): void {
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
}

function addFeatures(program: Command): void {
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
    .action(
      async (image: string, flags: NetworkFlags & { layer: string; out: string; scale: MosaicScale }) => {
        const { features } = await import('./run.ts');
        await features(image, flags, streams);
      },
    );
}

interface ProjectFlags extends NetworkFlags {
  readonly layer: string;
  readonly channel: number;
  readonly unit?: { readonly y: number; readonly x: number };
  readonly map?: boolean;
  readonly rule: Rule;
  readonly lrn?: LrnRule;
  readonly out: string;
}

function addProject(program: Command): void {
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
}

function addTime(program: Command): void {
  networkOptions(program.command('time'))
    .summary('how long each layer takes')
    .description(
      'Runs the network on a picture again and again, and prints how long each layer takes beside its MACs.',
    )
    .argument('<image>', 'a picture file')
    .option(
      '-n, --passes <n>',
      'measured passes (default: up to 15 within 4 seconds, at least 3)',
      atLeastOne,
    )
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
}
