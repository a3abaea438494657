import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { members } from '../../src/models/zoo/index.ts';
import { samplePath } from '../../tests/browser/steps.ts';
import { boxPlace, drag, middleOf, pick, press, pressAt, scroll, type Aim, type Hand } from './hand.ts';

export interface Action {
  readonly name: string;
  readonly aim: Aim;
  /** Frames that have no such thing leave it out. */
  readonly only?: 'wide' | 'phone';
  /** How long the page works on it, beside the usual rest, ms: answers come from elsewhere. */
  readonly works?: number;
}

/** Actions one after the other, on a page that has just been opened. */
export interface Walk {
  readonly name: string;
  readonly actions: readonly Action[];
}

const button = (name: string | RegExp) => (page: Page) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });
const named = (ref: string) => members.find(({ id }) => id === ref)!.name;
const act = (name: string, aim: Aim, rest: Partial<Action> = {}): Action => ({ name, aim, ...rest });
const wide = { only: 'wide' } as const;

/** On a phone the list of networks and the page's tools are in a sheet. */
async function openSheet({ page, touch }: Hand): Promise<void> {
  if (touch && (await page.getByRole('dialog').count()) === 0)
    await page.getByRole('button', { name: 'Networks', exact: true }).click();
}
const inSheet =
  (aim: Aim): Aim =>
  async (hand) => {
    await openSheet(hand);
    await hand.page.waitForTimeout(300);
    return aim(hand);
  };

const chooseNetwork = (ref: string, works = 0): Action =>
  act(
    `to ${named(ref)}`,
    inSheet(async (hand) => {
      const { page } = hand;
      await page.getByRole('searchbox', { name: 'Search networks' }).fill(named(ref));
      const exact = named(ref).replace(/[()+.]/g, '\\$&');
      const found = new RegExp(`^${exact}\\s*(,\\s*weights at hand)?\\s*([\\d.].* parameters)?$`);
      const item = page.getByRole('navigation', { name: 'Networks' }).getByRole('button', { name: found });
      await item.last().waitFor();
      await page.waitForTimeout(500);
      return pressAt(hand, await middleOf(item.last()));
    }),
    { works },
  );
/** The list as it was, for what comes next. */
const clearSearch: Action = act(
  'ending a search',
  press((page) => page.getByRole('button', { name: 'Clear' })),
  wide,
);

const pressBox =
  (at: number, folded = false): Aim =>
  async (hand) =>
    pressAt(hand, await boxPlace(hand, at, folded));
const unfoldOne: Aim = async (hand) => {
  const place = await boxPlace(hand, 1, true);
  const { page, touch } = hand;
  if (!touch) return () => page.mouse.dblclick(place.x, place.y);
  return async () => {
    await page.touchscreen.tap(place.x, place.y);
    await page.touchscreen.tap(place.x, place.y);
  };
};
const drawing = (page: Page): Locator => page.locator('#diagram svg[role=group]').first();

const zoomAndPan: Aim = async (hand) => {
  const { page, touch } = hand;
  const { x, y } = await middleOf(drawing(page));
  if (touch) return drag(hand, { x: x + 120, y }, { x: x - 120, y });
  await page.mouse.move(x, y);
  return async () => {
    for (const by of [...Array<number>(12).fill(-80), ...Array<number>(12).fill(80)])
      await page.mouse.wheel(0, by);
    await drag(hand, { x, y: y + 5 }, { x: x - 300, y: y + 5 })();
  };
};
const hover: Aim = async (hand) => {
  const places = [await boxPlace(hand, 0), await boxPlace(hand, 3), await boxPlace(hand, 6)];
  return async () => {
    for (const { x, y } of places) {
      await hand.page.mouse.move(x, y, { steps: 3 });
      await hand.page.waitForTimeout(60);
    }
  };
};
const dragBorder: Aim = async (hand) => {
  const { x, y } = await middleOf(hand.page.getByRole('separator'));
  const there = drag(hand, { x, y }, { x, y: y - 160 });
  const back = drag(hand, { x, y: y - 160 }, { x, y: y + 40 });
  return async () => {
    await there();
    await back();
  };
};

/** What is done with the diagram of a network that is open. */
const withDiagram = (ref: string, foldable = true): readonly Action[] => {
  const of = (name: string, aim: Aim, rest: Partial<Action> = {}) => act(`${named(ref)}: ${name}`, aim, rest);
  const folding: readonly Action[] = [
    of('unfold a block', unfoldOne),
    of('unfold all', press(button('Unfold all blocks'))),
    of('choose a layer, unfolded', pressBox(2)),
    of('zoom and pan, unfolded', zoomAndPan),
    of('hover, unfolded', hover, wide),
    of('drag the border, unfolded', dragBorder, wide),
  ];
  return [
    of('choose a layer', pressBox(3)),
    of('zoom and pan', zoomAndPan),
    of('fit', press(button('Fit (f)'))),
    of('hover', hover, wide),
    of('drag the border', dragBorder, wide),
    ...(foldable ? folding : []),
    of('open the choice of overlays', press(button(/^Colour by/))),
    of(
      'colour by MACs',
      press((page) => page.getByRole('menuitemradio', { name: 'MACs' })),
    ),
    of('colour by parameters', async (hand) => {
      await button(/^Colour by/)(hand.page).click();
      return press((page) => page.getByRole('menuitemradio', { name: 'parameters' }))(hand);
    }),
    of('colour by activations', async (hand) => {
      await button(/^Colour by/)(hand.page).click();
      return press((page) => page.getByRole('menuitemradio').first())(hand);
    }),
    ...(foldable ? [of('fold all', press(button('Fold all blocks')))] : []),
  ];
};

