import { useStore as useZustand } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { connectShelf } from '../../workers/shelf.connect.ts';
import type { Shelf, ShelfItem, ShelfProgress, ShelfRoom } from '../../workers/shelf.contract.ts';
import { explainAbsence } from './absence.ts';
import { toFailure } from './requests.ts';
import type { Failure } from './types.ts';

/** What is being fetched, or why it was not. */
export type ShelfJob =
  | { readonly state: 'busy'; readonly progress: ShelfProgress | null }
  | { readonly state: 'failed'; readonly failure: Failure };

/** Stands for the weights that come with the page, where a network has kept ones too. */
export const bundledChoice = 'bundled';

/** The weights that are kept on this device, and what is on its way to it. */
export interface ShelfState {
  /** Null until the shelf has been looked at. */
  readonly items: readonly ShelfItem[] | null;
  readonly room: ShelfRoom | null;
  /** By id. */
  readonly jobs: Readonly<Record<string, ShelfJob>>;
  /** Why the shelf cannot be read. */
  readonly failure: Failure | null;
  /** By network: the kept weights that answer, or `bundledChoice`. A network that is not here takes what it has. */
  readonly chosen: Readonly<Record<string, string>>;
  /** What the dialog shows: a network's weights, or those of the network of the moment; null: it is closed. */
  readonly dialog: { readonly network: string | null } | null;
  /** Opens the dialog for a network (null: that of the moment), or closes it. */
  showDialog(dialog: ShelfState['dialog']): void;

  /** Reads what is kept; the shelf's worker starts with the first call. */
  look(): Promise<void>;
  /** Fetches a published file, or goes on with it; it answers for its network once it is here. */
  fetch(id: string, network: string): Promise<void>;
  pause(id: string): Promise<void>;
  keep(file: File, network: string): Promise<void>;
  remove(id: string): Promise<void>;
  persist(): Promise<void>;
  choose(network: string, id: string): void;
  dismiss(id: string): void;
}

export interface ShelfStore extends StoreApi<ShelfState> {
  /**
   * The kept weights that answer for this network; null: none, or the page's own do. Where the page has some
   * (`bundled`) and nobody chose others, the shelf is not even looked at.
   */
  weightsFor(network: string, bundled: boolean): Promise<ShelfItem | null>;
}

/** Where the choice among several weights of a network stays between visits. */
export interface ChoiceKeeper {
  read(): Readonly<Record<string, string>>;
  write(chosen: Readonly<Record<string, string>>): void;
}

/** The whole files of a network, newest first. */
export const keptFor = (items: readonly ShelfItem[] | null, network: string): readonly ShelfItem[] =>
  (items ?? [])
    .filter((item) => item.state === 'whole' && item.network === network)
    .sort((a, b) => b.keptAt - a.keptAt);

/** The kept file that answers for a network by the user's choice; null where the bundled weights do, or none. */
export function answering(
  state: Pick<ShelfState, 'items' | 'chosen'>,
  network: string,
  bundled: boolean,
): ShelfItem | null {
  const kept = keptFor(state.items, network);
  const chosen = kept.find(({ id }) => id === state.chosen[network]);
  // The page's own weights need no choice; a kept file beside them waits for one.
  return chosen ?? (bundled ? null : (kept[0] ?? null));
}

