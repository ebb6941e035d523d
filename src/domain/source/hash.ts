const prime = 0x1b3;
const word = 2 ** 32;

/**
 * FNV-1a in 64 bits over UTF-16 units, as 16 hexadecimal digits: evenly spread and the same on every machine. It tells texts
 * apart that nobody made to look alike; it is no proof of anything.
 *
 * @see http://www.isthe.com/chongo/tech/comp/fnv/
 */
export function hash(text: string): string {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (let at = 0; at < text.length; at += 1) {
    low = (low ^ text.charCodeAt(at)) >>> 0;
    // The prime is 2^40 + 0x1b3: 2^40 takes the low word into the high one.
    const product = low * prime;
    high = (Math.imul(high, prime) + Math.floor(product / word) + (low << 8)) >>> 0;
    low = product % word;
  }
  return [high, low].map((part) => part.toString(16).padStart(8, '0')).join('');
}
