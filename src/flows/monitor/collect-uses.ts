import type { Catalog } from '../../domain/catalog/catalog.ts';
import { formatPlatform, parsePlatform } from '../../domain/image/platform.ts';
import { canonicalReference, type Reference } from '../../domain/image/reference.ts';
import type { WatchedUse } from '../../domain/monitor/watched-image.ts';
import { isJudgedRole } from '../../domain/policy/judged-role.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import type { Workspace } from '../../ports/workspace.ts';
import type { Producers } from '../internal-images.ts';
import { mapLimited } from '../limited.ts';
import type { PlacedUse, ReadFile } from '../read-dockerfile.ts';
import { isBuiltHere, lookUp, subjectOf } from '../subject-of.ts';
import { type SurveyRequest, surveyTree } from '../survey-tree.ts';

export type CollectRequest = SurveyRequest & {
  readonly catalog: Catalog;
  readonly today: string;
  /** How the tree is called in the report. */
  readonly tree: string;
};

/** The images of one tree that lie in a registry, and what was left out, counted. */
export type CollectedUses = {
  readonly uses: readonly CollectedUse[];
  readonly files: number;
  /** Files that could not be read, or that BuildKit would refuse. */
  readonly problems: readonly { readonly path: string; readonly line: number; readonly message: string }[];
  readonly leftOut: LeftOut;
};

/** `reference`: after aliases, as it is asked for. `stage`: its name, or its number; empty outside of stages. */
export type CollectedUse = { readonly use: WatchedUse; readonly reference: Reference; readonly stage: string };

export type LeftOut = {
  /** Build arguments keep the reference from being known. */
  readonly unresolved: number;
  /** Built by the tree itself. */
  readonly internal: number;
  /** Run by pipelines, Compose or Kubernetes, which the policy does not judge. */
  readonly notBuilt: number;
};

/** Every file of a tree that names images, read. */
export type ReadFiles = { readonly files: readonly ReadFile[]; readonly producers: Producers };

export async function readFiles(workspace: Workspace, request: SurveyRequest): Promise<ReadFiles> {
  const survey = await surveyTree(workspace, request);
  const files = [...survey.documents, ...(await mapLimited(survey.dockerfiles, survey.read))];
  return { files, producers: survey.producers };
}

export async function collectUses(workspace: Workspace, request: CollectRequest): Promise<CollectedUses> {
  return usesIn(await readFiles(workspace, request), request);
}

export function usesIn({ files, producers }: ReadFiles, request: CollectRequest): CollectedUses {
  const { policy, settings } = request;
  const look = lookUp(request, request.today);
  const context = { producers, policy, look, targetPlatform: settings.targetPlatform };
  const leftOut = { unresolved: 0, internal: 0, notBuilt: 0 };
  const uses = files.flatMap((file) =>
    file.uses.flatMap((placed) => {
      const reason = whyLeftOut(placed, request.policy);
      if (reason === 'scratch') return [];
      if (reason !== undefined) {
        leftOut[reason] += 1;
        return [];
      }
      const { subject, chain } = subjectOf(placed, context);
      if (subject.reference === undefined) return [];
      if (isBuiltHere(chain)) {
        leftOut.internal += 1;
        return [];
      }
      const stage = placed.use.stage?.name ?? String(placed.use.stage?.index ?? '');
      return [{ use: watchedUse(placed, file, request.tree), reference: subject.reference, stage }];
    }),
  );
  return { uses, files: files.length, problems: files.flatMap(problemsOf), leftOut };
}

function whyLeftOut({ use }: PlacedUse, policy: Policy): 'scratch' | 'unresolved' | 'notBuilt' | undefined {
  if (use.image.kind === 'scratch') return 'scratch';
  if (!isJudgedRole(use.role, policy)) return 'notBuilt';
  return use.image.kind === 'reference' ? undefined : 'unresolved';
}

function watchedUse({ use }: PlacedUse, { path }: ReadFile, tree: string): WatchedUse {
  const reference = use.image.kind === 'reference' ? use.image.reference : undefined;
  const platform = use.platform === undefined ? undefined : parsePlatform(use.platform);
  return {
    tree,
    path,
    line: use.line,
    role: use.role,
    written: reference === undefined ? use.written : canonicalReference(reference),
    ...(platform === undefined ? {} : { platform: formatPlatform(platform) }),
    ...(reference?.digest === undefined ? {} : { digest: reference.digest }),
  };
}

function problemsOf({ path, problems }: ReadFile): CollectedUses['problems'] {
  return problems.filter(({ severity }) => severity === 'error').map(({ line, message }) => ({ path, line, message }));
}
