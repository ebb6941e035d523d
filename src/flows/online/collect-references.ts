import { compareText } from '../../domain/candidates/compare-digits.ts';
import type { Role } from '../../domain/image/image-use.ts';
import { formatPlatform, parsePlatform } from '../../domain/image/platform.ts';
import { canonicalReference, type Reference } from '../../domain/image/reference.ts';
import { classify, type DescribedImage } from '../../domain/policy/classify.ts';
import { isJudgedRole } from '../../domain/policy/judged-role.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import type { PlacedUse, ReadFile } from '../read-dockerfile.ts';
import { isBuiltHere, type SubjectContext, subjectOf } from '../subject-of.ts';

/** A reference that registries are asked about, after aliases, with what its uses want to know. */
export type WantedReference = {
  readonly reference: Reference;
  /** That its uses or the run name; normalised, sorted. Empty where none is named. */
  readonly platforms: readonly string[];
  /** A use names none. */
  readonly isPlatformOpen: boolean;
  /** Its category depends on who publishes it. */
  readonly wantsPublisher: boolean;
};

/** Gathers the distinct references of the files that are handed to it, one after the other; keeps nothing else of them. */
export class ReferenceCollector {
  readonly #wanted = new Map<
    string,
    { reference: Reference; platforms: Set<string>; isPlatformOpen: boolean; wantsPublisher: boolean }
  >();
  readonly #context: SubjectContext;
  readonly #isWanted: (role: Role) => boolean;

  /** @param isWanted which uses count; those that the policy judges when absent. */
  constructor(context: SubjectContext, isWanted = (role: Role) => isJudgedRole(role, context.policy)) {
    this.#context = context;
    this.#isWanted = isWanted;
  }

  add(file: ReadFile): void {
    for (const placed of file.uses) this.#addUse(placed);
  }

  /** Sorted by reference. */
  references(): readonly WantedReference[] {
    return [...this.#wanted]
      .sort(([one], [other]) => compareText(one, other))
      .map(([, wanted]) => ({ ...wanted, platforms: [...wanted.platforms].sort(compareText) }));
  }

  #addUse(placed: PlacedUse): void {
    const { policy } = this.#context;
    const { use } = placed;
    if (use.image.kind !== 'reference' || !this.#isWanted(use.role)) return;
    const { subject, chain } = subjectOf(placed, this.#context);
    const { reference, facts } = subject;
    // What the tree builds itself need not lie in a registry yet.
    if (reference === undefined || facts === undefined || isBuiltHere(chain)) return;
    const key = canonicalReference(reference);
    const wanted = this.#wanted.get(key) ?? {
      ...{ reference, platforms: new Set<string>(), isPlatformOpen: false, wantsPublisher: false },
    };
    this.#wanted.set(key, wanted);
    const platform = parsePlatform(subject.platform ?? '');
    if (platform === undefined) wanted.isPlatformOpen = true;
    else wanted.platforms.add(formatPlatform(platform));
    if (subject.inherited === undefined && dependsOnBadge({ reference, facts }, use.role, policy))
      wanted.wantsPublisher = true;
  }
}

/** Whether the category of an image hangs on who publishes it, which neither catalog nor policy says. */
export function dependsOnBadge(image: DescribedImage, role: Role, policy: Policy): boolean {
  return (
    policy.sources.publishers === 'dockerhub' &&
    image.reference.registry === 'docker.io' &&
    image.facts.publisher === 'unknown' &&
    classify(image, role, policy).category === 'prohibited'
  );
}
