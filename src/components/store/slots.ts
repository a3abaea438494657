import type { StoreApi } from 'zustand/vanilla';
import { createSlot, type Slot } from './requests.ts';
import type { Answers, Request, Store } from './types.ts';

type Value<K extends keyof Answers> = Answers[K] extends Request<infer T> ? T : never;

/** A slot for each of the store's answers. */
export type Slots = { readonly [K in keyof Answers]: Slot<Value<K>> };

/** The slots over a store; what fails in one is explained by the store. */
export function createSlots(store: StoreApi<Store>): Slots {
  function slot<K extends keyof Answers>(key: K): Slot<Value<K>> {
    return createSlot<Value<K>>(
      () => store.getState()[key] as Request<Value<K>>,
      (request) => store.setState({ [key]: request } as unknown as Partial<Store>),
      (error) => store.getState().explain(error),
    );
  }
  return {
    manifest: slot('manifest'),
    backend: slot('backend'),
    weights: slot('weights'),
    seen: slot('seen'),
    answer: slot('answer'),
    faces: slot('faces'),
    maps: slot('maps'),
    kernels: slot('kernels'),
    channelMap: slot('channelMap'),
    projection: slot('projection'),
    gallery: slot('gallery'),
    layerTimes: slot('layerTimes'),
  };
}
