import { familiarReference } from '../../image/reference.ts';
import type { Rule } from '../rule.ts';

export const noDigest: Rule = {
  id: 'no-digest',
  title: 'no digest is pinned',
  policy: '5.2.3 Automated Base Image Monitoring',
  why: 'A tag can be moved; a digest cannot. With both written, the digest decides and the tag tells people what it was.',
  levels: { ships: 'info', builds: 'info' },
  wrong: 'FROM alpine:3.24\nUSER 65532\nCMD ["/app"]\n',
  right: `FROM alpine:3.24@sha256:${'0123456789abcdef'.repeat(4)}\nUSER 65532\nCMD ["/app"]\n`,
  remedy: 'Write `tag@sha256:…`, and let a tool move both.',
  find({ reference, registry }) {
    if (reference === undefined || reference.digest !== undefined) return [];
    const image = registry?.image;
    const write = image?.kind === 'found' ? familiarReference({ ...reference, digest: image.digest }) : undefined;
    return [{ reason: 'no digest is pinned', ...(write === undefined ? {} : { fix: `write ${write}` }) }];
  },
};
