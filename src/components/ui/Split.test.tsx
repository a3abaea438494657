// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Split } from './Split.tsx';

beforeEach(() => localStorage.clear());
afterEach(cleanup);

const least = { above: 20, below: 15 };
const show = () =>
  render(<Split name="test" label="Height" above="one" below="two" share={52} least={least} />);
const separator = () => screen.getByRole('separator', { name: 'Height' });
const share = () => Number(separator().getAttribute('aria-valuenow'));
const press = (key: string) => fireEvent.keyDown(separator(), { key });

describe('a split', () => {
  it('is moved by keys, as far as each part may shrink', () => {
    show();
    expect(share()).toBe(52);
    press('ArrowUp');
    expect(share()).toBe(47);
    press('End');
    expect(share()).toBe(85);
    press('ArrowDown');
    expect(share()).toBe(85);
    press('Home');
    expect(share()).toBe(20);
    fireEvent.doubleClick(separator());
    expect(share()).toBe(52);
  });

  it('follows the pointer while it is held down', () => {
    const { container } = show();
    const handle = separator();
    Object.assign(handle, { setPointerCapture: () => undefined });
    container.firstElementChild!.getBoundingClientRect = () => new DOMRect(0, 100, 300, 400);
    const at = (clientY: number) =>
      fireEvent(handle, new MouseEvent('pointermove', { clientY, bubbles: true }));
    at(200);
    expect(share()).toBe(52);
    fireEvent.pointerDown(handle);
    at(200);
    expect(share()).toBe(25);
    fireEvent(handle, new Event('lostpointercapture', { bubbles: true }));
    at(300);
    expect(share()).toBe(25);
  });

  it('keeps what was chosen for the next visit, and only what can be', () => {
    show();
    press('ArrowDown');
    cleanup();
    show();
    expect(share()).toBe(57);
    cleanup();
    localStorage.setItem('convscope:split:test', 'half');
    show();
    expect(share()).toBe(52);
    cleanup();
    localStorage.setItem('convscope:split:test', '99');
    show();
    expect(share()).toBe(85);
  });
});
