/** Parity of the networks that are too large for a test: `npx tsx tests/parity/large.ts [REF...]`. */
import { useBackend } from '../numerics/backends.ts';
import { logitDifference, runSeeded, storedCase } from './load.ts';

const wanted = process.argv.slice(2);
await useBackend('wasm');
for (const ref of wanted.length > 0 ? wanted : ['vgg-d', 'inception-v4']) {
  const start = performance.now();
  const run = await runSeeded(ref, { keep: false });
  const same = run.checksum === storedCase(ref).checksum;
  const difference = logitDifference(run.logits, ref);
  run.dispose();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const pass = same && difference <= 1e-3;
  console.log(
    `${ref}: weights ${same ? 'equal' : 'DIFFERENT'}, largest logit difference ${difference.toExponential(1)} ` +
      `of the largest logit (PyTorch float32 ${storedCase(ref).float32Difference.toExponential(1)}), ${seconds} s`,
  );
  if (!pass) process.exitCode = 1;
}
