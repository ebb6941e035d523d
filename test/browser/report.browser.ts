import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium } from 'playwright-core';
import { html } from '../../src/render/html.ts';
import { file, hostileResult, options, passing, result, use, waived } from '../render/sample-result.ts';

/** The HTML report in a real browser; needs Debian's chromium, which `.ci/run` installs. */
let browser: Browser;
const folder = mkdtempSync(join(tmpdir(), 'report-'));

before(async () => {
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
});
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

async function open(checked: Parameters<typeof html.render>[0], colorScheme: 'light' | 'dark' = 'light') {
  const path = join(folder, 'report.html');
  writeFileSync(path, html.render(checked, options));
  const context = await browser.newContext({ colorScheme, viewport: { width: 1200, height: 900 } });
  const page = await context.newPage();
  const requests: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(pathToFileURL(path).href);
  return { page, requests, errors, close: () => context.close() };
}

const sample = result([
  file('a/Dockerfile', [use(), passing], [{ code: 'x', severity: 'error', message: 'broken', line: 2 }]),
  file('b/Dockerfile', [waived]),
]);

for (const scheme of ['light', 'dark'] as const) {
  test(`the report is accessible in ${scheme} colours`, async () => {
    const { page, close } = await open(sample, scheme);
    const { violations } = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`),
      [],
    );
    await close();
  });
}

test('the report shows its answer, charts and tables, and asks for nothing but itself', async () => {
  const { page, requests, errors, close } = await open(sample);
  assert.match(await page.locator('.lead').innerText(), /1 fail/);
  assert.equal(await page.locator('table').count(), 3);
  const chart = await page.locator('figure svg[role=img]').first().boundingBox();
  assert.ok(chart !== null && chart.width > 200 && chart.height > 10);
  assert.equal(requests.length, 1);
  assert.deepEqual(errors, []);
  await close();
});

test('hostile text runs nothing in the report', async () => {
  const { page, requests, close } = await open(
    hostileResult('<img src=x onerror="document.title=1"><script>document.title=1</script>'),
  );
  assert.equal(await page.locator('img, script').count(), 0);
  assert.match(await page.title(), /^Base images/);
  assert.equal(requests.length, 1);
  await close();
});

test('the report does not scroll sideways on a phone', async () => {
  const { page, close } = await open(sample);
  await page.setViewportSize({ width: 390, height: 800 });
  const [scroll, client] = (await page.evaluate(
    '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
  )) as [number, number];
  assert.ok(scroll <= client, `${scroll} > ${client}`);
  await close();
});
