/** Milliseconds since 1970 in UTC. Names that end in `At` hold one. */
export type Instant = number;

const dayMs = 86_400_000;
const maxDays = 10_000;
const dayTexts = new Map<number, string>();
const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));

/** Reports write a million: the text of each day is made once. */
export function formatInstant(at: Instant): string {
  const whole = Math.trunc(at);
  const inDay = ((whole % dayMs) + dayMs) % dayMs;
  const [hours, minutes] = [Math.floor(inDay / 3_600_000), Math.floor(inDay / 60_000) % 60];
  const [seconds, milliseconds] = [Math.floor(inDay / 1000) % 60, inDay % 1000];
  const fraction = milliseconds === 0 ? '' : `.${String(milliseconds).padStart(3, '0')}`;
  return `${dayText(whole - inDay)}T${twoDigits[hours]}:${twoDigits[minutes]}:${twoDigits[seconds]}${fraction}Z`;
}

function dayText(midnight: Instant): string {
  const known = dayTexts.get(midnight);
  if (known !== undefined) return known;
  const iso = new Date(midnight).toISOString();
  const text = iso.slice(0, iso.indexOf('T'));
  if (dayTexts.size >= maxDays) dayTexts.clear();
  dayTexts.set(midnight, text);
  return text;
}
