/**
 * What a person sees of a large picture before all of it has come, in a browser without VS Code: a thumbnail at its size, of
 * which no value can be read or copied; then the picture in its place, with its values.
 */
import assert from 'node:assert/strict';
import type { Server } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { chromium, type Browser, type Page } from 'playwright-core';
import { findBrowser } from '../../scripts/lib/browser';
import { ensureVscode } from '../../scripts/lib/ensure-vscode';
import { inProject } from '../../scripts/lib/project';
import { png } from '../support/image-files';
import { serveHarness } from '../support/page-harness/server';
import { trialThumbnail } from '../support/page-harness/trial-picture';

/** As much of the browser as is used here; its types are not known. */
interface PageElement {
  readonly ownerDocument: { readonly defaultView: { postMessage: (message: unknown) => void } };
}

describe('Thumbnail of a large picture', function () {
  this.timeout(120_000);
  let folder: string;
  let browser: Browser;
  let server: Server;
  let page: Page;
  let photo: string;
  const problems: string[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'srgan-lab-thumbnail-'));
    photo = join(folder, 'large.png');
    await writeFile(photo, await png(2400, 1800));
    const events = await trialThumbnail(photo);
    const scripts = { large: { page: 'preview' as const, events } };
    const harness = await serveHarness({ webviews: inProject('dist', 'webviews'), files: folder, scripts });
    server = harness.server;
    const program = await findBrowser(await ensureVscode());
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const env = { ...process.env, ...program.env };
    browser = await chromium.launch({ executablePath: program.executable, args, env });
    page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(message.text());
    });
    await page.goto(`${harness.origin}/large`);
  });

  after(async () => {
    await browser.close();
    server.close();
    await rm(folder, { recursive: true });
  });

  const stage = () => page.getByRole('application');
  const value = () => stage().getByText(/R +\d+ G +\d+ B +\d+/);

  it('is shown at the size of the picture, and said to be reduced', async () => {
    await stage().getByText('reduced, loading the rest…').waitFor();
    await page.getByText('2400 by 1800 pixels').waitFor({ state: 'attached' });
    assert.equal(await stage().getAttribute('aria-busy'), 'true');
  });

  it('has no values, near or far, and cannot be copied', async () => {
    await stage().focus();
    await stage().press('0');
    for (let times = 0; times < 6; times += 1) await stage().press('+');
    await page.locator('.stage-scale', { hasText: /^64×$/ }).waitFor();
    await stage().hover();
    await page.locator('.stage-position', { hasText: /\d+, \d+/ }).waitFor();
    assert.equal(await value().count(), 0);
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('The picture is still being loaded. Wait until all of it is there.').waitFor();
  });

  it('makes way for the picture, which has values, in the same view', async () => {
    await stage().hover();
    const pixel = await page.locator('.stage-position').innerText();
    assert.match(pixel, /\d+, \d+/);
    const uri = `files/${basename(photo)}`;
    await page.locator('body').evaluate((body: PageElement, address) => {
      const payload = { version: 1, uri: address };
      body.ownerDocument.defaultView.postMessage({ type: 'event', name: 'picture', payload });
    }, uri);
    await value().waitFor();
    assert.equal(await stage().getAttribute('aria-busy'), 'false');
    assert.equal(await page.locator('.stage-position').innerText(), pixel);
    assert.equal(await stage().getByText('reduced').count(), 0);
    await page.locator('.stage-scale', { hasText: /^64×$/ }).waitFor();
    assert.deepEqual(problems, []);
  });
});
