import { mayBeFollowed } from '../../domain/candidates/may-be-followed.ts';
import type { Catalog } from '../../domain/catalog/catalog.ts';
import { canonicalReference, type Reference, repositoryName } from '../../domain/image/reference.ts';
import type { NoLookUp, PublisherEvidence, RegistryFacts, Unanswered } from '../../domain/policy/registry-facts.ts';
import { formatInstant } from '../../domain/source/instant.ts';
import type { Registry } from '../../ports/registry.ts';
import { mapLimited } from '../limited.ts';
import { type AskedImage, askImage, runnableOf } from './ask-image.ts';
import { askNewer } from './ask-newer.ts';
import { asUnanswered, attempt } from './attempt.ts';
import type { WantedReference } from './collect-references.ts';

export type AskContext = {
  readonly catalog: Catalog;
  /** ISO date of the run. */
  readonly today: string;
  readonly onProgress?: (done: number, total: number) => void;
};

/** By canonical reference, after aliases. */
export type RegistryAnswers = ReadonlyMap<string, RegistryFacts>;

/**
 * Asks for all references, many at a time; a registry that is slow holds up no other. Refusals are facts, never thrown.
 *
 * @param wanted each reference once.
 */
export async function askRegistries(
  registry: Registry,
  wanted: readonly WantedReference[],
  context: AskContext,
): Promise<RegistryAnswers> {
  const byHost = Map.groupBy(wanted, ({ reference }) => reference.registry);
  let done = 0;
  const askImageOfHost = async (same: readonly WantedReference[]) => {
    const answers = await askRepository(registry, same, context);
    done += same.length;
    context.onProgress?.(done, wanted.length);
    return answers;
  };
  const hosts = [...byHost.values()].map((ofHost) => {
    const repositories = Map.groupBy(ofHost, ({ reference }) => repositoryName(reference));
    return mapLimited([...repositories.values()], askImageOfHost);
  });
  return new Map((await Promise.all(hosts)).flat(2));
}

type Answer = readonly [reference: string, facts: RegistryFacts];

/** All references to one repository: its tags are listed once, and only where one of them is there to be followed. */
async function askRepository(
  registry: Registry,
  wanted: readonly WantedReference[],
  context: AskContext,
): Promise<readonly Answer[]> {
  const asked = await Promise.all(
    wanted.map(async (one) => ({ one, image: await askImage(registry, one.reference, one.platforms) })),
  );
  return Promise.all(
    asked.map(async ({ one, image }): Promise<Answer> => {
      const [newer, publisher] = await Promise.all([
        followers(registry, one, image, context),
        one.wantsPublisher ? askPublisher(registry, one.reference) : undefined,
      ]);
      const { tagDigest: _, ...facts } = image;
      return [
        canonicalReference(one.reference),
        { ...facts, ...(newer === undefined ? {} : { newer }), ...(publisher === undefined ? {} : { publisher }) },
      ];
    }),
  );
}

/** A repository that did not answer for the image is not asked for a list. */
async function followers(
  registry: Registry,
  { reference, platforms }: WantedReference,
  { image, content, tagDigest }: AskedImage,
  { catalog, today }: AskContext,
): Promise<RegistryFacts['newer']> {
  const { tag } = reference;
  if (image.kind === 'unanswered' || tag === undefined) return undefined;
  if (!mayBeFollowed(repositoryName(reference), tag, catalog)) return undefined;
  const listing = await attempt(() => registry.listTags(reference));
  // Neither the image nor its repository: that is told already.
  if (image.kind === 'missing' && listing.kind !== 'answered') return undefined;
  const published = content?.kind === 'read' ? content.platforms : [];
  const inUse = platforms.filter((platform) => runnableOf(published, [platform]).length > 0);
  return askNewer(registry, listing, { reference, tagDigest, platforms: inUse, catalog, today });
}

async function askPublisher(
  registry: Registry,
  reference: Reference,
): Promise<PublisherEvidence | NoLookUp | Unanswered> {
  const found = await attempt(() => registry.findPublisher(reference));
  if (found.kind !== 'answered') return asUnanswered(found);
  if (found.value === undefined) return { kind: 'not-offered' };
  const { badge, name, checkedAt } = found.value;
  const lookedUpOn = formatInstant(checkedAt).slice(0, 10);
  return { kind: 'looked-up', badge, ...(name === undefined ? {} : { name }), lookedUpOn };
}
