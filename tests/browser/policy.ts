import type { BrowserContext, Page } from 'playwright-core';

/** What the tests of the Content-Security-Policy share: a page that somebody changed on its way, and what it got to do. */

/** A script and a handler in the markup: each would leave its mark. */
export const inlineScripts = `<script>window.mark = 'ran'</script><img src="icon.svg" alt="" onload="window.mark = 'handled'">`;

/** The page at `address` comes with `added` at the end of its body from now on. */
export async function changePage(context: BrowserContext, address: string, added: string): Promise<void> {
  await context.route(address, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace('</body>', `${added}</body>`);
    await route.fulfill({ response, body });
  });
}

/** The page at `address` comes with a script of its own origin that tries what the policy forbids. */
export async function addProbe(context: BrowserContext, address: string): Promise<void> {
  await changePage(context, address, `<script src="./probe.js"></script>`);
  await context.route('**/probe.js', (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      body: `
        const attempt = (name, work) => { try { work(); return name + ' ran'; } catch (error) { return name + ' ' + error.name; } };
        window.mark = [
          attempt('eval', () => eval('1')),
          attempt('Function', () => new Function('return 1')()),
          attempt('markup', () => { document.createElement('div').innerHTML = '<b>x</b>'; }),
          attempt('script', () => { document.createElement('script').src = 'https://elsewhere.invalid/x.js'; }),
        ].join(', ');
      `,
    }),
  );
}

/** What the probe was told at each attempt. */
export const refusedAll = 'eval EvalError, Function EvalError, markup TypeError, script TypeError';

export const marks = (page: Page): Promise<string> =>
  page.evaluate(() => (window as { mark?: string }).mark ?? 'untouched');

/** Of the console's lines those that tell of something refused. */
export const violations = (problems: readonly string[]): readonly (string | undefined)[] =>
  problems
    .filter((problem) => /violates .*Content Security Policy/.test(problem))
    .map((problem) => /^Executing inline [\w ]+ violates/.exec(problem)?.[0]);

export const refusedInline = ['Executing inline script violates', 'Executing inline event handler violates'];
