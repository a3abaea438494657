import records from './ilsvrc.json';

/** One entry of a year's challenge, as the official results page lists it; errors on the test set, in percent. */
export interface ChallengeEntry {
  readonly year: number;
  readonly place?: number;
  readonly team: string;
  /** The id of the network that it was made of, where that is known. */
  readonly network?: string;
  readonly model: string;
  readonly depth?: number;
  readonly top5Error: number;
  /** 'external': trained with data beside the challenge's. */
  readonly data: string;
  readonly models?: number;
  readonly winner?: boolean;
  readonly note?: string;
  readonly source: string;
}

/** A figure on the challenge's test set that a paper prints beside the entries. */
export interface PaperFigure {
  readonly year: number;
  readonly label: string;
  readonly models?: number | string;
  readonly top5Error: number;
  readonly note?: string;
  readonly source: string;
}

export interface HumanEstimate {
  readonly label: string;
  readonly top5Error: number;
  readonly images: number;
  readonly training: string;
  readonly note: string;
  readonly source: string;
}

/** ILSVRC classification, 2010 to 2017: tests/reference/extract_ilsvrc.py. */
export const ilsvrc: {
  readonly entries: readonly ChallengeEntry[];
  readonly papers: readonly PaperFigure[];
  readonly human: readonly HumanEstimate[];
} = records;
