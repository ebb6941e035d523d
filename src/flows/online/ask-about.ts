import type { Registry } from '../../ports/registry.ts';
import type { Workspace } from '../../ports/workspace.ts';
import type { CheckRequest } from '../check-request.ts';
import { mapLimited } from '../limited.ts';
import type { ReadFile } from '../read-dockerfile.ts';
import type { ScanRegistry, Scans } from '../scan/scan-images.ts';
import { scanTree, type TreeScans } from '../scan/scan-tree.ts';
import { lookUp } from '../subject-of.ts';
import type { Survey } from '../survey-tree.ts';
import { askRegistries, type RegistryAnswers } from './ask-registries.ts';
import { ReferenceCollector } from './collect-references.ts';

/** Whom a run asks besides the tree. */
export type World = {
  readonly workspace: Workspace;
  /** Asked about every image that is judged. */
  readonly registry?: Registry;
  /** Looks into every image that is judged; its registry hands them out. */
  readonly scanning?: { readonly scans: Scans; readonly registry: ScanRegistry };
};

export type WorldAnswers = { readonly registries?: RegistryAnswers; readonly scans?: TreeScans };

/**
 * Asks registries and scanners about every image that the files of a tree name. Dockerfiles are read for it and let go: they are
 * read again to be judged, so that memory does not grow with the tree.
 */
export async function askAbout(
  { workspace, registry, scanning }: World,
  survey: Survey,
  files: { readonly documents: readonly ReadFile[]; readonly dockerfiles: readonly string[] },
  request: CheckRequest,
): Promise<WorldAnswers> {
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
  const wanted = collector.references();
  return {
    ...(registry === undefined ? {} : { registries: await askRegistries(registry, wanted, context) }),
    ...(scanning === undefined ? {} : { scans: await scanTree({ ...scanning, workspace }, wanted, request) }),
  };
}
