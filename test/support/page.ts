import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { it } from 'vitest';

/*
 * A page in a real browser: the one that CHROMIUM names, or else one where packages put it. Nothing is downloaded.
 */

const USUAL = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const named = process.env.CHROMIUM;
const path = (named ? [named] : USUAL).find((one) => existsSync(one));
const WHY_NOT = named
  ? `there is no ${named}, which CHROMIUM names`
  : `there is none of ${USUAL.join(', ')}: install Debian's package chromium, or name one by CHROMIUM`;

/** A test that a machine without a browser skips, and says why. */
export const itInBrowser = (name: string, work: (browser: Browser) => Promise<void>): void =>
  it.skipIf(!path)(path ? name : `${name} (skipped: ${WHY_NOT})`, { timeout: 300_000 }, async () => {
    const browser = await chromium.launch({ executablePath: path! });
    try {
      await work(browser);
    } finally {
      await browser.close();
    }
  });

export const PHONE = { width: 320, height: 640 } as const;
export const DESK = { width: 1280, height: 900 } as const;

/** Opens a file. @param work gets what the page complained of, and what it asked for besides itself, as it comes to be heard */
export async function opened<T>(
  browser: Browser,
  file: string,
  options: BrowserContextOptions,
  work: (page: Page, heard: readonly string[]) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext(options);
  try {
    const page = await context.newPage();
    const url = pathToFileURL(file).href;
    const heard: string[] = [];
    page.on('console', (message) => heard.push(`console ${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => heard.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => heard.push(`dialog: ${dialog.message()}`));
    page.on('request', (request) => {
      if (request.url() !== url) heard.push(`request: ${request.url()}`);
    });
    await page.goto(url);
    return await work(page, heard);
  } finally {
    await context.close();
  }
}

const LOOKS = [
  { colorScheme: 'light', viewport: PHONE },
  { colorScheme: 'dark', viewport: DESK },
] as const;

/**
 * What is wrong with a page, on a phone in the light and on a desk in the dark: anything on its console, any request that leaves
 * it, anything axe-core finds, anything wider than the screen that does not scroll in a box of its own.
 */
export async function faultsOf(browser: Browser, file: string): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const look of LOOKS) {
    const { width } = look.viewport;
    const found = await opened(browser, file, look, async (page, heard) => {
      const wide = (await page.evaluate(tooWide(width))) as readonly string[];
      await page.evaluate(axe.source);
      const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults;
      const kept = violations.flatMap(({ id, impact, nodes }) =>
        nodes.slice(0, 3).map(({ html }) => `${impact} ${id}: ${html.slice(0, 200)}`),
      );
      return [...heard, ...kept, ...wide.map((element) => `too wide: ${element}`)];
    });
    faults.push(...found.map((fault) => `${look.colorScheme}, ${width} px: ${fault}`));
  }
  return faults;
}

const tooWide = (width: number): string => `[
  ...(document.documentElement.scrollWidth > ${width} ? ['the page'] : []),
  ...[...document.querySelectorAll('main *')]
    .filter((one) => !one.closest('.unseen, thead') && getComputedStyle(one.closest('.scroll') ?? document.body).overflowX !== 'auto')
    .filter((one) => one.getBoundingClientRect().right > ${width})
    .map((one) => one.outerHTML.slice(0, 100)),
]`;
