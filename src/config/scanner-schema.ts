import { z } from 'zod';
import { severitySources } from '../domain/vulnerability/rate-findings.ts';

/** `scanner` of the policy file: the organisation's alone has it. */
export const scannerSchema = z
  .strictObject({
    maxDatabaseAge: z
      .string()
      .regex(/^[1-9]\d{0,3}(h|d)$/, { error: 'is no age: write 48h or 7d' })
      .optional()
      .describe('a vulnerability database that was built longer ago proves nothing'),
    severity: z
      .enum(severitySources)
      .optional()
      .describe('whose severity a finding counts with: `vendor` (the publisher of the system first), `nvd`, `worst`'),
    reports: z
      .array(z.string())
      .optional()
      .describe('path globs of ready-made Trivy and Grype reports: whoever writes there tells what an image holds'),
  })
  .describe('how what scanners tell is judged');
