import { ConvScopeError } from '../models/errors.ts';
import type { ZooFilters } from './zooFilters.ts';

export interface ZooFlags extends ZooFilters {
  readonly json: boolean;
  /** The family to explain, or true for all of them (or for the one that stands as MODEL). */
  readonly parameters?: string | true;
}

/** The text of `zoo`: what can be set, one network, or the list. Options that do not go together are refused. */
export async function zoo(model: string | undefined, flags: ZooFlags): Promise<string> {
  const { json, parameters, ...filters } = flags;
  const filter = Object.keys(filters)[0];
  if (filter !== undefined && (model !== undefined || parameters !== undefined)) {
    const beside = parameters === undefined ? `one network (${model})` : '--parameters';
    throw clash(filter, `--${filter} filters the list; it cannot stand beside ${beside}`);
  }
  if (parameters !== undefined) {
    if (model !== undefined && parameters !== true)
      throw clash('parameters', `${model} and --parameters ${parameters} ask for two things`);
    const { describeParameters } = await import('./zooParameters.ts');
    return describeParameters(parameters === true ? (model ?? null) : parameters, json);
  }
  const { describeNetwork, listNetworks } = await import('./zoo.ts');
  return model === undefined ? listNetworks(json, filters) : describeNetwork(model, json);
}

function clash(parameter: string, fact: string): ConvScopeError {
  return new ConvScopeError('bad-parameter', `${fact}. Leave one of them out.`, { parameter });
}
