import { createHash } from 'node:crypto';
import type { PublishedWeights } from '../../src/models/published.ts';
import { checkpointFile } from './checkpoints.ts';
import type { Hub } from './server.ts';

/** A small network's published file, where a hub on this machine has it, and its entry in the catalogue. */

export const network = 'cifar-resnet-20';
export const id = 'hub/net';
export const path = '/owner/net/model.safetensors';
export const published = checkpointFile(network, 1);

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const entryAt = (hub: Hub, more: Partial<PublishedWeights> = {}): PublishedWeights => ({
  id,
  network,
  publisher: 'timm',
  title: 'Net',
  url: hub.url + path,
  page: hub.url,
  file: 'model.safetensors',
  format: 'safetensors',
  bytes: published.length,
  bytesAre: 'stated',
  sha256: hashOf(published),
  source: 'convscope',
  dataset: 'ImageNet',
  preprocessing: {
    input: [32, 32, 3],
    colour: 'rgb',
    fit: 'shorter-side',
    resize: 32,
    filter: 'bilinear',
    mean: [0, 0, 0],
    std: [1, 1, 1],
  },
  accuracy: null,
  licence: 'none',
  ...more,
});
