import { describe, expect, it } from 'vitest';
import { networkCost } from '../cost.ts';
import type { ConvScopeError } from '../errors.ts';
import { nodesById } from '../lookup.ts';
import { buildNetwork, families, parseReference, referenceTo, weightsFor } from './index.ts';
import { notesOf } from './notes.ts';
import {
  boolean,
  choice,
  defaultSettings,
  formatSettings,
  int,
  number,
  parseSettings,
  refusalOf,
} from './settings.ts';
import type { ParameterSpec, SettingValue } from './settings.ts';

function refusal(act: () => unknown): ConvScopeError {
  try {
    act();
  } catch (caught) {
    return caught as ConvScopeError;
  }
  throw new Error('it was accepted');
}

const label = { en: 'label', ko: '이름' };
const specs = {
  depth: int(label, { min: 8, max: 1202, step: 6 }, 20),
  alpha: number(label, { min: 0.25, max: 2, step: 0.25 }, 1),
  option: choice(label, ['A', 'B', 'C'], 'A'),
  groups: choice(label, [1, 2, 4], 1),
  aux: boolean(label, false),
};
const base = defaultSettings(specs);
const parse = (query: string) => parseSettings('net', specs, base, query);

/** A refusal says in both languages what was asked for and what is possible. */
function expectRefused(error: ConvScopeError, sentence: RegExp): void {
  expect(error.code).toBe('bad-parameter');
  expect(error.message).toMatch(sentence);
  const { en, ko } = refusalOf(error);
  expect(en).toBe(error.message);
  expect(ko).toMatch(/[가-힣].*\.$/);
  const numbers = (text: string) => [...new Set(text.match(/\d+(\.\d+)?/g))].sort();
  expect(numbers(ko)).toEqual(numbers(en));
}

