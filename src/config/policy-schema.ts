import { z } from 'zod';
import { approvalDemands } from '../domain/policy/approval/waiver-approval.ts';
import { isDate } from '../domain/policy/inline-ignore.ts';
import { allRules } from '../domain/policy/rules/all-rules.ts';
import { severitySources } from '../domain/vulnerability/rate-findings.ts';
import { numberUpTo } from './number-up-to.ts';
import { rebuildSchema } from './rebuild-schema.ts';
import { releaseImagesSchema } from './release-images.ts';
import { updateSchema } from './update-schema.ts';
import { verifySchema } from './verify-schema.ts';

/** The policy file as people write it. Types, JSON Schema and the reference in docs/ come from here. */

const level = z
  .enum(['off', 'info', 'warn', 'unknown', 'fail'])
  .describe('what a broken rule does to the verdict of its use');
const patterns = z.array(z.string()).describe('image patterns: host/path[:tag], * within a segment, ** across');
const date = z.string().refine(isDate, { error: 'is no day: write YYYY-MM-DD' });

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

const waiver = z.strictObject({
  id: z.string().min(1).describe('names the waiver in reports'),
  image: z.string().describe('an image pattern'),
  rule: z
    .union([z.string(), z.array(z.string()).min(1)])
    .optional()
    .describe(
      'the rule or rules it waives; beside vulnerability: only findings that these rules judge, or the word deadlines; without it: whatever judges them, and their deadlines',
    ),
  vulnerability: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(100)])
    .optional()
    .describe('only findings of these: CVE-2026-1234; all others of the rule stay. Needs approvedBy'),
  package: z.string().min(1).optional().describe('beside vulnerability: only in this source package'),
  path: z.string().optional().describe('a path glob; everywhere when absent'),
  reason: z.string().min(1).describe('why the exception is acceptable'),
  owner: z.string().min(1).describe('who asked for it and will remove it'),
  approvedBy: z
    .string()
    .min(1)
    .optional()
    .describe(
      'who agreed, other than the owner; needed for prohibited images, CRITICAL findings and single vulnerabilities',
    ),
  expires: date.describe('the last day on which it holds'),
});

const duration = z
  .string()
  .regex(/^(\d{1,4}(h|d)|next-release)$/, { error: 'is no duration: write 48h, 7d or next-release' });

const days = z.int().min(1).max(3650);

const span = z.string().regex(/^\d{1,4}(h|d)$/, { error: 'is no duration: write 72h or 7d' });

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
    waivers: z.array(waiver).optional().describe('dated exceptions with a reason'),
    maxWaiverDays: z.int().min(1).max(3650).optional().describe('how far ahead a waiver or inline ignore may reach'),
    waiverDays: z
      .strictObject({
        critical: days.optional(),
        high: days.optional(),
        medium: days.optional(),
        low: days.optional(),
      })
      .optional()
      .describe('how many days ahead a waiver of findings may reach, by their severity: 7, 30, 90, 180'),
    approvalProof: z
      .enum(approvalDemands)
      .optional()
      .describe(
        'whether `check --online` and `monitor --scan` ask the forge if approvers of waivers approved of them: `off`; `asked`, and it is told; `required`, and a waiver that is not proven does not count',
      ),
    deadlines: z
      .strictObject({
        critical: duration.optional(),
        high: duration.optional(),
        medium: duration.optional(),
        low: duration.optional(),
        clock: z
          .enum(['detected', 'fix-available', 'base-available'])
          .optional()
          .describe('what the time runs from: that it is seen, that there is a fix as well, or a patched base'),
        awaitBase: z
          .strictObject({
            critical: span.optional(),
            high: span.optional(),
            medium: span.optional(),
            low: span.optional(),
          })
          .optional()
          .describe('how long the time stands still at most while no patched base is to be had'),
        unknownAs: z
          .enum(['critical', 'high', 'medium', 'low'])
          .optional()
          .describe('what a finding counts as whose severity nobody knows'),
        releases: z
          .enum(['tags', 'branch'])
          .optional()
          .describe(
            'what ends a deadline: a release, told by a git tag; or that the branch is free of it, where that ships at once',
          ),
        releaseImages: releaseImagesSchema,
        exploited: z
          .strictObject({
            list: z
              .string()
              .regex(/^https:\/\/[^@\s]+$/, {
                error: 'is no https address: write one, or name a file with monitor --known-exploited',
              })
              .optional()
              .describe(
                'https address of what is known to be exploited, in the form of CISA’s catalog; nobody is asked when absent',
              ),
            as: z
              .enum(['critical', 'high', 'medium', 'low', 'off'])
              .optional()
              .describe('what such a finding counts as at least, from the day of its listing on'),
          })
          .optional()
          .describe('vulnerabilities that are known to be exploited'),
        buildStages: z.boolean().optional().describe('images of stages that do not ship count as well'),
        rebuild: rebuildSchema.optional(),
      })
      .optional()
      .describe(
        'patch deadlines of 5.2.5, counted by monitor --scan; a repository may only shorten its organisation’s',
      ),
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
    scanner: z
      .strictObject({
        maxDatabaseAge: z
          .string()
          .regex(/^[1-9]\d{0,3}(h|d)$/, { error: 'is no age: write 48h or 7d' })
          .optional()
          .describe('a vulnerability database that was built longer ago proves nothing'),
        severity: z
          .enum(severitySources)
          .optional()
          .describe(
            'whose severity a finding counts with: `vendor` (the publisher of the system first), `nvd`, `worst`',
          ),
        reports: z
          .array(z.string())
          .optional()
          .describe('path globs of ready-made Trivy and Grype reports: whoever writes there tells what an image holds'),
      })
      .optional()
      .describe('how what scanners tell is judged'),
  })
  .describe('Basekeeper policy file');

/** The levels of a rule as people write them. */
export type LevelsFile = z.infer<typeof levels>;

export type PolicyFile = z.infer<typeof policyFileSchema>;

/** JSON Schema (draft 2020-12) of the policy file, for editors. */
export function policyJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(policyFileSchema, { target: 'draft-2020-12' }) as Record<string, unknown>;
}
