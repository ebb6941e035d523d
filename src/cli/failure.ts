import { visible } from '../render/visible.ts';

/** Wrong usage, flags or policy file: printed as it is, exit 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The world failed so that something stayed unverified: exit 3. */
export class WorldError extends Error {
  override readonly name = 'WorldError';
}

export const exitCodes = { clean: 0, verdict: 1, usage: 2, world: 3, bug: 70, interrupted: 130 } as const;

/** The exit code a failure asks for, and what to say of it. */
export function describeFailure(error: unknown): { readonly exitCode: number; readonly message: string } {
  if (error instanceof UsageError)
    return { exitCode: exitCodes.usage, message: `basekeeper: ${harmless(error.message)}` };
  if (error instanceof WorldError)
    return { exitCode: exitCodes.world, message: `basekeeper: ${harmless(error.message)}` };
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    exitCode: exitCodes.bug,
    message: `basekeeper: this is a bug; please report it with the command and these lines\n${harmless(detail)}`,
  };
}

/** Names and texts of a tree stand in messages; our own line ends stay. */
function harmless(text: string): string {
  return text.split('\n').map(visible).join('\n');
}
