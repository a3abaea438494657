import { execFile } from 'node:child_process';

const root = new URL('../..', import.meta.url);

export interface Run {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** The command line in a process of its own, as `npm run -s cli --` starts it. */
export function cli(...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    const command = ['--import', 'tsx', 'src/cli/main.ts', ...args];
    execFile(process.execPath, command, { cwd: root, maxBuffer: 1e8 }, (error, out, err) => {
      resolve({ status: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}
