import { z } from 'zod';
import { isBranchName } from '../domain/fleet/branch-name.ts';
import { lanes, weekdays } from '../domain/update/update-settings.ts';
import { automergeSchema } from './automerge-schema.ts';
import { numberUpTo } from './number-up-to.ts';

/** The `update` part of the policy file as people write it. */

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'is no time of day: write 06:00, in quotes' });
const days = z.string().regex(/^\d{1,3}d$/, { error: 'is no number of days: write 3d' });
/** One line, without control characters: it goes into commits and titles. */
const line = z.string().regex(/^[^\p{C}]{1,100}$/u, { error: 'must be one line of at most 100 characters' });

export const updateSchema = z.strictObject({
  lanes: z.array(z.enum(lanes)).optional().describe('which steps are proposed; digest, patch and minor when absent'),
  pin: z.boolean().optional().describe('write tag@digest, also where no digest stands now'),
  owner: z
    .enum(['basekeeper', 'dependabot'])
    .optional()
    .describe(
      'which bot proposes updates of images, where it is said: the other one leaves them alone, but for what Dependabot cannot write',
    ),
  automerge: automergeSchema.optional(),
  schedule: z.enum(['daily', 'weekly']).optional().describe('how often Dependabot and the monitor look'),
  window: z
    .strictObject({
      days: z.array(z.enum(weekdays)).optional().describe('every day when absent'),
      from: time.optional().describe('UTC; from midnight when absent'),
      to: time.optional().describe('UTC; until midnight when absent'),
    })
    .optional()
    .describe('when new pull requests may be opened'),
  minimumAge: days.optional().describe('a new image has to be this old before it is proposed: 3d'),
  group: z.enum(['image', 'repository']).optional().describe('one pull request per image and lane, or one in all'),
  limits: z
    .strictObject({
      open: numberUpTo(1000).optional().describe('open pull requests per repository'),
      perHour: numberUpTo(1000).optional().describe('new ones per repository and hour'),
      perRun: numberUpTo(100_000).optional().describe('new ones per run, over the whole fleet'),
      failuresInARow: numberUpTo(1000).optional().describe('nothing more is opened in a run after so many'),
    })
    .optional()
    .describe('how much is proposed at a time'),
  labels: z.array(line).optional().describe('of pull requests and of the Dependabot entries'),
  assignees: z.array(line).optional().describe('user names'),
  reviewers: z.array(line).optional().describe('user names, or team:NAME'),
  draft: z.boolean().optional().describe('open pull requests as drafts'),
  commitPrefix: line.optional().describe('build(deps) gives build(deps): …'),
  signOff: z.boolean().optional().describe('add a Signed-off-by line to commits'),
  baseBranch: z
    .string()
    .refine(isBranchName, { error: 'is no name of a branch' })
    .optional()
    .describe('where pull requests go; the default branch when absent'),
  snooze: days.optional().describe('how long a target is left alone after its pull request was closed: 30d'),
});
