import { z } from 'zod';
import { severities } from '../domain/vulnerability/severity.ts';

/** The `verify` part of the policy file as people write it. */

const command = z
  .string()
  .min(1)
  .max(4096)
  .refine((text) => !text.includes('\0'), { error: 'may hold no NUL' });
const timeLimit = z.string().regex(/^[1-9]\d{0,3}(s|m)$/, { error: 'is no time limit: write 90s or 15m' });

export const verifySchema = z.strictObject({
  tests: z
    .array(
      z.union([
        command,
        z.strictObject({
          run: command.describe('for /bin/sh -c'),
          in: z
            .enum(['host', 'image'])
            .optional()
            .describe('host: in the checked-out tree, the default; image: in a container of what was built'),
          timeout: timeLimit.optional().describe('15m when absent'),
        }),
      ]),
    )
    .max(50)
    .optional()
    .describe('commands that have to succeed after an update'),
  noWorse: z
    .array(z.enum(severities))
    .optional()
    .describe(
      'severities of which the new image may not have more findings than the old one; critical and high when absent',
    ),
  maxGrowth: z
    .string()
    .regex(/^\d{1,3}%$/, { error: 'is no percentage: write 20%' })
    .optional()
    .describe('by how much an image may grow; growth is told and decides nothing when absent'),
  contexts: z
    .record(z.string(), z.string())
    .optional()
    .describe(
      'path glob of a Dockerfile that no Compose or bake file builds → the folder it is built from; its own when absent',
    ),
});