const theTools = (where: string): readonly Action[] => [
  act(`${where}: Korean`, inSheet(press((page) => page.getByRole('radio', { name: '한국어' })))),
  act(
    `${where}: English`,
    press((page) => page.getByRole('radio', { name: 'English' })),
  ),
  act(
    `${where}: light colours`,
    press((page) => page.getByRole('button', { name: /^Colours: / })),
  ),
  act(
    `${where}: dark colours`,
    press((page) => page.getByRole('button', { name: /^Colours: / })),
  ),
];

const dropPicture: Aim = async ({ page }) => {
  const base64 = readFileSync(samplePath('cat.jpg')).toString('base64');
  const dataTransfer = await page.evaluateHandle((data) => {
    const transfer = new DataTransfer();
    const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
    transfer.items.add(new File([bytes], 'cat.jpg', { type: 'image/jpeg' }));
    return transfer;
  }, base64);
  return async () => {
    await page.dispatchEvent('body', 'dragenter', { dataTransfer });
    await page.dispatchEvent('body', 'drop', { dataTransfer });
  };
};
const escape: Aim =
  async ({ page }) =>
  () =>
    page.keyboard.press('Escape');
const typing =
  (find: (page: Page) => Locator, text: string): Aim =>
  async ({ page }) => {
    await find(page).first().focus();
    return () => page.keyboard.type(text, { delay: 30 });
  };
const column = (name: RegExp) => press((page) => page.locator('thead').first().getByRole('button', { name }));
const heading =
  (name: string): Aim =>
  async ({ page }) => {
    const found = await page.getByRole('heading', { name }).first().elementHandle();
    return () => found!.evaluate((element) => element.scrollIntoView({ block: 'start' }));
  };
const inPair = (page: Page): Locator => page.locator('section:has(#compare-pair)');
const pressPair = (at: number): Aim => press((page) => inPair(page).locator('[aria-pressed]').nth(at));
const layerSheet = act(
  'open the layer',
  press((page) => page.locator('#layer')),
  { only: 'phone', works: 1000 },
);

