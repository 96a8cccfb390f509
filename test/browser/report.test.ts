import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { htmlOf } from '../../src/core/integrate/html.js';
import { market } from '../core/integrate/html/market.js';
import { clean, hostile, wide } from '../core/integrate/html/reports.js';
import { survey } from '../core/integrate/html/survey.js';
import { DESK, faultsOf, itInBrowser, opened, PHONE } from '../support/page.js';

const REPORTS = { survey, market, clean, hostile, wide };

let folder: string;
const file = (name: keyof typeof REPORTS) => join(folder, `${name}.html`);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-page-'));
  for (const [name, made] of Object.entries(REPORTS)) {
    const { report, plan } = await made();
    writeFileSync(join(folder, `${name}.html`), htmlOf(report, plan));
  }
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe('report.html in a browser', () => {
  for (const name of Object.keys(REPORTS) as (keyof typeof REPORTS)[])
    itInBrowser(
      `${name}: asks for nothing, says nothing on the console, keeps nobody out, fits a phone`,
      async (browser) => {
        expect(await faultsOf(browser, file(name))).toEqual([]);
      },
    );

  itInBrowser('shows the verdict without scrolling, on a phone too', async (browser) => {
    await opened(browser, file('survey'), { viewport: PHONE }, async (page) => {
      const verdict = page.locator('.verdict').first();
      expect(await verdict.textContent()).toMatch(/^◐ Partial/);
      expect((await verdict.boundingBox())!.y).toBeLessThan(PHONE.height / 3);
    });
  });

  itInBrowser('is light or dark as its reader likes it, and light on paper', async (browser) => {
    const ink = (colorScheme: 'light' | 'dark', media: 'screen' | 'print') =>
      opened(browser, file('survey'), {}, async (page) => {
        await page.emulateMedia({ colorScheme, media });
        return page.evaluate('getComputedStyle(document.body).color');
      });
    const dark = 'rgb(29, 33, 38)';
    expect(await ink('light', 'screen')).toBe(dark);
    expect(await ink('dark', 'screen')).toBe('rgb(231, 228, 222)');
    expect(await ink('dark', 'print')).toBe(dark);
  });

  itInBrowser(
    'unfolds on paper what is folded on a screen, and leaves out what paper has no use for',
    async (browser) => {
      await opened(browser, file('survey'), { viewport: DESK }, async (page) => {
        const folded = page.locator('details > .brief').first();
        expect(await folded.isVisible()).toBe(false);
        await page.emulateMedia({ media: 'print' });
        expect(await folded.isVisible()).toBe(true);
        expect(await page.locator('nav').isVisible()).toBe(false);
      });
    },
  );

  describe('who said it', () => {
    const card = (page: Page) => page.locator('.card:popover-open');
    const lost = (page: Page) => page.locator('#missing .brief').first();

    itInBrowser('is told by key, and goes away by key', async (browser) => {
      await opened(browser, file('survey'), { viewport: DESK }, async (page) => {
        await lost(page).focus();
        await page.keyboard.press('Enter');
        await card(page).waitFor();
        expect(await card(page).textContent()).toMatch(/dig\[cloud\].*missing.*answered 451.*4 tries/s);
        // Focus alone shows it too, after a moment, which may be just when it was closed.
        const escaped = () => page.keyboard.press('Escape').then(() => card(page).count());
        await expect.poll(escaped, { timeout: 30_000 }).toBe(0);
        expect(await page.evaluate('document.activeElement.textContent')).toBe('dig[cloud]');
      });
    });

    itInBrowser('is told on a tap, within the screen', async (browser) => {
      await opened(
        browser,
        file('survey'),
        { viewport: PHONE, hasTouch: true, isMobile: true },
        async (page) => {
          await lost(page).tap();
          const box = (await card(page).boundingBox())!;
          expect(box.x).toBeGreaterThanOrEqual(0);
          expect(box.x + box.width).toBeLessThanOrEqual(PHONE.width);
        },
      );
    });

    itInBrowser('is told on hover where the browser knows how', async (browser) => {
      await opened(browser, file('survey'), { viewport: DESK }, async (page) => {
        const knows = await page.evaluate("'interestForElement' in HTMLButtonElement.prototype");
        await lost(page).hover();
        if (knows) await card(page).waitFor();
        else expect(await card(page).count()).toBe(0);
      });
    });
  });
});
