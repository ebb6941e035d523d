/** Every status of ours begins so. */
const ownPrefix = 'basekeeper/';

/** The one status that tells what was found of a pull request of ours. */
export const verifyContext = `${ownPrefix}verify`;

/** It proves nothing that we said so ourselves. */
export function isOwnCheck(name: string): boolean {
  return name === 'basekeeper' || name.startsWith(ownPrefix);
}
