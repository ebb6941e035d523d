import type { ImageFacts } from '../catalog/image-facts.ts';
import type { EventKind } from './event.ts';
import type { TagCheck } from './tag-check.ts';

/** What the catalog says of a tag, to be compared at the next look. */
export function catalogState({ tagState, lifecycle }: ImageFacts): Pick<TagCheck, 'tagState' | 'lineState'> {
  return { tagState, ...(lifecycle === undefined ? {} : { lineState: lifecycle.state }) };
}

/** What became true of a tag by the calendar or by a newer catalog since its last look. Nothing at the first. */
export function lifeEvents(before: TagCheck | undefined, facts: ImageFacts): readonly EventKind[] {
  const events: EventKind[] = [];
  if (before?.tagState === 'maintained' && facts.tagState === 'unmaintained') events.push({ kind: 'tag-dropped' });
  const { lifecycle } = facts;
  if (before?.lineState !== undefined && before.lineState !== 'ended' && lifecycle?.state === 'ended')
    events.push({
      kind: 'line-ended',
      product: lifecycle.product,
      line: lifecycle.line,
      ...(lifecycle.supportEndsOn === undefined ? {} : { endedOn: lifecycle.supportEndsOn }),
    });
  return events;
}
