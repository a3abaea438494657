import type { Locator, Page } from 'playwright-core';

/** Where on the page, CSS px. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** What a user does, ready to be done: what had to be found for it has been found. */
export type Act = () => Promise<unknown>;

/** Finds what an action needs; nothing of that is measured. */
export type Aim = (hand: Hand) => Promise<Act>;

/** A hand on the page, with a mouse or a finger. */
export interface Hand {
  readonly page: Page;
  readonly touch: boolean;
}

/** Presses what is found. */
export const press =
  (find: (page: Page) => Locator): Aim =>
  async (hand) =>
    pressAt(hand, await middleOf(find(hand.page)));

export function pressAt({ page, touch }: Hand, { x, y }: Place): Act {
  return () => (touch ? page.touchscreen.tap(x, y) : page.mouse.click(x, y));
}

export async function middleOf(target: Locator): Promise<Place> {
  await target.first().scrollIntoViewIfNeeded();
  const box = await target.first().boundingBox();
  if (box === null) throw new Error(`${target} is not on the page`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** The middle of a box of the diagram that is seen whole; `folded`: of a block. */
export async function boxPlace({ page }: Hand, at = 0, folded = false): Promise<Place> {
  await page.locator('#diagram').first().scrollIntoViewIfNeeded();
  const places = await page.evaluate((blocks) => {
    const boxes = [...document.querySelectorAll(`[data-box]${blocks ? '[aria-expanded]' : ''}`)];
    return boxes.flatMap((box) => {
      const { left, top, width, height } = box.getBoundingClientRect();
      const place = { x: left + width / 2, y: top + height / 2 };
      return document.elementFromPoint(place.x, place.y)?.closest('[data-box]') === box ? [place] : [];
    });
  }, folded);
  const place = places[at % Math.max(1, places.length)];
  if (place === undefined) throw new Error('No box of the diagram is seen.');
  return place;
}

/** Chooses from a list of the browser's own. */
export const pick =
  (find: (page: Page) => Locator, value: string): Aim =>
  async ({ page }) => {
    const select = await find(page).first().elementHandle();
    return () => select!.selectOption(value);
  };

/** Scrolls what is under the pointer by this many px at a time. */
export const scroll =
  (find: (page: Page) => Locator, by: number, times = 12): Aim =>
  async ({ page, touch }) => {
    if (touch) {
      // A finger's scrolling is the browser's own: the same, without its momentum.
      const handle = await find(page).first().elementHandle();
      return () =>
        handle!.evaluate(
          async (element, [step, count]) => {
            const scroller = element.scrollHeight > element.clientHeight ? element : document.documentElement;
            for (let i = 0; i < count!; i++) {
              scroller.scrollTop += step!;
              await new Promise(requestAnimationFrame);
            }
          },
          [by, times],
        );
    }
    const { x, y } = await middleOf(find(page));
    await page.mouse.move(x, y);
    return async () => {
      for (let i = 0; i < times; i++) await page.mouse.wheel(0, by);
    };
  };

/** Drags from one place to another in steps of a frame. */
export function drag({ page, touch }: Hand, from: Place, to: Place, steps = 20): Act {
  const at = (i: number): Place => ({
    x: from.x + ((to.x - from.x) * i) / steps,
    y: from.y + ((to.y - from.y) * i) / steps,
  });
  if (!touch)
    return async () => {
      await page.mouse.move(from.x, from.y);
      await page.mouse.down();
      for (let i = 1; i <= steps; i++) await page.mouse.move(at(i).x, at(i).y);
      await page.mouse.up();
    };
  return async () => {
    const session = await page.context().newCDPSession(page);
    const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: Place[]) =>
      session.send('Input.dispatchTouchEvent', { type, touchPoints });
    await send('touchStart', [from]);
    for (let i = 1; i <= steps; i++) await send('touchMove', [at(i)]);
    await send('touchEnd', []);
    await session.detach();
  };
}
