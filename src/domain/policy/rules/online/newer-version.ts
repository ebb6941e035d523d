import { familiarReference, withoutDigest } from '../../../image/reference.ts';
import type { Rule } from '../../rule.ts';

export const newerVersion: Rule = {
  id: 'newer-version',
  title: 'the registry lists a newer version in the same line',
  policy: '5.2.3 Automated Base Image Monitoring: new version of the base image available?',
  why:
    'A newer version in the line carries the fixes of its software. Precision, variant and architecture of the tag are kept, prereleases ' +
    'are never offered, and a tag that names only a line (`24-alpine`) moves by itself and is told nothing. Steps to other lines stand ' +
    'in the evidence of the JSON output; whether the line itself is current, behind-latest and end-of-life tell.',
  levels: { ships: 'info', builds: 'info' },
  isOnline: true,
  wrong: 'FROM alpine:3.24.0\nUSER 65532\nCMD ["/app"]\n',
  right: 'FROM alpine:3.24.1\nUSER 65532\nCMD ["/app"]\n',
  remedy: 'Move to the tag named in the finding and test.',
  find({ reference, registry }) {
    const newer = registry?.newer;
    if (reference?.tag === undefined || newer?.kind !== 'listed' || newer.recommended === undefined) return [];
    const tag = newer.recommended;
    const step = newer.candidates.find((candidate) => candidate.tag === tag && candidate.repository === undefined);
    const pin = reference.digest === undefined ? '' : ' and pin its digest';
    return [
      {
        reason: `${tag} is out${step?.reasons[0] === undefined ? '' : `: ${step.reasons[0]}`}`,
        fix: `use ${familiarReference(withoutDigest({ ...reference, tag }))}${pin}`,
      },
    ];
  },
};
