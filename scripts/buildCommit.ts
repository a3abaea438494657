import { execFileSync } from 'node:child_process';

/** The commit that is built, `-dirty` where files differ from it; null in a folder that is no clone, or without git. */
export function buildCommit(folder: string): string | null {
  try {
    const git = ['describe', '--always', '--dirty', '--abbrev=7', '--exclude=*'];
    return execFileSync('git', git, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}