export const walks: readonly Walk[] = [
  {
    name: 'networks',
    actions: [
      ...['lenet-5', 'vgg-d', 'googlenet', 'resnet-50', 'resnet-152', 'densenet-201', 'inception-v4'].map(
        (ref) => chooseNetwork(ref),
      ),
      chooseNetwork('efficientnet-lite0', 3000),
      chooseNetwork('fractalnet-40'),
      clearSearch,
    ],
  },
  ...['resnet-152', 'densenet-201', 'inception-v4', 'fractalnet-40', 'vgg-d'].map((ref): Walk => ({
    name: ref,
    actions: [chooseNetwork(ref), ...withDiagram(ref, ref !== 'vgg-d')],
  })),
  {
    name: 'unfolding',
    actions: ['resnet-50', 'googlenet', 'efficientnet-lite0'].flatMap((ref) => [
      chooseNetwork(ref, ref === 'efficientnet-lite0' ? 3000 : 0),
      act(`${named(ref)}: unfold all`, press(button('Unfold all blocks'))),
      act(`${named(ref)}: fold all`, press(button('Fold all blocks'))),
    ]),
  },
  {
    name: 'layers',
    actions: [
      chooseNetwork('efficientnet-lite0', 3000),
      act('EfficientNet-Lite0: choose a layer, with maps', pressBox(4), { works: 1000 }),
      layerSheet,
      act('close the layer', escape, { only: 'phone' }),
      act('drop a picture', dropPicture, { works: 2000 }),
      act(
        'choose a map',
        press((page) => page.locator('[role=listbox] [role=option]')),
        { ...wide, works: 1000 },
      ),
      act(
        'open the layer table',
        press((page) => page.getByRole('radio', { name: 'Layer table' })),
      ),
      act(
        'layer table: scroll',
        scroll((page) => page.getByRole('region', { name: /^Layers of/ }), 300),
      ),
      act('layer table: sort by MACs', column(/MACs/)),
      act('layer table: sort by settings', column(/Settings/)),
      act(
        'layer table: choose a layer',
        press((page) => page.locator('tbody th button').nth(3)),
        {
          works: 1000,
        },
      ),
      act(
        'back to the diagram',
        press((page) => page.getByRole('radio', { name: 'Diagram', exact: true })),
      ),
      chooseNetwork('resnet-152'),
      act(
        'ResNet-152: open the layer table',
        press((page) => page.getByRole('radio', { name: 'Layer table' })),
        { only: 'phone' },
      ),
      act('ResNet-152: layer table, sort by MACs', column(/MACs/)),
      act('ResNet-152: layer table, sort by settings', column(/Settings/)),
      act(
        'ResNet-152: layer table, scroll',
        scroll((page) => page.getByRole('region', { name: /^Layers of/ }), 600),
      ),
    ],
  },
  {
    name: 'page',
    actions: [
      act('open what computes', press(button(/wasm/))),
      act('close it', escape),
      ...theTools('ZFNet'),
      act('open the keys', press(button('Keys'))),
      act('close the keys', escape),
      act('open About', inSheet(press(button('About ConvScope')))),
      act('close About', escape),
      act('close the menu', escape, { only: 'phone' }),
      act(
        'open the weights',
        press((page) => page.locator('dl dd button')),
      ),
      act('close the weights', escape),
      act('open the menu of saving', press(button('Save the diagram'))),
      act('close the menu of saving', escape),
      act('open the parameters', press(button('Parameters'))),
      act('search layers', press(button('Search layers (/)'))),
      act(
        'search layers: typing',
        typing((page) => page.getByPlaceholder('Layer or op'), 'conv'),
      ),
      act('end the search', escape),
      chooseNetwork('resnet-152'),
      act('ResNet-152: unfold all', press(button('Unfold all blocks'))),
      ...theTools('ResNet-152 unfolded'),
    ],
  },
  {
    name: 'table',
    actions: [
      act('open the table of networks', inSheet(press(button('All networks as a table')))),
      act('table of networks: sort by parameters', column(/Parameters/)),
      act('table of networks: sort by name', column(/Network|Name/)),
      act(
        'table of networks: scroll',
        scroll((page) => page.locator('main [role=region]'), 300),
      ),
      act(
        'table of networks: search',
        typing((page) => page.locator('main').getByRole('searchbox'), 'resnet'),
      ),
      act(
        'table of networks: end of the search',
        press((page) => page.locator('main').getByRole('button', { name: 'Clear' })),
      ),
      act(
        'table of networks: open the filter',
        press((page) => page.locator('main').getByRole('button', { name: 'Filter' })),
        { only: 'phone' },
      ),
      act(
        'table of networks: filter',
        press((page) => page.locator('main').getByRole('button', { name: 'residual' })),
      ),
      act(
        'table of networks: no filter',
        press((page) => page.locator('main').getByRole('button', { name: 'Clear' })),
      ),
      ...theTools('table of networks'),
      act('back to the diagram', press(button('All networks as a table')), wide),
    ],
  },
  {
    name: 'compare',
    actions: [
      act('open the comparison', inSheet(press(button('Compare networks')))),
      act(
        'comparison: type a network',
        typing((page) => page.getByRole('combobox', { name: 'Add a network' }), 'densenet201'),
      ),
      act(
        'comparison: add it',
        async ({ page }) =>
          () =>
            page.keyboard.press('Enter'),
      ),
      act('comparison: sort', column(/Parameters/)),
      act(
        'comparison: chart by memory',
        pick((page) => page.locator('section:has(#compare-bubbles)').locator('select').nth(1), 'memory'),
      ),
      act(
        'comparison: chart of papers',
        press((page) => page.locator('section:has(#compare-bubbles)').getByRole('radio').nth(1)),
      ),
      act(
        'comparison: point at the chart',
        async ({ page }) => {
          const { x, y } = await middleOf(
            page.locator('section:has(#compare-bubbles) [data-target]').nth(20),
          );
          return () => page.mouse.move(x, y, { steps: 10 });
        },
        wide,
      ),
      act('comparison: to the sliders', heading('A network of one’s own size')),
      act('comparison: to the pair of diagrams', heading('Two diagrams side by side')),
      act('comparison: another pair', pressPair(2)),
      act('comparison: ResNet-50 and ResNeXt', pressPair(4)),
      act('comparison: pair, choose a layer', async (hand) =>
        pressAt(hand, await middleOf(inPair(hand.page).locator('[data-box]').nth(4))),
      ),
      act(
        'comparison: pair, unfold all',
        press((page) => inPair(page).getByRole('button', { name: /Unfold all/ })),
      ),
      act('comparison: to the stages', heading('Where the size sits')),
      act(
        'comparison: by layers',
        press((page) => page.locator('section:has(#compare-stages)').getByRole('radio').nth(1)),
      ),
      act(
        'comparison: to the end',
        async ({ page }) =>
          () =>
            page.evaluate(() =>
              [...document.querySelectorAll('main, html')].forEach(
                (each) => (each.scrollTop = each.scrollHeight),
              ),
            ),
      ),
      ...theTools('comparison'),
      act('back to the diagram', press(button('Compare networks')), wide),
    ],
  },
];
