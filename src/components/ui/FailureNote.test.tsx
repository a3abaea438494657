// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { changeLanguage, startI18n } from '../i18n/index.ts';
import type { Failure } from '../store/types.ts';
import { FailureNote } from './FailureNote.tsx';

beforeAll(async () => {
  await startI18n('en');
});
afterEach(async () => {
  cleanup();
  await changeLanguage('en');
});

const truncated: Failure = {
  code: 'weights-truncated',
  message: 'Short.',
  details: { file: 'a.safetensors', bytes: 1024, expectedBytes: 2048 },
};

describe('a failure', () => {
  it('is a sentence with its facts in the words of the page', () => {
    render(<FailureNote failure={truncated} />);
    expect(screen.getByRole('alert').textContent).toMatch(
      /^a\.safetensors ends too early: 1\.00.KiB of 2\.00.KiB/,
    );
  });

  it('speaks Korean when the page does', async () => {
    await changeLanguage('ko');
    render(<FailureNote failure={truncated} />);
    expect(screen.getByRole('alert').textContent).toContain('중간에 끊겼습니다');
    expect(document.documentElement.lang).toBe('ko');
  });

  it('says what was thrown where the facts for its own sentence are missing', () => {
    render(<FailureNote failure={{ ...truncated, details: {} }} />);
    expect(screen.getByRole('alert').textContent).toBe('Short.');
  });

  it('says what a file that is no picture seems to be, in the words of the page', async () => {
    const failure: Failure = {
      code: 'image-not-an-image',
      message: '',
      details: { name: 'cat.jpg', seems: 'html' },
    };
    const { rerender } = render(<FailureNote failure={failure} />);
    expect(screen.getByRole('alert').textContent).toContain('it seems to be a web page (HTML)');
    await changeLanguage('ko');
    rerender(<FailureNote failure={failure} />);
    expect(screen.getByRole('alert').textContent).toContain('웹 페이지(HTML)');
  });

  it('names what a weight file is instead, with the way out', async () => {
    const { refuse } = await import('../../workers/readers/sniff.ts');
    const { code, message, details } = refuse(new TextEncoder().encode('<!doctype html>'), 15, 'vgg16.pth');
    const failure: Failure = { code, message, details };
    const { rerender } = render(<FailureNote failure={failure} />);
    expect(screen.getByRole('alert').textContent).toContain('vgg16.pth is a web page (HTML)');
    await changeLanguage('ko');
    rerender(<FailureNote failure={failure} />);
    expect(screen.getByRole('alert').textContent).toContain('웹 페이지(HTML)');
    await changeLanguage('en');
    const { foundKinds } = await import('../../workers/readers/failures.ts');
    const facts = { file: 'f', what: 'w', wayOut: 'o', asksFor: 'a' };
    const texts = foundKinds.map((found) => {
      rerender(<FailureNote failure={{ ...failure, details: { ...facts, found } }} />);
      return screen.getByRole('alert').textContent;
    });
    expect(new Set(texts).size).toBe(foundKinds.length);
    const part = { ...details, found: 'part', what: 'holds sparse weights', wayOut: 'Export it again.' };
    rerender(<FailureNote failure={{ ...failure, details: part }} />);
    expect(screen.getByRole('alert').textContent).toContain('it holds sparse weights. Export it again.');
  });

  it('reads differently by the op that it is about', () => {
    const failure: Failure = {
      code: 'projection-undefined',
      message: '',
      details: { node: 'prob', op: 'softmax' },
    };
    render(<FailureNote failure={failure} />);
    expect(screen.getByRole('alert').textContent).toContain('mixes all classes');
  });

  it('lists the tensors that do not fit', () => {
    const details = {
      file: 'f',
      network: 'n',
      missing: ['conv1.weight', 'conv1.bias'],
      unexpected: [],
      misshaped: ['fc.weight'],
    };
    render(<FailureNote failure={{ code: 'weights-mismatch', message: '', details }} />);
    expect(screen.getByText('Missing (2)')).toBeTruthy();
    expect(screen.queryByText(/Unexpected/)).toBeNull();
    expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
      'conv1.weight',
      'conv1.bias',
      'fc.weight',
    ]);
  });

  it('offers to try again only where that can help', () => {
    const retry = vi.fn();
    const { rerender } = render(<FailureNote failure={truncated} onRetry={retry} />);
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(retry).toHaveBeenCalledOnce();
    rerender(
      <FailureNote failure={{ code: 'image-empty', message: '', details: { name: 'x' } }} onRetry={retry} />,
    );
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('that was a wish of the user is no alarm', () => {
    render(<FailureNote failure={{ code: 'cancelled', message: '', details: {} }} />);
    expect(screen.queryByRole('alert')).toBeNull();
    expect(screen.getByRole('status')).toBeTruthy();
  });
});
