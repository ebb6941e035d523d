import type { Finding } from '../vulnerability/scan.ts';

/**
 * `# basekeeper interim CVE-2026-1234, CVE-2026-1235 openssl: remove when the base has 3.0.17-1~deb12u3`, directly above the RUN that it
 * marks: what that upgrade is for. Several stand above each other where packages or versions differ.
 *
 * @see docs/interim.md
 */
export type InterimMark = {
  readonly ids: readonly string[];
  /** As advisories name it: the source package of a distribution. */
  readonly sourcePackage: string;
  /** The first version without them, as the scanner told it. */
  readonly fixedVersion: string;
};

export type InterimReading =
  | { readonly kind: 'none' }
  | { readonly kind: 'mark'; readonly mark: InterimMark }
  /** `reason`: what is wrong and what to write instead; one clause. */
  | { readonly kind: 'malformed'; readonly reason: string };

const begin = 'basekeeper interim';
const middle = ': remove when the base has ';
const maxLength = 2000;

const idForm = /^[A-Z][A-Z0-9]{1,15}-[A-Za-z0-9-]{1,60}$/;
const sourceForm = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/;
const versionForm = /^[A-Za-z0-9][A-Za-z0-9._+:~^-]{0,127}$/;

/** How a mark is written, for messages. */
export const interimUsage = `write "# ${begin} CVE-2026-1234 PACKAGE${middle}VERSION" directly above the RUN that upgrades it`;

/** Reads the text of one comment, without its `#`. */
export function parseInterimMark(comment: string): InterimReading {
  const text = comment.trim();
  if (!/^basekeeper interim(?![A-Za-z0-9_-])/.test(text)) return { kind: 'none' };
  if (text.length > maxLength) return malformed(`it is longer than ${maxLength} characters`);
  const at = text.indexOf(middle);
  if (at < 0) return malformed(`it does not say "${middle.slice(2).trim()}" behind the package and a colon`);
  const words = text.slice(begin.length, at).trim().split(/ +/);
  const sourcePackage = words.at(-1) ?? '';
  const named = words.slice(0, -1).join(' ');
  const ids = named.split(', ');
  if (named === '') return malformed('it names no vulnerability, or no package');
  const wrongId = ids.find((id) => !idForm.test(id));
  if (wrongId !== undefined) return malformed(`${quoted(wrongId)} is no vulnerability`);
  if (!sourceForm.test(sourcePackage)) return malformed(`${quoted(sourcePackage)} is no package`);
  const fixedVersion = text.slice(at + middle.length);
  if (!versionForm.test(fixedVersion)) return malformed(`${quoted(fixedVersion)} is no version`);
  return { kind: 'mark', mark: { ids, sourcePackage, fixedVersion } };
}

/** The comment, with its `#`. @returns `undefined` for what could not be read again: it came from an image that nobody vouches for. */
export function formatInterimMark({ ids, sourcePackage, fixedVersion }: InterimMark): string | undefined {
  const text = `${begin} ${ids.join(', ')} ${sourcePackage}${middle}${fixedVersion}`;
  return parseInterimMark(text).kind === 'mark' ? `# ${text}` : undefined;
}

/** `CVE-2026-1, CVE-2026-2 in openssl, CVE-2026-3 in curl`. */
export function tellMarks(marks: readonly InterimMark[]): string {
  return marks.map(({ ids, sourcePackage }) => `${ids.join(', ')} in ${sourcePackage}`).join(', ');
}

/** Findings that no mark of any of these lines names. */
export function unmarkedFindings<F extends Pick<Finding, 'id' | 'sourcePackage'>>(
  findings: readonly F[],
  lines: readonly { readonly marks: readonly InterimMark[] }[],
): readonly F[] {
  const marks = lines.flatMap((line) => line.marks);
  return findings.filter(
    ({ id, sourcePackage }) => !marks.some((mark) => mark.sourcePackage === sourcePackage && mark.ids.includes(id)),
  );
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}

function malformed(reason: string): InterimReading {
  return { kind: 'malformed', reason: `this mark of an interim upgrade has no effect: ${reason}; ${interimUsage}` };
}
