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
        org: z.string().min(1).describe('the organisation'),
        include: z.array(z.string()).optional().describe('name globs; every repository when absent'),
        exclude: z.array(z.string()).optional().describe('name globs that are left out'),
        archived: z.boolean().optional().describe('archived ones too'),
        forks: z.boolean().optional().describe('forks too'),
      })
      .optional()
      .describe('reserved: not read yet, list the repositories'),
    gitlab: z
      .strictObject({ group: z.string().min(1).describe('the group, with its subgroups') })
      .optional()
      .describe('reserved: not read yet, list the repositories'),
  })
  .describe('Basekeeper fleet file');

export type FleetFile = z.infer<typeof fleetFileSchema>;

/** JSON Schema (draft 2020-12) of the fleet file, for editors. */
export function fleetJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(fleetFileSchema, { target: 'draft-2020-12' }) as Record<string, unknown>;
}
