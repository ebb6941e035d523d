import type { ListingResult } from '../flows/list-fleet.ts';
import { count } from './familiar.ts';
import type { Palette } from './palette.ts';
import { wrap } from './table.ts';
import { short } from './visible.ts';

/** What forges listed for the fleet file, and why not all of it counts. Empty when nothing was to be listed. */
export function listingBlock(listings: readonly ListingResult[], colors: Palette, width: number): string {
  if (listings.length === 0) return '';
  const lines = listings.map((listing) => {
    const { of, failure } = listing;
    const text = failure === undefined ? sentence(listing) : `${colors.verdict('error')}: ${short(failure, 600)}`;
    return wrap(`${short(of)}: ${text}`, width, '  ');
  });
  return ['Listed by forges:', ...lines].join('\n');
}

function sentence({ listed, taken, leftOut, refused }: ListingResult): string {
  const { byName, archived, forks, inFile } = leftOut;
  const reasons = [
    ...(inFile > 0 ? [`${inFile} as the file has ${inFile === 1 ? 'it' : 'them'}`] : []),
    ...(byName > 0 ? [`${byName} by name`] : []),
    ...(archived > 0 ? [`${archived} archived`] : []),
    ...(forks > 0 ? [count(forks, 'fork')] : []),
    ...(refused.length > 0 ? [`${refused.length} with an address that is refused`] : []),
  ];
  const rest = reasons.length === 0 ? '' : `; left out: ${reasons.join(', ')}`;
  return `${count(listed, 'repository', 'repositories')}, ${taken} taken${rest}`;
}
