import { describe, expect, it } from 'vitest';
import { agreementOf } from './agreement.ts';
import { figuresOf, photos, projectionOf, rowOf } from './testRows.ts';

const wasm = rowOf('wasm');

describe('whether backends agree', () => {
  it('is asked against wasm, in units of its largest logit', () => {
    const webgpu = rowOf('webgpu', { figures: figuresOf([1, 8.004, 3]) });
    const found = agreementOf(webgpu, [webgpu, wasm])!;
    expect(found).toMatchObject({ reference: 'wasm', sameTop: true, projection: 0, agrees: true });
    expect(found.logits).toBeCloseTo(0.004 / 8, 6);
    expect(agreementOf(wasm, [webgpu, wasm])).toBeNull();
  });

  it('is denied by another first class, however small the difference', () => {
    const near = rowOf('wasm', { figures: figuresOf([1, 8, 7.9999]) });
    const webgl = rowOf('webgl', { figures: figuresOf([1, 7.9999, 8]) });
    expect(agreementOf(webgl, [near, webgl])).toMatchObject({ sameTop: false, agrees: false });
  });

  it('is denied by one wrong logit of the first', () => {
    const webgl = rowOf('webgl', { figures: figuresOf([1, 8, 3.1]) });
    expect(agreementOf(webgl, [wasm, webgl])).toMatchObject({ sameTop: true, agrees: false });
  });

  it('is denied by numbers that are none', () => {
    const webgl = rowOf('webgl', {
      figures: figuresOf([1, 8, 3], { projection: projectionOf([4, NaN, 0]) }),
    });
    expect(agreementOf(webgl, [wasm, webgl])).toMatchObject({
      sameTop: true,
      projection: NaN,
      agrees: false,
    });
  });

  it('is denied by a wrong projection of the same unit only', () => {
    const other = (channel: number) =>
      rowOf('cpu', { figures: figuresOf([1, 8, 3], { projection: projectionOf([4, 2, 0], channel) }) });
    expect(agreementOf(other(3), [wasm, other(3)])).toMatchObject({ projection: 1, agrees: false });
    expect(agreementOf(other(5), [wasm, other(5)])).toMatchObject({ projection: null, agrees: true });
  });

  it('is not asked of another network, of a row without an answer, or of one alone', () => {
    const elsewhere = rowOf('wasm', { bench: photos });
    const { startMs, samples } = figuresOf([1, 8, 3]);
    const silent = { startMs: startMs!, samples };
    const cpu = rowOf('cpu');
    expect(agreementOf(cpu, [cpu, elsewhere])).toBeNull();
    expect(agreementOf(rowOf('cpu', { figures: silent }), [wasm])).toBeNull();
    expect(agreementOf(cpu, [cpu, rowOf('wasm', { figures: silent })])).toBeNull();
  });
});
