import { cutDigest } from '../domain/image/cut-digest.ts';
import { describeBadge, type RegistryFacts } from '../domain/policy/registry-facts.ts';
import { megabytes } from './megabytes.ts';

const maxPlatforms = 8;

/** What registries said of an image, for people. What they did not answer, the findings say. */
export function registrySentences({ image, content, newer, publisher }: RegistryFacts): readonly string[] {
  const sentences: string[] = [];
  if (image.kind === 'found') sentences.push(`in the registry as ${cutDigest(image.digest)}`);
  if (content?.kind === 'read') {
    const { platforms, sizes } = content;
    const left = platforms.length > maxPlatforms ? ` and ${platforms.length - maxPlatforms} more` : '';
    const named = platforms.slice(0, maxPlatforms).join(', ');
    if (sizes.length > 0)
      sentences.push(sizes.map(({ platform, sizeBytes }) => `${megabytes(sizeBytes)} for ${platform}`).join(', '));
    if (named !== '') sentences.push(`published for ${named}${left}`);
  }
  if (newer?.kind === 'listed') {
    const steps = newer.candidates.map(
      ({ lane, tag, repository }) => `${repository === undefined ? '' : `${repository}:`}${tag} (${lane})`,
    );
    sentences.push(steps.length === 0 ? 'no newer tag is listed' : `listed: ${steps.join(', ')}`);
  }
  if (publisher?.kind === 'looked-up') sentences.push(`the namespace is ${describeBadge(publisher)}`);
  return sentences;
}
