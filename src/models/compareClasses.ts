/** One of Imagenette's classes: its WordNet synset, and the index of the same synset among ImageNet-1k's classes. */
interface SharedClass {
  readonly synset: string;
  readonly imageNet: number;
}

/**
 * The ten classes of Imagenette in the order of its networks' outputs. Each is a synset of ImageNet-1k: its folders are
 * named by them. Indices: the order of ILSVRC-2012's synsets, sorted, as in timm 1.0, `data/_info/imagenet_synsets.txt`.
 */
export const imagenetteClasses: readonly SharedClass[] = [
  { synset: 'n01440764', imageNet: 0 },
  { synset: 'n02102040', imageNet: 217 },
  { synset: 'n02979186', imageNet: 482 },
  { synset: 'n03000684', imageNet: 491 },
  { synset: 'n03028079', imageNet: 497 },
  { synset: 'n03394916', imageNet: 566 },
  { synset: 'n03417042', imageNet: 569 },
  { synset: 'n03425413', imageNet: 571 },
  { synset: 'n03445777', imageNet: 574 },
  { synset: 'n03888257', imageNet: 701 },
];

/** The classes that a network knows: as many as it has outputs, of a data set. */
export interface Vocabulary {
  readonly dataset: string;
  readonly classes: readonly string[];
}

const isImageNet = ({ dataset, classes }: Vocabulary) => dataset === 'ImageNet-1k' && classes.length === 1000;
const isImagenette = ({ dataset, classes }: Vocabulary) =>
  dataset === 'Imagenette' && classes.length === imagenetteClasses.length;

/** Data sets of one world share classes; those of two worlds share none. */
export const worldOf = (vocabulary: Vocabulary): string =>
  isImageNet(vocabulary) || isImagenette(vocabulary) ? 'ImageNet-1k' : vocabulary.dataset;

/** The same for the same class, however a data set spells it. */
export function classKey(vocabulary: Vocabulary, index: number): string {
  const shared = isImagenette(vocabulary) ? imagenetteClasses[index]!.imageNet : index;
  return `${worldOf(vocabulary)} ${shared}`;
}

/** Whether a network could have answered this class at all. */
export const knowsClass = (vocabulary: Vocabulary, key: string): boolean =>
  vocabulary.classes.some((_, index) => classKey(vocabulary, index) === key);

/** One network's first five, by the indices of its own classes. */
export interface RankedAnswer extends Vocabulary {
  readonly top: readonly { readonly index: number; readonly name: string; readonly probability: number }[];
}

/** What one network says of a class: its rank and probability, or why it says nothing. */
export type ClassCell =
  | { readonly said: 'ranked'; readonly rank: number; readonly probability: number }
  /** It knows the class, but not among its first five. */
  | { readonly said: 'below' }
  /** The class is none of its data set's. */
  | { readonly said: 'unknown' };

export interface ClassRow {
  readonly key: string;
  readonly name: string;
  /** One a network, in their order. */
  readonly cells: readonly ClassCell[];
}

/** The rows of the data sets that share classes. */
export interface ClassWorld {
  readonly name: string;
  readonly datasets: readonly string[];
  readonly rows: readonly ClassRow[];
}

/**
 * The first five classes of several networks as one table: a row a class, however each data set spells it, the likeliest
 * for all networks together first; data sets that share no class apart.
 */
export function alignAnswers(answers: readonly RankedAnswer[]): readonly ClassWorld[] {
  const worlds = [...new Set(answers.map(worldOf))];
  return worlds.map((name) => {
    const within = answers.filter((answer) => worldOf(answer) === name);
    // The largest data set has the fullest names.
    const byClasses = [...within].sort((a, b) => b.classes.length - a.classes.length);
    const names = new Map<string, string>();
    for (const answer of byClasses) {
      for (const { index, name: own } of answer.top) {
        const key = classKey(answer, index);
        if (!names.has(key)) names.set(key, own);
      }
    }
    const rows = [...names].map(([key, own]) => ({
      key,
      name: own,
      cells: answers.map((a) => cellOf(a, key)),
    }));
    const weight = ({ cells }: ClassRow) =>
      cells.reduce((sum, cell) => sum + (cell.said === 'ranked' ? cell.probability : 0), 0);
    return {
      name,
      datasets: [...new Set(within.map(({ dataset }) => dataset))],
      rows: rows.sort((a, b) => weight(b) - weight(a)),
    };
  });
}

function cellOf(answer: RankedAnswer, key: string): ClassCell {
  const place = answer.top.findIndex(({ index }) => classKey(answer, index) === key);
  if (place >= 0) return { said: 'ranked', rank: place + 1, probability: answer.top[place]!.probability };
  return { said: knowsClass(answer, key) ? 'below' : 'unknown' };
}
