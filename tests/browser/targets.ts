import type { Page } from 'playwright-core';

/** Where a finger or a mouse can press, in CSS pixels of the window. */
interface Target {
  readonly name: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** A link or button within a line of text, which is as high as the line. */
  readonly inText: boolean;
  /** The places in the list of the targets that this one lies in. */
  readonly within: readonly number[];
}

/** Every target that is drawn on the page as it stands; what `except` matches is left out. */
async function targetsOf(page: Page, except: readonly string[]): Promise<readonly Target[]> {
  return page.evaluate((left) => {
    const pressed =
      'a[href], button, summary, select, textarea, input:not([type=hidden]), ' +
      ['button', 'link', 'option', 'checkbox', 'radio', 'switch', 'slider', 'tab', 'menuitem', 'separator']
        .map((role) => `[role=${role}][tabindex]`)
        .join(', ');
    /** A control is pressed anywhere on the label that it stands in, a box to tick on its label beside it, too. */
    const pressedOf = (element: Element) => {
      const ticked = element.matches('[type=checkbox], [type=radio]');
      const beside = ticked ? (element as HTMLInputElement).labels?.[0] : undefined;
      return (element.matches('input') && element.closest('label')) || beside || element;
    };
    const hidden = (element: Element) =>
      !element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) ||
      element.closest('[inert], .visually-hidden') !== null ||
      getComputedStyle(element).pointerEvents === 'none' ||
      element.matches(':disabled, [aria-disabled=true]');
    /** The part of the box that its scrolling ancestors let be seen. */
    const seen = (element: Element) => {
      const box = element.getBoundingClientRect();
      let { left, top, right, bottom } = box;
      for (let outer = element.parentElement; outer; outer = outer.parentElement) {
        if (getComputedStyle(outer).overflow === 'visible') continue;
        const clip = outer.getBoundingClientRect();
        [left, top] = [Math.max(left, clip.left), Math.max(top, clip.top)];
        [right, bottom] = [Math.min(right, clip.right), Math.min(bottom, clip.bottom)];
      }
      // What is kept above the page comes down when the keyboard gets there.
      const above = bottom <= 0 && getComputedStyle(element).position === 'fixed';
      return right - left > 1 && bottom - top > 1 && !above;
    };
    const inText = (element: Element) => {
      if (getComputedStyle(element).display !== 'inline') return false;
      const beside = [...(element.parentElement?.childNodes ?? [])].filter((node) => node !== element);
      return beside.some((node) => node.nodeType === Node.TEXT_NODE && /\p{L}/u.test(node.textContent ?? ''));
    };
    const elements = [...new Set([...document.querySelectorAll(pressed)].map(pressedOf))].filter(
      (element) => !left.some((each) => element.closest(each)) && !hidden(element) && seen(element),
    );
    return elements.map((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      const text = element.getAttribute('aria-label') ?? element.textContent ?? '';
      const role = element.getAttribute('role') ?? element.tagName.toLowerCase();
      return {
        ...{ left, top, width, height },
        name: `${role} ${text.replace(/\s+/g, ' ').trim().slice(0, 40)}`,
        inText: inText(element),
        within: elements.flatMap((other, i) => (other !== element && other.contains(element) ? [i] : [])),
      };
    });
  }, except);
}

/**
 * What is hard to hit on the page as it stands, by the rule of WCAG 2.5.8: a target is 24 x 24 px or more, or a circle of 24 px
 * around its centre meets no other target and no such circle of another small one. Links within text are excepted; what has
 * an equivalent on the page is named in `except`, as selectors. One line a target.
 */
export async function smallTargets(page: Page, except: readonly string[] = []): Promise<string[]> {
  const targets = await targetsOf(page, except);
  const small = (t: Target) => t.width < 23.99 || t.height < 23.99;
  const centre = (t: Target) => [t.left + t.width / 2, t.top + t.height / 2] as const;
  const crowds = (t: Target, other: Target) => {
    const [x, y] = centre(t);
    const [otherX, otherY] = centre(other);
    if (small(other) && Math.hypot(x - otherX, y - otherY) < 23.99) return true;
    const dx = Math.max(other.left - x, 0, x - other.left - other.width);
    const dy = Math.max(other.top - y, 0, y - other.top - other.height);
    return Math.hypot(dx, dy) < 11.99;
  };
  return targets.flatMap((target, i) => {
    if (target.inText || !small(target)) return [];
    const near = targets.find(
      (other, j) =>
        j !== i && !target.within.includes(j) && !other.within.includes(i) && crowds(target, other),
    );
    return near ? [`${sizeOf(target)} beside ${sizeOf(near)}`] : [];
  });
}

/** Targets that are less than `px` high, for pages that are used with a finger; `except` as above. */
export async function lowTargets(page: Page, px: number, except: readonly string[] = []): Promise<string[]> {
  const targets = await targetsOf(page, except);
  return targets.filter((t) => !t.inText && t.height < px - 0.01).map(sizeOf);
}

const sizeOf = ({ name, left, top, width, height }: Target) =>
  `${name} (${[width, height].map((px) => px.toFixed(1)).join(' x ')} at ${[left, top].map(Math.round).join(', ')})`;