describe('settings of a query', () => {
  it('replace the defaults, by type', () => {
    expect(parse('')).toEqual({ depth: 20, alpha: 1, option: 'A', groups: 1, aux: false });
    expect(parse('depth=1202&alpha=0.37&option=C&groups=4&aux=true')).toEqual({
      depth: 1202,
      alpha: 0.37,
      option: 'C',
      groups: 4,
      aux: true,
    });
    expect(parse('alpha=1.0')).toEqual(base);
  });

  it.each([
    ['depth=21', /net has no depth=21\. Possible: 8, 14, 20, \.\.\. 1202\./],
    ['depth=1208', /Possible: 8, 14, 20, \.\.\. 1202\./],
    ['depth=2e1', /no depth=2e1/],
    ['depth=', /no depth=\./],
    ['alpha=0.2', /Possible: a number from 0\.25 to 2\./],
    ['alpha=NaN', /no alpha=NaN/],
    ['option=a', /Possible: A, B, C\./],
    ['option', /no option=\./],
    ['groups=3', /Possible: 1, 2, 4\./],
    ['aux=1', /Possible: true or false\./],
    ['widht=2', /no parameter 'widht'\. Nearest: .*All: depth \(8, 14, 20, \.\.\. 1202\); alpha \(/],
    ['toString=1', /no parameter 'toString'/],
    ['depth=20&depth=26', /got depth twice/],
  ])('%s is refused with what is possible', (query, sentence) => {
    expectRefused(
      refusal(() => parse(query)),
      sentence,
    );
  });

  it('are written back shortest, in the order of the specs', () => {
    expect(formatSettings(specs, base, parse('aux=true&depth=56'))).toBe('depth=56&aux=true');
    expect(formatSettings(specs, base, base)).toBe('');
  });
});

describe('references', () => {
  it.each([
    ['alexnet', 'alexnet-2012'],
    ['alexnet?form=caffenet', 'caffenet'],
    ['alexnet?groups=1&form=2014&input=224', 'alexnet-one-tower'],
    ['caffenet?form=2012', 'alexnet-2012'],
    ['mobilenet-v1?alpha=0.50', 'mobilenet-v1-050'],
    ['vgg?configuration=E&bn=true', 'vgg-e-bn'],
    ['vgg-e?bn=true', 'vgg-e-bn'],
    ['googlenet-torchvision?aux=true', 'googlenet?form=torchvision&aux=true'],
    ['vgg-a?classes=10', 'vgg?configuration=A&classes=10'],
    ['googlenet?', 'googlenet'],
  ])('%s is %s', (ref, shortest) => {
    expect(parseReference(ref).ref).toBe(shortest);
    expect(buildNetwork(ref)).toBe(buildNetwork(shortest));
    expect(buildNetwork(ref).ref).toBe(shortest);
    const { family, settings } = parseReference(ref);
    expect(referenceTo(family, settings)).toBe(shortest);
  });

  it.each([
    ['alexnet?form=2014', /needs groups=1/],
    ['vgg?configuration=A-LRN&bn=true', /A, B, C, D and E are possible/],
    ['lenet?input=28', /needs input=32 or more/],
    ['inception-v3?aux=true&resolution=267', /may be 299, 331/],
    ['googlenet?depth=10', /All: form \(paper, torchvision\); module/],
    ['alexnet-2012?classes=1', /a whole number from 2 to 100000/],
  ])('%s is refused with what is possible', (ref, sentence) => {
    expectRefused(
      refusal(() => buildNetwork(ref)),
      sentence,
    );
  });

  it('unlisted settings have no published errors and say so', () => {
    const { info, expect: figures } = buildNetwork('vgg?configuration=D&classes=10');
    const { publishedErrors, deviations } = notesOf(info.id);
    expect(info.id).toBe('vgg?classes=10');
    expect([info.classes, info.depth, publishedErrors.length, figures]).toEqual([10, 16, 0, undefined]);
    expect(deviations[0]!.en).toMatch(/not a published network's.*VGG D.*classes=10/);
    expect(deviations[0]!.ko).toMatch(/발표된 망의 설정이 아니다/);
  });

  it('what was published at other settings has its own errors', () => {
    const { publishedErrors, deviations } = notesOf('mobilenet-v1?resolution=160');
    const paper = publishedErrors.filter(({ series }) => series === 'paper');
    expect(paper.map(({ top1 }) => top1)).toEqual([32.8]);
    expect(publishedErrors.every(({ cropPx }) => cropPx === 160)).toBe(true);
    expect(deviations[0]!.en).toMatch(/^This form was published beside MobileNet v1, width 1\.0/);
    expect(notesOf('mobilenet-v1?resolution=256').publishedErrors.map(({ cropPx }) => cropPx)).not.toContain(
      224,
    );
    expect(notesOf('mobilenet-v1?resolution=160&classes=10').publishedErrors).toEqual([]);
  });

  it('training-only structure changes counts, not the answer: the errors stay', () => {
    const plain = buildNetwork('googlenet');
    const trained = buildNetwork('googlenet?aux=true');
    const notes = notesOf('googlenet-torchvision?aux=true');
    expect(notes.publishedErrors).toBe(notesOf('googlenet-torchvision').publishedErrors);
    expect(notes.deviations[0]!.en).toMatch(/as it is trained \(aux=true\)/);
    const once = (ref: string) =>
      notesOf(ref).publishedErrors.map((error) => ({ ...error, comparable: false }));
    expect(notesOf('googlenet-aux').publishedErrors).toEqual(once('googlenet'));
    expect(networkCost(trained.graph).params - networkCost(plain.graph).params).toBe(3_188_840 + 3_190_888);
    expect(trained.graph.output).toBe('softmax');
    expect(networkCost(trained.graph).peak).toEqual(networkCost(plain.graph).peak);
  });

  it.each([
    ['wide-resnet?classes=100', 'CIFAR-100'],
    ['wide-resnet?k=6', 'CIFAR-10'],
    ['cifar-resnet?depth=32&input=28x28x1', 'Fashion-MNIST'],
    ['cifar-resnet?classes=100', 'CIFAR-100'],
    ['nin?data=imagenet&classes=10', ''],
    ['nin?classes=100', 'CIFAR-100'],
    ['zfnet-imagenette?dropout=false', 'Imagenette'],
    ['mobilenet-v1-100?classes=1001', 'ImageNet-1k'],
    ['resnet-50?resolution=256', 'ImageNet-1k'],
    ['resnet-50?classes=37', ''],
  ])('the data set of %s is %s', (ref, dataset) => {
    expect(buildNetwork(ref).info.dataset).toBe(dataset);
  });

  it('the weights of a network are those of its training forms', () => {
    const entries = [
      { network: 'zfnet-imagenette' },
      { network: 'efficientnet-lite0' },
      { network: 'googlenet' },
    ];
    const found = (ref: string) => weightsFor(entries, ref)?.network;
    expect(found('zfnet-imagenette')).toBe('zfnet-imagenette');
    expect(found('zfnet-imagenette?dropout=false')).toBe('zfnet-imagenette');
    expect(found('efficientnet-lite?dropout=0.5')).toBe('efficientnet-lite0');
    expect(found('googlenet-aux')).toBe('googlenet');
    expect(found('zfnet')).toBeUndefined();
    expect(found('zfnet-imagenette?fc6=256')).toBeUndefined();
    expect(found('googlenet-torchvision')).toBeUndefined();
    const [conv1] = buildNetwork('zfnet-imagenette?dropout=false').graph.nodes.slice(1);
    for (const ref of ['zfnet-imagenette', 'zfnet-imagenette?dropout=false'])
      expect(buildNetwork(ref).names['convscope']!(conv1!, 'weight')).toBe('features.0.weight');
  });

  it('dropout can be left out', () => {
    for (const ref of [
      'alexnet',
      'zfnet',
      'vgg',
      'nin',
      'googlenet',
      'inception-v3',
      'inception-v4',
      'squeezenet',
    ])
      expect(
        buildNetwork(`${ref}?dropout=false`).graph.nodes.filter(({ op }) => op.kind === 'dropout'),
        ref,
      ).toEqual([]);
  });
});

describe("figures of the papers' variants", () => {
  it('MobileNet of full convolutions, and the shallow one (Tables 4 and 5)', () => {
    // 4,867,293,184 in all; the printed 4866 million are reached without the classifier's 1,024,000.
    const full = networkCost(buildNetwork('mobilenet-v1?convolution=full').graph);
    expect([Math.trunc((full.macs - 1_024_000) / 1e6), (full.params / 1e6).toFixed(1)]).toEqual([
      4866,
      '29.3',
    ]);
    const shallow = networkCost(buildNetwork('mobilenet-v1?shallow=true').graph);
    expect([Math.trunc(shallow.macs / 1e6), (shallow.params / 1e6).toFixed(1)]).toEqual([307, '2.9']);
  });

  it('a simple bypass of SqueezeNet costs no parameters', () => {
    const { graph } = buildNetwork('squeezenet?bypass=true');
    expect(networkCost(graph).params).toBe(1_248_424);
    expect(graph.nodes.filter(({ op }) => op.kind === 'add').map(({ id }) => id)).toEqual([
      'fire3/bypass',
      'fire5/bypass',
      'fire7/bypass',
      'fire9/bypass',
    ]);
  });

  it('the blocks of Inception v4 cost what the table of papers.md says', () => {
    const params = (ref: string): number => networkCost(buildNetwork(ref).graph).params;
    const whole = params('inception-v4');
    expect(whole - params('inception-v4?a=3')).toBe(317_632);
    expect(whole - params('inception-v4?b=6')).toBe(2_936_256);
    expect(whole - params('inception-v4?c=2')).toBe(4_553_088);
  });
});

/** The ends of a parameter's range, or all its values. */
function extremes(spec: ParameterSpec): readonly SettingValue[] {
  if (spec.kind === 'boolean') return [true, false];
  if (spec.kind === 'choice') return spec.values;
  const last = spec.kind === 'int' ? spec.max - ((spec.max - spec.min) % spec.step) : spec.max;
  return [spec.min, last];
}

describe.each(families.map((each) => [each.id, each] as const))('%s', (id, family) => {
  it('has a default within every range, and labels in both languages', () => {
    expect(parseReference(`${id}?`).ref).toBe(parseReference(id).ref);
    for (const [key, spec] of Object.entries(family.parameters)) {
      const again = parseSettings(id, family.parameters, {}, `${key}=${String(spec.default)}`);
      expect(again[key]).toBe(spec.default);
      expect(spec.label.en).not.toBe('');
      expect(spec.label.ko).not.toBe('');
    }
  });

  it('builds at the ends of every range, or refuses with a sentence', () => {
    for (const [key, spec] of Object.entries(family.parameters)) {
      for (const value of extremes(spec)) {
        const ref = `${id}?${key}=${String(value)}`;
        let fault: ConvScopeError | null = null;
        try {
          // Valid graphs only: build validates. Every node's shape is positive.
          for (const { shape } of nodesById(buildNetwork(ref).graph).values())
            expect(shape.every((size) => size > 0)).toBe(true);
        } catch (caught) {
          fault = caught as ConvScopeError;
        }
        if (fault) {
          expect(fault.code, ref).toBe('bad-parameter');
          expect(family.check?.(parseSettingsOf(ref)), ref).toEqual(refusalOf(fault));
        }
      }
    }
  });

  function parseSettingsOf(ref: string) {
    return parseSettings(id, family.parameters, defaultSettings(family.parameters), ref.split('?')[1]!);
  }
});
