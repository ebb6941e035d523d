import type { EpisodeResult } from '../../flows/deadlines/episode-result.ts';
import { familiar } from '../familiar.ts';

/**
 * What to type or to do next, where it is our turn or the wait is over that the policy allows; CRITICAL at once: policy 5.2.5.
 *
 * @param again options of the run, each behind a blank: ` --fleet fleet.yaml`
 */
export function nextStep(episode: EpisodeResult, again: string): string | undefined {
  const { delay, proposal, rebuild, severity, milestones, pause } = episode;
  const isCritical = severity === 'critical';
  switch (delay?.reason) {
    case 'not-proposed':
      // With a scan a fix of a CRITICAL finding waits for no window, age or limit.
      return `basekeeper update --propose${isCritical ? ' --scan' : ''}${again}`;
    case 'proposal-open':
      if (proposal?.checks === 'fail') return `mend ${proposal.url}`;
      return proposal?.checks === 'pass' ? `basekeeper settle${again}, or merge ${proposal.url}` : undefined;
    case 'not-released':
      if (rebuild !== null) return `rebuild asked for since ${minuteOf(rebuild.since)}${linkOf(rebuild.url)}`;
      if (milestones.proposedAt !== undefined) return 'make a release';
      return `start the release workflow: nothing was merged that would, the tag moved${isCritical ? startedBy : ''}`;
    case 'awaiting-base':
      if (pause !== null && !isCritical) return undefined;
      return `until there is a base: ${otherBase(episode)}; or basekeeper update --interim writes the package's upgrade into the Dockerfile`;
    case 'no-fix':
    case 'waived':
    case undefined:
      return undefined;
  }
}

const maxNamed = 2;

/** The lines and variants that a scan found free of it; what they break and clear beside, `advise` tells. */
function otherBase({ image, id, alternatives }: EpisodeResult): string {
  const [first] = alternatives;
  if (first === undefined) return `basekeeper advise ${familiar(image)}:TAG names lines and variants that scan better`;
  const named = alternatives.slice(0, maxNamed).map(({ reference }) => familiar(reference));
  const verb = named.length === 1 ? 'scans' : 'scan';
  return `${named.join(' and ')} ${verb} free of ${id}: basekeeper advise ${runnable(first.of)} tells what a move breaks`;
}

/** With its tag, the digest beside it is left out; without one it stands whole, as the command needs it. */
function runnable(reference: string): string {
  const [named = '', digest] = reference.split('@');
  const isTagged = named.lastIndexOf(':') > named.lastIndexOf('/');
  return digest === undefined || isTagged ? familiar(named) : `${familiar(named)}@${digest}`;
}

const startedBy =
  '; monitor --scan --act starts it where the policy file says deadlines: { rebuild: { workflow: release.yml } }';

function minuteOf(instant: string): string {
  return instant.slice(0, 16).replace('T', ' ');
}

function linkOf(url: string): string {
  return url === '' ? '' : ` (${url})`;
}
