import { expandedText } from '../dockerfile/edit.ts';
import { numberToHelm } from '../documents/number-to-helm.ts';
import type { ImageUse } from '../image/image-use.ts';

/** The ecosystems of Dependabot that our readers find images for. Values of Helm charts are of `docker`; `helm` is a third, for the charts they depend on. */
export type Ecosystem = 'docker' | 'docker-compose';

/** Whether Dependabot finds a use and can write it. `directory` begins with `/`. `reason`: one clause, why it cannot. */
export type Coverage =
  | { readonly kind: 'seen'; readonly ecosystem: Ecosystem; readonly directory: string }
  | { readonly kind: 'unseen'; readonly reason: string };

/** A file that names images; `kind` as discovery tells it. */
export type CoveredFile = { readonly path: string; readonly kind: string; readonly text: string };

/**
 * What Dependabot does with one use. `undefined` for what names no image, or none that is known: nobody updates that.
 *
 * @param isInline the use stands in a Dockerfile that a Compose file carries in itself.
 * @see docs/dependabot.md
 */
export function coverageOf(file: CoveredFile, use: ImageUse, isInline: boolean): Coverage | undefined {
  if (use.image.kind !== 'reference') return undefined;
  const { reference } = use.image;
  const text = expandedText(use);
  if (reference.tag === undefined && reference.digest === undefined) return unseen('it has neither tag nor digest');
  const reason = fileReason(file) ?? placeReason(file, use, isInline) ?? registryReason(text);
  if (reason !== undefined) return unseen(reason);
  const ecosystem = file.kind === 'compose' ? 'docker-compose' : 'docker';
  return { kind: 'seen', ecosystem, directory: directoryOf(file.path) };
}

/** As `dependabot.yml` writes the folder of a file. */
export function directoryOf(path: string): string {
  return `/${path.slice(0, Math.max(path.lastIndexOf('/'), 0))}`;
}

/** Whether Dependabot reads a file of this name for an ecosystem, if its directory is listed. What it finds there is another question. */
export function readsFile(ecosystem: Ecosystem, path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  if (ecosystem === 'docker-compose') return isComposeName(name);
  return isDockerfileName(name) || (name.includes('values') && isYamlName(name));
}

function isDockerfileName(name: string): boolean {
  return name.includes('dockerfile') || name.includes('containerfile');
}

/** `compose.yml`, `docker-compose-dev.yml`, `docker-compose.prod.yaml`; whatever stands before. */
function isComposeName(name: string): boolean {
  return /compose(?:-\w+)?(?:\.[\w-]+)?\.ya?ml/.test(name);
}

function isYamlName(name: string): boolean {
  return !name.startsWith('.') && /\.ya?ml$/.test(name);
}

function fileReason({ path, kind }: CoveredFile): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  switch (kind) {
    case 'dockerfile':
    case 'dockerfile-template':
      return isDockerfileName(name) ? undefined : 'it reads files alone that are named Dockerfile or Containerfile';
    case 'compose':
      return isComposeName(name) ? undefined : 'it does not take a file of this name for a Compose file';
    case 'kubernetes-candidate':
      return isYamlName(name) ? undefined : 'it reads no manifests in hidden files';
    case 'helm-values':
      return readsFile('docker', path) ? undefined : 'it reads no values in hidden files';
    case 'github-workflow':
      return 'it updates the actions of a workflow, not its containers';
    case 'gitlab-ci':
      return 'it does not read GitLab CI';
    case 'devcontainer':
      return 'it updates the features of a dev container, not its image';
    default:
      return 'it does not read files of this kind';
  }
}

const unreadPlaces = { copy: 'it does not read COPY --from', mount: 'it does not read RUN --mount' };

function placeReason(file: CoveredFile, use: ImageUse, isInline: boolean): string | undefined {
  switch (use.role) {
    case 'frontend':
      return 'it does not read # syntax=';
    case 'copy':
      return unreadPlaces.copy;
    case 'mount':
      return unreadPlaces.mount;
    default:
      return file.kind.startsWith('dockerfile') || isInline
        ? fromReason(file.text, use, isInline)
        : imageKeyReason(file, use);
  }
}

/** It reads FROM on one physical line and at its beginning, and the name literally. */
function fromReason(text: string, use: ImageUse, isInline: boolean): string | undefined {
  if (isVariable(use, text)) return 'it does not resolve build arguments';
  const before = text.slice(text.lastIndexOf('\n', use.span.start - 1) + 1, use.span.start);
  // In a stage that nothing needs, the role does not tell.
  if (/--from=["']?$/.test(before)) return unreadPlaces.copy;
  if (/[=,]from=["']?$/.test(before)) return unreadPlaces.mount;
  const found = /^([ \t]*)FROM[ \t]+(?:--\S+[ \t]+)*$/i.exec(before);
  if (found === null) return 'it reads FROM only where the image stands on the same line';
  return found[1] === '' || isInline ? undefined : 'it reads FROM only at the beginning of a line';
}

function imageKeyReason(file: CoveredFile, use: ImageUse): string | undefined {
  const { text } = file;
  const before = text.slice(text.lastIndexOf('\n', use.span.start - 1) + 1, use.span.start);
  if (file.kind === 'helm-values' && isVariable(use, text)) return valuesReason(text, before, use);
  if (!/(?:^|[\s{,"'-])image["']?\s*:\s*["']?$/.test(before)) return 'it reads the key image alone';
  if (!isVariable(use, text)) return undefined;
  if (file.kind !== 'compose') return 'it does not resolve placeholders';
  return /^\$\{\w+:?-[^${}]*\}$/.test(use.written)
    ? undefined
    : 'it resolves a variable only where that is the whole name';
}

/** Of a mapping with `repository` and `tag` it writes the tag, in its own line. */
function valuesReason(text: string, before: string, { span, pieces }: ImageUse): string | undefined {
  if (pieces.some((piece) => piece.span === undefined && piece.text === '@'))
    return 'it does not write the key digest of Helm values';
  if (!/^[ \t]*(?:-[ \t]+)?tag[ \t]*:[ \t]+["']?$/.test(before))
    return 'it reads a tag of Helm values only in a line of its own, behind the key tag';
  return numberToHelm(text, span) === undefined ? undefined : 'the tag is another one as a number: put it in quotes';
}

/** The name does not stand in the file as it is meant. */
function isVariable(use: ImageUse, text: string): boolean {
  return text.slice(use.span.start, use.span.end) !== expandedText(use);
}

function registryReason(text: string): string | undefined {
  const slash = text.indexOf('/');
  const host = slash < 0 ? '' : text.slice(0, slash);
  const isHost = host === 'localhost' || host.includes(':');
  return isHost && !host.includes('.')
    ? `it takes ${host} for an image: its registries have a dot in their name`
    : undefined;
}

function unseen(reason: string): Coverage {
  return { kind: 'unseen', reason };
}
