import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CriticalFix } from '../../../src/domain/update/critical-fix.ts';
import { decideProposals } from '../../../src/domain/update/decide-proposals.ts';
import type { Proposal } from '../../../src/domain/update/proposal.ts';
import type {
  BranchHead,
  ListedPullRequest,
  ProposalFacts,
  WantedProposal,
} from '../../../src/domain/update/proposal-facts.ts';
import { markerOf, type ProposalMarker, withMarker } from '../../../src/domain/update/proposal-marker.ts';
import { defaultUpdateSettings } from '../../../src/domain/update/update-settings.ts';
import { author, digest, proposalOf } from './proposed.ts';

// A Wednesday.
const now = Date.UTC(2026, 10, 25, 12);
const hour = 3_600_000;
const day = 24 * hour;

const patch = proposalOf({ lane: 'patch', from: 'node:22.1', to: 'node:22.2' });
const later = proposalOf({ lane: 'patch', from: 'node:22.1', to: 'node:22.3' });
const rebased = proposalOf({
  lane: 'patch',
  from: 'node:22.1',
  to: 'node:22.2',
  files: { Dockerfile: 'FROM node:22.1\nUSER app\n' },
});
const minor = proposalOf({ lane: 'minor', from: 'node:22.1', to: 'node:22.9' });
const interim = proposalOf({ lane: 'interim', from: 'node:22.1', to: 'node:22.1' });
const nginx = proposalOf({ from: 'nginx:1.28', to: 'nginx:1.29', files: { 'web/Dockerfile': 'FROM nginx:1.28\n' } });
const pinned = proposalOf({ lane: 'digest', from: `node:22@${digest('a')}`, to: `node:22@${digest('b')}` });

const textOf = ({ title }: Proposal) => ({ title, body: 'Newer.' });
const wanted = (proposal: Proposal, more: Partial<WantedProposal> = {}) => ({
  proposal,
  text: textOf(proposal),
  ...more,
});

/** A pull request as it was written for a proposal. */
function pullRequest(
  proposal: Proposal,
  more: Partial<ListedPullRequest> = {},
  marker: Partial<ProposalMarker> = {},
): ListedPullRequest {
  return {
    id: '1',
    url: 'https://forge/1',
    state: 'open',
    body: withMarker('Newer.', { ...markerOf(proposal, textOf(proposal)), ...marker }),
    branch: proposal.branch,
    baseBranch: 'main',
    createdAt: now - 10 * day,
    isAutoMerging: false,
    ...more,
  };
}

const closed = { state: 'closed', closedAt: now - 5 * day } as const;
const merged = { state: 'merged', closedAt: now - 5 * day } as const;

function heads(...proposals: readonly Proposal[]): ReadonlyMap<string, BranchHead> {
  return new Map(proposals.map((proposal) => [proposal.branch, head(proposal)]));
}

function head({ key, commitMessage }: Proposal, more: Partial<BranchHead> = {}): BranchHead {
  return {
    revision: `head-of-${key}`,
    parents: ['base'],
    committerEmail: author.email,
    message: commitMessage,
    ...more,
  };
}

type Given = Partial<Omit<ProposalFacts, 'settings'>> & { readonly settings?: Partial<ProposalFacts['settings']> };

function decide({ settings, ...given }: Given) {
  return decideProposals({
    now,
    isArchived: false,
    baseBranch: 'main',
    wanted: [],
    unanswered: [],
    unread: [],
    pullRequests: [],
    heads: new Map(),
    authorEmail: author.email,
    openedInRun: 0,
    criticalFixes: [],
    ...given,
    settings: { ...defaultUpdateSettings, ...settings },
  });
}

/** `hold (why)`: kind, and what a person reads. */
const told = (given: Given) =>
  decide(given).map((action) => (action.kind === 'hold' ? `hold: ${action.reason}` : action.kind));

const snoozed = 'hold: it was closed unmerged (https://forge/1) and is left alone until 2026-12-20';
const edited = 'hold: its branch is edited by people: nothing of ours is written there';

