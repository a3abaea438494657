// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { fakeEngine, fakePlatform, fakeShelfStore } from './fake.ts';
import { createAppStore, getAppStore, holdChanges, setAppStore, showChanges, useStore } from './store.ts';

afterEach(() => {
  showChanges();
  setAppStore(null);
  cleanup();
});

function Layer() {
  return <p>{useStore((s) => s.layer)}</p>;
}

const shown = () => screen.getByRole('paragraph').textContent;
const choose = (layer: string) => act(() => getAppStore().setState({ layer }));

describe('while the page is first drawn', () => {
  it('components see the store as it was, and afterwards what has changed', () => {
    setAppStore(createAppStore(fakeEngine(), fakePlatform(), fakeShelfStore()));
    choose('conv1');
    holdChanges();
    choose('conv2');
    render(<Layer />);
    expect(shown()).toBe('conv1');
    expect(useStore.getState().layer).toBe('conv2');
    choose('conv3');
    expect(shown()).toBe('conv1');

    act(showChanges);
    expect(shown()).toBe('conv3');
    choose('conv4');
    expect(shown()).toBe('conv4');
  });
});
