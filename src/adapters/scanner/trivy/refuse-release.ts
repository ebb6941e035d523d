import { refusalOfTrivy } from '../../../domain/vulnerability/trivy-release.ts';
import { ScannerError } from '../../../ports/scanner.ts';

/** @throws ScannerError where it must not be used */
export function refuseRelease(version: string, place: string): void {
  const refusal = refusalOfTrivy(version);
  if (refusal !== undefined) throw new ScannerError('missing', `cannot use Trivy at ${place}: ${refusal}`);
}
