import type { Policy } from '../domain/policy/policy.ts';
import type { Rule } from '../domain/policy/rule.ts';
import { applyPolicyFile } from './build-policy.ts';
import { type PolicyProblem, readPolicyFile } from './read-policy-file.ts';
import { looserReleaseImages } from './release-images.ts';

/**
 * An organisation's policy with what the file of a repository says of its own tree: which paths to leave out, the values of its
 * build arguments, the images it is released as, what releases it anew, and how updates are proposed to it. Whatever else it says
 * is not looked at.
 *
 * @param name how problems call the file.
 */
export function withRepositoryFile(
  organisation: Policy,
  text: string,
  name: string,
  { rules, today }: { readonly rules: readonly Rule[]; readonly today: string },
): { readonly policy: Policy; readonly problems: readonly PolicyProblem[] } {
  const reading = readPolicyFile(text, name);
  if (reading.kind === 'problems') return { policy: organisation, problems: reading.problems };
  const { ignore, buildArgs, update, deadlines } = reading.file.content;
  const releaseImages = deadlines?.releaseImages ?? {};
  const looser = looserReleaseImages(organisation.deadlines.releaseImages, releaseImages);
  const { automerge: _, ...proposals } = update ?? {};
  const own = {
    ...reading.file,
    content: {
      version: 1 as const,
      ...(ignore === undefined ? {} : { ignore }),
      ...(buildArgs === undefined ? {} : { buildArgs }),
      deadlines: {
        ...(looser.length > 0 ? {} : { releaseImages }),
        ...(deadlines?.rebuild === undefined ? {} : { rebuild: deadlines.rebuild }),
      },
      ...(update === undefined ? {} : { update: proposals }),
    },
  };
  const place = ['deadlines', 'releaseImages'];
  const problems: PolicyProblem[] = looser.map((message) => ({
    ...{ file: name, line: reading.file.lineOf(place), message: `${place.join('.')} ${message}` },
  }));
  return { policy: applyPolicyFile(organisation, own, { rules, today, problems }), problems };
}
