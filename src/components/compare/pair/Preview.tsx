import { memo, useMemo, useState } from 'react';
import type { Network } from '../../../models/network.ts';
import type { BoxMark, DiagramBox } from '../../../viz/diagram.ts';
import { firstFolding, pathsAround } from '../../../viz/diagramFolding.ts';
import { useTheme } from '../../app/useTheme.ts';
import { Diagram } from '../../diagram/Diagram.tsx';
import type { DiagramAmong } from '../../diagram/Diagram.tsx';
import type { Folding } from '../../diagram/useFolding.ts';

const ignore = (): void => {};
const here: BoxMark = { kind: 'here', texts: [], words: '' };

interface PreviewProps {
  readonly network: Network;
  /** What is marked: a stage's nodes, or one layer, which is then unfolded. */
  readonly nodes: readonly string[];
}

/** A network's diagram to look at, with a stretch of it marked; what it shows is said by what it illustrates. */
export const Preview = memo(function Preview({ network, nodes }: PreviewProps) {
  const theme = useTheme();
  const { graph } = network;
  const among = useMemo((): DiagramAmong => {
    const [only] = nodes.length === 1 ? nodes : [];
    const first = firstFolding(graph);
    const unfolded = only === undefined ? first : new Set([...first, ...pathsAround(graph, only)]);
    const folding: Folding = {
      unfolded,
      unfold: ignore,
      fold: ignore,
      unfoldAll: ignore,
      foldAll: ignore,
      reveal: ignore,
      selectedHere: ignore,
    };
    const marked = new Set(nodes);
    return {
      folding,
      markOf: (box: DiagramBox) => (box.nodes.some((node) => marked.has(node)) ? here : null),
    };
  }, [graph, nodes]);
  return (
    <Diagram
      network={network}
      selected={nodes[0] ?? null}
      hovered={null}
      faces={null}
      answer={null}
      onSelect={ignore}
      onHover={ignore}
      theme={theme}
      among={among}
    />
  );
});

/** A network's diagram among other things of a page: chosen, hovered and unfolded on its own. */
export const OwnDiagram = memo(function OwnDiagram({ network }: { readonly network: Network }) {
  const theme = useTheme();
  const [selected, setSelected] = useState<string | null>(null);
  const [hovered, setHovered] = useState<string | null>(null);
  const known = (node: string | null): string | null =>
    node !== null && network.graph.nodes.some(({ id }) => id === node) ? node : null;
  return (
    <Diagram
      network={network}
      selected={known(selected)}
      hovered={known(hovered)}
      faces={null}
      answer={null}
      onSelect={setSelected}
      onHover={setHovered}
      theme={theme}
      among={alone}
    />
  );
});
const alone: DiagramAmong = {};
