import assert from 'node:assert/strict';

/** What the demo ends with, whether a Trivy scanned or its records are played back: a table, and a page to mail. */
export function tellsOfFiveTeams(stdout: string, page: string): void {
  assert.match(stdout, /\nlate by 5 d \d+ h .* DEMO-2026-0004 expat .* ben, payments\n +ours: a patched base is there/);
  assert.match(stdout, /missed in\s+v2\.3\.0\n +→ basekeeper update --propose --scan /);
  assert.match(stdout, /\nlate by 2 d \d+ h .* DEMO-2026-0005 c-ares .* cleo, shop\n +supplier: a fix is out/);
  assert.match(
    stdout,
    /paused +2026-12-10 .* DEMO-2026-0007 curl .* eve, platform\n[^→]*stands still until 2026-12-03/,
  );
  assert.match(
    stdout,
    /DEMO-2026-0006 libyaml .* dan, warehouse\n +waived until 2026-12-15 by W-12, approved by security/,
  );
  assert.match(stdout, /\n5 findings open: 2 late, 1 without a fix/);
  assert.match(page, /50 % in time: 2 of 4 findings that fell due\. 2 late, /);
  assert.match(page, /1 waited for the supplier’s base when the deadline passed, 1 for us\./);
  assert.match(
    page,
    /<h2>Late now<\/h2>[\s\S]*us<\/span><\/td><td>ben, payments[\s\S]*supplier<\/span><\/td><td>cleo, shop/,
  );
  assert.match(page, /DEMO-2026-0001 openssl[\s\S]*?released 2026-11-26 06:00, in time/);
}
