import { z } from 'zod';
import { rebuildSchema } from './rebuild-schema.ts';
import { releaseImagesSchema } from './release-images.ts';

const duration = z
  .string()
  .regex(/^(\d{1,4}(h|d)|next-release)$/, { error: 'is no duration: write 48h, 7d or next-release' });

const span = z.string().regex(/^\d{1,4}(h|d)$/, { error: 'is no duration: write 72h or 7d' });

/** `deadlines` of the policy file. */
export const deadlinesSchema = z
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
  .describe('patch deadlines of 5.2.5, counted by monitor --scan; a repository may only shorten its organisation’s');
