import { z } from 'zod';
import { isDate } from '../domain/policy/inline-ignore.ts';

const date = z.string().refine(isDate, { error: 'is no day: write YYYY-MM-DD' });

/** One of `waivers` in the policy file. */
export const waiverSchema = z.strictObject({
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

const days = z.int().min(1).max(3650);

export const waiverDaysSchema = z
  .strictObject({
    critical: days.optional(),
    high: days.optional(),
    medium: days.optional(),
    low: days.optional(),
  })
  .describe('how many days ahead a waiver of findings may reach, by their severity: 7, 30, 90, 180');
