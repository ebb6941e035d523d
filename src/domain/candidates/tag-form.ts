import {
  formatSlot,
  type OperatingSystemSlot,
  parseTag,
  type Tag,
  type TagSlot,
  type VersionSlot,
} from '../image/tag.ts';
import { readDate, readVersion } from '../image/tag-slots.ts';

/** A tag by the axes on which tags are compared. `numbers` is empty for a tag without a version. */
export type TagForm = {
  readonly text: string;
  readonly tag: Tag;
  readonly prefix: '' | 'v';
  readonly numbers: readonly string[];
  /** What stands behind the numbers and is no prerelease: `_9`, `u502`. */
  readonly build: string;
  /** `rc2`, `preview.7`; empty for a release. */
  readonly prerelease: string;
  readonly os: OperatingSystemSlot | undefined;
  /** Set where a code name is the release itself (debian, ubuntu): `numbers` are then those of the release. */
  readonly distribution: string | undefined;
  /** `20260803`, `2024-05-01`. */
  readonly date: string;
  /** `r9`, `b07`, `1194`, `security-01`. */
  readonly revision: string;
  /** Words and runtimes in their order, with the places of version, system, date and revision kept. */
  readonly layout: string;
};

/** The release that a code name stands for: `noble` → `24.04`. */
export type ReleaseOf = (slot: OperatingSystemSlot) => string | undefined;

const maxKept = 20_000;
/** The same lists are read for every tag in use, and cycle after cycle; more than the longest list is not kept. */
const kept = new Map<string, TagForm>();

/**
 * Reads a tag for comparing. The version is the first slot, or else the first word that is one (`open-11.0.32.0-jdk`).
 *
 * @param releaseOf set for repositories whose code names are the releases themselves.
 */
export function readForm(text: string, releaseOf?: ReleaseOf): TagForm {
  if (releaseOf !== undefined) return read(text, releaseOf);
  const before = kept.get(text);
  if (before !== undefined) return before;
  if (kept.size >= maxKept) kept.clear();
  const form = read(text);
  kept.set(text, form);
  return form;
}

function read(text: string, releaseOf?: ReleaseOf): TagForm {
  const tag = parseTag(text);
  const slots = joinPrerelease(splitSystem(joinDate(tag.slots)));
  const version = findVersion(slots);
  const systemAt = slots.findIndex(({ kind }) => kind === 'os');
  const system = slots[systemAt];
  const os = system?.kind === 'os' ? system : undefined;
  const release = version === undefined && os !== undefined && os.isCodename ? releaseOf?.(os) : undefined;
  const revision = findRevision(slots, version?.at ?? -1);
  // Without a version there is nothing that it could come before: `latest-dev` is a word like others.
  const isWord = version === undefined && release === undefined;
  const prereleases = slots.flatMap((slot) => (slot.kind === 'prerelease' && !isWord ? [slot.text] : []));
  const dates = slots.flatMap((slot) => (slot.kind === 'date' ? [slot.text] : []));
  const place = (slot: TagSlot, at: number): string => {
    if (at === version?.at) return '<version>';
    if (at === systemAt) return release === undefined ? '<system>' : '<release>';
    if (at >= revision.from && at < revision.to) return '';
    if (slot.kind === 'prerelease' && !isWord) return '';
    return slot.kind === 'date' ? '<date>' : formatSlot(slot);
  };
  const rest = version?.slot.rest ?? '';
  const isPrerelease = version?.slot.isPrerelease === true;
  return {
    text,
    tag,
    prefix: version?.slot.prefix ?? '',
    numbers: version?.slot.numbers ?? release?.split('.') ?? [],
    build: isPrerelease ? '' : rest,
    prerelease: [...(isPrerelease ? [rest] : []), ...prereleases].join('-'),
    os: release === undefined ? os : undefined,
    distribution: release === undefined ? undefined : os?.name,
    date: dates.join('-'),
    revision: revision.text,
    layout: slots
      .map(place)
      .filter((piece) => piece !== '')
      .join('-'),
  };
}

/** A lone number of a build date, `20240101`, in a version such as `2023.12.20260817.0`. */
export function isBuildDate(number: string | undefined): boolean {
  return number !== undefined && /^20\d{6}$/.test(number);
}

