import { z } from 'zod';
import { approvalDemands } from '../domain/policy/approval/waiver-approval.ts';
import { allRules } from '../domain/policy/rules/all-rules.ts';
import { deadlinesSchema } from './deadlines-schema.ts';
import { numberUpTo } from './number-up-to.ts';
import { scannerSchema } from './scanner-schema.ts';
import { updateSchema } from './update-schema.ts';
import { verifySchema } from './verify-schema.ts';
import { waiverDaysSchema, waiverSchema } from './waiver-schema.ts';

/** The policy file as people write it. Types, JSON Schema and the reference in docs/ come from here. */

const level = z
  .enum(['off', 'info', 'warn', 'unknown', 'fail'])
  .describe('what a broken rule does to the verdict of its use');
const patterns = z.array(z.string()).describe('image patterns: host/path[:tag], * within a segment, ** across');

const levels = z.union([
  level,
  z.strictObject({
    ships: level.optional().describe('in what ships: the base of a final stage'),
    builds: level.optional().describe('everywhere else: build stages, copied and mounted images, frontends'),
  }),
]);

const matcher = z.union([
  z.string(),
  z.strictObject({
    image: z.string().describe('an image pattern'),
    require: z.literal('lts').describe('only releases with long-term support on the day of the run'),
  }),
]);

const category = z.strictObject({
  why: z.string().describe('the rationale, printed with every judgement'),
  images: z
    .array(matcher)
    .describe('patterns in order, or the word official: every image whose source is known to be official'),
});

const registry = z.strictObject({
  endpoint: z
    .string()
    .optional()
    .describe('ask this address instead: a mirror that you trust to be current, `https://harbor.corp.example/proxy`'),
  private: z
    .boolean()
    .optional()
    .describe('the host may have a private, loopback or link-local address; refused otherwise'),
  insecure: z.boolean().optional().describe('the host is asked by plain HTTP'),
  maxInFlight: numberUpTo(64).optional().describe('requests at a time; from 1 to 64'),
  requestsPerSecond: numberUpTo(1000).optional().describe('from 1 to 1000'),
});

const ruleEntries = {
  ...Object.fromEntries(allRules.map((rule) => [rule.id, levels.optional().describe(rule.title)])),
  dependabot: z
    .enum(['off', 'info', 'warn', 'fail'])
    .optional()
    .describe(
      '`.github/dependabot.yml` does not fit the images or the policy; for all of it, in place of the levels of each',
    ),
};

export const policyFileSchema = z
  .strictObject({
    version: z.literal(1, { error: 'must be 1' }),
    extends: z
      .string()
      .optional()
      .describe("path of the organisation's policy file; this file may then only tighten it"),
    sources: z
      .strictObject({
        official: patterns.optional().describe('where Docker Official Images live; the catalog says which exist'),
        publishers: z
          .enum(['dockerhub', 'none'])
          .optional()
          .describe("whether Docker Hub's verified publishers count as official once looked up"),
        vendors: patterns.optional().describe('registries and namespaces that a vendor owns and that you trust'),
        internal: patterns.optional().describe('your own images, built elsewhere: listed as internal'),
      })
      .optional()
      .describe('whose images count as official'),
    aliases: z
      .record(z.string(), z.string())
      .optional()
      .describe('mirror prefix → what it mirrors; added to the built-in ones'),
    registries: z
      .record(z.string(), registry)
      .optional()
      .describe('registry host, with its port where it has one → how it is asked'),
    categories: z
      .strictObject({
        preferred: category.optional(),
        permitted: category.optional(),
        restricted: category.optional(),
        prohibited: category.optional(),
      })
      .optional()
      .describe('the table of 5.2.2: first match wins, in this order; no match is prohibited'),
    rules: z
      .strictObject(ruleEntries)
      .optional()
      .describe('levels of single rules; what is not named keeps its default'),
    judge: z
      .strictObject({
        deployed: z.boolean().optional().describe('images that compose or Kubernetes start'),
        ci: z.boolean().optional().describe('images that pipelines and dev containers run in'),
      })
      .optional()
      .describe('uses that are listed but not judged by default'),
    buildArgs: z
      .record(
        z.string(),
        z.record(z.string(), z.string({ error: 'must be text: put it in quotes, or 3.20 becomes 3.2' })),
      )
      .optional()
      .describe('path glob → answers to build arguments'),
    ignore: z.array(z.string()).optional().describe('path globs that are not looked at'),
    waivers: z.array(waiverSchema).optional().describe('dated exceptions with a reason'),
    maxWaiverDays: z.int().min(1).max(3650).optional().describe('how far ahead a waiver or inline ignore may reach'),
    waiverDays: waiverDaysSchema.optional(),
    approvalProof: z
      .enum(approvalDemands)
      .optional()
      .describe(
        'whether `check --online` and `monitor --scan` ask the forge if approvers of waivers approved of them: `off`; `asked`, and it is told; `required`, and a waiver that is not proven does not count',
      ),
    deadlines: deadlinesSchema.optional(),
    update: updateSchema.optional().describe('how updates are proposed'),
    verify: verifySchema.optional().describe('how an update is proven'),
    vex: z
      .array(
        z.strictObject({
          path: z.string().min(1).describe('a path glob in the tree that is judged: `vex/**/*.json`'),
          author: z.string().min(1).describe('what the document says as its `author`, letter for letter'),
        }),
      )
      .optional()
      .describe('whose OpenVEX documents may take findings out; no others are read'),
    vexAuthor: z.string().min(1).max(200).optional().describe('in whose name `vex export` speaks'),
    scanner: scannerSchema.optional(),
  })
  .describe('Basekeeper policy file');

/** The levels of a rule as people write them. */
export type LevelsFile = z.infer<typeof levels>;

export type PolicyFile = z.infer<typeof policyFileSchema>;

/** JSON Schema (draft 2020-12) of the policy file, for editors. */
export function policyJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(policyFileSchema, { target: 'draft-2020-12' }) as Record<string, unknown>;
}
