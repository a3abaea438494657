// What both commands need first: a Node that is new enough, and the packages of package-lock.json.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const needed = [20, 19];

/** Ends with a sentence if this Node is older than package.json's `engines`. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > needed[0] || (major === needed[0] && minor >= needed[1])) return;
  console.error(
    `ConvScope needs Node ${needed.join('.')} or newer; this is ${process.versions.node}. Install a newer Node and run the command again.`,
  );
  process.exit(1);
}

/** Runs a program in the project's root with its output shown; returns its exit status. */
export function run(command, args, env = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  if (result.error) console.error(`${command}: ${result.error.message}`);
  return result.status ?? 1;
}

/** As `run`, while others run: resolves to the status and to all that the program printed. */
export function runBeside(command, args) {
  return new Promise((resolve) => {
    let output = '';
    const program = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    for (const stream of [program.stdout, program.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    program.on('error', (error) => resolve({ status: 1, output: `${command}: ${error.message}` }));
    program.on('close', (status) => resolve({ status: status ?? 1, output }));
  });
}

/** Installs the locked packages unless exactly these are installed already. */
export function installPackages() {
  const stamp = join(root, 'node_modules', '.convscope-lock');
  const hash = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  console.log('Installing packages (once) ...');
  if (run('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error']) !== 0) {
    console.error('Installing packages failed: see the message above. Is the package registry within reach?');
    process.exit(1);
  }
  writeFileSync(stamp, hash);
}

/** A program of an installed package, as `npx` would find it. */
export const bin = (name) =>
  join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);
