import type { ScanFacts } from '../../domain/policy/scan-facts.ts';
import { formatInstant } from '../../domain/source/instant.ts';
import type { WantedScan } from '../scan/resolve-image.ts';
import type { ScanAnswers, ScanRegistry, Scans } from '../scan/scan-images.ts';
import { scanKey } from '../scan/scan-key.ts';
import { startTakingOut } from '../scan/take-out.ts';
import type { InterimPlace } from './interim-places.ts';
import type { InterimRequest } from './interim-request.ts';

export type Ports = { readonly scans: Scans; readonly registry: ScanRegistry };
export type Answers = Pick<ScanAnswers, 'facts' | 'scans'>;

export async function scanPlaces(
  { scans, registry }: Ports,
  images: readonly WantedScan[],
  { policy, statements, now, onScanned }: InterimRequest,
): Promise<Answers> {
  const wanted = [...new Map(images.map((one) => [scanKey(one.reference, one.platform), one])).values()];
  const { takeOut } = startTakingOut(statements, formatInstant(now).slice(0, 10));
  const progress = onScanned === undefined ? {} : { onProgress: onScanned };
  return scans.of(registry, { wanted, now, terms: policy.scanner, reports: [], takeOut, ...progress });
}

export function wantedOf({ reference, platform }: Pick<InterimPlace, 'reference' | 'platform'>): WantedScan {
  return { reference, ...(platform === undefined ? {} : { platform }) };
}

export function factsOf(answers: Answers, { reference, platform }: WantedScan): ScanFacts {
  return answers.facts.get(scanKey(reference, platform)) ?? { kind: 'failed', message: 'it was not scanned' };
}

export function byFrom(places: readonly InterimPlace[]): readonly (readonly InterimPlace[])[] {
  const groups = Map.groupBy(places, ({ file, use }) => `${use.span.start} ${file.path}`);
  return [...groups.values()];
}
