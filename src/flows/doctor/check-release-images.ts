import type { DeadlineSettings } from '../../domain/deadline/deadline-settings.ts';
import { type ReleaseImage, releasedName } from '../../domain/deadline/release-image.ts';
import { repositoryName } from '../../domain/image/reference.ts';
import { mapLimited } from '../limited.ts';
import { listReleasedTags, type TagRegistry } from '../track/list-released-tags.ts';
import type { DoctorCheck } from './doctor-result.ts';

/** Whether deadlines could end by the images that the policy names: the newest release of each is read. */
export function checkReleaseImages(
  registry: TagRegistry,
  { releaseImages }: Pick<DeadlineSettings, 'releaseImages'>,
): Promise<readonly DoctorCheck[]> {
  return mapLimited(releaseImages, (of) => checkReleaseImage(registry, of));
}

async function checkReleaseImage(registry: TagRegistry, of: ReleaseImage): Promise<DoctorCheck> {
  const { tags, refused } = await listReleasedTags(registry, of, 1);
  const check = { area: 'registry', name: repositoryName(of.address) } as const;
  const [reason] = refused;
  if (reason !== undefined)
    return {
      ...{ ...check, state: 'warn', says: reason },
      remedy: 'until it can be read, no deadline ends by this image (deadlines.releaseImages in the policy)',
    };
  const [newest] = tags.filter(({ revision }) => revision === undefined);
  if (newest !== undefined)
    return {
      ...{ ...check, state: 'warn', says: `${releasedName({ of, tag: newest.tag })} names no commit` },
      remedy: 'label it with org.opencontainers.image.revision, or tag the commit in git with the same version',
    };
  const says = tags.map(({ tag, revision = '' }) => `${tag} is of commit ${revision.slice(0, 12)}`).join(', ');
  return { ...check, state: 'ok', says: `a release: ${says}`, remedy: null };
}
