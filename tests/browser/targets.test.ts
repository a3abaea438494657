import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeViolations, open, startApp, type App } from './harness.ts';
import { lowTargets, smallTargets } from './targets.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

/**
 * In a drawing the place and the size of a mark are what it says, which WCAG 2.5.8 excepts as essential. What a mark does has a
 * larger equivalent: layers are in the list of the search and in the layer table, networks in the list beside the page.
 */
const drawings = ['svg'];

const desktop = { width: 1440, height: 900 };
const phone = { width: 390, height: 844, touch: true };

const views = [
  ['network', '?net=zfnet-imagenette&layer=relu2&channel=54', /^relu2/],
  ['network without weights', '?net=resnet-50&layer=conv2_x/1/conv1', /^conv2_x\/1\/conv1/],
  ['digits', '?net=lenet-5-modern&layer=conv1', /^conv1/],
  ['table of networks, Korean', '?view=table&lang=ko', /^LeNet-5 \(1998\)/],
  ['comparison', '?view=compare&nets=zfnet-imagenette,resnet-50,wide-resnet?k=3', /^WRN-28-3/],
] as const;

for (const [name, path, shown] of views) {
  test(`${name}: 24 px a target, or a circle of 24 px that is its own`, async () => {
    const { page, context } = await open(app, path, desktop);
    await page.getByText(shown).first().waitFor();
    await page.waitForLoadState('networkidle');
    expect(await smallTargets(page, drawings)).toEqual([]);
    await context.close();
  });

  test(`${name} on a phone: 40 px high`, async () => {
    const { page, context } = await open(app, path, phone);
    await page.getByText(shown).first().waitFor();
    await page.waitForLoadState('networkidle');
    expect(await smallTargets(page, drawings)).toEqual([]);
    expect(await lowTargets(page, 40, drawings)).toEqual([]);
    await context.close();
  });
}

test('sliders and switches of a family on a phone', async () => {
  const { page, context } = await open(app, '?net=wide-resnet', phone);
  await page.getByRole('button', { name: 'Parameters' }).click();
  await page.getByRole('slider').first().waitFor();
  expect(await page.getByRole('switch').count()).toBeGreaterThan(0);
  expect(await lowTargets(page, 40, drawings)).toEqual([]);
  expect(await axeViolations(page)).toEqual([]);
  await context.close();
});

test('targets that are too small or too near each other are told', async () => {
  const page = await app.browser.newPage();
  await page.setContent(
    '<style>button { position: absolute; width: 20px; height: 20px; padding: 0 }</style>' +
      '<button style="left: 100px; top: 100px">a</button><button style="left: 121px; top: 100px">b</button>' +
      '<button style="left: 200px; top: 100px">c</button><button style="left: 226px; top: 100px">d</button>' +
      '<button style="left: 300px; top: 100px; width: 60px; height: 60px">e</button>' +
      '<button style="left: 320px; top: 161px">f</button><p style="margin-top: 300px">in <a href="#x">text</a></p>',
  );
  const small = await smallTargets(page);
  expect(small.map((line) => line.split(' (')[0])).toEqual(['button a', 'button b', 'button f']);
  expect((await lowTargets(page, 40)).map((line) => line.split(' (')[0])).toEqual(
    ['a', 'b', 'c', 'd', 'f'].map((each) => `button ${each}`),
  );
  await page.close();
});
