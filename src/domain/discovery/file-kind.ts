import { dockerfileName } from './dockerfile-name.ts';

/**
 * What a file is, judged by its path alone.
 *
 * `dockerfile-candidate` is `Dockerfile.go` and its like: a Dockerfile for Go, or a program; its content decides. `bake-hcl` is named so that a report can say it was not read. `kubernetes-candidate` is any other YAML: its content
 * decides (`apiVersion:`, `kind:`). `helm-values` are `values.yaml` and its like: of a chart, if one lies beside (`kindInTree`). `github-workflow` covers workflows and `action.yml`.
 */
export type FileKind = {
  readonly kind:
    | 'dockerfile'
    | 'dockerfile-candidate'
    | 'compose'
    | 'bake'
    | 'bake-hcl'
    | 'github-workflow'
    | 'gitlab-ci'
    | 'devcontainer'
    | 'helm-values'
    | 'kubernetes-candidate';
  /** True for text that a generator turns into a Dockerfile (`Dockerfile.j2`): it may not parse as it stands. */
  readonly isTemplate: boolean;
};

/**
 * @param path relative to the root, `/` separated.
 * @returns `undefined` for files that name no images.
 */
export function fileKind(path: string): FileKind | undefined {
  const slash = path.lastIndexOf('/');
  const name = path.slice(slash + 1);
  const dockerfile = dockerfileName(name);
  if (dockerfile !== undefined)
    return { kind: dockerfile.isCertain ? 'dockerfile' : 'dockerfile-candidate', isTemplate: dockerfile.isTemplate };
  const kind = documentKind(path.slice(0, Math.max(slash, 0)), name.toLowerCase());
  return kind === undefined ? undefined : { kind, isTemplate: false };
}

/**
 * What a file is among others: values are those of a chart beside its `Chart.yaml` alone, and elsewhere YAML like any other.
 *
 * @param isThere whether the tree has a file of that path.
 */
export function kindInTree(path: string, kind: FileKind['kind'], isThere: (path: string) => boolean): FileKind['kind'] {
  const chart = `${path.slice(0, path.lastIndexOf('/') + 1)}Chart.yaml`;
  return kind === 'helm-values' && !isThere(chart) ? 'kubernetes-candidate' : kind;
}

function documentKind(folder: string, name: string): FileKind['kind'] | undefined {
  if (name === 'docker-bake.json' || name === 'docker-bake.override.json') return 'bake';
  if (name === 'docker-bake.hcl' || name === 'docker-bake.override.hcl') return 'bake-hcl';
  if (isDevcontainer(folder, name)) return 'devcontainer';
  const stem = yamlStem(name);
  if (stem === undefined) return undefined;
  if (isCompose(stem)) return 'compose';
  if (stem === 'action' || isInFolder(folder, '.github/workflows')) return 'github-workflow';
  if (stem === '.gitlab-ci' || stem.endsWith('.gitlab-ci')) return 'gitlab-ci';
  if (/^values(?:$|[-.])/.test(stem)) return 'helm-values';
  return 'kubernetes-candidate';
}

function yamlStem(name: string): string | undefined {
  if (name.endsWith('.yml')) return name.slice(0, -4);
  return name.endsWith('.yaml') ? name.slice(0, -5) : undefined;
}

/** `compose`, `compose.prod`, `docker-compose`, `docker-compose.prod`, `docker-compose-prod`, `prod.docker-compose`. */
function isCompose(stem: string): boolean {
  if (stem === 'compose' || stem.startsWith('compose.')) return true;
  if (stem.endsWith('.compose') || stem.endsWith('.docker-compose')) return true;
  return ['', '.', '-', '_'].some((next) =>
    next === '' ? stem === 'docker-compose' : stem.startsWith(`docker-compose${next}`),
  );
}

/** The three places of the Development Container specification. */
function isDevcontainer(folder: string, name: string): boolean {
  if (name === '.devcontainer.json') return true;
  if (name !== 'devcontainer.json') return false;
  const segments = folder.split('/');
  return segments.at(-1) === '.devcontainer' || segments.at(-2) === '.devcontainer';
}

function isInFolder(folder: string, wanted: string): boolean {
  return folder === wanted || folder.endsWith(`/${wanted}`);
}
