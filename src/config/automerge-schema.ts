import { z } from 'zod';
import { type AutomergeSettings, defaultAutomerge, mergeMethods } from '../domain/merge/automerge-settings.ts';
import { categories } from '../domain/policy/category.ts';
import { compilePattern } from '../domain/policy/pattern.ts';
import { lanes } from '../domain/update/update-settings.ts';
import { numberUpTo } from './number-up-to.ts';

const image = z.string().superRefine((text, context) => {
  const compiled = compilePattern(text);
  if (compiled.kind === 'invalid') context.addIssue({ code: 'custom', message: compiled.reason });
});
/** As in a fleet file. */
const repository = z
  .string()
  .regex(/^[\w.*/-]{1,200}$/, { error: 'is no pattern of a repository: write acme/shop or acme/*' });
const minutes = z.string().regex(/^\d{1,4}m$/, { error: 'is no number of minutes: write 60m' });

/** `update.automerge`: the organisation's file alone has it. */
export const automergeSchema = z
  .union([
    z.boolean(),
    z.strictObject({
      allow: z
        .array(
          z.strictObject({
            categories: z.array(z.enum(categories)).optional().describe('of the new image'),
            lanes: z.array(z.enum(lanes)).optional(),
            images: z.array(image).optional().describe('patterns of the new image'),
            repositories: z.array(repository).optional().describe('patterns: acme/*'),
          }),
        )
        .optional()
        .describe('a step is merged when one of these allows it; everything when absent'),
      perDay: numberUpTo(100_000).optional().describe('merged ones per UTC day, over the whole fleet'),
      paused: z.boolean().optional().describe('the kill switch: true merges nothing'),
      method: z.enum(mergeMethods).optional().describe('the first that the forge allows when absent'),
      wait: minutes.optional().describe('so long checks may take before people are asked; 60m when absent'),
    }),
  ])
  .describe("merge by itself what was verified; the organisation's file alone");

type AutomergeFile = z.infer<typeof automergeSchema>;

/** `base` with what a file says put over it. */
export function mergeAutomerge(base: AutomergeSettings, written: AutomergeFile | undefined): AutomergeSettings {
  if (written === undefined) return base;
  if (typeof written === 'boolean') return { ...defaultAutomerge, allow: written ? [{}] : [] };
  const { allow, perDay, paused, method, wait } = written;
  return {
    allow: (allow ?? [{}]).map((rule) =>
      Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined)),
    ),
    ...(perDay === undefined ? {} : { perDay }),
    isPaused: paused ?? false,
    ...(method === undefined ? {} : { method }),
    waitMinutes: wait === undefined ? defaultAutomerge.waitMinutes : Number(wait.slice(0, -1)),
  };
}

/** In the words of the policy file. */
export function describeAutomerge({ allow, perDay, isPaused, method, waitMinutes }: AutomergeSettings): unknown {
  if (allow.length === 0) return false;
  return {
    allow,
    ...(perDay === undefined ? {} : { perDay }),
    ...(isPaused ? { paused: true } : {}),
    ...(method === undefined ? {} : { method }),
    wait: `${waitMinutes}m`,
  };
}
