/** Every status of ours begins so. */
const ownPrefix = 'basekeeper/';

/** It proves nothing that we said so ourselves. */
export function isOwnCheck(name: string): boolean {
  return name === 'basekeeper' || name.startsWith(ownPrefix);
}