for (const [fact, given, expected] of [
  ['what is new is opened', { wanted: [wanted(patch)] }, ['open']],
  ['an archived repository is left alone', { wanted: [wanted(patch)], isArchived: true }, []],
  [
    'a rerun keeps what is open',
    { wanted: [wanted(patch)], pullRequests: [pullRequest(patch)], heads: heads(patch) },
    ['keep'],
  ],
  [
    'a later target is written into the same pull request',
    { wanted: [wanted(later)], pullRequests: [pullRequest(patch)], heads: heads(patch) },
    ['refresh'],
  ],
  [
    'a file that has changed on the base is written anew',
    { wanted: [wanted(rebased)], pullRequests: [pullRequest(patch)], heads: heads(patch) },
    ['refresh'],
  ],
  [
    'a branch that is gone is written anew',
    { wanted: [wanted(patch)], pullRequests: [pullRequest(patch)] },
    ['refresh'],
  ],
  [
    'a text that has changed is written, and the branch is not',
    {
      wanted: [wanted(patch, { text: { title: 't', body: 'b' } })],
      pullRequests: [pullRequest(patch)],
      heads: heads(patch),
    },
    ['retext'],
  ],
  [
    'a pull request into another branch is turned to the right one',
    { wanted: [wanted(patch)], pullRequests: [pullRequest(patch, { baseBranch: 'old' })], heads: heads(patch) },
    ['retext'],
  ],
  [
    'words that people wrote into the text stay',
    {
      wanted: [wanted(patch)],
      pullRequests: [pullRequest(patch, { body: `Mine.\r\n${pullRequest(patch).body}` })],
      heads: heads(patch),
    },
    ['keep'],
  ],
  [
    'without a marker it is found by its branch',
    { wanted: [wanted(patch)], pullRequests: [pullRequest(patch, { body: '' })], heads: heads(patch) },
    ['retext'],
  ],
  [
    'on a branch of another name it is found by its marker',
    {
      wanted: [wanted(patch)],
      pullRequests: [pullRequest(patch, { branch: 'basekeeper/old' })],
      heads: new Map([['basekeeper/old', head(patch)]]),
    },
    ['keep'],
  ],
  [
    'what waits for nothing but a closed-off end is carried on',
    { wanted: [wanted(patch)], pullRequests: [pullRequest(patch, {}, { isEnded: true })], heads: heads(patch) },
    ['retext'],
  ],
  [
    'a merged one of the same key is past',
    { wanted: [wanted(later)], pullRequests: [pullRequest(patch, merged)] },
    ['open'],
  ],
  [
    'what is merged and taken back is not proposed again',
    { wanted: [wanted(patch)], pullRequests: [pullRequest(patch, merged)] },
    ['hold: it was merged (https://forge/1) and taken back: it is not proposed again'],
  ],
  [
    'what was merged into another branch counts for nothing here',
    { wanted: [wanted(patch)], pullRequests: [pullRequest(patch, { ...merged, baseBranch: 'release' })] },
    ['open'],
  ],
  [
    'what came back beside the merged change is proposed again',
    {
      wanted: [
        wanted(
          proposalOf({
            lane: 'patch',
            from: 'node:22.1',
            to: 'node:22.2',
            files: { Dockerfile: 'FROM node:22.1 AS a\nFROM node:22.2\n' },
          }),
        ),
      ],
      pullRequests: [pullRequest(patch, merged)],
    },
    ['open'],
  ],
  [
    'what was closed is left alone, which is said once',
    { wanted: [wanted(patch)], pullRequests: [pullRequest(patch, closed)] },
    ['explain-snooze', snoozed],
  ],
  [
    'what was said is not said again',
    { wanted: [wanted(patch)], pullRequests: [pullRequest(patch, closed, { snoozedUntil: '2026-12-20' })] },
    [snoozed],
  ],
  [
    'another target than the closed one is proposed',
    { wanted: [wanted(later)], pullRequests: [pullRequest(patch, closed)], heads: heads(patch) },
    ['open'],
  ],
  [
    'what was closed is proposed again when its time is over',
    { wanted: [wanted(patch)], pullRequests: [pullRequest(patch, { ...closed, closedAt: now - 31 * day })] },
    ['open'],
  ],
  [
    'what we closed ourselves is not left alone',
    { wanted: [wanted(patch)], pullRequests: [pullRequest(patch, closed, { isEnded: true })] },
    ['open'],
  ],
  [
    'what was closed without a marker is left alone, whatever it was',
    { wanted: [wanted(later)], pullRequests: [pullRequest(patch, { ...closed, body: '' })] },
    ['explain-snooze', snoozed],
  ],
  [
    'an open one does not turn to what was closed',
    {
      wanted: [wanted(patch)],
      pullRequests: [pullRequest(later, { id: '2' }), pullRequest(patch, closed)],
      heads: heads(later),
    },
    [snoozed],
  ],
  ['what nothing asks for is closed', { pullRequests: [pullRequest(patch)], heads: heads(patch) }, ['close']],
  [
    'what another lane of the image has overtaken is superseded',
    { wanted: [wanted(minor)], pullRequests: [pullRequest(patch)], heads: heads(patch) },
    ['open', 'supersede'],
  ],
  [
    'another image supersedes nothing',
    { wanted: [wanted(nginx)], pullRequests: [pullRequest(patch)], heads: heads(patch) },
    ['open', 'close'],
  ],
  [
    'what has a successor that waits stays open',
    {
      wanted: [wanted(minor)],
      pullRequests: [pullRequest(patch)],
      heads: heads(patch),
      openedInRun: 200,
    },
    [
      'hold: this run has opened 200 pull requests, its limit',
      'hold: it stays until the pull request that follows it is open',
    ],
  ],
  [
    'what a run did not look for is not closed',
    { pullRequests: [pullRequest(interim)], heads: heads(interim), unaskedLanes: ['interim', 'interim-end'] },
    ['hold: this run did not look for what it proposes'],
  ],
  [
    'an interim upgrade that a run looked for and does not want is closed',
    { pullRequests: [pullRequest(interim)], heads: heads(interim), unaskedLanes: ['interim-end'] },
    ['close'],
  ],
  [
    'an interim upgrade gives way to the update of its base',
    { wanted: [wanted(patch)], pullRequests: [pullRequest(interim)], heads: heads(interim) },
    ['open', 'supersede'],
  ],
  [
    'an interim upgrade takes the place of no update',
    { wanted: [wanted(interim)], pullRequests: [pullRequest(patch)], heads: heads(patch) },
    ['open', 'close'],
  ],
  [
    'what a silent registry hides is not closed',
    { pullRequests: [pullRequest(patch)], heads: heads(patch), unanswered: ['docker.io/library/node'] },
    ['hold: not all of its images have an answer now'],
  ],
  [
    'what a file names that cannot be read is not closed',
    { pullRequests: [pullRequest(patch)], heads: heads(patch), unread: ['Dockerfile'] },
    ['hold: not all of its files can be read now'],
  ],
  [
    'what a file names that cannot be read may be anything without a marker',
    { pullRequests: [pullRequest(patch, { body: '' })], heads: heads(patch), unread: ['any'] },
    ['hold: not all of its files can be read now'],
  ],
  [
    'a file that cannot be read keeps nothing of other files',
    { pullRequests: [pullRequest(patch)], heads: heads(patch), unread: ['web/Dockerfile'] },
    ['close'],
  ],
  [
    'what goes on without a file that cannot be read is superseded',
    { wanted: [wanted(minor)], pullRequests: [pullRequest(patch)], heads: heads(patch), unread: ['Dockerfile'] },
    ['open', 'supersede'],
  ],
  [
    'a second one of the same key goes',
    {
      wanted: [wanted(patch)],
      pullRequests: [pullRequest(patch), pullRequest(patch, { id: '2', branch: 'basekeeper/twin' })],
      heads: new Map([...heads(patch), ['basekeeper/twin', head(patch)]]),
    },
    ['keep', 'supersede'],
  ],
] as const satisfies readonly (readonly [string, Given, readonly string[]])[])
  test(fact, () => assert.deepEqual(told(given), expected));

