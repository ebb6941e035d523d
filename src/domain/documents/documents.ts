import { readBake } from './bake.ts';
import { readCompose } from './compose.ts';
import { readDevcontainer } from './devcontainer.ts';
import type { DocumentReader } from './document-reading.ts';
import { readGithub } from './github.ts';
import { readGitlab } from './gitlab.ts';
import { readHelmValues } from './helm-values.ts';
import { readKubernetes } from './kubernetes.ts';

/** One reader per kind of document. */
export const documents: readonly DocumentReader[] = [
  { kind: 'compose', read: readCompose },
  { kind: 'bake', read: readBake },
  { kind: 'github-workflow', read: readGithub },
  { kind: 'gitlab-ci', read: readGitlab },
  { kind: 'devcontainer', read: readDevcontainer },
  { kind: 'helm-values', read: readHelmValues },
  { kind: 'kubernetes-candidate', read: readKubernetes },
];
