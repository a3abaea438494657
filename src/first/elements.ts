/**
 * As much of React as it takes to draw the diagram's own components once: `<Drawing>` makes SVG elements at once instead
 * of describing them. The build puts this file in the place of `react`, `react/jsx-runtime` and `react-i18next` in the
 * script that stands in the page itself (scripts/firstView.ts); the page's code never imports it.
 */

type Props = Readonly<Record<string, unknown>>;
type Made = Element | string | number | boolean | null | undefined | readonly Made[];

const svg = 'http://www.w3.org/2000/svg';

export function jsx(type: string | ((props: Props) => Made), props: Props): Made {
  if (typeof type !== 'string') return type(props);
  const element = document.createElementNS(svg, type);
  for (const [name, value] of Object.entries(props)) give(element, name, value);
  return element;
}
export const jsxs = jsx;
export const Fragment = ({ children }: Props): Made => children as Made;
export const memo = <T>(component: T): T => component;
export const useMemo = <T>(make: () => T): T => make();
export const useId = (): string => 'first';
/** Names of boxes are for those who can choose them: nobody can yet. */
export const useTranslation = (): { t: () => string } => ({ t: () => '' });

/** React's names of attributes that are written with a hyphen; all others here are written as they are. */
const hyphened = /^(fill|font|stroke|text)(?=[A-Z])/;
const renamed: Readonly<Record<string, string>> = { className: 'class', tabIndex: 'tabindex' };

function give(element: SVGElement, name: string, value: unknown): void {
  if (value === undefined || value === null || typeof value === 'function') return;
  if (name === 'children') append(element, value as Made);
  else if (name === 'ref') (value as { current: Element }).current = element;
  else if (name === 'style') Object.assign(element.style, value);
  else element.setAttribute(renamed[name] ?? (hyphened.test(name) ? hyphen(name) : name), String(value));
}

const hyphen = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function append(element: SVGElement, made: Made): void {
  if (Array.isArray(made)) (made as readonly Made[]).forEach((each) => append(element, each));
  else if (made instanceof Element) element.append(made);
  else if (typeof made === 'string' || typeof made === 'number') element.append(String(made));
}
