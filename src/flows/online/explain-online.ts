import { findCandidates } from '../../domain/candidates/find-candidates.ts';
import { describeImage } from '../../domain/catalog/describe-image.ts';
import { canonicalReference, type Reference } from '../../domain/image/reference.ts';
import { resolveAlias } from '../../domain/policy/classify.ts';
import type { Registry } from '../../ports/registry.ts';
import { type ExplainRequest, explain } from '../explain.ts';
import type { OnlineExplanation } from '../explanation.ts';
import { askRegistries } from './ask-registries.ts';
import { attempt } from './attempt.ts';
import { dependsOnBadge } from './collect-references.ts';

/**
 * As `explain`, with what its registry says of the reference, and what may follow it among the tags that the registry lists.
 *
 * @param registry remembers what it was asked: the list is wanted twice.
 */
export async function explainOnline(
  registry: Registry,
  image: Reference,
  request: ExplainRequest,
): Promise<OnlineExplanation> {
  const { policy, catalog, today } = request;
  const reference = resolveAlias(image, policy.aliases);
  const facts = describeImage(reference, catalog, today);
  const wanted = {
    reference,
    platforms: [],
    isPlatformOpen: true,
    wantsPublisher: dependsOnBadge({ reference, facts }, 'final', policy),
  };
  const answers = await askRegistries(registry, [wanted], { catalog, today });
  const said = answers.get(canonicalReference(reference));
  const explanation = explain(image, request, said);
  if (said === undefined) return explanation;
  const listing = said.image.kind === 'unanswered' ? undefined : await attempt(() => registry.listTags(reference));
  if (listing?.kind !== 'answered') return { ...explanation, registry: said };
  return {
    ...explanation,
    registry: said,
    ...findCandidates({ reference, tags: listing.value.tags, catalog, today }),
  };
}