for (const [what, more] of [
  ['without our trailers', { message: 'fix' }],
  ["with another key's trailers", { message: nginx.commitMessage }],
  ["with a person's address", { committerEmail: 'person@example.com' }],
  ['that merges the base', { parents: ['one', 'two'] }],
  ['without a parent', { parents: [] }],
] as const) {
  const strange = new Map([[patch.branch, head(patch, more)]]);
  test(`a head ${what} is people's: it is never written`, () => {
    for (const proposal of [patch, later])
      assert.deepEqual(told({ wanted: [wanted(proposal)], pullRequests: [pullRequest(patch)], heads: strange }), [
        edited,
      ]);
    assert.deepEqual(told({ wanted: [wanted(patch)], heads: strange }), [
      `${edited}; remove the branch, and it is proposed`,
    ]);
    assert.deepEqual(told({ pullRequests: [pullRequest(patch)], heads: strange }), [
      'hold: nothing asks for it any more, but it is edited by people',
    ]);
  });
}

test('a branch that holds the change already is not written again', () => {
  const [action] = decide({ wanted: [wanted(patch)], heads: heads(patch) });
  assert.ok(action?.kind === 'open' && action.isWritten);
  const [next] = decide({ wanted: [wanted(later)], heads: heads(patch) });
  assert.ok(next?.kind === 'open' && !next.isWritten);
  assert.equal(next.expected, `head-of-${patch.key}`);
});

