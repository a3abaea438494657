import type { Command } from 'commander';
import { streams } from './options.ts';

/** `weights`: published files for a deployment. */
export function addWeights(program: Command): void {
  const weights = program
    .command('weights')
    .summary('published weights: list, get, convert, verify')
    .description(
      'Published ImageNet weights for a deployment: what there is, fetched and converted into public/weights and its\n' +
        'manifest, which the page and the other commands then use.',
    );
  addList(weights);
  addGet(weights);
  addConvert(weights);
  addVerify(weights);
}

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

function addList(weights: Command): void {
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
      const { listWeights } = await import('./weightsList.ts');
      await listWeights(flags, streams);
    });
}

function addGet(weights: Command): void {
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
      const { getWeights } = await import('./weightsGet.ts');
      if (!(await getWeights(models, flags, streams))) process.exitCode = 1;
    });
}

function addConvert(weights: Command): void {
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
      const { convertWeights } = await import('./weightsConvert.ts');
      await convertWeights(file, flags, streams);
    });
}

function addVerify(weights: Command): void {
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
      const { verifyWeightFiles } = await import('./weightsVerify.ts');
      if (!(await verifyWeightFiles(flags, streams))) process.exitCode = 1;
    });
}
