import { z } from 'zod';
import { isBranchName } from '../domain/fleet/branch-name.ts';
import { isWorkflowName } from '../domain/forge/started-run.ts';

const maxInputs = 25;

/** `deadlines.rebuild` of the policy file as people write it. */
export const rebuildSchema = z
  .strictObject({
    workflow: z
      .string()
      .refine(isWorkflowName, { error: "is no workflow: write its file's name, release.yml" })
      .optional()
      .describe(
        'on GitHub, a workflow with on: workflow_dispatch: release.yml; on GitLab the pipeline of the ref is started',
      ),
    ref: z
      .string()
      .refine(isBranchName, { error: 'is no branch or tag: write main' })
      .optional()
      .describe('the branch or tag that it runs on; the branch that is followed when absent'),
    inputs: z
      .record(z.string().regex(/^[A-Za-z_][\w-]{0,99}$/), z.union([z.string().max(1000), z.number(), z.boolean()]))
      .refine((inputs) => Object.keys(inputs).length <= maxInputs, { error: `are more than ${maxInputs}` })
      .optional()
      .describe('its inputs, by name'),
  })
  .describe(
    'what monitor --scan --act starts, once for each content, where a tag moved that a CRITICAL finding is gone with and that is in no release; a repository may name its own',
  );
