import { z } from 'zod';

/** The fleet file as people write it. Types, JSON Schema and the reference in docs/ come from here. */

const repository = z.strictObject({
  url: z.string().optional().describe('https://host/path, ssh://host/path or git@host:path; credentials stay with git'),
  path: z.string().min(1).optional().describe('a folder of this machine instead of a url, relative to this file'),
  branch: z
    .string()
    .optional()
    .describe('with a url; by default the branch that the server shows first; reports say `url#branch`'),
  owner: z.string().min(1).optional().describe('who answers for it, printed in reports'),
  team: z.string().min(1).optional().describe('whose it is, for grouping'),
  policy: z
    .string()
    .min(1)
    .optional()
    .describe("the organisation's policy file for this repository, relative to this file"),
});

/** Three stars at most: more could be made to backtrack over a long name. */
const globs = z
  .array(
    z.string().regex(/^(?!(?:[^*]*\*){4})[A-Za-z0-9._*?/-]{1,200}$/, {
      error: 'is no glob of a name: write web-*, with three stars at most',
    }),
  )
  .max(200, { error: 'has more than 200 globs' });

const listing = {
  include: globs.optional().describe('globs of the name below it; every repository when absent'),
  exclude: globs.optional().describe('globs of the names that are left out'),
  archived: z.boolean().optional().describe('archived ones too'),
  forks: z.boolean().optional().describe('forks too'),
};

const host = z.string().regex(/^[a-z0-9.-]{1,253}(:[1-9][0-9]{0,4})?$/, {
  error: 'is no host: write git.example.com, in lower case',
});

const variable = z.string().regex(/^[A-Z][A-Z0-9_]{0,99}$/, {
  error: 'names no variable of the environment: write SLACK_WEB_URL; what it holds stays there',
});

const mailAddress = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._+-]{0,63}@[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/, {
  error: 'is no mail address: write web@acme.example',
});

const channels = z
  .array(
    z.strictObject({
      webhook: z.string().max(2000).optional().describe('https address of a program of yours, without a secret in it'),
      secretFrom: variable.optional().describe('with a webhook: the variable with the secret that signs'),
      slackFrom: variable.optional().describe('the variable with the address of a Slack incoming webhook'),
      teamsFrom: variable.optional().describe('the variable with the address of a Microsoft Teams workflow'),
      email: mailAddress.optional().describe('a mail address; wants `mail`'),
      issue: z
        .string()
        .max(2000)
        .optional()
        .describe('https address of a repository on GitHub or GitLab, in which one issue is kept up to date'),
    }),
  )
  .min(1, { error: 'is empty: name a channel' })
  .max(20, { error: 'has more than 20 channels' });

const notify = z
  .strictObject({
    teams: z
      .record(z.string().min(1).max(200), channels)
      .optional()
      .describe(
        'channels, as in `others`, by a team or an owner of this file, or an owner of CODEOWNERS (`"@acme/web"`)',
      ),
    others: channels.describe('of whoever has none, and for what concerns no team; each has one of these:'),
    mail: z
      .strictObject({
        server: z
          .string()
          .regex(/^[a-z0-9.:-]{1,253}$/, { error: 'is no host: write smtp.example.com, in lower case' }),
        port: z.number().int().min(1).max(65_535).optional().describe('default: 465 for `tls`, else 587'),
        encryption: z
          .enum(['tls', 'starttls', 'none'])
          .optional()
          .describe('default: tls; none only for a server in `privateHosts`, without a login'),
        sender: mailAddress.describe('whom mails come from'),
        userFrom: variable.optional().describe('the variable with the user'),
        passwordFrom: variable.optional().describe('the variable with the password'),
      })
      .optional()
      .describe('the server that sends mails'),
  })
  .describe('whom basekeeper notify tells what is due');

export const fleetFileSchema = z
  .strictObject({
    version: z.literal(1, { error: 'must be 1' }),
    repositories: z
      .array(repository)
      .min(1, { error: 'is empty: name a repository' })
      .optional()
      .describe('what belongs to the fleet; each has a url or a path'),
    privateHosts: z
      .array(z.string().regex(/^[a-z0-9.:-]{1,253}$/, { error: 'is no host: write git.example.com, in lower case' }))
      .optional()
      .describe('hosts of your own network, whose addresses may be private'),
    github: z
      .strictObject({
        org: z
          .string()
          .regex(/^[A-Za-z0-9_-]{1,100}$/, { error: 'is no name of an organisation: write acme' })
          .describe('the organisation, or a user'),
        host: host.optional().describe('of an Enterprise GitHub; default: github.com'),
        ...listing,
      })
      .optional()
      .describe('every repository of an organisation, as GitHub lists them'),
    gitlab: z
      .strictObject({
        group: z
          .string()
          .regex(/^[A-Za-z0-9_.-]{1,255}(\/[A-Za-z0-9_.-]{1,255}){0,20}$/, {
            error: 'is no path of a group: write acme/web',
          })
          .describe('the group with its subgroups, or a user'),
        host: host.optional().describe('of a GitLab of your own; default: gitlab.com'),
        ...listing,
      })
      .optional()
      .describe('every project of a group, as GitLab lists them'),
    notify: notify.optional(),
  })
  .describe('Basekeeper fleet file');

export type FleetFile = z.infer<typeof fleetFileSchema>;

/** JSON Schema (draft 2020-12) of the fleet file, for editors. */
export function fleetJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(fleetFileSchema, { target: 'draft-2020-12' }) as Record<string, unknown>;
}
