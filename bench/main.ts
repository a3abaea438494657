/** `npm run bench`: reported, never a gate. `npm run bench -- node` or `-- browser` runs one half. */
const only = process.argv[2];
if (only === undefined || only === 'node') await (await import('./node.ts')).benchNode();
if (only === undefined || only === 'browser') await (await import('./browser.ts')).benchBrowser();
process.exit(0);
