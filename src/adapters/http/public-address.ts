import ipaddr from 'ipaddr.js';

/** Azure's metadata host: by its number a public address, in fact one of the machine's own. */
const ownByHabit = new Set(['168.63.129.16']);

/** `undefined` for an address of the public internet; else what kind it is: `loopback`, `private`, `linkLocal`. */
export function rangeRefused(address: string): string | undefined {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  // An IPv6-only network reaches IPv4 this way: what counts is the address within (RFC 6052).
  const bytes = parsed.toByteArray();
  if (range === 'rfc6052' && parsed.toNormalizedString().startsWith('64:ff9b:0:'))
    return rangeRefused(bytes.slice(12).join('.'));
  if (ownByHabit.has(parsed.toString())) return 'metadata';
  if (range !== 'unicast') return range;
  // Of all IPv6 only 2000::/3 was given to anybody: `::7f00:1` is 127.0.0.1 in a form of old.
  const isAssigned = parsed.kind() === 'ipv4' || ((bytes[0] ?? 0) & 0xe0) === 0x20;
  return isAssigned ? undefined : 'unassigned';
}

/** Why a host name or address literal is not asked, before any name server is. */
export function refusedName(hostname: string): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, '');
  const name = bare.replace(/\.$/, '').toLowerCase();
  if (name === 'localhost' || name.endsWith('.localhost')) return `${bare} is this machine`;
  const range = ipaddr.isValid(bare) ? rangeRefused(bare) : undefined;
  return range === undefined ? undefined : `${bare} is no public address (${range})`;
}
