/** A host's own words behind what we say; they may repeat what others wrote. @returns empty for none */
export function quotedWords(words: string): string {
  const line = words.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line === '' ? '' : ` (“${line.length > 200 ? `${line.slice(0, 199)}…` : line}”)`;
}
