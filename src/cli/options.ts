import { type Command, InvalidArgumentError, Option } from 'commander';
import type { BackendName } from '../workers/contract.ts';

/** What options may be, and those that several commands have. */

export const streams = {
  out: (text: string) => void process.stdout.write(text),
  err: (text: string) => void process.stderr.write(text),
};

export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 0 on.');
  return Number(text);
}

export function atLeastOne(text: string): number {
  const number = wholeNumber(text);
  if (number === 0) throw new InvalidArgumentError('It must be 1 or more.');
  return number;
}

export function unit(text: string): { readonly y: number; readonly x: number } {
  const match = /^(\d+),(\d+)$/.exec(text);
  if (match === null) throw new InvalidArgumentError('It must be row and column, for example 6,7.');
  return { y: Number(match[1]), x: Number(match[2]) };
}

function backend(text: string): BackendName {
  if (text === 'wasm' || text === 'cpu') return text;
  const gpu = text === 'webgpu' || text === 'webgl';
  throw new InvalidArgumentError(
    gpu ? 'It needs a browser; Node computes on wasm or cpu.' : 'It must be wasm or cpu.',
  );
}

/** Collects an option that may be given more than once. */
export const several = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

/** The options that every command running a network has. */
export const networkOptions = (command: Command): Command =>
  command
    .requiredOption(
      '-m, --model <id>',
      'the network: an id of "zoo" that has weights, or with --weights any id or \'FAMILY?parameter=value&...\'',
    )
    .option(
      '-w, --weights <file>',
      'weights of your own (safetensors, PyTorch, ONNX) for that network; every tensor is checked',
    )
    .addOption(
      new Option('-b, --backend <name>', 'what computes: wasm (fast) or cpu (plain JavaScript, slow)')
        .argParser(backend)
        .default('wasm'),
    )
    .option('--json', 'print JSON instead of text', false);

export interface NetworkFlags {
  readonly model: string;
  readonly weights?: string;
  readonly backend: BackendName;
  readonly json: boolean;
}
