import { compareText } from './compare-digits.ts';
import { compareBuild, compareRelease, compareSystems } from './compare-forms.ts';
import type { Standing } from './standing.ts';
import type { TagForm } from './tag-form.ts';

/** A tag that may follow the present one. */
export type Step = {
  readonly to: TagForm;
  readonly lane: 'patch' | 'minor' | 'major' | 'os';
  /** It stays on the present line of the product. */
  readonly isInLine: boolean;
  readonly isSystemKept: boolean;
  readonly line: Exclude<Standing, { readonly kind: 'barred' }>;
  readonly system: Exclude<Standing, { readonly kind: 'barred' }>;
};

/**
 * Best first, and total: the supported line, the newest version, the present system, a supported one, the newest one,
 * the newest build, the text.
 */
export function compareSteps(a: Step, b: Step): number {
  return (
    Number(a.line.kind === 'ended') - Number(b.line.kind === 'ended') ||
    compareRelease(b.to, a.to) ||
    Number(b.isSystemKept) - Number(a.isSystemKept) ||
    Number(a.system.kind === 'ended') - Number(b.system.kind === 'ended') ||
    compareSystems(b.to.os, a.to.os) ||
    compareBuild(b.to, a.to) ||
    compareText(a.to.text, b.to.text)
  );
}
