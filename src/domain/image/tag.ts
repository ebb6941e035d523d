import { readDate, readOperatingSystem, readPrerelease, readRuntime, readVersion } from './tag-slots.ts';

/** A tag as a row of slots, which its text joins with dashes. Empty only for the empty text. */
export type Tag = { readonly slots: readonly TagSlot[] };

export type TagSlot = VersionSlot | PrereleaseSlot | OperatingSystemSlot | RuntimeSlot | DateSlot | WordSlot;

/** `3.12.1`, `v2`, `11.0.32_9`, `8u502`, `19beta3`. Numbers keep their zeros (`24.04`); `rest` is what stands behind them. */
export type VersionSlot = {
  readonly kind: 'version';
  readonly prefix: '' | 'v';
  readonly numbers: readonly string[];
  /** `_9`, `u502`, `beta3`, `RC1`, `b4`; empty for most. */
  readonly rest: string;
  readonly isPrerelease: boolean;
};

/** A word of its own that makes the version before it a prerelease: `rc`, `ea`, `preview.7`, `dev5`. */
export type PrereleaseSlot = { readonly kind: 'prerelease'; readonly text: string };

/**
 * `alpine3.22`, `alpine`, `bookworm`, `noble`, `ubi9`, `al2023`, `nanoserver-ltsc2022`, `debian-12`, `ubuntu-jammy`.
 *
 * `codename`: the release is a Debian or Ubuntu code name, `name` tells whose; `isNamed` whether the system's own name is written before it.
 */
export type OperatingSystemSlot = {
  readonly kind: 'os';
  readonly name: string;
  /** `3.22`, `bookworm`, `ltsc2022`; empty when only the system is named. */
  readonly release: string;
  readonly separator: '' | '-';
  readonly isCodename: boolean;
  readonly isNamed: boolean;
};

/** Another versioned thing in the image: `jdk17`, `openjdk-17`, `eclipse-temurin-21`, `otp-26`. */
export type RuntimeSlot = {
  readonly kind: 'runtime';
  readonly name: string;
  readonly separator: '' | '-';
  readonly release: string;
};

/** A build date: `20260803`, `20260811.1`. */
export type DateSlot = { readonly kind: 'date'; readonly text: string };

/** Everything else: `slim`, `fpm`, `jre`, `chiseled`, `latest`, `nonroot`, and what is not known. */
export type WordSlot = { readonly kind: 'word'; readonly text: string };

/**
 * Reads a tag. Total: what is not understood is a word, and `formatTag(parseTag(text))` is `text` for every text.
 *
 * A version is read in the first slot only; numbers further on belong to a runtime, a system or nothing known.
 */
export function parseTag(text: string): Tag {
  const tokens = text.split('-');
  const slots: TagSlot[] = [];
  for (let at = 0; at < tokens.length; ) {
    const { slot, taken } = readSlot(tokens, at);
    slots.push(slot);
    at += taken;
  }
  return { slots };
}

export function formatTag({ slots }: Tag): string {
  return slots.map(formatSlot).join('-');
}

export function formatSlot(slot: TagSlot): string {
  switch (slot.kind) {
    case 'version':
      return slot.prefix + slot.numbers.join('.') + slot.rest;
    case 'os':
      return (slot.isNamed ? slot.name + slot.separator : '') + slot.release;
    case 'runtime':
      return slot.name + slot.separator + slot.release;
    case 'prerelease':
    case 'date':
    case 'word':
      return slot.text;
  }
}

/** The version of a tag; `undefined` for `latest`, `bookworm-slim` and the like. */
export function versionOf({ slots }: Tag): VersionSlot | undefined {
  const [first] = slots;
  return first?.kind === 'version' ? first : undefined;
}

/** The operating system that a tag names; the first, should it name two. */
export function operatingSystemOf({ slots }: Tag): OperatingSystemSlot | undefined {
  return slots.find((slot) => slot.kind === 'os');
}

export function runtimeOf({ slots }: Tag): RuntimeSlot | undefined {
  return slots.find((slot) => slot.kind === 'runtime');
}

/** The words of a tag, in their order. */
export function wordsOf({ slots }: Tag): readonly string[] {
  return slots.flatMap((slot) => (slot.kind === 'word' ? [slot.text] : []));
}

export function isPrerelease({ slots }: Tag): boolean {
  return slots.some((slot) => slot.kind === 'prerelease' || (slot.kind === 'version' && slot.isPrerelease));
}

function readSlot(tokens: readonly string[], at: number): { readonly slot: TagSlot; readonly taken: number } {
  const token = tokens[at] ?? '';
  const date = readDate(token);
  if (date !== undefined) return { slot: date, taken: 1 };
  const version = at === 0 ? readVersion(token) : undefined;
  if (version !== undefined) return { slot: version, taken: 1 };
  const prerelease = at > 0 ? readPrerelease(token) : undefined;
  if (prerelease !== undefined) return { slot: prerelease, taken: 1 };
  return (
    readRuntime(tokens, at) ?? readOperatingSystem(tokens, at) ?? { slot: { kind: 'word', text: token }, taken: 1 }
  );
}
