import type { Unanswered } from '../../domain/policy/registry-facts.ts';
import { RegistryError } from '../../ports/registry.ts';

/** What came of one question to a registry. `missing`: it answered that there is no such thing. */
export type Attempt<T> =
  | { readonly kind: 'answered'; readonly value: T }
  | { readonly kind: 'missing'; readonly message: string }
  | Unanswered;

/** Turns the refusals of a registry into facts; everything else that is thrown is a bug, and stays thrown. */
export async function attempt<T>(question: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { kind: 'answered', value: await question() };
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    const { code, message } = error;
    return code === 'not-found' ? { kind: 'missing', message } : { kind: 'unanswered', code, message };
  }
}

/** For questions about what another answer named: that it is missing is then no answer either. */
export function asUnanswered(refusal: Exclude<Attempt<unknown>, { kind: 'answered' }>): Unanswered {
  return refusal.kind === 'missing' ? { kind: 'unanswered', code: 'not-found', message: refusal.message } : refusal;
}
