import type { EpisodeResult } from '../../flows/deadlines/episode-result.ts';

/**
 * What to type or to do next, where it is our turn or the wait is over that the policy allows; CRITICAL at once: policy 5.2.5.
 *
 * @param again options of the run, each behind a blank: ` --fleet fleet.yaml`
 */
export function nextStep(episode: EpisodeResult, again: string): string | undefined {
  const { delay, proposal, rebuild, severity, milestones, pause, image } = episode;
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
      return `until there is a base: basekeeper advise ${image}:TAG names lines and variants that scan better; or upgrade the package in the Dockerfile`;
    case 'no-fix':
    case 'waived':
    case undefined:
      return undefined;
  }
}

const startedBy =
  '; monitor --scan --act starts it where the policy file says deadlines: { rebuild: { workflow: release.yml } }';

function minuteOf(instant: string): string {
  return instant.slice(0, 16).replace('T', ' ');
}

function linkOf(url: string): string {
  return url === '' ? '' : ` (${url})`;
}
