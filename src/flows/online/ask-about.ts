import type { Registry } from '../../ports/registry.ts';
import type { CheckRequest } from '../check-request.ts';
import { mapLimited } from '../limited.ts';
import type { ReadFile } from '../read-dockerfile.ts';
import { lookUp } from '../subject-of.ts';
import type { Survey } from '../survey-tree.ts';
import { askRegistries, type RegistryAnswers } from './ask-registries.ts';
import { ReferenceCollector } from './collect-references.ts';

/**
 * Asks registries about every image that the files of a tree name. Dockerfiles are read for it and let go: they are read
 * again to be judged, so that memory does not grow with the tree.
 */
export async function askAbout(
  registry: Registry,
  survey: Survey,
  files: { readonly documents: readonly ReadFile[]; readonly dockerfiles: readonly string[] },
  request: CheckRequest,
): Promise<RegistryAnswers> {
  const { policy, settings, catalog, now, onAsked } = request;
  const today = now.slice(0, 10);
  const collector = new ReferenceCollector({
    policy,
    producers: survey.producers,
    look: lookUp(request, today),
    targetPlatform: settings.targetPlatform,
  });
  for (const document of files.documents) collector.add(document);
  await mapLimited(files.dockerfiles, async (path) => collector.add(await survey.read(path)));
  const context = { catalog, today, ...(onAsked === undefined ? {} : { onProgress: onAsked }) };
  return askRegistries(registry, collector.references(), context);
}
