import type { StoreApi } from 'zustand/vanilla';
import type { Purpose } from '../../workers/contract.ts';
import type { Attempts } from './attempts.ts';
import type { Pipeline } from './pipeline.ts';
import type { PagePlatform } from './platform.ts';
import type { Choices, ImageChoice, Store } from './types.ts';
import { choicesToQuery } from './url.ts';

export type History = 'push' | 'replace' | 'none';

export interface Committer {
  /** Makes choices, writes them to the address and asks the engine for what they change. */
  commit(change: Partial<Choices>, history: History, purpose?: Purpose): Promise<void>;
  /** A network opens with a projection without being asked: of the most active map of the layer that is open. */
  showStrongest(): void;
}

interface CommitHost {
  readonly store: StoreApi<Store>;
  readonly platform: PagePlatform;
  readonly attempts: Attempts;
  readonly pipeline: Pipeline;
}

export function createCommitter({ store, platform, attempts, pipeline }: CommitHost): Committer {
  function commit(change: Partial<Choices>, history: History, purpose?: Purpose): Promise<void> {
    const before = store.getState();
    store.setState(change);
    const now = store.getState();
    const query = choicesToQuery(now);
    if (history === 'push' && query !== platform.query()) platform.pushQuery(query);
    if (history === 'replace') platform.replaceQuery(query);

    if (now.network !== before.network) {
      attempts.forget();
      pipeline.forget('weights');
      return pipeline.run('weights', purpose);
    }
    if (!sameImage(now.image, before.image) && !attempts.running()) return pipeline.run('seen');
    if (before.view === 'compare' && now.view !== 'compare') void lookAgain();
    if (now.layer !== before.layer) {
      pipeline.forget('layer');
      pipeline.runLayer();
    } else {
      runProjections(now, before);
    }
    return Promise.resolve();
  }

  /** Projects what is chosen in the layer that stays open. */
  function runProjections(now: Choices, before: Choices) {
    const otherRule = now.rule !== before.rule || now.lrn !== before.lrn;
    const otherUnit = now.channel !== before.channel || now.seed !== before.seed;
    if (now.channel === null) pipeline.forgetChannel();
    else if (otherRule || otherUnit) pipeline.runChannel();
    if ((now.galleryOpen && otherRule) || now.galleryOpen !== before.galleryOpen) pipeline.runGallery();
  }

  /** The comparison was left: its last network is shown as if it had been opened here. */
  async function lookAgain() {
    if (await pipeline.look()) showStrongest();
  }

  function showStrongest() {
    const untouched = store.getState();
    const show = () => {
      const { maps, layer, network, channel } = store.getState();
      if (maps.state === 'busy') return;
      stop();
      if (maps.state !== 'done' || layer !== untouched.layer || network !== untouched.network) return;
      if (channel !== null) return;
      const strongest = maps.value.stats.reduce((best, s, i, all) => (s.max > all[best]!.max ? i : best), 0);
      void commit({ channel: strongest, seed: 'strongest' }, 'none');
    };
    const stop = store.subscribe(show);
    show();
  }

  return { commit, showStrongest };
}

function sameImage(a: ImageChoice, b: ImageChoice): boolean {
  if (a.kind === 'drawing' || b.kind === 'drawing') return a.kind === b.kind;
  if (a.kind === 'user' && b.kind === 'user') return a.id === b.id;
  return a.kind === b.kind && a.name === b.name;
}
