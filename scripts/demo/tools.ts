import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Which of the real programs that the demo can use are on this machine. */
export function foundTools(environment: NodeJS.ProcessEnv): { readonly buildah: boolean; readonly trivy: boolean } {
  const onPath = (name: string) =>
    (environment.PATH ?? '').split(delimiter).some((folder) => isExecutable(join(folder, name)));
  const { BASEKEEPER_TRIVY: named } = environment;
  return { buildah: onPath('buildah'), trivy: named === undefined ? onPath('trivy') : isExecutable(named) };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
