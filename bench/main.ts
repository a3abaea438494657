/** `npm run bench`: reported, never a gate. `npm run bench -- zoo`, `-- node` or `-- browser` runs one part. */
const only = process.argv[2];
if (only === undefined || only === 'zoo') (await import('./zoo.ts')).benchZoo();
if (only === undefined || only === 'node') await (await import('./node.ts')).benchNode();
if (only === undefined || only === 'browser') await (await import('./browser.ts')).benchBrowser();
process.exit(0);
