import { renderToString } from 'react-dom/server';
import { App } from '../components/app/App.tsx';
import { expectRoom } from '../components/diagram/useRoom.ts';
import { startI18n } from '../components/i18n/index.ts';
import { firstLayer, firstNetwork } from '../components/store/defaults.ts';
import { fakeEngine, fakePlatform, fakeShelfStore } from '../components/store/fake.ts';
import { setShelfStore } from '../components/store/shelf.ts';
import { createAppStore, setAppStore } from '../components/store/store.ts';
import type { Language } from '../components/store/types.ts';
import { provideZoo } from '../components/zoo.ts';
import * as zoo from '../models/zoo/index.ts';
import type { Graph } from '../models/graph.ts';
import { diagramGeometry } from '../viz/diagram.ts';
import { heightsAtFirst, tallnessIn } from '../viz/diagramFill.ts';
import { firstFolding } from '../viz/diagramFolding.ts';
import { firstView as viewOf } from '../viz/diagramView.ts';
import { graphFigures } from '../viz/diagramFigures.ts';
import type { WeightManifest } from '../workers/contract.ts';
import { prunedFrame } from './prunedFrame.ts';
import { templateId, type Ready, type Scene } from './scene.ts';

/** Runs in Node while the page is built: what a first visit sees before the page's code is there. */
export interface FirstView {
  readonly scene: Omit<Scene, 'korean'>;
  /** The page's frame for each width and language, as markup by the id of its template. */
  readonly frames: Readonly<Record<string, string>>;
}

/** A window of each kind of frame, px. */
const widths = { narrow: 412, medium: 1024, wide: 1440 };
/** The room of the diagram on most phones, px: there the ready diagram is exact, in others it is drawn once more (draw.ts). */
const phoneRoom = { width: 412, height: 215 };
const languages: readonly Language[] = ['en', 'ko'];

export async function firstView(manifest: WeightManifest): Promise<FirstView> {
  provideZoo(zoo);
  const { graph, info } = zoo.buildNetwork(firstNetwork);
  const layer = firstLayer(graph);
  if (layer === null) throw new Error(`${firstNetwork} has no layer to open with.`);
  const phone = phoneDiagram(graph, layer);
  const figuresOf = graphFigures(graph);
  const figures = Object.fromEntries(
    graph.nodes.map(({ id }) => {
      const { parameters, bytes } = figuresOf([id]);
      return [id, [parameters, bytes] as const];
    }),
  );
  const frames: Record<string, string> = {};
  const classes: Partial<Record<Language, string>> = {};
  for (const language of languages) {
    const i18n = await startI18n(language);
    classes[language] = i18n.t('diagram:classes', { count: info.classes });
    for (const [frame, width] of Object.entries(widths))
      frames[templateId(frame, language)] = prunedFrame(
        renderedFrame(language, width, manifest),
        frame === 'narrow' ? 'ready' : 'place',
      ).replace('<svg data-drawing', `$& style="--zoom:${phone.zoom}"`);
  }
  return {
    frames,
    scene: {
      graph,
      name: info.name,
      heights: heightsAtFirst(graph),
      phone,
      figures,
      layer,
      classes: classes as Scene['classes'],
    },
  };
}

/** What is known of the diagram in a phone's frame. */
function phoneDiagram(graph: Graph, layer: string): Ready {
  const tallness = tallnessIn(graph, phoneRoom);
  const geometry = diagramGeometry(graph, firstFolding(graph), graphFigures(graph), tallness);
  const chosen = geometry.boxes.find(({ id }) => id === geometry.boxOf.get(layer));
  if (!chosen) throw new Error(`${layer} has no box.`);
  const { bounds } = geometry;
  return {
    tallness,
    zoom: viewOf(geometry, phoneRoom).k,
    bounds,
    chosen: { id: chosen.id, room: chosen.room },
  };
}

/** The page as React draws it first in a window of this width, when the list of weights is there. */
function renderedFrame(language: Language, width: number, manifest: WeightManifest): string {
  const shelf = fakeShelfStore();
  const store = createAppStore(fakeEngine(), fakePlatform('', [language]), shelf);
  store.setState({ manifest: { state: 'done', value: manifest } });
  setShelfStore(shelf);
  // What a server renders is the initial state, and that is as it is now.
  setAppStore({ ...store, getInitialState: store.getState });
  const matchMedia = (query: string): Pick<MediaQueryList, 'matches'> => ({
    matches: width >= Number(/min-width: (\d+)px/.exec(query)?.[1] ?? Infinity),
  });
  Object.assign(globalThis, { matchMedia, location: { pathname: './' } });
  expectRoom(width === widths.narrow ? phoneRoom : null);
  return renderToString(<App />);
}
