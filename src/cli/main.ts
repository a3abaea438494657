import { Command } from 'commander';
import { ConvScopeError } from '../models/errors.ts';
import { addNetworkCommands } from './commands.network.ts';
import { addWeights } from './commands.weights.ts';
import { addZoo } from './commands.zoo.ts';
import { streams } from './options.ts';

// Every command imports what it needs when it runs: `zoo` and `--help` load neither tfjs nor an image decoder.

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

addZoo(program);
addNetworkCommands(program);
addWeights(program);

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
