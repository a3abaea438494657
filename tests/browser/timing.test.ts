import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeViolations, open, startApp, type App } from './harness.ts';
import { topFive } from './steps.ts';

/** How long each layer takes, as a user asks for it: in the table, beside the layer, over the diagram, in a saved picture. */

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const measure = 'Measure the time of each layer';

describe('the time of each layer', () => {
  test('is measured when it is asked for, and stands in the table, the label and the diagram', async () => {
    const { page, context, problems } = await open(app, '?net=lenet-5-modern&layer=fc1');
    await topFive(page);
    await page.getByRole('radio', { name: 'Layer table' }).click();
    const table = page.getByRole('region', { name: /^Layers of LeNet-5/ });
    await table.getByRole('rowheader').first().waitFor();
    expect(await table.getByRole('columnheader', { name: 'Time (ms)' }).count()).toBe(0);

    await page.getByRole('button', { name: measure }).click();
    await table.getByRole('columnheader', { name: 'Time (ms)' }).waitFor();
    await page.getByText(/^Medians of \d+ passes on wasm/).waitFor();
    const rows = await table.getByRole('row').allInnerTexts();
    expect(rows.find((row) => row.startsWith('fc1'))).toMatch(/\d\.\d+\s+\d+\.\d\s%/);
    await page.getByText(/of the layers’ time$/).waitFor();
    expect(await axeViolations(page)).toEqual([]);

    await page.getByRole('radio', { name: 'Diagram' }).click();
    await page.getByRole('button', { name: /^Colour by/ }).click();
    await page.getByText('time', { exact: true }).last().click();
    const diagram = page.getByRole('group', { name: /^Diagram of LeNet-5/ });
    await diagram.getByRole('button', { name: /^conv1: .* % of the time\.$/ }).waitFor();
    await page.getByText(/layers together$/).waitFor();
    expect(new URL(page.url()).searchParams.get('overlay')).toBe('time');
    expect(await axeViolations(page)).toEqual([]);
    expect(problems).toEqual([]);
    await context.close();
  });

  test('is offered where a link asks for it', async () => {
    const { page, context } = await open(app, '?net=lenet-5-modern&overlay=time', { dark: true });
    await topFive(page);
    await page.getByRole('button', { name: measure }).click();
    await page.getByRole('button', { name: 'Measure again' }).waitFor();
    await page.getByRole('button', { name: /^conv1: .* % of the time\.$/ }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await context.close();
  });
});

describe('parameters over the diagram', () => {
  test('need no weights, and are in the saved picture', async () => {
    const { page, context, problems } = await open(app, '?net=vgg-d&overlay=parameters&lang=ko', {
      width: 390,
      height: 844,
    });
    await page.getByRole('button', { name: /^fc6: .*매개변수의 74\.3.%\.$/ }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: '구조도 저장' }).click();
    await page.getByText('SVG', { exact: true }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('vgg-d-parameters.svg');
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    const svg = Buffer.concat(chunks).toString('utf8');
    expect(svg).toContain('전체 매개변수 138');
    expect(svg).toContain('>74.3\u2009%</text>');
    expect(problems).toEqual([]);
    await context.close();
  });
});
