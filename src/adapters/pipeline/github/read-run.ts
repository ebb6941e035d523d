import { textMember } from '../../../domain/image/json-value.ts';
import type { RunState } from '../../../domain/image-monitor/decide-image.ts';
import { PipelineError } from '../../../ports/pipeline.ts';
import type { Session } from './session.ts';

/** @see https://docs.github.com/rest/actions/workflow-runs#get-a-workflow-run */
export async function readRun({ ask }: Session, id: number): Promise<RunState> {
  const purpose = { doing: `read the workflow run ${id}`, permission: 'Actions: read' } as const;
  try {
    const path = ['actions', 'runs', String(id)];
    const { status, body } = await ask(purpose, { method: 'GET', path }, [404, 410]);
    if (status >= 400) return 'gone';
    const state = textMember(body, 'status');
    if (state === undefined) return 'unreadable';
    if (state !== 'completed') return 'running';
    // Cancelled, timed out, skipped and neutral ones released nothing either.
    return textMember(body, 'conclusion') === 'success' ? 'succeeded' : 'failed';
  } catch (error) {
    const isPassing =
      error instanceof PipelineError && ['unavailable', 'rate-limited', 'malformed'].includes(error.code);
    if (isPassing) return 'unreadable';
    throw error;
  }
}
