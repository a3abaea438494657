/** The public surface of the models: graphs, costs, receptive fields and the zoo. Nothing here needs a DOM or a GPU. */
export * from './graph.ts';
export * from './network.ts';
export * from './errors.ts';
export * from './lookup.ts';
export { outputShape, elements, shapeText, windowCount } from './shape.ts';
export { GraphBuilder } from './build.ts';
export type { AvgPoolOptions, ConvOptions, LrnOptions, PoolOptions, Value } from './build.ts';
export { validateGraph } from './validate.ts';
export * from './parameters.ts';
export { members, buildNetwork } from './zoo/index.ts';
export * from './arithmetic.ts';
export * from './cost.ts';
export * from './memory.ts';
export { fieldBox, mapFieldBox, receptiveFields } from './field.ts';
export type { FieldBox, ReceptiveField } from './field.ts';
export * from './formula.ts';
