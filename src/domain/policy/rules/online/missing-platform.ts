import { cutDigest } from '../../../image/cut-digest.ts';
import { parsePlatform } from '../../../image/platform.ts';
import { familiarReference, type Reference, withoutDigest } from '../../../image/reference.ts';
import { findRunnable } from '../../../image/runnable-platforms.ts';
import type { Rule } from '../../rule.ts';

const maxNamed = 12;

export const missingPlatform: Rule = {
  id: 'missing-platform',
  title: 'the image is not published for the platform that is built for',
  policy: '5.2.3 Automated Base Image Monitoring: check the registry',
  why:
    'A build for that platform fails, or silently takes an image of another one. The platform is that of `FROM --platform=`, of the ' +
    'document that builds or starts the image, or of `--platform` on the command line; where none is named, nothing is told. As in ' +
    'BuildKit, a lower variant will do: linux/arm/v6 for linux/arm/v7, linux/386 for linux/amd64.',
  levels: { ships: 'fail', builds: 'fail' },
  isOnline: true,
  wrong: 'FROM --platform=linux/riscv64 alpine:3.24\nUSER 65532\nCMD ["/app"]\n',
  right: 'FROM --platform=linux/arm64 alpine:3.24\nUSER 65532\nCMD ["/app"]\n',
  remedy:
    'Choose a tag or an image that is published for the platform, or build for one of those named in the finding.',
  find({ reference, registry, platform }) {
    const content = registry?.content;
    if (reference === undefined || platform === undefined || content?.kind !== 'read') return [];
    const wanted = parsePlatform(platform);
    // An index that names no platform at all does not say what its images run on.
    if (wanted === undefined || content.platforms.length === 0) return [];
    if (findRunnable(content.platforms, wanted) !== undefined) return [];
    const named = content.platforms.slice(0, maxNamed).join(', ');
    const left = content.platforms.length - maxNamed;
    return [
      {
        reason: `${nameOf(reference)} is not published for ${platform}, only for ${named}${left > 0 ? ` and ${left} more` : ''}`,
        fix: 'choose an image that is published for it, or build for a platform that is',
      },
    ];
  },
};

function nameOf(reference: Reference): string {
  const name = familiarReference(withoutDigest(reference));
  const { tag, digest } = reference;
  return tag === undefined && digest !== undefined ? `${name}@${cutDigest(digest)}` : name;
}
