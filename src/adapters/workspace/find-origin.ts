import { resolve } from 'node:path';
import { openGit } from './git.ts';

/** Which repository a folder belongs to. */
export type FoundRepository =
  | { readonly kind: 'bare'; readonly folder: string }
  /** `text`: as git's configuration has it; a relative one is of `folder`. */
  | { readonly kind: 'origin'; readonly text: string; readonly folder: string }
  | { readonly kind: 'no-origin' }
  | { readonly kind: 'no-repository' };

/** Asks the git of this machine about a folder; nothing is fetched. */
export async function findOrigin(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<FoundRepository> {
  const { run } = openGit(folder, environment);
  const ask = async (...args: readonly string[]) => {
    const { code, stdout } = await run(args);
    return code === 0 ? stdout.toString().replace(/\n$/, '') : undefined;
  };
  const isBare = await ask('rev-parse', '--is-bare-repository');
  if (isBare === undefined) return { kind: 'no-repository' };
  if (isBare === 'true')
    return { kind: 'bare', folder: resolve((await ask('rev-parse', '--absolute-git-dir')) ?? folder) };
  const text = await ask('config', '--get', 'remote.origin.url');
  if (text === undefined) return { kind: 'no-origin' };
  return { kind: 'origin', text, folder: (await ask('rev-parse', '--show-toplevel')) ?? folder };
}
