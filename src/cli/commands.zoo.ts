import type { Command } from 'commander';
import { several, streams } from './options.ts';
import type { ZooFlags } from './zooCommand.ts';

/** `zoo`: what there is. */
export function addZoo(program: Command): void {
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
}
