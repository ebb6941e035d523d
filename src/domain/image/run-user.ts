/** Whom an image runs as: `root`, `0`, `0:0` and nothing are the same, and told as nothing. */
export function runUser(written: string): string {
  const [user = ''] = written.trim().split(':', 1);
  return user === 'root' || /^0*$/.test(user) ? '' : written.trim().slice(0, 256);
}
