// @vitest-environment jsdom
import { act, cleanup, render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { startI18n } from '../i18n/index.ts';
import { fakeEngine, fakePlatform, fakeShelfStore } from '../store/fake.ts';
import { createAppStore, setAppStore } from '../store/store.ts';
import { ChosenPicture } from './ChosenPicture.tsx';

afterEach(() => {
  cleanup();
  setAppStore(null);
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

vi.mock('./decodePicture.ts', () => ({ decodePicture: (blob: Blob) => createImageBitmap(blob) }));

it('a picture that comes back after one that could not be had is decoded again: what was shown is closed', async () => {
  const closed = new Set<object>();
  const drawn: object[] = [];
  vi.stubGlobal('createImageBitmap', async () => {
    const bitmap = { width: 4, height: 4, close: () => void closed.add(bitmap) };
    return bitmap;
  });
  const drawImage = (bitmap: object) => {
    expect(closed).not.toContain(bitmap);
    drawn.push(bitmap);
  };
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue({ drawImage } as never);
  await startI18n('en');
  const store = createAppStore(fakeEngine(), fakePlatform(), fakeShelfStore());
  setAppStore(store);
  await store.boot();
  const picture = new Blob(['a cat']);
  const choose = (chosenPicture: () => Promise<Blob>) => act(async () => store.setState({ chosenPicture }));

  await choose(async () => picture);
  render(<ChosenPicture />);
  await screen.findByRole('img');
  await choose(() => Promise.reject(new Error('gone')));
  await waitFor(() => expect(screen.queryByRole('img')).toBeNull());
  await choose(async () => picture);
  await screen.findByRole('img');
  expect([drawn.length, closed.size]).toEqual([2, 1]);
});