/** The page's side of the shelf, over a shelf that tests may fake. */
export function createShelfStore(
  shelf: Shelf,
  keeper: ChoiceKeeper,
  explain: (error: unknown) => Failure | Promise<Failure> = toFailure,
): ShelfStore {
  let looking: Promise<void> | null = null;
  const store = createStore<ShelfState>()((set, get) => {
    const setJob = (id: string, job: ShelfJob | null): void => {
      const others = Object.entries(get().jobs).filter(([other]) => other !== id);
      set({ jobs: Object.fromEntries(job === null ? others : [...others, [id, job]]) });
    };
    const refresh = async (): Promise<void> => {
      const [items, room] = await Promise.all([shelf.list(), shelf.room()]);
      set({ items, room, failure: null });
    };
    const open = async (): Promise<void> => {
      try {
        await shelf.listen((event) => {
          if (event.kind === 'changed') {
            set({ items: event.items });
            void shelf.room().then((room) => set({ room }));
          } else if (get().jobs[event.progress.id]?.state === 'busy') {
            setJob(event.progress.id, { state: 'busy', progress: event.progress });
          }
        });
        await refresh();
      } catch (error) {
        set({ failure: await explain(error), items: [] });
        looking = null;
      }
    };
    const look = (): Promise<void> => (looking ??= open());
    const choose = (network: string, id: string): void => {
      const chosen = { ...get().chosen, [network]: id };
      keeper.write(chosen);
      set({ chosen });
    };
    /** Runs a job and tells how it went; the shelf is read again whatever came of it. */
    const work = async (id: string, job: () => Promise<ShelfItem>): Promise<void> => {
      if (get().jobs[id]?.state === 'busy') return;
      setJob(id, { state: 'busy', progress: null });
      try {
        await look();
        const item = await job();
        await refresh();
        choose(item.network, item.id);
        setJob(id, null);
      } catch (error) {
        const failure = await explain(error);
        setJob(id, failure.code === 'cancelled' ? null : { state: 'failed', failure });
        await refresh().catch((later: unknown) => set({ failure: toFailure(later) }));
      }
    };
    return {
      items: null,
      room: null,
      jobs: {},
      failure: null,
      chosen: keeper.read(),
      dialog: null,
      showDialog: (dialog) => set({ dialog }),
      look,
      fetch: (id) => work(id, () => shelf.get(id)),
      pause: (id) => shelf.pause(id),
      keep: (file, network) => work(`file:${file.name}`, () => shelf.keep(file, network)),
      async remove(id) {
        try {
          await shelf.remove(id);
          setJob(id, null);
          await refresh();
        } catch (error) {
          setJob(id, { state: 'failed', failure: toFailure(error) });
        }
      },
      async persist() {
        await shelf.persist();
        await refresh();
      },
      choose,
      dismiss: (id) => setJob(id, null),
    };
  });
  return Object.assign(store, {
    async weightsFor(network: string, bundled: boolean) {
      const { chosen, look } = store.getState();
      const choice = chosen[network] ?? (bundled ? bundledChoice : undefined);
      if (bundled && choice === bundledChoice) return null;
      await look();
      return answering(store.getState(), network, bundled);
    },
  });
}

const choiceKey = 'convscope:weights';

/** The choice in the browser's own storage; where there is none it holds for the visit. */
export function browserChoices(): ChoiceKeeper {
  return {
    read() {
      try {
        const kept: unknown = JSON.parse(localStorage.getItem(choiceKey) ?? '{}');
        const entries = typeof kept === 'object' && kept !== null ? Object.entries(kept) : [];
        return Object.fromEntries(entries.filter(([, choice]) => typeof choice === 'string'));
      } catch {
        return {};
      }
    },
    write(chosen) {
      try {
        localStorage.setItem(choiceKey, JSON.stringify(chosen));
      } catch {
        // A choice that cannot be kept still holds for this visit.
      }
    },
  };
}

let shelfStore: ShelfStore | null = null;

/** The page's own shelf: made at the first use; its worker starts when somebody looks at it. */
export function getShelfStore(): ShelfStore {
  shelfStore ??= createShelfStore(connectShelf(), browserChoices(), (error) =>
    explainAbsence(toFailure(error)),
  );
  return shelfStore;
}

/** For tests: components read this shelf from now on. */
export function setShelfStore(store: ShelfStore | null): void {
  shelfStore = store;
}

/** Reads the shelf in a component: `useShelf((s) => s.items)`. */
export function useShelf<T>(selector: (state: ShelfState) => T): T {
  return useZustand(getShelfStore(), selector);
}
