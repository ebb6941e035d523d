import { cutDigest } from '../../../image/cut-digest.ts';
import { familiarReference, type Reference, repositoryName } from '../../../image/reference.ts';
import type { Rule } from '../../rule.ts';
import { recommendedFix } from '../recommended-fix.ts';

export const missingImage: Rule = {
  id: 'missing-image',
  title: 'the registry does not have the image',
  policy: '5.2.3 Automated Base Image Monitoring: check the registry',
  why:
    'A build that pulls this image fails, today or as soon as no cache has it any more. Tags are deleted, and mistyped. With a digest ' +
    'pinned, the digest decides: a tag that is gone beside a digest that is there breaks no build, and is told by digest-left-behind. ' +
    'Registries tell a private image as missing to whoever may not see it.',
  levels: { ships: 'fail', builds: 'fail' },
  isOnline: true,
  wrong: 'FROM alpine:3.24.99\nUSER 65532\nCMD ["/app"]\n',
  right: 'FROM alpine:3.24\nUSER 65532\nCMD ["/app"]\n',
  remedy:
    'Write a tag that the registry lists. If the image is private, log in (`docker login`): the same credentials are used.',
  find(subject) {
    const { reference, registry } = subject;
    if (reference === undefined || registry?.image.kind !== 'missing') return [];
    const reason = `${reference.registry} has no ${nameOf(reference)}, or does not show it to us`;
    if (registry.tag?.kind === 'moved') {
      const write = familiarReference({ ...reference, digest: registry.tag.digest });
      return [{ reason, fix: `write ${write}, which its tag stands for now` }];
    }
    const otherwise = 'write a tag that exists; if the image is private, log in with docker login';
    return [{ reason, ...recommendedFix(subject, otherwise) }];
  },
};

function nameOf(reference: Reference): string {
  const { repository, tag = 'latest', digest } = reference;
  if (digest !== undefined) return `${cutDigest(digest)} in ${repositoryName(reference)}`;
  return `${repository}:${tag}`;
}
