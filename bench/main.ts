/** `npm run bench`: reported, never a gate. `npm run bench -- zoo`, `-- node`, `-- browser` or `-- diagrams` runs one part. */
const only = process.argv[2];
if (only === undefined || only === 'zoo') (await import('./zoo.ts')).benchZoo();
if (only === undefined || only === 'node') await (await import('./node.ts')).benchNode();
if (only === undefined || only === 'browser') await (await import('./browser.ts')).benchBrowser();
if (only === undefined || only === 'diagrams')
  await (await import('./diagrams.ts')).benchDiagrams(process.argv.slice(3));
// Computes on an imitation of a GPU, which takes minutes: only when it is asked for.
if (only === 'gpu') await (await import('./gpu.ts')).benchGpu(process.argv.slice(3));
// Takes minutes: only when it is asked for.
if (only === 'projections') await (await import('./projections.ts')).benchProjections(process.argv.slice(3));
if (only === 'load') await (await import('./load.ts')).benchLoad(process.argv[3]);
// Builds the page and uses it for minutes: only when it is asked for.
if (only === 'tasks') await (await import('./tasks.ts')).benchTasks(process.argv.slice(3));
// Writes files of half a gigabyte: only when it is asked for.
if (only === 'memory') await (await import('./memory.ts')).benchMemory();
// Takes minutes: only when it is asked for.
if (only === 'monkey') await (await import('./monkey.ts')).benchMonkey(Number(process.argv[3] ?? 1));
// Installs onnxruntime-web for the run and takes minutes: only when it is asked for.
if (only === 'versus') await (await import('./versus.ts')).benchVersus(process.argv.slice(3));
process.exit(0);

// A module, which may wait at its top.
export {};
