import type { PublishedError } from '../network.ts';

/** A member whose errors on CIFAR-100 hold for the same form with a hundred classes. */
interface Published {
  readonly info: { readonly publishedErrors: readonly PublishedError[] };
}

/** What a paper reports for a form of one of its networks for CIFAR-10 that has a hundred classes. */
export function onCifar100(member: Published | undefined, classes: number): readonly PublishedError[] {
  if (!member || classes !== 100) return [];
  return member.info.publishedErrors.filter(({ dataset }) => dataset === 'CIFAR-100');
}
