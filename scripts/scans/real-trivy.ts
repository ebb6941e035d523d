import { join } from 'node:path';

/** Where `npm run trivy` leaves the real Trivy of the tests. */
export const realTrivy = join(import.meta.dirname, '..', '..', '.cache', 'trivy', '0.68.2', 'trivy');
