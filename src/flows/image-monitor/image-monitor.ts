import type { StartedRun } from '../../domain/forge/started-run.ts';
import type { Digest } from '../../domain/image/manifest.ts';
import { familiarReference } from '../../domain/image/reference.ts';
import { decideImage, type ReactionSettings } from '../../domain/image-monitor/decide-image.ts';
import type { MonitoredImage } from '../../domain/image-monitor/monitored-image.ts';
import type { PendingRecord } from '../../domain/image-monitor/pending-record.ts';
import type { DecidedImage } from '../../domain/image-monitor/state-changes.ts';
import type { MoveCause } from '../../domain/monitor/event.ts';
import type { Pipeline } from '../../ports/pipeline.ts';
import type { Registry } from '../../ports/registry.ts';
import { gatherFacts, type ReadImage } from './gather-facts.ts';
import type { ImageMonitorResult, ImageOutcome } from './image-monitor-result.ts';
import { type Reactions, react } from './react.ts';

export type ImageMonitorRequest = {
  readonly images: readonly MonitoredImage[];
  readonly reactions: Reactions;
  readonly maxAttempts: number;
  readonly isDryRun: boolean;
  readonly now: string;
};

/**
 * Looks at every image once, and makes happen what the moved ones ask for.
 *
 * @throws PipelineError when what is kept or a run that is waited for may not be read: then nothing was done
 * @see docs/workflow.md
 */
export async function monitorImages(
  ports: { readonly registry: Registry; readonly pipeline: Pipeline },
  { images, reactions, maxAttempts, isDryRun, now }: ImageMonitorRequest,
): Promise<ImageMonitorResult> {
  const settings = { hasTarget: reactions.dispatch !== undefined, maxAttempts };
  const gathered = await gatherFacts(ports, images, settings.hasTarget);
  const judged = gathered.map((one) => (one.kind === 'read' ? decide(one, settings) : one));
  const decided = judged.filter((one) => one.kind === 'decided');
  const reacted = isDryRun ? {} : await react(ports.pipeline, decided, reactions);
  return {
    schemaVersion: 1,
    now,
    isDryRun,
    images: judged.map((one) => {
      const { name, variable, description, reference } = one.image;
      return {
        name,
        variable,
        ...(description === undefined ? {} : { description }),
        reference: familiarReference(reference),
        outcome: one.kind === 'decided' ? outcomeOf(one) : { state: 'unreachable', reason: one.reason },
      };
    }),
    verified: { count: decided.length, of: images.length },
    ...reacted,
  };
}

type Decided = DecidedImage & {
  readonly kind: 'decided';
  readonly stored: Digest | undefined;
  readonly cause: MoveCause | undefined;
};

function decide({ image, facts, cause }: ReadImage, settings: ReactionSettings): Decided {
  const { seen, stored } = facts;
  return { kind: 'decided', image, seen, stored, cause, decision: decideImage(facts, settings) };
}

function outcomeOf({ seen: digest, stored, cause, decision }: Decided): ImageOutcome {
  const from = stored === undefined ? {} : { from: stored };
  switch (decision.kind) {
    case 'unchanged':
      return { state: 'unchanged', digest };
    case 'same-content':
      return { state: 'same-content', digest, ...from };
    case 'update':
      return { state: 'updated', digest, ...from, ...(cause === undefined ? {} : { cause }) };
    case 'waiting':
      return { state: 'pending', digest, run: decision.state, of: runOf(decision.record) };
    case 'confirmed':
      return { state: 'confirmed', digest, by: runOf(decision.record) };
    case 'retry':
      return { state: 'retried', digest, attempt: decision.attempt, failedRun: runOf(decision.record) };
    case 'exhausted':
      return { state: 'exhausted', digest, attempts: decision.record.attempts, failedRun: runOf(decision.record) };
  }
}

function runOf({ runId, runUrl }: PendingRecord): StartedRun {
  return { id: runId, url: runUrl };
}
