import { describe, expect, it } from 'vitest';
import { prunedFrame } from './prunedFrame.ts';

describe('a pruned frame', () => {
  it('keeps what is seen: elements, classes, styles and words', () => {
    const html = '<div class="a" style="width:3px"><b>7.1 M</b> a &gt; b<img src="x.svg" width="24"/></div>';
    expect(prunedFrame(html)).toBe(
      '<div class="a" style="width:3px"><b>7.1 M</b> a &gt; b<img src="x.svg" width="24"></div>',
    );
  });

  it('has no names, addresses and titles, but for those that are looked for', () => {
    expect(prunedFrame('<a href="/x" title="y" aria-label="z" tabindex="0" class="c">t</a>')).toBe(
      '<a class="c">t</a>',
    );
    expect(prunedFrame('<section id="diagram" aria-label="Diagram"></section>')).toBe(
      '<section id="diagram"></section>',
    );
    expect(prunedFrame('<div role="separator" aria-valuemin="20" aria-label="x"></div>')).toBe(
      '<div role="separator" aria-valuemin="20"></div>',
    );
    expect(prunedFrame('<span data-percent="true">100 %</span>')).toBe('<span data-percent>100 %</span>');
  });

  it('keeps the states that style sheets ask for', () => {
    const html = '<button aria-pressed="true" aria-checked="false" data-state="on">x</button>';
    expect(prunedFrame(html)).toBe(html);
  });

  it('has nothing hidden, however deep, and none of React’s comments', () => {
    const html = 'a<div hidden=""><p>b<br/>c<div>d</div></p></div>e<!-- -->f<link rel="preload" href="x"/>';
    expect(prunedFrame(html)).toBe('aef');
  });

  it('has a place where the diagram is', () => {
    const diagram = '<svg role="group" class="d"><defs><rect></rect></defs><g><text>x</text></g></svg>';
    expect(prunedFrame(`<div>${diagram}</div><svg class="icon"><path d="M0 0"></path></svg>`)).toBe(
      '<div><i data-drawing></i></div><svg class="icon"><path d="M0 0"></path></svg>',
    );
  });

  it('keeps the diagram where it is to be ready, with all that makes it one', () => {
    const diagram =
      '<svg role="group" aria-label="x" class="d"><defs><pattern id="p"></pattern></defs>' +
      '<g><g role="button" tabindex="0" aria-pressed="true" data-box="a"></g></g></svg>';
    expect(prunedFrame(`<div>${diagram}<i id="z">b</i></div>`, 'ready')).toBe(
      '<div><svg data-drawing role="group" class="d"><defs><pattern id="p"></pattern></defs>' +
        '<g><g role="button" aria-pressed="true" data-box="a"></g></g></svg><i>b</i></div>',
    );
  });
});
