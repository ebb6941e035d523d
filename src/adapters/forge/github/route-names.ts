import { ForgeError } from '../../../ports/forge.ts';

/** `acme/shop`, as GitHub's routes take it. */
export function nameOf(repository: string): { readonly owner: string; readonly repo: string } {
  const [owner = '', repo = '', ...more] = repository.split('/');
  if (owner === '' || repo === '' || more.length > 0)
    throw new ForgeError(
      'not-found',
      `cannot ask GitHub for ${JSON.stringify(repository.slice(0, 200))}: repositories are called OWNER/NAME there`,
    );
  return { owner, repo };
}

/** @param doing completes "cannot …". */
export function numberOf(id: string, doing: string): number {
  if (!/^[1-9]\d{0,9}$/.test(id))
    throw new ForgeError('not-found', `cannot ${doing}: ${JSON.stringify(id.slice(0, 40))} is no number`);
  return Number(id);
}
