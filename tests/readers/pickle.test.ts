import { describe, expect, it } from 'vitest';
import { ConvScopeError } from '../../src/models/errors.ts';
import { unpickle } from '../../src/workers/readers/pickle.ts';
import { PickleEnds, Tuple, type Vocabulary } from '../../src/workers/readers/pickle.values.ts';
import { torchVocabulary } from '../../src/workers/readers/pytorch.objects.ts';

const latin1 = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

const nothing: Vocabulary = {
  known: () => {},
  call: (name) => {
    throw new Error(`called ${name}`);
  },
  persistent: (id) => id,
};

const load = (pickle: string) => unpickle(latin1(pickle), 0, 'p', nothing).value;

function refusal(pickle: string, vocabulary: Vocabulary = nothing): ConvScopeError {
  try {
    unpickle(latin1(pickle), 0, 'p.pth', vocabulary);
  } catch (error) {
    if (error instanceof ConvScopeError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('plain values', () => {
  const cases: readonly [string, string, unknown][] = [
    ['None', 'N.', null],
    ['a byte', 'K\xff.', 255],
    ['two bytes', 'M\x01\x02.', 513],
    ['a negative number', 'J\xfe\xff\xff\xff.', -2],
    ['a long of no bytes', '\x8a\x00.', 0],
    ['a negative long', '\x8a\x02\x00\xff.', -256],
    ['a long over 2^53', '\x8a\x08\x00\x00\x00\x00\x00\x00\x00\x40.', 2n ** 62n],
    ['a float', 'G\xbf\xf8\x00\x00\x00\x00\x00\x00.', -1.5],
    ['a number as text', 'I-12\n.', -12],
    ['true as text', 'I01\n.', true],
    ['text', 'X\x02\x00\x00\x00\xc3\xa4.', 'ä'],
    ['text of Python 2', 'U\x02ab.', 'ab'],
    ['a list', '](K\x01K\x02eK\x03a.', [1, 2, 3]],
    ['a tuple of three', 'K\x01K\x02K\x03\x87.', new Tuple([1, 2, 3])],
    ['a dict', '}(X\x01\x00\x00\x00aK\x01u.', new Map([['a', 1]])],
    ['one value twice', ']q\x05h\x05\x86.', new Tuple([[], []])],
    ['values kept by their order', 'K\x07\x94h\x00\x86.', new Tuple([7, 7])],
  ];
  it.each(cases)('%s', (_title, pickle, value) => expect(load(pickle)).toEqual(value));

  it('one value kept and recalled is the same one', () => {
    const { items } = load(']q\x05h\x05\x86.') as Tuple;
    expect(items[0]).toBe(items[1]);
  });
});

describe('what no pickler writes is damage', () => {
  it.each([
    ['an empty stack', '0.'],
    ['a mark that is not there', 't.'],
    ['a value under an open mark', 'K\x01(\x85.'],
    ['a memory that is not there', 'h\x09.'],
    ['an item of a number', 'K\x01K\x02a.'],
    ['a key without a value', '}(K\x01u.'],
    ['a call of a number', 'K\x01)R.'],
    ['a call without arguments', 'ca\nb\nK\x01R.'],
    ['an operation that does not exist', '\xff.'],
    ['a number of 255 bytes', '\x8a\xff.'],
    ['text of 2^63 bytes', '\x8d\xff\xff\xff\xff\xff\xff\xff\x7f.'],
    ['a protocol of the future', '\x80\x06N.'],
    ['a state for a list', ']}b.'],
    ['no text', 'X\x01\x00\x00\x00\xff.'],
  ])('%s', (_title, pickle) => expect(refusal(pickle).code).toBe('weights-corrupt'));

  it('an end that is not there asks for more bytes', () => {
    expect(() => load('X\xff\xff\xff\x7fab')).toThrow(PickleEnds);
    expect(() => load('(((')).toThrow(PickleEnds);
  });

  it('a file of nothing but empty lists ends before it fills the memory', () => {
    const bytes = new Uint8Array(5_000_000).fill(0x5d);
    expect(() => unpickle(bytes, 0, 'bomb', nothing)).toThrow('takes more than 2000000 steps');
  });
});

describe('nothing is run', () => {
  const torch = () => torchVocabulary('p.pth', new Map());
  it.each([
    ['os.system', 'cos\nsystem\n(X\x02\x00\x00\x00idtR.'],
    ['builtins.eval', '\x8c\x08builtins\x8c\x04eval\x93\x8c\x011\x85R.'],
    ['posix.system', '}X\x01\x00\x00\x00acposix\nsystem\ns.'],
    ['torch.nn.modules.linear.Linear', 'ctorch.nn.modules.linear\nLinear\n)\x81.'],
    ['torch.load', 'ctorch\nload\n.'],
    ['torch._utils.__builtins__.eval', 'ctorch._utils\n__builtins__.eval\n.'],
    ['toString.call', 'ctoString\ncall\n)R.'],
    ['__proto__.constructor', 'c__proto__\nconstructor\n)R.'],
  ])('%s is refused by its name', (name, pickle) => {
    const error = refusal(pickle, torch());
    expect(error.code).toBe('weights-format');
    expect(error.message).toContain(name);
    expect(error.details['asksFor']).toBe(name);
  });

  it.each([
    ['NEWOBJ', ')\x81.'],
    ['INST', '(ios\nsystem\n.'],
    ['OBJ', '(cos\nsystem\no.'],
    ['EXT1', '\x82\x01.'],
  ])('the operation %s is refused by its name', (name, pickle) => {
    expect(refusal(pickle).message).toContain(name);
  });

  it('a storage class cannot be called', () => {
    expect(refusal('ctorch\nFloatStorage\n)R.', torch()).code).toBe('weights-corrupt');
  });
});
