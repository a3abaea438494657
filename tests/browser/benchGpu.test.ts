import { afterAll, beforeAll, expect, test } from 'vitest';
import { softwareWebGpuArgs } from '../../scripts/chromium.mjs';
import { axeViolations, open, startApp, type App } from './harness.ts';

/** The bench page where the browser has WebGPU: on an imitation of a card, which is called one. */

let app: App;
beforeAll(async () => {
  app = await startApp({ args: softwareWebGpuArgs });
});
afterAll(() => app.close());

test('measures LeNet-5 on webgpu beside wasm, and says in every copy that the card is imitated', async () => {
  const { page, context, problems } = await open(app, 'bench');
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const plan = page.getByRole('region', { name: 'What is measured' });
  const box = (backend: string) => page.getByRole('checkbox', { name: `LeNet-5 (modern) on ${backend}` });
  await box('cpu').waitFor();
  expect(await plan.innerText()).toMatch(/webgpu\s+google swiftshader: imitated by the processor/);
  // An imitation is measured by who asks for it only.
  expect(await box('webgpu').isChecked()).toBe(false);
  for (const each of await plan.getByRole('checkbox').all()) await each.uncheck();
  for (const backend of ['webgpu', 'wasm']) await box(backend).check();
  await page.getByRole('radio', { name: '5', exact: true }).click();
  await page.getByRole('button', { name: 'Measure', exact: true }).click();
  await page.getByRole('button', { name: 'Measure again' }).waitFor();

  const figures = page.getByRole('region', { name: /^LeNet-5/ });
  const cells = (name: string) =>
    figures
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader', { name, exact: true }) })
      .getByRole('cell')
      .allInnerTexts();
  expect(await figures.getByRole('columnheader').allInnerTexts()).toEqual(['Figure', 'webgpu', 'wasm']);
  expect(await cells('Class')).toEqual(['4', '4']);
  for (const name of ['Logits differ', 'Projection differs']) {
    const [webgpu, wasm] = await cells(name);
    expect([Number(webgpu) < 1e-4, wasm]).toEqual([true, 'reference']);
  }
  for (const name of ['Answer', 'Faces of all layers', 'Maps of conv2', 'Projection', 'Next projection'])
    for (const cell of await cells(name)) expect(cell).toMatch(/^[\d.\u2009]+\n[\d.\u2009]+–[\d.\u2009]+$/);

  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  await page.getByText('Copied', { exact: true }).waitFor();
  const markdown = await page.evaluate(() => navigator.clipboard.readText());
  expect(markdown).toMatch(/^- Browser: Chromium \d/m);
  expect(markdown).toMatch(/^- webgpu: google swiftshader, software, not a GPU$/m);
  expect(markdown).toMatch(/^\| LeNet-5 \(modern\) \| webgpu \(!\) \|( [^|]+ \|){12} 5 \|$/m);
  expect(markdown).toMatch(/^- LeNet-5 \(modern\), webgpu: the GPU is imitated by the processor/m);
  expect(await axeViolations(page)).toEqual([]);
  expect(problems).toEqual([]);
  await context.close();
});
