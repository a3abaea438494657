// `npm start`: installs what is missing, builds, serves, prints the address.
import { join } from 'node:path';
import { bin, checkNode, installPackages, root, run } from './setup.mjs';

checkNode();
installPackages();
console.log('Building ...');
if (run(bin('vite'), ['build', '--logLevel', 'warn']) !== 0) process.exit(1);
const { serve } = await import('./serve.mjs');
const { url } = await serve(join(root, 'dist'), { port: Number(process.env.PORT ?? 4173) });
console.log(`\n  ConvScope is at ${url}\n  Ctrl+C ends it.\n`);