function findVersion(slots: readonly TagSlot[]): { readonly at: number; readonly slot: VersionSlot } | undefined {
  for (const [at, slot] of slots.entries()) {
    if (slot.kind === 'version') return { at, slot };
    // `RELEASE.2024-01-…`: a month is no version.
    if (slot.kind !== 'word' || /^0\d/.test(slot.text)) continue;
    const read = readVersion(slot.text);
    if (read !== undefined && (read.rest === '' || /^(?:_\d+(?:\.\d+)*|u\d+)$/.test(read.rest)))
      return { at, slot: read };
  }
  return undefined;
}

const noRevision = { from: -1, to: -1, text: '' };

/** The last slot, when it counts builds of one version; Grafana's `security-01` stands behind the version. */
function findRevision(slots: readonly TagSlot[], versionAt: number): typeof noRevision {
  const last = slots.length - 1;
  const slot = slots[last];
  const before = slots[last - 1];
  if (slot?.kind !== 'word' || last <= versionAt) return findInnerRevision(slots, versionAt);
  if (before?.kind === 'word' && before.text === 'security' && /^\d+$/.test(slot.text))
    return { from: last - 1, to: last + 1, text: `security-${slot.text}` };
  if (/^r\d+$/.test(slot.text)) return { from: last, to: last + 1, text: slot.text };
  // `9.4-1194`, `1.2.3-debian-12-4`; a number behind a word belongs to the word (`erlang-25.0.4`).
  if (before !== undefined && (before.kind !== 'word' || last - 1 === versionAt) && isNumber(slot.text))
    return { from: last, to: last + 1, text: slot.text };
  return findInnerRevision(slots, versionAt);
}

/** `8u502-b07-jre`, `3.11-7.3.23-slim`: it stands right behind the version. */
function findInnerRevision(slots: readonly TagSlot[], versionAt: number): typeof noRevision {
  const slot = slots[versionAt + 1];
  if (versionAt < 0 || slot?.kind !== 'word' || !(/^b\d+$/.test(slot.text) || isNumber(slot.text))) return noRevision;
  return { from: versionAt + 1, to: versionAt + 2, text: slot.text };
}

function isNumber(text: string): boolean {
  return /^\d+(?:\.\d+)*$/.test(text);
}

/** `28-ea-11`, `4.0.0-rc-5`: the number belongs to the word before it; `3.14.0-95.2.beta`: to the one behind it. */
function joinPrerelease(slots: readonly TagSlot[]): readonly TagSlot[] {
  const dart = slots.findIndex((slot) => slot.kind === 'word' && /^\d+(?:\.\d+)*\.(?:beta|dev)$/.test(slot.text));
  const named = slots[dart];
  if (dart > 0 && named?.kind === 'word') return slots.toSpliced(dart, 1, { ...named, kind: 'prerelease' });
  const at = slots.findIndex(({ kind }) => kind === 'prerelease');
  const [word, number] = [slots[at], slots[at + 1]];
  if (word?.kind !== 'prerelease' || number?.kind !== 'word' || !isNumber(number.text)) return slots;
  return slots.toSpliced(at, 2, { kind: 'prerelease', text: `${word.text}-${number.text}` });
}

/** `alpine-2.4.1` of Deno: three numbers behind a system that comes first are the version. */
function splitSystem(slots: readonly TagSlot[]): readonly TagSlot[] {
  const [first] = slots;
  if (first?.kind !== 'os' || first.separator !== '-' || first.isCodename) return slots;
  const version = first.release.split('.').length < 3 ? undefined : readVersion(first.release);
  if (version === undefined) return slots;
  return [{ ...first, release: '', separator: '' }, version, ...slots.slice(1)];
}

/** `2024-05-01` is read as a version and two words; together they are a date. */
function joinDate(slots: readonly TagSlot[]): readonly TagSlot[] {
  const [year, month, day] = slots;
  if (year?.kind !== 'version' || month?.kind !== 'word' || day?.kind !== 'word') return slots;
  const text = [year, month, day].map(formatSlot).join('-');
  if (!/^20\d\d-[01]\d-[0-3]\d$/.test(text) || readDate(text.replaceAll('-', '')) === undefined) return slots;
  return [{ kind: 'date', text }, ...slots.slice(3)];
}
