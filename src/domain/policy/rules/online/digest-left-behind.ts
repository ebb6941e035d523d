import { cutDigest } from '../../../image/cut-digest.ts';
import { familiarReference, withoutDigest } from '../../../image/reference.ts';
import type { Rule } from '../../rule.ts';

export const digestLeftBehind: Rule = {
  id: 'digest-left-behind',
  title: 'the tag has moved on from the pinned digest',
  policy: '5.2.3 Automated Base Image Monitoring: new version of the base image available?',
  why:
    'A pinned digest never changes, and never gets a fix: the rebuilt image stands behind the tag under another digest. An index that ' +
    'moved without touching the images of the platforms in use (an attestation was added) is not told, nor is a pin of one platform’s ' +
    'own image that the tag still holds. A tag that the registry does not know any more is told: nothing will ever follow the digest.',
  levels: { ships: 'info', builds: 'info' },
  isOnline: true,
  wrong: `FROM alpine:3.24@sha256:${'0123456789abcdef'.repeat(4)}\nUSER 65532\nCMD ["/app"]\n`,
  right: 'FROM alpine:3.24\nUSER 65532\nCMD ["/app"]\n',
  remedy: 'Write the digest named in the finding beside the tag, and test.',
  find({ reference, registry }) {
    if (reference?.digest === undefined || reference.tag === undefined) return [];
    // That is graver, and names the same digest.
    if (registry?.image.kind === 'missing') return [];
    const name = familiarReference(withoutDigest(reference));
    switch (registry?.tag?.kind) {
      case 'moved': {
        const write = familiarReference({ ...reference, digest: registry.tag.digest });
        return [{ reason: `${name} has moved on from ${cutDigest(reference.digest)}`, fix: `write ${write}` }];
      }
      case 'gone':
        return [
          {
            reason: `the registry does not know ${name} any more: nothing follows ${cutDigest(reference.digest)}`,
            fix: 'choose a tag that is still published, and pin its digest',
          },
        ];
      case 'same':
      case 'unanswered':
      case undefined:
        return [];
    }
  },
};