for (const [what, settings, more, expected] of [
  ['too many are open', { limits: limits({ open: 1 }) }, {}, 'hold: 1 pull requests are open here, and the limit is 1'],
  [
    'too many were opened in the hour',
    { limits: limits({ perHour: 1 }) },
    {},
    'hold: 1 were opened here within an hour, its limit',
  ],
  ['the run has opened enough', {}, { openedInRun: 200 }, 'hold: this run has opened 200 pull requests, its limit'],
  [
    'it is the wrong day',
    { window: { days: ['tue'], from: 0, to: 1439 } },
    {},
    'hold: it is outside of the window for new pull requests',
  ],
  [
    'nobody knows its age',
    { minimumAgeDays: 3 },
    {},
    'hold: nobody tells how old its content is, and it has to be 3 days old',
  ],
] as const)
  test(`nothing is opened when ${what}`, () => {
    const pullRequests = [pullRequest(nginx, { createdAt: now - hour / 2 })];
    const given = { wanted: [wanted(nginx), wanted(pinned)], pullRequests, heads: heads(nginx), settings, ...more };
    assert.deepEqual(told(given), ['keep', expected]);
    // Our own scan of that digest outweighs it.
    assert.deepEqual(told({ ...given, criticalFixes: [proof(digest('b'))] }), ['open', 'keep']);
    assert.deepEqual(told({ ...given, criticalFixes: [proof(digest('c'))] }), ['keep', expected]);
  });

test('a snooze gives way to a critical fix, a revert does not', () => {
  const criticalFixes = [proof(digest('b'))];
  const given = { wanted: [wanted(pinned)], criticalFixes };
  assert.deepEqual(told({ ...given, pullRequests: [pullRequest(pinned, closed)] }), ['open']);
  assert.match(told({ ...given, pullRequests: [pullRequest(pinned, merged)] }).join(), /^hold: it was merged/);
});

test('a content is opened from the day on that it is old enough', () => {
  const at = (publishedAt: number) =>
    told({ wanted: [wanted(patch, { publishedAt })], settings: { minimumAgeDays: 3 } });
  assert.deepEqual(at(now - 3 * day), ['open']);
  assert.deepEqual(at(now - 3 * day + 1), ['hold: its content has to be 3 days old: on 2026-11-25']);
});

test('an open one does not turn to a content that is too young', () => {
  const given = { pullRequests: [pullRequest(patch)], heads: heads(patch), settings: { minimumAgeDays: 3 } };
  assert.match(told({ ...given, wanted: [wanted(later, { publishedAt: now })] }).join(), /^hold/);
  assert.deepEqual(told({ ...given, wanted: [wanted(rebased, { publishedAt: now })] }), ['refresh']);
});

test('what goes makes room for what is opened', () => {
  const given = { pullRequests: [pullRequest(patch)], heads: heads(patch), settings: { limits: limits({ open: 1 }) } };
  assert.deepEqual(told({ ...given, wanted: [wanted(minor)] }), ['open', 'supersede']);
  assert.deepEqual(told({ ...given, wanted: [wanted(nginx)] }), ['open', 'close']);
  assert.match(told({ ...given, wanted: [wanted(patch), wanted(nginx)] }).join(), /^keep,hold: 1 pull requests/);
});

test('a branch goes with its pull request, unless it is missing or something else needs it', () => {
  const removed = (given: Given) =>
    decide(given).flatMap((action) =>
      action.kind === 'close' || action.kind === 'supersede' ? action.branchHead : [],
    );
  const open = pullRequest(patch);
  const given = { pullRequests: [open], heads: heads(patch) };
  const { revision } = head(patch);
  assert.deepEqual(removed(given), [revision]);
  assert.deepEqual(removed({ ...given, wanted: [wanted(minor)] }), [revision]);
  assert.deepEqual(removed({ ...given, heads: new Map() }), [undefined]);
  const other = pullRequest(patch, { id: '2', baseBranch: 'develop' });
  assert.deepEqual(removed({ ...given, pullRequests: [open, other] }), [undefined, undefined]);
  assert.deepEqual(removed({ ...given, pullRequests: [open, other], wanted: [wanted(patch)] }), [undefined]);
});

test('an image that a silent registry hides does not drop out of a group', () => {
  const images = ['docker.io/library/nginx', 'docker.io/library/node'];
  const given = { wanted: [wanted(later)], pullRequests: [pullRequest(patch, {}, { images })], heads: heads(patch) };
  assert.deepEqual(told({ ...given, unanswered: ['docker.io/library/nginx'] }), [
    'hold: not all of its images have an answer now',
  ]);
  assert.deepEqual(told(given), ['refresh']);
});

function limits(some: Partial<typeof defaultUpdateSettings.limits>) {
  return { ...defaultUpdateSettings.limits, ...some };
}

function proof(scanned: string): CriticalFix {
  return {
    to: `docker.io/library/node:22@${scanned}`,
    scanner: 'trivy 0.68',
    severity: 'CRITICAL',
    isSameLine: true,
    isOfficialSource: true,
    scans: [],
  };
}
